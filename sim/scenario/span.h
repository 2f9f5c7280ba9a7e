#pragma once
// Where something stands in a file that a person wrote.
#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace twice::scenario {

/// Line and column count from 1, columns in code points; 0 = unknown.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Position&) const = default;
};

/// A half-open region [begin, end) of one of the texts in `Sources`.
struct Span {
  std::uint32_t source = 0;
  Position begin, end;
  auto operator<=>(const Span&) const = default;
};

/// A value that remembers where it was written. Defaults have an empty span.
template <class T>
struct Spanned {
  T value{};
  Span span{};
  bool operator==(const Spanned&) const = default;
};

/// The texts a scenario was read from: 0 is the scenario itself, then each `--set`, then data files.
struct SourceText {
  std::string name;  // as the person called it: "demo.toml", "--set"
  std::string text;
};
using Sources = std::vector<SourceText>;

}  // namespace twice::scenario

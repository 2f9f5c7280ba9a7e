#pragma once
// From one file to its variants: lanes times the cells of the matrix, each as one table with its overrides merged in.
// Merging happens before anything is read, on values that keep their spans, so that an error still points at the line
// that is wrong.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "scenario/value.h"

namespace twice::scenario {

struct Draft {
  std::string name;
  std::vector<std::pair<std::string, std::string>> cell;
  Table table;  // the lane itself is the table "lane"
};

constexpr std::size_t kMaxVariants = limits::kVariants;

/// `--set PATH=VALUE`: a text that is no TOML value stands for itself. nullopt = an error was added. `source` is the
/// index of `text` among the sources.
std::optional<Table> read_override(std::string_view text, std::uint32_t source, Diagnostics& out);

/// `overrides` win over everything else, in order; "lane.NAME.…" reaches one lane.
std::vector<Draft> expand(Table file, const std::vector<Table>& overrides, Diagnostics& out);

}  // namespace twice::scenario

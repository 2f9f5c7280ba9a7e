#pragma once
// A scenario file as a tree of values that know where they were written. Independent of TOML, so that another front
// end needs no change above it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/limits.h"
#include "scenario/diagnostics.h"
#include "scenario/span.h"

namespace twice::scenario {

struct Value;
struct Entry;

/// A number with a fraction, and the digits a person wrote: probabilities are read from those, exactly.
struct Decimal {
  double value = 0;
  std::string written;
};
/// A date or time written without quotes.
struct Calendar {
  std::string written;
};
using List = std::vector<Value>;
/// In the order of the file; keys are unique.
using Table = std::vector<Entry>;

struct Value {
  std::variant<bool, std::int64_t, Decimal, std::string, Calendar, List, Table> data;
  Span span{};

  const Table* table() const { return std::get_if<Table>(&data); }
  Table* table() { return std::get_if<Table>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const std::string* text() const { return std::get_if<std::string>(&data); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data); }
};

struct Entry {
  std::string key;
  Span key_span{};
  Value value;
};

/// "a text", "a table": what a person would call it.
std::string_view kind_of(const Value& value);
const Entry* find(const Table& table, std::string_view key);
Entry* find(Table& table, std::string_view key);

/// Tables merge key by key, everything else is replaced: values keep the span of whoever wrote them.
void merge(Table& onto, const Table& from);

struct ReadLimits {
  std::size_t bytes = limits::kScenarioFile;
  std::size_t nesting = limits::kNesting;
  std::uint32_t lines_before = 0;  // of the file, before the text: positions are the file's
};

/// Reads TOML 1.0. `source` is the index of `text` among the sources. Limits (size, nesting, UTF-8, NUL bytes) are
/// checked before the parser sees the text. nullopt = errors were added.
std::optional<Table> read_toml(std::string_view text, std::uint32_t source, Diagnostics& out,
                               const ReadLimits& limits = {});

/// The position of byte `offset` of a string's *content*, found again in the text the string was written in: past the
/// quotes, the escapes and the line end after '''. `span` is the string's own.
Position position_in_string(std::string_view file_text, const Span& span, std::size_t offset);

}  // namespace twice::scenario

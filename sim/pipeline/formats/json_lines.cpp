#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "pipeline/formats/json_line.h"
#include "pipeline/formats/source_file_error.h"

namespace twice::pipeline {
namespace {

struct Refused {
  std::string_view key;
  std::string problem;
};

// The first line names the columns. Most files repeat their keys in one order, so the next one is looked at first.
std::optional<Refused> add_row(SqlTable& table, JsonLine& line) {
  auto& columns = table.columns;
  const bool first = table.rows.empty();
  SqlRow row(columns.size(), Null{});
  std::size_t next = 0;
  for (auto& [key, value] : line.fields) {
    if (next >= columns.size() || columns[next] != key)
      next = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), key) - columns.begin());
    if (first && next < columns.size()) return Refused{key, fmt::format("key '{}' is there twice", key)};
    if (next == columns.size()) {
      if (!first) return Refused{key, fmt::format("key '{}' is not in the first object", key)};
      columns.push_back(key);
      row.push_back(Null{});
    }
    row[next++] = std::move(value);
  }
  table.rows.push_back(std::move(row));
  return std::nullopt;
}

constexpr std::string_view kHelp = "one flat JSON object a line: {\"order_id\": 1, \"amount\": 30}";

}  // namespace

TableOrError read_json_lines(std::string_view text) {
  SqlTable table;
  JsonLine fields;
  std::size_t at = text.substr(0, kByteOrderMark.size()) == kByteOrderMark ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    const std::string_view line = text.substr(at, text.substr(at).find('\n'));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      if (!fields.read(line)) return file_error(text, at + fields.problem_at, fields.problem, std::string(kHelp));
      if (auto refused = add_row(table, fields))
        return file_error(text, at + place_of_key(line, refused->key), std::move(refused->problem), std::string(kHelp));
    }
    at += line.size() + 1;
  }
  if (table.columns.empty()) return file_error(text, 0, "the file has no rows", "one flat JSON object a line");
  return table;
}

}  // namespace twice::pipeline

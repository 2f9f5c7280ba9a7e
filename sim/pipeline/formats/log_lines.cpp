#include "pipeline/formats/log_lines.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "pipeline/formats/text_rows.h"

namespace twice::pipeline::formats {
namespace {

constexpr std::string_view kNothing = "-";

/// "at {day} order {id}": literal texts around names.
struct Pattern {
  std::string_view head;
  struct Slot {
    std::string_view name, after;  // what follows up to the next slot; empty at the end of the line
  };
  std::vector<Slot> slots;

  explicit Pattern(std::string_view text) : head(text.substr(0, text.find('{'))) {
    for (std::size_t at = head.size(); at < text.size();) {
      const std::size_t close = std::min(text.find('}', at), text.size() - 1);
      const std::size_t next = std::min(text.find('{', close), text.size());
      slots.push_back({text.substr(at + 1, close - at - 1), text.substr(close + 1, next - close - 1)});
      at = next;
    }
  }

  /// The values of a line, or the byte of the line at which it stops to match.
  std::variant<std::vector<std::string_view>, std::size_t> match(std::string_view line) const {
    if (!line.starts_with(head)) return std::size_t{0};
    std::size_t at = head.size();
    std::vector<std::string_view> values;
    for (const Slot& slot : slots) {
      const std::size_t end = slot.after.empty() ? line.size() : line.find(slot.after, at);
      if (end == std::string_view::npos) return at;
      values.push_back(line.substr(at, end - at));
      at = end + slot.after.size();
    }
    if (at != line.size()) return at;
    return values;
  }
};

std::string line_of(const Pattern& pattern, const std::vector<std::string>& values) {
  std::string line(pattern.head);
  for (std::size_t i = 0; i < values.size(); ++i) line.append(values[i]).append(pattern.slots[i].after);
  return line;
}

bool found_again(const Pattern& pattern, const std::string& line, const std::vector<std::string>& values) {
  if (line.find('\n') != std::string::npos) return false;
  const auto found = pattern.match(line);
  const auto* again = std::get_if<0>(&found);
  return again && std::equal(again->begin(), again->end(), values.begin(), values.end());
}

}  // namespace

std::string default_pattern(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns)
    text += fmt::format("{}{} {{{}}}", text.empty() ? "" : ", ", column, column);
  return text;
}

Bytes write_log(const SqlTable& table, std::string_view text) {
  const Pattern pattern(text);
  std::string out;
  for (const SqlRow& row : table.rows) {
    std::vector<std::string> values;
    bool fine = true;
    for (const Pattern::Slot& slot : pattern.slots) {
      const auto column = std::find(table.columns.begin(), table.columns.end(), slot.name);
      const SqlValue value = column == table.columns.end()
                                 ? SqlValue{Null{}}
                                 : row[static_cast<std::size_t>(column - table.columns.begin())];
      const bool is_null = std::holds_alternative<Null>(value);
      values.push_back(is_null ? std::string(kNothing) : to_text(value));
      fine = fine && (is_null || values.back() != kNothing);
    }
    const std::string line = line_of(pattern, values);
    const auto row_number = static_cast<std::uint64_t>(&row - table.rows.data()) + 1;
    if (!fine || !found_again(pattern, line, values))
      return FormatError{row_number, {}, 0, 0, fmt::format("the pattern would not find the row again in '{}'", line)};
    out.append(line).push_back('\n');
  }
  return out;
}

TableOrFormatError read_log(std::string_view file, const Schema* schema, std::string_view text) {
  const Pattern pattern(text);
  TextRows rows(file, schema);
  for (std::size_t at = 0; at < file.size();) {
    const std::string_view line = file.substr(at, file.substr(at).find('\n'));
    rows.begin_row(at);
    const auto found = pattern.match(line);
    const auto* values = std::get_if<0>(&found);
    bool fine = values || rows.fail(at + *std::get_if<1>(&found), "this line does not follow the pattern");
    for (std::size_t i = 0; fine && i < values->size(); ++i) {
      const std::string_view value = (*values)[i];
      const auto place = static_cast<std::size_t>(value.data() - file.data());
      if (value != kNothing)
        fine = rows.text(pattern.slots[i].name, value, place);
      else if (!schema)
        fine = rows.value(pattern.slots[i].name, Null{}, place);
    }
    if (!fine || !rows.end_row()) break;
    at += line.size() + 1;
  }
  return std::move(rows).finish();
}

}  // namespace twice::pipeline::formats

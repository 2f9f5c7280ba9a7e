// What a CSV file says when nobody wrote down what its columns are: they are guessed from all their fields.
#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "pipeline/formats/csv_cells.h"

namespace twice::pipeline {
namespace {

enum class Kind : std::uint8_t { kInteger, kReal, kText };

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// As SQL prints numbers: no plus sign, no leading zeros, digits on both sides of the point.
Kind kind_of(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find_first_of(".eE"));
  if (!all_digits(whole) || (whole.size() > 1 && whole.front() == '0')) return Kind::kText;
  if (whole.size() == text.size()) return Kind::kInteger;
  std::string_view rest = text.substr(whole.size());
  if (rest.front() == '.') {
    const std::string_view digits = rest.substr(1, rest.substr(1).find_first_of("eE"));
    if (!all_digits(digits)) return Kind::kText;
    rest.remove_prefix(1 + digits.size());
  }
  if (rest.empty()) return Kind::kReal;
  rest.remove_prefix(1);
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  return all_digits(rest) ? Kind::kReal : Kind::kText;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Kind kind_of(const CsvCell& cell) {
  if (cell.quoted) return Kind::kText;
  const Kind kind = kind_of(cell.raw());
  if (kind == Kind::kInteger && !number<std::int64_t>(cell.raw())) return Kind::kText;  // does not fit
  if (kind == Kind::kReal && !number<double>(cell.raw())) return Kind::kText;
  return kind;
}

SqlValue value_of(const CsvCell& cell, Kind kind) {
  if (cell.is_null()) return Null{};
  switch (kind) {
    case Kind::kInteger:
      return *number<std::int64_t>(cell.raw());
    case Kind::kReal:
      return *number<double>(cell.raw());
    case Kind::kText:
      return text_of(cell);
  }
  return Null{};
}

}  // namespace

bool reads_as_number(std::string_view field) { return kind_of(field) != Kind::kText; }

TableOrError read_csv(std::string_view text) {
  auto split = CsvCells::split(text);
  if (auto* error = std::get_if<FileError>(&split)) return std::move(*error);
  auto& [columns, cells] = std::get<CsvCells>(split);
  const std::size_t width = columns.size();
  std::vector<Kind> kinds(width, Kind::kInteger);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Kind& kind = kinds[i % width];
    if (kind != Kind::kText && !cells[i].is_null()) kind = std::max(kind, kind_of(cells[i]));
  }
  SqlTable table;
  table.columns = std::move(columns);
  table.rows.reserve(cells.size() / width);
  for (std::size_t i = 0; i < cells.size(); i += width) {
    SqlRow row;
    row.reserve(width);
    for (std::size_t c = 0; c < width; ++c) row.push_back(value_of(cells[i + c], kinds[c]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace twice::pipeline

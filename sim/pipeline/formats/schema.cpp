#include "pipeline/formats/schema.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace twice::pipeline::formats {
namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;

std::string_view article_of(Type type) {
  switch (type) {
    case Type::kInteger:
      return "an integer";
    case Type::kReal:
      return "a real";
    case Type::kText:
      return "a text";
  }
  return {};
}

std::string kind_of(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("the text '{}'", *text);
  return to_text(value);
}

bool fits(Type type, const SqlValue& value) {
  switch (type) {
    case Type::kInteger:
      return std::holds_alternative<std::int64_t>(value);
    case Type::kReal: {
      if (const auto* whole = std::get_if<std::int64_t>(&value))
        return *whole <= kExactInDouble && *whole >= -kExactInDouble;
      const auto* real = std::get_if<double>(&value);
      return real && *real - *real == 0;  // neither infinite nor NaN
    }
    case Type::kText: {
      const auto* text = std::get_if<std::string>(&value);
      return text && is_utf8(*text);
    }
  }
  return false;
}

template <class Number>
std::optional<SqlValue> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value - value != 0) return std::nullopt;
  return value;
}

// How many bytes follow this one of a code point, and the smallest code point that needs them; -1: none begins so.
int tail_of(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xc2 && lead < 0xe0) return 1;
  if ((lead & 0xf0u) == 0xe0) return 2;
  return lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
}

}  // namespace

std::string_view name_of(Type type) {
  switch (type) {
    case Type::kInteger:
      return "integer";
    case Type::kReal:
      return "real";
    case Type::kText:
      return "text";
  }
  return {};
}

std::string to_text(const ColumnType& type) { return std::string(name_of(type.type)) + (type.optional ? "?" : ""); }

std::optional<ColumnType> parse_column_type(std::string_view text) {
  ColumnType result;
  if (!text.empty() && text.back() == '?') {
    result.optional = true;
    text.remove_suffix(1);
  }
  for (const Type type : {Type::kInteger, Type::kReal, Type::kText})
    if (text == name_of(type)) {
      result.type = type;
      return result;
    }
  return std::nullopt;
}

std::optional<std::size_t> find_column(const Schema& schema, std::string_view name) {
  const auto at = std::find_if(schema.begin(), schema.end(), [&](const Column& c) { return c.name == name; });
  if (at == schema.end()) return std::nullopt;
  return static_cast<std::size_t>(at - schema.begin());
}

std::string to_text(const FormatError& error) {
  std::string place = error.line > 0 ? fmt::format("line {}, column {}", error.line, error.column)
                      : error.at     ? fmt::format("byte {}", *error.at)
                                     : std::string();
  if (error.row > 0)
    place = place.empty() ? fmt::format("row {}", error.row) : fmt::format("row {} ({})", error.row, place);
  return place.empty() ? error.message : place + ": " + error.message;
}

std::optional<std::string> misfit(const Column& column, const SqlValue& value) {
  if (std::holds_alternative<Null>(value)) return column.type.optional ? std::nullopt : std::optional(missing(column));
  if (fits(column.type.type, value)) return std::nullopt;
  return fmt::format("'{}' holds {}, not {}", column.name, kind_of(value), article_of(column.type.type));
}

std::optional<SqlValue> typed(std::string_view text, Type type) {
  switch (type) {
    case Type::kInteger:
      return number<std::int64_t>(text);
    case Type::kReal:
      return number<double>(text);
    case Type::kText:
      return is_utf8(text) ? std::optional(SqlValue(std::string(text))) : std::nullopt;
  }
  return std::nullopt;
}

std::string not_typed(const Column& column, std::string_view text) {
  if (!is_utf8(text)) return fmt::format("'{}' holds bytes that are no UTF-8", column.name);
  return fmt::format("'{}' holds the text '{}', not {}", column.name, text, article_of(column.type.type));
}

std::string missing(const Column& column) { return fmt::format("'{}' is missing", column.name); }

TableOrFormatError conform(const SqlTable& table, const Schema& schema) {
  std::vector<std::optional<std::size_t>> from(schema.size()), to(table.columns.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    to[c] = find_column(schema, table.columns[c]);
    if (to[c]) from[*to[c]] = c;
  }
  SqlTable result;
  for (const Column& column : schema) result.columns.push_back(column.name);
  result.rows.reserve(table.rows.size());
  for (const SqlRow& row : table.rows) {
    const std::uint64_t number = result.rows.size() + 1;
    SqlRow fitting(schema.size(), Null{});
    for (std::size_t c = 0; c < schema.size(); ++c) {
      if (from[c]) fitting[c] = row[*from[c]];
      if (auto problem = misfit(schema[c], fitting[c])) return FormatError{number, {}, 0, 0, std::move(*problem)};
      const auto* whole = std::get_if<std::int64_t>(&fitting[c]);
      if (whole && schema[c].type.type == Type::kReal) fitting[c] = static_cast<double>(*whole);
    }
    for (std::size_t c = 0; c < row.size(); ++c)
      if (!to[c] && !std::holds_alternative<Null>(row[c]))
        return FormatError{number, {}, 0, 0, fmt::format("'{}' is no column of the schema", table.columns[c])};
    result.rows.push_back(std::move(fitting));
  }
  return result;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int tail = tail_of(lead);
    if (tail < 0 || text.size() - i <= static_cast<std::size_t>(tail)) return false;
    for (int k = 1; k <= tail; ++k) {
      const auto next = static_cast<unsigned char>(text[++i]);
      if ((next & 0xc0u) != 0x80u) return false;
      if (k > 1) continue;
      // Too long for its code point, a surrogate, or beyond the last one.
      if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) || (lead == 0xf0 && next < 0x90) ||
          (lead == 0xf4 && next > 0x8f))
        return false;
    }
  }
  return true;
}

bool is_column_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits_inside = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), fits_inside);
}

}  // namespace twice::pipeline::formats

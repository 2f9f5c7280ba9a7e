#pragma once
// What a column may hold, and whether a table keeps to it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/sql_value.h"

namespace twice::pipeline::formats {

enum class Type : std::uint8_t { kInteger, kReal, kText };
std::string_view name_of(Type type);  // "integer", "real", "text"

/// A real is finite, a text is UTF-8; only an optional column may be NULL.
struct ColumnType {
  Type type = Type::kText;
  bool optional = false;
  bool operator==(const ColumnType&) const = default;
};
std::string to_text(const ColumnType& type);  // "integer", "text?"
std::optional<ColumnType> parse_column_type(std::string_view text);

struct Column {
  std::string name;
  ColumnType type;
  bool operator==(const Column&) const = default;
};
using Schema = std::vector<Column>;
std::optional<std::size_t> find_column(const Schema& schema, std::string_view name);

/// What is wrong with a table or a file of bytes, and where.
struct FormatError {
  std::uint64_t row = 0;               // from 1; 0: not in a row
  std::optional<std::uint64_t> at{};   // byte of the file, from 0; none: there is no file yet
  std::uint32_t line = 0, column = 0;  // of a text file, from 1, the column in code points; 0: a binary file
  std::string message;
};
/// "row 600 (line 601, column 20): …", "byte 12345: …"
std::string to_text(const FormatError& error);

using Bytes = std::variant<std::string, FormatError>;
using TableOrFormatError = std::variant<SqlTable, FormatError>;

/// "'amount' holds the text '1,250', not an integer"; nullopt: the value is what the column may hold. An integer that a
/// double holds exactly is also a real.
std::optional<std::string> misfit(const Column& column, const SqlValue& value);
/// A field's text as the column's type; nullopt: it is none. Numbers are written as SQL prints them.
std::optional<SqlValue> typed(std::string_view text, Type type);
std::string not_typed(const Column& column, std::string_view text);
std::string missing(const Column& column);

/// The table's rows in the schema's columns, or the first row that breaks it. A column that the schema does not have
/// may hold nothing but NULL.
TableOrFormatError conform(const SqlTable& table, const Schema& schema);

bool is_utf8(std::string_view text);
/// A letter or _, then letters, digits and _: a name that every format can write.
bool is_column_name(std::string_view name);

}  // namespace twice::pipeline::formats

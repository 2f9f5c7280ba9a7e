#include "pipeline/warehouse/sqlite_statement.h"

namespace twice::pipeline {

SqlValue column_value(sqlite3_stmt* statement, int column) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_INTEGER) return std::int64_t{sqlite3_column_int64(statement, column)};
  if (type == SQLITE_FLOAT) return sqlite3_column_double(statement, column);
  if (type == SQLITE_NULL) return Null{};
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const auto count = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  std::string text = bytes == nullptr ? std::string() : std::string(bytes, count);
  if (type == SQLITE_TEXT) return text;
  return Blob{std::move(text)};
}

SqlRow current_row(sqlite3_stmt* statement) {
  SqlRow row;
  const int columns = sqlite3_column_count(statement);
  row.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) row.push_back(column_value(statement, i));
  return row;
}

std::string quoted_name(std::string_view name) {
  std::string result = "\"";
  for (const char c : name) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

}  // namespace twice::pipeline

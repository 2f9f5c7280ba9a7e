#pragma once
// Data files as tables. Pure functions of the text: who opens files is another matter.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "pipeline/sql_value.h"

namespace twice::pipeline {

/// What is wrong with a data file and where: line and column from 1, columns in code points.
struct FileError {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message, help;
  std::size_t at = 0;  // the same place in bytes from 0
};
using TableOrError = std::variant<SqlTable, FileError>;

/// CSV as in RFC 4180: the first line names the columns; quotes, doubled quotes, line ends inside quotes, LF or CRLF,
/// an optional byte order mark. An empty field without quotes is NULL. A column is INTEGER only when every other field
/// is an integer as SQL would print it ("007" and "+1" are text), REAL when all are decimals, else TEXT; a quoted field
/// is always text. A header alone is a table of no rows.
TableOrError read_csv(std::string_view text);
/// True when a field without quotes would make a column a number.
bool reads_as_number(std::string_view field);

/// JSON Lines: one flat object a line; blank lines are skipped. The first object names the columns, a later one may
/// leave some out (NULL) and may not add any. true and false are 1 and 0; objects and lists inside are refused.
TableOrError read_json_lines(std::string_view text);

}  // namespace twice::pipeline

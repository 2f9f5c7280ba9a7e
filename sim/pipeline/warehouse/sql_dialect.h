#pragma once
// SQL of other engines: what SQLite cannot do, and what it does differently without a word.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace twice::pipeline {

struct SqlDiagnosis {
  std::string message;
  std::string help;        // SQLite's equivalent, may be empty
  std::size_t offset = 0;  // in bytes, in the text that was checked
  std::size_t length = 1;
};

/// What one statement says that SQLite reads as something else, or has another form for.
std::optional<SqlDiagnosis> find_foreign_dialect(std::string_view statement);

/// SQLite's equivalent for a function it does not have ("DATEADD"); empty when there is none to name.
std::string_view equivalent_of_function(std::string_view name);

/// "message; in SQLite: help".
std::string in_one_line(const SqlDiagnosis& diagnosis);

}  // namespace twice::pipeline

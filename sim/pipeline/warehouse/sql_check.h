#pragma once
// Reads a user's SQL before the run, on an empty database in memory with the user's tables.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/warehouse/sql_dialect.h"

namespace twice::pipeline {

/// What is wrong with `statement` (one or several), its position in bytes of that text, or nullopt. Each is compiled
/// under the rules of the run; those that make or change tables are executed, so that later ones can name them.
std::optional<SqlDiagnosis> check_sql(std::string_view schema_sql, std::string_view statement);

/// Names of the parameters (":day" gives "day"), each once, in the order of their first use.
std::vector<std::string> parameters_of(std::string_view statement);

}  // namespace twice::pipeline

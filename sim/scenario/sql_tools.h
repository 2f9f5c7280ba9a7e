#pragma once
// What the validator needs to know about SQL, as functions: tests replace them, and nothing here knows an engine.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pipeline/sql_value.h"
#include "pipeline/warehouse/sql_dialect.h"

namespace twice::scenario {

struct TableFacts {
  std::string name;
  std::vector<std::string> columns;
};

using SqlParameters = std::vector<std::pair<std::string, pipeline::SqlValue>>;

struct SqlTools {
  /// What is wrong with `statement` (one or several) once `schema` has run; nullopt = nothing.
  std::function<std::optional<pipeline::SqlDiagnosis>(std::string_view schema, std::string_view statement)> check;
  /// The tables `schema` creates; a statement that fails is skipped.
  std::function<std::vector<TableFacts>(std::string_view schema)> tables;
  /// The rows of a query once `schema` has run.
  std::function<std::variant<pipeline::SqlTable, pipeline::SqlDiagnosis>(std::string_view schema,
                                                                         std::string_view query, const SqlParameters&)>
      rows;
};

/// The tools of the engine that runs the loaders.
SqlTools engine_tools();

/// A word that starts with ':' outside of texts and comments.
struct SqlParameter {
  std::string name;        // without ':'
  std::size_t offset = 0;  // of the ':', in bytes
};
std::vector<SqlParameter> parameters_in(std::string_view sql);

/// The name as SQL writes it whatever it is: in double quotes.
std::string quoted_name(std::string_view name);

/// True when the statement changes the schema: CREATE, DROP or ALTER.
bool changes_schema(std::string_view statement);

}  // namespace twice::scenario

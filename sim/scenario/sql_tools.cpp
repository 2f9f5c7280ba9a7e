#include "scenario/sql_tools.h"

#include <memory>

#include <fmt/format.h>

#include "pipeline/warehouse/engine.h"
#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sql_check.h"
#include "pipeline/warehouse/sql_tokens.h"

namespace twice::scenario {
namespace {

constexpr pipeline::SessionId kSession{1};

std::unique_ptr<pipeline::Engine> engine_with(std::string_view schema) {
  auto engine = pipeline::make_sqlite_engine({});
  engine->open(kSession);
  const Block<std::vector<std::string>> nothing{std::vector<std::string>{}};
  for (const pipeline::SqlPiece& piece : pipeline::split_sql(schema))
    engine->execute(kSession, {Block<std::string>(std::string(piece.text)), nothing, {}}, {});
  engine->close(kSession);
  return engine;
}

std::vector<TableFacts> declared_tables(std::string_view schema) {
  const auto engine = engine_with(schema);
  std::vector<TableFacts> result;
  for (const std::string& name : engine->tables())
    result.push_back(
        {name, engine->query(fmt::format("SELECT * FROM {} LIMIT 0", quoted_name(name)), {}).result.columns});
  return result;
}

std::variant<pipeline::SqlTable, pipeline::SqlDiagnosis> queried_rows(std::string_view schema, std::string_view query,
                                                                      const SqlParameters& parameters) {
  pipeline::SqlReply reply = engine_with(schema)->query(query, parameters);
  if (reply.status == pipeline::SqlStatus::kOk) return std::move(reply.result);
  return pipeline::SqlDiagnosis{reply.message, {}, reply.error_at.value_or(0), 1};
}

}  // namespace

SqlTools engine_tools() { return {pipeline::check_sql, declared_tables, queried_rows}; }

std::string quoted_name(std::string_view name) {
  std::string result = "\"";
  for (const char c : name) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::vector<SqlParameter> parameters_in(std::string_view sql) {
  std::vector<SqlParameter> result;
  pipeline::SqlTokens tokens(sql);
  while (const auto token = tokens.next())
    if (token->kind == pipeline::SqlTokenKind::kParameter && token->text.size() > 1)
      result.push_back({std::string(token->text.substr(1)), token->offset});
  return result;
}

bool changes_schema(std::string_view statement) {
  const auto first = pipeline::SqlTokens(statement).next();
  return first && (first->is_word("create") || first->is_word("drop") || first->is_word("alter"));
}

}  // namespace twice::scenario

#include "pipeline/warehouse/sql_check.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "core/assert.h"
#include "core/limits.h"
#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sql_guard.h"
#include "pipeline/warehouse/sql_tokens.h"
#include "pipeline/warehouse/sqlite_status.h"
#include "pipeline/warehouse/sqlite_vfs.h"

namespace twice::pipeline {
namespace {

/// The message's own word for what it is about: near "SELEC": …, no such table: ordrs.
std::string_view subject_of(std::string_view message) {
  if (const auto quote = message.find('"'); quote != std::string_view::npos) {
    const auto end = message.find('"', quote + 1);
    return end == std::string_view::npos ? std::string_view() : message.substr(quote + 1, end - quote - 1);
  }
  const auto colon = message.rfind(": ");
  return colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
}

/// A scratch database under the guard of a run.
class CheckedDatabase {
 public:
  CheckedDatabase() : entered_(start(), now_) {
    sqlite3_randomness(0, nullptr);
    const int opened =
        sqlite3_open_v2(":memory:", &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, nullptr);
    TWICE_ASSERT(opened == SQLITE_OK, "SQLite does not open a database in memory");
    guard_.work_limit = limits::kCheckSteps;
    install_guard(db_, guard_);
  }
  ~CheckedDatabase() { sqlite3_close(db_); }
  CheckedDatabase(const CheckedDatabase&) = delete;
  CheckedDatabase& operator=(const CheckedDatabase&) = delete;

  std::optional<SqlDiagnosis> check(std::string_view script) {
    if (script.size() > limits::kStatementBytes)
      return SqlDiagnosis{
          "the SQL is longer than " + limits::with_commas(limits::kStatementBytes) + " bytes (limit statement-text)",
          {},
          0,
          1};
    for (const SqlPiece& piece : split_sql(script)) {
      auto found = find_foreign_dialect(piece.text);
      if (!found) found = compile(piece.text);
      if (!found) continue;
      found->offset += piece.offset;
      return found;
    }
    return std::nullopt;
  }

 private:
  Process& start() {
    start_sqlite();
    return process_;
  }

  std::optional<SqlDiagnosis> compile(std::string_view sql) {
    Entered::again();
    guard_.traits = {};
    guard_.refusal.clear();
    guard_.work = 0;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    std::optional<SqlDiagnosis> found;
    if (code != SQLITE_OK) found = diagnose(sql, sqlite3_error_offset(db_));
    if (code == SQLITE_OK && guard_.traits.changes_schema) {
      do code = sqlite3_step(statement);
      while (code == SQLITE_ROW);
      if (code != SQLITE_DONE) found = diagnose(sql, -1);
    }
    sqlite3_finalize(statement);
    return found;
  }

  SqlDiagnosis diagnose(std::string_view sql, int at) {
    SqlDiagnosis found{guard_.refusal.empty() ? sqlite3_errmsg(db_) : guard_.refusal, {}, 0, 1};
    const std::string engine_words = sqlite3_errmsg(db_);
    if (guard_.work >= guard_.work_limit)
      found.message = "this statement needs more than " + limits::with_commas(limits::kCheckSteps) +
                      " steps while the file is checked (limit check-steps)";
    else if (const auto limit = limit_of(sqlite3_extended_errcode(db_), engine_words))
      found.message = sentence_of(*limit);
    const std::string_view subject = subject_of(engine_words);
    place(found, sql, at, subject);
    if (engine_words.rfind("no such function", 0) == 0) found.help = equivalent_of_function(subject);
    return found;
  }

  /// At SQLite's own offset; else at the token that its message names; else at the first.
  static void place(SqlDiagnosis& found, std::string_view sql, int at, std::string_view subject) {
    SqlTokens tokens(sql);
    bool placed = false;
    while (const auto token = tokens.next()) {
      const bool here =
          at >= 0 ? token->end() > static_cast<std::size_t>(at) : same_ignoring_case(token->text, subject);
      if (placed && !here) continue;
      if (!placed || here) found.offset = token->offset, found.length = token->text.size();
      placed = true;
      if (here) return;
    }
  }

  Surroundings now_;
  physics::ByteDisk disk_;
  Process process_{&disk_, {1}};
  Entered entered_;
  Guard guard_;
  sqlite3* db_ = nullptr;
};

}  // namespace

std::optional<SqlDiagnosis> check_sql(std::string_view schema_sql, std::string_view statement) {
  CheckedDatabase database;
  if (const auto found = database.check(schema_sql)) {
    return SqlDiagnosis{"the schema itself fails: " + found->message, found->help, 0, 1};
  }
  return database.check(statement);
}

std::vector<std::string> parameters_of(std::string_view statement) {
  std::vector<std::string> names;
  SqlTokens tokens(statement);
  while (const auto token = tokens.next()) {
    if (token->kind != SqlTokenKind::kParameter) continue;
    const std::string name(token->text.substr(1));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace twice::pipeline

#include "pipeline/warehouse/sql_guard.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/assert.h"
#include "core/limits.h"
#include "core/random.h"
#include "pipeline/warehouse/sql_tokens.h"
#include "pipeline/warehouse/sqlite_vfs.h"

namespace twice::pipeline {
namespace {

bool is_one_of(std::string_view name, const auto& list) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](std::string_view item) { return same_ignoring_case(item, name); });
}

/// Pragmas that only tell something.
constexpr std::string_view kReadablePragmas[] = {
    "table_info",    "table_xinfo",      "table_list",        "index_list",      "index_info",
    "index_xinfo",   "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check",
    "database_list", "collation_list",   "function_list"};
/// Pragmas that tell something without an argument and change the connection or the file with one.
constexpr std::string_view kPragmasWithoutArgument[] = {
    "user_version", "application_id", "journal_mode", "synchronous",    "page_size",
    "page_count",   "freelist_count", "encoding",     "schema_version", "auto_vacuum"};
/// Functions of the C library's mathematics: their last bit depends on the machine.
constexpr std::string_view kLibmFunctions[] = {"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh",
                                               "cos",  "cosh",  "exp",  "ln",    "log",  "log10", "log2",
                                               "pow",  "power", "sin",  "sinh",  "tan",  "tanh"};
constexpr std::string_view kClosedFunctions[] = {"load_extension", "fts3_tokenizer", "sqlite_log"};
/// Tables that show the process instead of the data.
constexpr std::string_view kClosedTables[] = {"sqlite_stmt", "sqlite_dbpage", "sqlite_memstat"};

int refuse(Guard& guard, std::string why) {
  guard.refusal = std::move(why);
  return SQLITE_DENY;
}

int judge_pragma(Guard& guard, std::string_view name, const char* argument) {
  if (is_one_of(name, kReadablePragmas)) return SQLITE_OK;
  if (argument == nullptr && is_one_of(name, kPragmasWithoutArgument)) return SQLITE_OK;
  if (same_ignoring_case(name, "defer_foreign_keys")) return SQLITE_OK;
  if (same_ignoring_case(name, "wal_checkpoint")) return SQLITE_OK;
  if (same_ignoring_case(name, "foreign_keys")) {
    guard.traits.sets_foreign_keys = guard.traits.sets_foreign_keys || argument != nullptr;
    return SQLITE_OK;
  }
  return refuse(guard, "PRAGMA " + std::string(name) +
                           " is not offered here: journal, synchronous and the like are the scenario's");
}

int judge_function(Guard& guard, std::string_view name) {
  if (is_one_of(name, kLibmFunctions)) {
    return refuse(guard,
                  std::string(name) + "() is refused: its last digits differ between machines, and a run must not");
  }
  if (is_one_of(name, kClosedFunctions)) return refuse(guard, std::string(name) + "() is not offered here");
  return SQLITE_OK;
}

int judge_schema_change(Guard& guard, bool temporary) {
  guard.traits.changes_schema = true;
  guard.traits.makes_temporary = guard.traits.makes_temporary || temporary;
  return SQLITE_OK;
}

int judge(void* user, int action, const char* first, const char* second, const char* database, const char*) {
  Guard& guard = *static_cast<Guard*>(user);
  switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return refuse(guard, "ATTACH and DETACH are refused: a warehouse is one database");
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
      return refuse(guard, "virtual tables are not offered here");
    case SQLITE_PRAGMA:
      return judge_pragma(guard, first, second);
    case SQLITE_FUNCTION:
      return judge_function(guard, second);
    case SQLITE_READ:
      return is_one_of(first, kClosedTables) ? refuse(guard, std::string(first) + " is not offered here") : SQLITE_OK;
    case SQLITE_TRANSACTION:
      guard.traits.begins = guard.traits.begins || std::string_view(first) == "BEGIN";
      return SQLITE_OK;
    case SQLITE_SAVEPOINT:
      guard.traits.begins = guard.traits.begins || std::string_view(first) == "BEGIN";
      guard.traits.rolls_back_to = guard.traits.rolls_back_to || std::string_view(first) == "ROLLBACK";
      return SQLITE_OK;
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
      return judge_schema_change(guard, true);
    case SQLITE_ALTER_TABLE:  // its arguments come in another order: database, table
      return judge_schema_change(guard, std::string_view(first) == "temp");
    case SQLITE_ANALYZE:  // changes how later statements are compiled
      return judge_schema_change(guard, false);
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
      return judge_schema_change(guard, database != nullptr && std::string_view(database) == "temp");
    default:  // an open set: reads, writes and what later versions add
      return SQLITE_OK;
  }
}

int count_work(void* user) {
  Guard& guard = *static_cast<Guard*>(user);
  guard.work += Guard::kWorkUnit;
  return guard.work >= guard.work_limit ? 1 : 0;
}

// --- functions of our own

std::uint64_t next_random() {
  Surroundings& now = surroundings();
  now.used_clock_or_random = true;
  const std::uint64_t number = ++now.draws;
  return draw(now.seed, Purpose::kSqlRandom, mix(now.id, number)).bits;
}

/// Like SQLite's own: any 64-bit integer but the lowest, which abs() cannot take.
void sql_random(sqlite3_context* context, int, sqlite3_value**) {
  const auto value = static_cast<std::int64_t>(next_random());
  sqlite3_result_int64(context, value == INT64_MIN ? 0 : value);
}

void sql_randomblob(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::int64_t bytes = std::max<std::int64_t>(1, sqlite3_value_int64(arguments[0]));
  if (bytes > sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1)) {
    return sqlite3_result_error_toobig(context);
  }
  std::vector<std::uint64_t> words(static_cast<std::size_t>(bytes + 7) / 8);
  for (std::uint64_t& word : words) word = next_random();
  sqlite3_result_blob64(context, words.data(), static_cast<std::uint64_t>(bytes), SQLITE_TRANSIENT);
}

void sql_changes(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int64(context, static_cast<const Guard*>(sqlite3_user_data(context))->changes);
}

void sql_total_changes(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int64(context, static_cast<const Guard*>(sqlite3_user_data(context))->total_changes);
}

void set_limits(sqlite3* db) {
  const auto set = [db](int what, std::uint64_t most) { sqlite3_limit(db, what, static_cast<int>(most)); };
  set(SQLITE_LIMIT_LENGTH, limits::kValueBytes);
  set(SQLITE_LIMIT_SQL_LENGTH, limits::kStatementBytes);
  set(SQLITE_LIMIT_COLUMN, limits::kColumns);
  set(SQLITE_LIMIT_EXPR_DEPTH, limits::kExpressionDepth);
  set(SQLITE_LIMIT_COMPOUND_SELECT, limits::kCompoundSelects);
  set(SQLITE_LIMIT_VDBE_OP, limits::kProgramSteps);
  set(SQLITE_LIMIT_FUNCTION_ARG, limits::kFunctionArguments);
  set(SQLITE_LIMIT_ATTACHED, 0);
  set(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, limits::kLikePatternBytes);
  set(SQLITE_LIMIT_VARIABLE_NUMBER, limits::kSqlParameters);
  set(SQLITE_LIMIT_TRIGGER_DEPTH, limits::kTriggerDepth);
  set(SQLITE_LIMIT_WORKER_THREADS, 0);
}

void switch_on(sqlite3* db, int option, int on) {
  TWICE_ASSERT(sqlite3_db_config(db, option, on, nullptr) == SQLITE_OK, "SQLite does not know an option");
}

void add_function(sqlite3* db, const char* name, int arguments, int flags, void* user,
                  void (*function)(sqlite3_context*, int, sqlite3_value**)) {
  const int made = sqlite3_create_function(db, name, arguments, SQLITE_UTF8 | SQLITE_INNOCUOUS | flags, user, function,
                                           nullptr, nullptr);
  TWICE_ASSERT(made == SQLITE_OK, "SQLite does not take a function");
}

}  // namespace

void install_guard(sqlite3* db, Guard& guard) {
  set_limits(db);
  switch_on(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
  // "text" in double quotes is a name, as everywhere else; SQLite would silently read a misspelt name as text.
  switch_on(db, SQLITE_DBCONFIG_DQS_DML, 0);
  switch_on(db, SQLITE_DBCONFIG_DQS_DDL, 0);
  add_function(db, "random", 0, 0, nullptr, sql_random);
  add_function(db, "randomblob", 1, 0, nullptr, sql_randomblob);
  add_function(db, "changes", 0, 0, &guard, sql_changes);
  add_function(db, "total_changes", 0, 0, &guard, sql_total_changes);
  limit_work(db, guard);
  sqlite3_set_authorizer(db, judge, &guard);
}

void limit_work(sqlite3* db, Guard& guard) { sqlite3_progress_handler(db, Guard::kWorkUnit, count_work, &guard); }

}  // namespace twice::pipeline

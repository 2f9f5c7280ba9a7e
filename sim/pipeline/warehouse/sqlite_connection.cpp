#include "pipeline/warehouse/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "core/assert.h"
#include "core/limits.h"
#include "pipeline/warehouse/sql_dialect.h"
#include "pipeline/warehouse/sql_tokens.h"
#include "pipeline/warehouse/sqlite_statement.h"
#include "pipeline/warehouse/sqlite_status.h"

namespace twice::pipeline {
namespace {

constexpr std::size_t kMostPrepared = 64;

sqlite3* open_database(Process& process, Surroundings& now) {
  start_sqlite();
  const Entered entered(process, now);
  sqlite3* db = nullptr;
  const int opened = sqlite3_open_v2(kDatabaseName, &db, SQLITE_OPEN_READWRITE, nullptr);
  TWICE_ASSERT(opened == SQLITE_OK, std::string("the warehouse does not open: ") + sqlite3_errmsg(db));
  sqlite3_extended_result_codes(db, 1);
  return db;
}

std::string_view without_sigil(std::string_view name) {
  const bool has_one = !name.empty() && (name[0] == ':' || name[0] == '@' || name[0] == '$');
  return has_one ? name.substr(1) : name;
}

bool adds_column_with_default(std::string_view sql) {
  SqlTokens tokens(sql);
  if (const auto first = tokens.next(); !first || !first->is_word("ALTER")) return false;
  while (const auto token = tokens.next()) {
    if (token->is_word("DEFAULT")) return true;
  }
  return false;
}

int bind_value(sqlite3_stmt* statement, int index, const SqlValue& value) {
  struct {
    sqlite3_stmt* statement;
    int index;
    int operator()(Null) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
    int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }
    int operator()(const std::string& v) const {
      return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& v) const {
      return sqlite3_bind_blob64(statement, index, v.bytes.data(), v.bytes.size(), SQLITE_STATIC);
    }
  } const binder{statement, index};
  return std::visit(binder, value);
}

}  // namespace

Connection::Connection(physics::ByteDisk& disk, physics::HolderId holder, Surroundings& now,
                       const EngineOptions& options, const SessionMemory& memory)
    : process_{&disk, holder, options.file_bytes},
      now_(&now),
      options_(&options),
      db_(open_database(process_, now)),
      changes_(db_, options.watch),
      memory_(memory) {
  guard_.work_limit = options.work_limit;
  guard_.changes = memory.changes;
  guard_.total_changes = memory.total_changes;
  sqlite3_set_last_insert_rowid(db_, memory.last_rowid);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, memory.foreign_keys ? 1 : 0, nullptr);
  sqlite3_commit_hook(
      db_, [](void* seen) { return *static_cast<bool*>(seen) = true, 0; }, &commit_is_last_);
  sqlite3_rollback_hook(
      db_, [](void* seen) { *static_cast<bool*>(seen) = false; }, &commit_is_last_);
}

Connection::~Connection() {
  const Entered entered(process_, *now_);
  forget_prepared();
  const int closed = sqlite3_close(db_);
  TWICE_ASSERT(closed == SQLITE_OK, "SQLite does not let a connection go");
}

void Connection::forget_prepared() {
  for (const Prepared& prepared : prepared_) sqlite3_finalize(prepared.statement);
  prepared_.clear();
}

// --- setting up

/// The first statement may meet a lock or a broken disk here, hence not in the constructor.
int Connection::set_up() {
  const std::string settings = "PRAGMA temp_store=memory; PRAGMA page_size=" + std::to_string(options_->page_bytes) +
                               "; PRAGMA synchronous=" + options_->synchronous;
  int code = sqlite3_exec(db_, settings.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  RawStatement journal(db_, "PRAGMA journal_mode=" + options_->journal);
  if (!journal.step()) return sqlite3_extended_errcode(db_);
  const std::string mode = reinterpret_cast<const char*>(sqlite3_column_text(journal.get(), 0));
  TWICE_ASSERT(mode == options_->journal, "SQLite keeps its journal in mode " + mode + " and not " + options_->journal);
  return SQLITE_OK;
}

/// Compiled for the old schema, this reads the new one; after a kill it also rolls back what was left. A statement
/// compiled for the old one might ask for locks that a new compilation does not need.
int Connection::read_schema_again() {
  forget_prepared();
  RawStatement look(db_, "SELECT 1 FROM sqlite_schema");
  look.step();
  const int code = sqlite3_extended_errcode(db_);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

bool Connection::get_ready(std::uint64_t schema_age, SqlReply& reply) {
  if (is_set_up_ && sqlite3_get_autocommit(db_) == 0) return true;
  const auto& locks = process_.disk->locks(*process_.disk->find(kDatabaseName));
  int code = SQLITE_OK;
  if (locks.others_reach(process_.holder, physics::LockLevel::kPending))
    code = SQLITE_BUSY;
  else if (!is_set_up_)
    code = set_up();
  else if (schema_age_ != schema_age)
    code = read_schema_again();
  if (code != SQLITE_OK) {
    fail(code, reply);
    reply.message = sqlite3_errstr(code);
    return false;
  }
  if (!is_set_up_) install_guard(db_, guard_);
  is_set_up_ = true;
  schema_age_ = schema_age;
  return true;
}

// --- compiling

Prepared* Connection::find(const Statement& statement) {
  const auto same = [&](const Prepared& p) { return p.text.same(statement.text) && p.names.same(statement.names); };
  const auto equal = [&](const Prepared& p) { return *p.text == *statement.text && *p.names == *statement.names; };
  auto found = std::find_if(prepared_.begin(), prepared_.end(), same);
  if (found == prepared_.end()) {
    found = std::find_if(prepared_.begin(), prepared_.end(), equal);
    if (found == prepared_.end()) return nullptr;
    found->text = statement.text, found->names = statement.names;
  }
  return &*found;
}

const Prepared* Connection::prepare(const Statement& statement, std::uint64_t schema_age, SqlReply& reply) {
  TWICE_ASSERT(statement.text && statement.names && statement.names->size() == statement.values.size(),
               "a statement needs a text and as many names as values");
  const Entered entered(process_, *now_);
  sqlite3_randomness(0, nullptr);
  if (!get_ready(schema_age, reply)) return nullptr;
  if (const Prepared* found = find(statement)) return found;
  Prepared prepared;
  prepared.text = statement.text;
  prepared.names = statement.names;
  if (!compile(prepared, reply)) return nullptr;
  if (!map_parameters(prepared, reply)) {
    sqlite3_finalize(prepared.statement);
    return nullptr;
  }
  if (prepared_.size() == kMostPrepared) {
    sqlite3_finalize(prepared_.front().statement);
    prepared_.erase(prepared_.begin());
  }
  return &prepared_.emplace_back(std::move(prepared));
}

bool Connection::compile(Prepared& prepared, SqlReply& reply) {
  const std::string& sql = *prepared.text;
  const auto refuse = [&](SqlStatus status, std::string message, std::size_t at) {
    reply.status = status;
    reply.message = std::move(message);
    reply.error_at = static_cast<std::uint32_t>(at);
    return false;
  };
  if (sql.size() > limits::kStatementBytes) return refuse(SqlStatus::kError, "the statement is too long", 0);
  if (const auto foreign = find_foreign_dialect(sql))
    return refuse(SqlStatus::kRefused, in_one_line(*foreign), foreign->offset);
  guard_.traits = {};
  guard_.refusal.clear();
  guard_.work = 0;
  process_.met_file_limit = false;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &prepared.statement, &tail);
  if (code != SQLITE_OK) {
    const int at = sqlite3_error_offset(db_);
    if (at >= 0) reply.error_at = static_cast<std::uint32_t>(at);
    fail(code, reply);
    return false;
  }
  const auto rest_at = static_cast<std::size_t>(tail - sql.data());
  SqlTokens rest(std::string_view(sql).substr(rest_at));
  while (const auto token = rest.next()) {
    if (token->is_symbol(";")) continue;
    sqlite3_finalize(prepared.statement);
    return refuse(SqlStatus::kError, "one statement at a time: another one follows", rest_at + token->offset);
  }
  prepared.traits = guard_.traits;
  prepared.adds_default = guard_.traits.changes_schema && adds_column_with_default(sql);
  return true;
}

bool Connection::map_parameters(Prepared& prepared, SqlReply& reply) const {
  const int count = sqlite3_bind_parameter_count(prepared.statement);
  const auto& names = *prepared.names;
  for (int i = 1; i <= count; ++i) {
    const char* written = sqlite3_bind_parameter_name(prepared.statement, i);
    const std::string_view name = written == nullptr ? "?" : written;
    const auto given = std::find_if(names.begin(), names.end(),
                                    [&](const std::string& n) { return without_sigil(n) == without_sigil(name); });
    if (name[0] == '?' || given == names.end()) {
      reply.status = SqlStatus::kError;
      reply.message =
          name[0] == '?' ? "parameters need names, as in :day" : "no value for parameter " + std::string(name);
      return false;
    }
    prepared.value_of_parameter.push_back(static_cast<std::uint32_t>(given - names.begin()));
  }
  return true;
}

// --- running

int Connection::bind(const Prepared& prepared, const Statement& statement) const {
  int index = 0;
  for (const std::uint32_t value : prepared.value_of_parameter) {
    const int code = bind_value(prepared.statement, ++index, statement.values[value]);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

void Connection::run(const Prepared& prepared, const Statement& statement, SqlReply& reply) {
  const Entered entered(process_, *now_);
  commit_is_last_ = false;
  process_.met_file_limit = false;
  guard_.work = 0;
  guard_.traits = prepared.traits;  // SQLite may compile again, for a schema that has changed, and find more
  if (prepared.statement != nullptr) {
    const std::int64_t changed_before = sqlite3_total_changes64(db_);
    int code = bind(prepared, statement);
    if (code == SQLITE_OK) code = step_all(prepared.statement, reply);
    finish(prepared.statement, code, changed_before, reply);
  }
  reply.in_transaction = sqlite3_get_autocommit(db_) == 0;
}

int Connection::step_all(sqlite3_stmt* statement, SqlReply& reply) {
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) reply.result.columns.emplace_back(sqlite3_column_name(statement, i));
  std::size_t bytes = 0;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    reply.result.rows.push_back(current_row(statement));
    bytes += static_cast<std::size_t>(columns) * sizeof(SqlValue);
    for (int i = 0; i < columns; ++i) bytes += static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
    if (reply.result.rows.size() > limits::kResultRows || bytes > limits::kResultBytes) {
      reply.limit = SqlLimit::kResult;
      return SQLITE_INTERRUPT;
    }
  }
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

void Connection::finish(sqlite3_stmt* statement, int code, std::int64_t changed_before, SqlReply& reply) {
  if (code != SQLITE_OK) fail(code, reply);
  sqlite3_reset(statement);
  const std::int64_t changed = sqlite3_total_changes64(db_) - changed_before;
  reply.changes = changed == 0 ? 0 : sqlite3_changes64(db_);
  if (sqlite3_stmt_readonly(statement) == 0 && !guard_.traits.changes_schema) guard_.changes = reply.changes;
  guard_.total_changes += changed;
  memory_.last_rowid = sqlite3_last_insert_rowid(db_);
  memory_.changes = guard_.changes;
  memory_.total_changes = guard_.total_changes;
  if (guard_.traits.sets_foreign_keys) {
    int on = 0;
    sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
    memory_.foreign_keys = on != 0;
  }
  if (guard_.traits.changes_schema || guard_.traits.rolls_back_to) changes_.doubt();
  if (code != SQLITE_OK) changes_.statement_failed();
}

/// The last transaction to end during run() was not rolled back. SQLite may first roll back an attempt that met a
/// changed schema.
bool Connection::has_committed() const { return commit_is_last_ && sqlite3_get_autocommit(db_) != 0; }

void Connection::fail(int code, SqlReply& reply) {
  reply.status = status_of(code);
  reply.message = sqlite3_errmsg(db_);
  reply.result = {};
  if (!guard_.refusal.empty()) {
    reply.status = SqlStatus::kRefused;
    reply.message = std::exchange(guard_.refusal, {});
  }
  if (!reply.limit) reply.limit = limit_of(code, reply.message);
  if (std::exchange(process_.met_file_limit, false)) reply.limit = SqlLimit::kDisk;
  if (reply.limit) {
    reply.status = SqlStatus::kTooLong;
    reply.message = sentence_of(*reply.limit);
  }
  constexpr std::string_view kNoFunction = "no such function: ";
  if (reply.message.rfind(kNoFunction, 0) == 0) {
    const auto help = equivalent_of_function(std::string_view(reply.message).substr(kNoFunction.size()));
    if (!help.empty()) reply.message += "; in SQLite: " + std::string(help);
  }
}

}  // namespace twice::pipeline

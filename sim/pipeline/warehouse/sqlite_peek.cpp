#include "pipeline/warehouse/sqlite_peek.h"

#include <sqlite3.h>

#include <algorithm>

#include "core/assert.h"
#include "core/limits.h"
#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sqlite_connection.h"
#include "pipeline/warehouse/sqlite_engine.h"
#include "pipeline/warehouse/sqlite_statement.h"
#include "pipeline/warehouse/sqlite_status.h"

namespace twice::pipeline {
namespace {

constexpr physics::HolderId kPeeker{0xffffffff};

/// What a restarted machine with this disk would find, were nothing lost.
physics::ByteDisk abandoned(const physics::ByteDisk& disk) {
  physics::ByteDisk copy = disk;
  copy.crash({});
  copy.arm({UINT64_MAX});  // a fault that waits for the run must not meet a question
  return copy;
}

std::string column_text(const RawStatement& row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row.get(), column));
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

void set_up_database(physics::ByteDisk& disk, const EngineOptions& options) {
  Surroundings now;
  Connection connection(disk, kPeeker, now, options, {});
  Statement read{Block<std::string>("SELECT count(*) FROM sqlite_schema"),
                 Block<std::vector<std::string>>(std::vector<std::string>{}),
                 {}};
  SqlReply reply;
  TWICE_ASSERT(connection.prepare(read, 0, reply) != nullptr, "the warehouse cannot be set up: " + reply.message);
}

Peek::Peek(const physics::ByteDisk& disk, std::uint64_t work_limit)
    : disk_(abandoned(disk)), process_{&disk_, kPeeker}, entered_(process_, now_) {
  start_sqlite();
  sqlite3_randomness(0, nullptr);
  const int opened = sqlite3_open_v2(kDatabaseName, &db_, SQLITE_OPEN_READWRITE, nullptr);
  TWICE_ASSERT(opened == SQLITE_OK, "a copy of the warehouse does not open");
  guard_.work_limit = work_limit;
  limit_work(db_, guard_);
}

void Peek::begin() {
  Entered::again();
  guard_.work = 0;
}

void Peek::look_for_limits() {
  const int code = sqlite3_errcode(db_);
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE && !limit_)
    limit_ = limit_of(code, sqlite3_errmsg(db_));
}

Peek::~Peek() { close(); }

void Peek::close() {
  const int closed = sqlite3_close(std::exchange(db_, nullptr));
  TWICE_ASSERT(closed == SQLITE_OK, "SQLite does not let a connection go");
}

Scan Peek::scan(const std::vector<std::string>& tables) {
  begin();
  Scan scan = scan_visible(db_, tables);
  if (guard_.work >= guard_.work_limit && !limit_) limit_ = SqlLimit::kSteps;
  return scan;
}

std::vector<std::string> Peek::tables() {
  std::vector<std::string> names;
  RawStatement row(
      db_,
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
  while (row.step()) names.push_back(column_text(row, 0));
  return names;
}

std::optional<SqlTable> Peek::dump(std::string_view table) {
  begin();
  RawStatement row(db_, "SELECT * FROM main." + quoted_name(table));
  if (!row.is_valid()) return std::nullopt;
  SqlTable dumped;
  const int columns = sqlite3_column_count(row.get());
  for (int i = 0; i < columns; ++i) dumped.columns.emplace_back(sqlite3_column_name(row.get(), i));
  std::size_t bytes = 0;
  while (!limit_ && row.step()) {
    dumped.rows.push_back(current_row(row.get()));
    for (int i = 0; i < columns; ++i)
      bytes += sizeof(SqlValue) + static_cast<std::size_t>(sqlite3_column_bytes(row.get(), i));
    if (dumped.rows.size() > limits::kResultRows || bytes > limits::kResultBytes) limit_ = SqlLimit::kResult;
  }
  look_for_limits();
  std::sort(dumped.rows.begin(), dumped.rows.end());
  return dumped;
}

std::string Peek::integrity() {
  begin();
  std::string findings;
  RawStatement row(db_, "PRAGMA integrity_check");
  while (row.step()) findings += (findings.empty() ? "" : "\n") + column_text(row, 0);
  look_for_limits();
  return findings.empty() ? sqlite3_errmsg(db_) : findings;
}

/// They tell connections that their caches are old, count commits and, with a write-ahead log, depend on what was
/// cached.
void Peek::forget_change_counters() {
  constexpr std::uint64_t kFileChangeCounter = 24, kVersionValidFor = 92;  // "Database File Format", section 1.3
  constexpr std::byte kZeros[4] = {};
  const physics::FileId file = *disk_.find(kDatabaseName);
  if (disk_.size(file) == 0) return;
  for (const std::uint64_t at : {kFileChangeCounter, kVersionValidFor}) disk_.write(file, at, kZeros, sizeof kZeros);
}

std::uint64_t Peek::settled_digest() {
  RawStatement(db_, "SELECT count(*) FROM sqlite_schema").step();
  close();
  forget_change_counters();
  // A journal that never became hot may lie about: nobody reads it, but it need not be made again.
  return disk_.digest_of(kDatabaseName);
}

// --- the engine's questions

SqlReply SqliteEngine::query(std::string_view sql,
                             const std::vector<std::pair<std::string, SqlValue>>& parameters) const {
  physics::ByteDisk copy = abandoned(state_.disk);
  Surroundings now = now_;
  Connection connection(copy, kPeeker, now, options_, {});
  std::vector<std::string> names;
  SqlRow values;
  for (const auto& parameter : parameters) {
    names.push_back(parameter.first);
    values.push_back(parameter.second);
  }
  const Block<std::vector<std::string>> shared_names(std::move(names));
  SqlReply reply;
  for (const SqlPiece& piece : split_sql(sql)) {
    const Statement statement{Block<std::string>(std::string(piece.text)), shared_names, values};
    reply = {};
    const Prepared* prepared = connection.prepare(statement, 0, reply);
    if (prepared != nullptr) connection.run(*prepared, statement, reply);
    if (reply.error_at) *reply.error_at += static_cast<std::uint32_t>(piece.offset);
    if (reply.status != SqlStatus::kOk) break;
  }
  note(reply.limit);
  return reply;
}

std::vector<std::string> SqliteEngine::tables() const { return Peek(state_.disk, options_.work_limit).tables(); }

std::optional<SqlTable> SqliteEngine::dump(std::string_view table) const {
  Peek peek(state_.disk, options_.work_limit);
  std::optional<SqlTable> dumped = peek.dump(table);
  note(peek.limit_met());
  return dumped;
}

std::string SqliteEngine::integrity() const {
  Peek peek(state_.disk, options_.work_limit);
  std::string findings = peek.integrity();
  note(peek.limit_met());
  return findings;
}

std::vector<Visible> SqliteEngine::visible() const {
  if (state_.visible_is_known) return state_.visible;
  Peek peek(state_.disk, options_.work_limit);
  std::vector<Visible> seen = peek.scan(options_.watch).visible;
  note(peek.limit_met());
  return seen;
}

std::uint64_t SqliteEngine::settled_digest() const { return Peek(state_.disk, options_.work_limit).settled_digest(); }

}  // namespace twice::pipeline

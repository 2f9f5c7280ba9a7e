#pragma once
// One client's connection: prepared statements, bound values, outcomes.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/warehouse/engine.h"
#include "pipeline/warehouse/sql_guard.h"
#include "pipeline/warehouse/sqlite_vfs.h"
#include "pipeline/warehouse/watch.h"

struct sqlite3;
struct sqlite3_stmt;

namespace twice::pipeline {

/// The name of the warehouse's file on its disk.
constexpr const char* kDatabaseName = "main.db";

/// What a client's session remembers apart from the database: carried over when a fork opens its connection again.
struct SessionMemory {
  std::int64_t last_rowid = 0, changes = 0, total_changes = 0;
  bool foreign_keys = false;
};

/// A statement that SQLite has compiled. Owned by its connection.
struct Prepared {
  Block<std::string> text;
  Block<std::vector<std::string>> names;
  sqlite3_stmt* statement = nullptr;              // nullptr for blanks and comments
  std::vector<std::uint32_t> value_of_parameter;  // index into Statement::values
  StatementTraits traits;
  bool adds_default = false;  // ALTER TABLE … ADD COLUMN … DEFAULT: rows change without a report
};

class Connection {
 public:
  /// Opens no file yet: the first statement does. `disk`, `now` and `options` must outlive the connection.
  Connection(physics::ByteDisk& disk, physics::HolderId holder, Surroundings& now, const EngineOptions& options,
             const SessionMemory& memory);
  /// A process that was killed closes without touching the disk; another rolls back first.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The process dies: from here on SQLite's calls fail and change nothing.
  void kill() { process_.alive = false; }

  /// Compiles exactly one statement, or finds it compiled. nullptr with the reason in `reply`. The result is valid
  /// until the next call. `schema_age` grows whenever a connection may have to look at the file again; so prepared, a
  /// connection that a fork has just opened and one that has long been open reply alike.
  const Prepared* prepare(const Statement& statement, std::uint64_t schema_age, SqlReply& reply);
  /// Binds, steps to the end and resets. Fills all of `reply` but costs and digests. REQUIRES `prepared` for
  /// `statement`.
  void run(const Prepared& prepared, const Statement& statement, SqlReply& reply);

  /// What the last run() did.
  const StatementTraits& traits() const { return guard_.traits; }
  /// The last run() made a transaction visible to others.
  bool has_committed() const;
  ChangeTracker& changes() { return changes_; }
  const SessionMemory& memory() const { return memory_; }

 private:
  bool get_ready(std::uint64_t schema_age, SqlReply& reply);
  int set_up();
  int read_schema_again();
  void forget_prepared();
  Prepared* find(const Statement& statement);
  bool compile(Prepared& prepared, SqlReply& reply);
  bool map_parameters(Prepared& prepared, SqlReply& reply) const;
  int bind(const Prepared& prepared, const Statement& statement) const;
  int step_all(sqlite3_stmt* statement, SqlReply& reply);
  void finish(sqlite3_stmt* statement, int code, std::int64_t changed_before, SqlReply& reply);
  void fail(int code, SqlReply& reply);

  Process process_;
  Surroundings* now_;
  const EngineOptions* options_;
  sqlite3* db_;
  Guard guard_;
  ChangeTracker changes_;
  SessionMemory memory_;
  bool is_set_up_ = false;
  std::uint64_t schema_age_ = 0;    // at which the schema was last read
  bool commit_is_last_ = false;     // of the ends of transactions during the last run()
  std::vector<Prepared> prepared_;  // most recently compiled last
};

}  // namespace twice::pipeline

#pragma once
// Questions asked of a copy of the disk, as a server started on it would answer.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/warehouse/engine.h"
#include "pipeline/warehouse/sql_guard.h"
#include "pipeline/warehouse/sqlite_vfs.h"
#include "pipeline/warehouse/watch.h"

struct sqlite3;

namespace twice::pipeline {

/// Brings an empty database file into its journal mode.
void set_up_database(physics::ByteDisk& disk, const EngineOptions& options);

/// A server on a copy of a disk whose processes have all died; it recovers first. For our own questions, which may meet
/// a user's views and checks: each has `work_limit` steps, and an answer that was cut shows in limit_met().
class Peek {
 public:
  Peek(const physics::ByteDisk& disk, std::uint64_t work_limit);
  ~Peek();
  Peek(const Peek&) = delete;
  Peek& operator=(const Peek&) = delete;

  Scan scan(const std::vector<std::string>& tables);
  std::vector<std::string> tables();
  /// Rows in the order of SqlValue; nullopt when there is no such table.
  std::optional<SqlTable> dump(std::string_view table);
  std::string integrity();
  /// Of the bytes after recovery, without those that never matter again; closes.
  std::uint64_t settled_digest();
  std::optional<SqlLimit> limit_met() const { return limit_; }

 private:
  void begin();
  void look_for_limits();
  void close();
  void forget_change_counters();

  physics::ByteDisk disk_;
  Surroundings now_;
  Process process_;
  Entered entered_;
  Guard guard_;
  std::optional<SqlLimit> limit_;
  sqlite3* db_ = nullptr;
};

}  // namespace twice::pipeline

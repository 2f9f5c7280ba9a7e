#pragma once
// Keeps a user's SQL inside the simulation: no files, no clock, no randomness and no floating-point library but ours,
// and bounded work.
#include <cstdint>
#include <string>

struct sqlite3;

namespace twice::pipeline {

/// What a statement will do, as SQLite's compiler reported it.
struct StatementTraits {
  bool begins = false;         // BEGIN or SAVEPOINT
  bool rolls_back_to = false;  // ROLLBACK TO: a part of the transaction is taken back
  bool changes_schema = false;
  bool makes_temporary = false;  // something that lives and dies with the connection
  bool sets_foreign_keys = false;
};

/// Lives as long as the connection it guards, at one address.
struct Guard {
  StatementTraits traits;        // of the statement being compiled
  std::string refusal;           // why it may not; empty when it may
  std::uint64_t work_limit = 0;  // virtual-machine steps of one statement
  std::uint64_t work = 0;        // done so far, in whole units of kWorkUnit
  // SQL's changes() and total_changes(): of the client's session, which outlives a connection when an engine is forked.
  std::int64_t changes = 0, total_changes = 0;

  static constexpr int kWorkUnit = 1000;
};

void install_guard(sqlite3* db, Guard& guard);
/// Only its bound of work: for our own questions.
void limit_work(sqlite3* db, Guard& guard);

}  // namespace twice::pipeline

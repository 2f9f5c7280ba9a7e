#pragma once
// Digests of the rows that a reader would see, kept up to date at every commit.
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/warehouse/engine.h"

struct sqlite3;

namespace twice::pipeline {

/// What the open transaction of one connection adds to each watched table. Lives at one address while the connection is
/// open: SQLite reports every row that is about to change. A change of a number's type alone (5 to 5.0) is not seen.
class ChangeTracker {
 public:
  ChangeTracker(sqlite3* db, const std::vector<std::string>& tables);

  /// The digests of rows that came minus those that went, modulo 2^64.
  const std::vector<Visible>& added() const { return added_; }
  /// True when `added` may be wrong and only a full scan tells.
  bool in_doubt() const { return in_doubt_; }
  void doubt() { in_doubt_ = true; }
  bool touched() const { return touched_; }
  /// After a statement that failed within a transaction: it may have taken its own changes back, all or some.
  void statement_failed() { in_doubt_ = in_doubt_ || touched_; }
  void clear();

  void row_changes(int operation, const char* database, const char* table);

 private:
  sqlite3* db_;
  const std::vector<std::string>* tables_;
  std::vector<Visible> added_;
  bool in_doubt_ = false, touched_ = false;
};

struct Scan {
  std::vector<Visible> visible;  // in the order of the tables
  /// Every watched table stores its rows as they are seen. Not so views, virtual tables and generated columns, whose
  /// rows change without a report: then each commit needs a scan.
  bool can_be_followed = true;
};

/// Reads all rows of the tables. A table that does not exist has no rows and a digest of its own.
Scan scan_visible(sqlite3* db, const std::vector<std::string>& tables);

}  // namespace twice::pipeline

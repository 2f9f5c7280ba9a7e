#pragma once
#include <sqlite3.h>

#include <string>
#include <string_view>

#include "pipeline/sql_value.h"

namespace twice::pipeline {

/// A prepared statement for our own questions; released at the end of its scope.
class RawStatement {
 public:
  RawStatement(sqlite3* db, std::string_view sql) {
    sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~RawStatement() { sqlite3_finalize(statement_); }
  RawStatement(const RawStatement&) = delete;
  RawStatement& operator=(const RawStatement&) = delete;

  bool is_valid() const { return statement_ != nullptr; }
  /// `text` must hold until the last step.
  void bind_text(int index, std::string_view text) {
    sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  /// True while there is a row.
  bool step() { return statement_ != nullptr && sqlite3_step(statement_) == SQLITE_ROW; }
  sqlite3_stmt* get() const { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// Of the row that the statement stands on.
SqlValue column_value(sqlite3_stmt* statement, int column);
SqlRow current_row(sqlite3_stmt* statement);

/// A name in double quotes.
std::string quoted_name(std::string_view name);

}  // namespace twice::pipeline

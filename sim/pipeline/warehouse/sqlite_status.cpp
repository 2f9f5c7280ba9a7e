#include "pipeline/warehouse/sqlite_status.h"

#include <sqlite3.h>

namespace twice::pipeline {

SqlStatus status_of(int sqlite_code) {
  // A snapshot that is too old to write from: asking again never helps, only starting again.
  if (sqlite_code == SQLITE_BUSY_SNAPSHOT) return SqlStatus::kError;
  switch (sqlite_code & 0xff) {
    case SQLITE_OK:
      return SqlStatus::kOk;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SqlStatus::kBusy;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return SqlStatus::kConstraint;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return SqlStatus::kIoError;
    case SQLITE_FULL:
      return SqlStatus::kFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqlStatus::kCorrupt;
    case SQLITE_AUTH:
      return SqlStatus::kRefused;
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return SqlStatus::kTooLong;
    default:
      return SqlStatus::kError;  // an open set of codes
  }
}

std::string_view name_of(SqlStatus status) {
  switch (status) {
    case SqlStatus::kOk:
      return "ok";
    case SqlStatus::kBusy:
      return "busy";
    case SqlStatus::kConstraint:
      return "constraint";
    case SqlStatus::kError:
      return "error";
    case SqlStatus::kIoError:
      return "I/O error";
    case SqlStatus::kFull:
      return "disk full";
    case SqlStatus::kCorrupt:
      return "corrupt";
    case SqlStatus::kRefused:
      return "refused";
    case SqlStatus::kTooLong:
      return "too long";
    case SqlStatus::kNoSession:
      return "no session";
  }
  return "?";
}

std::string_view name_of(SqlLimit limit) {
  switch (limit) {
    case SqlLimit::kSteps:
      return "statement-steps";
    case SqlLimit::kMemory:
      return "memory-limit";
    case SqlLimit::kResult:
      return "result-size";
    case SqlLimit::kValue:
      return "value-size";
    case SqlLimit::kDisk:
      return "warehouse-size";
    case SqlLimit::kShape:
      return "statement-shape";
  }
  return {};
}

std::string sentence_of(SqlLimit limit) {
  const auto words = [&]() -> std::string {
    switch (limit) {
      case SqlLimit::kSteps:
        return "one SQL statement needed more than " + limits::with_commas(limits::kStatementSteps) + " steps";
      case SqlLimit::kMemory:
        return "SQLite needed more than " + limits::in_megabytes(limits::kSqliteBytes);
      case SqlLimit::kResult:
        return "one SQL statement returned more than " + limits::with_commas(limits::kResultRows) + " rows or " +
               limits::in_megabytes(limits::kResultBytes);
      case SqlLimit::kValue:
        return "a text or blob in SQL was larger than " + limits::in_megabytes(limits::kValueBytes);
      case SqlLimit::kDisk:
        return "the warehouse grew beyond " + limits::in_megabytes(limits::kWarehouseBytes);
      case SqlLimit::kShape:
        return "an SQL statement nests too deeply or has a LIKE pattern that is too long";
    }
    return {};
  };
  return words() + " (limit " + std::string(name_of(limit)) + ")";
}

std::optional<SqlLimit> limit_of(int sqlite_code, std::string_view message) {
  switch (sqlite_code & 0xff) {
    case SQLITE_INTERRUPT:
      return SqlLimit::kSteps;
    case SQLITE_NOMEM:
      return SqlLimit::kMemory;
    case SQLITE_TOOBIG:
      return SqlLimit::kValue;
    default:
      break;  // an open set of codes
  }
  for (const std::string_view words : {"too many levels of trigger recursion", "pattern too complex"})
    if (message.find(words) != std::string_view::npos) return SqlLimit::kShape;
  return std::nullopt;
}

}  // namespace twice::pipeline

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

}  // namespace twice::pipeline

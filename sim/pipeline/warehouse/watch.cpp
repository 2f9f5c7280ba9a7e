#include "pipeline/warehouse/watch.h"

#include <sqlite3.h>

#include <bit>
#include <optional>
#include <string_view>

#include "core/visit.h"
#include "pipeline/warehouse/sqlite_statement.h"

namespace twice::pipeline {
namespace {

constexpr std::uint64_t kMissingTable = 0x6d697373696e6721u;

/// A real that is an integer counts as that integer: SQLite stores and reports such values of a REAL column as either.
std::uint64_t hash_real(double value) {
  constexpr double kLimit = 9007199254740992.0;  // 2^53: beyond it not every integer has a double
  if (value >= -kLimit && value <= kLimit && static_cast<double>(static_cast<std::int64_t>(value)) == value) {
    return mix(SQLITE_INTEGER, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  }
  return mix(SQLITE_FLOAT, std::bit_cast<std::uint64_t>(value));
}

std::uint64_t hash_value(sqlite3_value* value) {
  const int type = value == nullptr ? SQLITE_NULL : sqlite3_value_type(value);
  if (type == SQLITE_INTEGER) return mix(SQLITE_INTEGER, static_cast<std::uint64_t>(sqlite3_value_int64(value)));
  if (type == SQLITE_FLOAT) return hash_real(sqlite3_value_double(value));
  if (type == SQLITE_NULL) return mix(SQLITE_NULL);
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  const auto count = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return mix(static_cast<std::uint64_t>(type), bytes == nullptr ? 0 : hash_text({bytes, count}));
}

std::uint64_t hash_row(int columns, auto&& value_at) {
  std::uint64_t hash = static_cast<std::uint64_t>(columns);
  for (int i = 0; i < columns; ++i) hash = std::rotl(hash, 9) * 0x9fb21c651e98df25u ^ hash_value(value_at(i));
  return mix(hash);
}

/// nullopt when SQLite cannot tell: a generated column.
std::optional<std::uint64_t> changing_row(sqlite3* db, int (*read)(sqlite3*, int, sqlite3_value**)) {
  bool is_told = true;
  const std::uint64_t hash = hash_row(sqlite3_preupdate_count(db), [&](int column) {
    sqlite3_value* value = nullptr;
    is_told = is_told && read(db, column, &value) == SQLITE_OK;
    return value;
  });
  return is_told ? std::optional(hash) : std::nullopt;
}

void on_change(void* tracker, sqlite3*, int operation, const char* database, const char* table, sqlite3_int64,
               sqlite3_int64) {
  static_cast<ChangeTracker*>(tracker)->row_changes(operation, database, table);
}

bool can_be_followed(sqlite3* db, const std::string& table) {
  RawStatement kind(db,
                    "SELECT type = 'table' AND rootpage > 0 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE AND type "
                    "IN ('table', 'view')");
  kind.bind_text(1, table);
  if (!kind.step()) return true;  // it does not exist: its creation brings the next scan
  if (sqlite3_column_int(kind.get(), 0) == 0) return false;
  RawStatement hidden(db, "SELECT 1 FROM pragma_table_xinfo(?1) WHERE hidden <> 0");
  hidden.bind_text(1, table);
  return !hidden.step();
}

Visible scan_table(sqlite3* db, const std::string& table) {
  RawStatement rows(db, "SELECT * FROM main." + quoted_name(table));
  if (!rows.is_valid()) return {0, kMissingTable};
  Visible visible;
  const int columns = sqlite3_column_count(rows.get());
  while (rows.step()) {
    ++visible.rows;
    visible.digest += hash_row(columns, [&](int column) { return sqlite3_column_value(rows.get(), column); });
  }
  return visible;
}

}  // namespace

ChangeTracker::ChangeTracker(sqlite3* db, const std::vector<std::string>& tables)
    : db_(db), tables_(&tables), added_(tables.size()) {
  // Also without tables: the hook changes how SQLite deletes all rows, and what is watched must not change a run.
  sqlite3_preupdate_hook(db, on_change, this);
}

void ChangeTracker::clear() {
  if (touched_) added_.assign(added_.size(), {});
  in_doubt_ = touched_ = false;
}

void ChangeTracker::row_changes(int operation, const char* database, const char* table) {
  if (std::string_view(database) != "main") return;
  for (std::size_t i = 0; i < tables_->size(); ++i) {
    if (sqlite3_stricmp((*tables_)[i].c_str(), table) != 0) continue;
    touched_ = true;
    Visible& added = added_[i];
    if (operation != SQLITE_INSERT) {
      const auto went = changing_row(db_, sqlite3_preupdate_old);
      if (went)
        --added.rows, added.digest -= *went;
      else
        doubt();
    }
    if (operation != SQLITE_DELETE) {
      const auto came = changing_row(db_, sqlite3_preupdate_new);
      if (came)
        ++added.rows, added.digest += *came;
      else
        doubt();
    }
  }
}

Scan scan_visible(sqlite3* db, const std::vector<std::string>& tables) {
  Scan scan;
  for (const std::string& table : tables) {
    scan.visible.push_back(scan_table(db, table));
    if (!can_be_followed(db, table)) scan.can_be_followed = false;
  }
  return scan;
}

}  // namespace twice::pipeline

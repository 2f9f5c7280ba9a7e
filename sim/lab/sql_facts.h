#pragma once
// What the statements of a user's script do, as far as their words tell: enough to name a likely cause and a fix.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twice::lab {

enum class SqlAct : std::uint8_t {
  kBegin,
  kCommit,
  kRollback,
  kInsert,
  kUpdate,
  kDelete,
  kCreate,
  kDrop,
  kRename,
  kOther
};

/// What an INSERT does with a row whose key is there already.
enum class OnConflict : std::uint8_t { kFails, kIgnores, kReplaces, kUpdates };

struct SqlFacts {
  SqlAct act = SqlAct::kOther;
  std::string table;  // written, created, dropped or renamed
  std::string renamed_to;
  bool if_exists = false;  // CREATE … IF NOT EXISTS, DROP … IF EXISTS
  OnConflict conflict = OnConflict::kFails;
  bool skips_known = false;  // INSERT … WHERE NOT EXISTS / NOT IN
  std::string increments;    // the column of `x = x + …`
  bool reads_clock = false, draws_random = false;
  std::string where;  // of a DELETE
  bool in_transaction = false;
  std::uint32_t transaction = 0;       // number of the transaction it belongs to; its own without one
  std::size_t offset = 0, length = 0;  // in the script
  std::uint32_t line = 1;
};

std::vector<SqlFacts> facts_of(std::string_view script);

/// Tables that are written and last: neither created nor dropped by the script itself. In order of first use.
std::vector<std::string> tables_written(const std::vector<SqlFacts>& facts);

}  // namespace twice::lab

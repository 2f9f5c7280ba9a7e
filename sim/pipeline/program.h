#pragma once
// What a loader does, as data: which SQL, in which order, in which transactions.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/block.h"
#include "pipeline/sql_value.h"

namespace twice::pipeline {

/// What a statement is for; also the word for it in strips and tables.
enum class Role : std::uint8_t {
  kBegin,
  kBefore,      // once, before the first row
  kBatchStart,  // before a batch's transaction, with the batch's last row bound
  kRow,
  kBatchEnd,  // inside a batch's transaction, before its commit, with the batch's last row bound
  kCommit,
  kBatchDone,  // after a batch's commit, with the batch's last row bound
  kStatement,  // set-based
  kScript,     // a user's statement as it stands
  kAfter,      // once, after the last row
};
std::string_view name_of(Role role);

/// One SQL text and the parameters it mentions.
struct SqlStep {
  Block<std::string> text;
  Block<std::vector<std::string>> parameters;  // names without ':'
  std::uint32_t line = 0;                      // in the file it came from, 0 = unknown
};

/// When a loader commits.
enum class CommitRule : std::uint8_t {
  kNone,     // statements are sent as they stand
  kEachRow,  // each row's statement commits by itself
  kEvery,    // BEGIN; `every` rows; COMMIT
  kOnce,     // BEGIN; before; rows; after; COMMIT
};

struct LoaderProgram {
  CommitRule commit = CommitRule::kNone;
  std::uint64_t every = 1;                  // rows of a batch, of kEvery
  std::vector<SqlStep> before, row, after;  // `row`: sent for each source row, in order
  std::vector<SqlStep> batch_start, batch_end, batch_done;
  std::vector<SqlStep> statements;  // set-based, instead of rows
  std::vector<SqlStep> script;
  std::vector<std::pair<std::string, SqlValue>> job;  // parameters of every statement
};

/// One statement of one attempt. Statements are numbered from 1 by their place in the plan.
struct Planned {
  Role role = Role::kRow;
  const SqlStep* sql = nullptr;  // into the program, which outlives every plan; null for BEGIN and COMMIT
  std::uint32_t row = 0;         // source row (from 1) whose columns are bound; 0 = none
  std::uint32_t rows_done = 0;   // source rows that are done once this statement is acknowledged; 0 = none
};

/// Every statement of an attempt over `rows` source rows, in order. A row of a batch is done when its own statement
/// is acknowledged; the last one of a batch when its commit is.
std::vector<Planned> make_plan(const LoaderProgram& program, std::uint32_t rows);

}  // namespace twice::pipeline

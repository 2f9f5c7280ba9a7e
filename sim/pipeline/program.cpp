#include "pipeline/program.h"

#include <algorithm>

namespace twice::pipeline {
namespace {

class Planner {
 public:
  Planner(const LoaderProgram& program, std::uint32_t rows) : program_(program), rows_(rows) {}

  std::vector<Planned> plan() {
    const bool once = program_.commit == CommitRule::kOnce;
    if (once) begin();
    add(Role::kBefore, program_.before);
    if (!program_.row.empty()) add_rows();
    add(Role::kStatement, program_.statements);
    add(Role::kScript, program_.script);
    add(Role::kAfter, program_.after);
    if (once) {
      commit();
      // The rows of one transaction are done together; the last one stands for it.
      if (!program_.row.empty()) plan_.back().rows_done = rows_;
    }
    return std::move(plan_);
  }

 private:
  void begin() { plan_.push_back({Role::kBegin}); }
  void commit() { plan_.push_back({Role::kCommit}); }
  void add(Role role, const std::vector<SqlStep>& steps, std::uint32_t row = 0) {
    for (const SqlStep& sql : steps) plan_.push_back({role, &sql, row});
  }

  void add_rows() {
    const bool batches = program_.commit == CommitRule::kEvery;
    const auto batch =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(batches ? program_.every : 1, 1, std::max(rows_, 1u)));
    for (std::uint32_t first = 1; first <= rows_; first += batch) {
      const std::uint32_t last = first + std::min(batch - 1, rows_ - first);
      if (batches) {
        add(Role::kBatchStart, program_.batch_start, last);
        begin();
      }
      for (std::uint32_t row = first; row <= last; ++row) {
        add(Role::kRow, program_.row, row);
        const bool waits = program_.commit == CommitRule::kOnce ? row == rows_ : batches && row == last;
        if (!waits) plan_.back().rows_done = row;
      }
      if (!batches) continue;
      add(Role::kBatchEnd, program_.batch_end, last);
      commit();
      plan_.back().rows_done = last;
      add(Role::kBatchDone, program_.batch_done, last);
    }
  }

  const LoaderProgram& program_;
  std::uint32_t rows_;
  std::vector<Planned> plan_;
};

}  // namespace

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kBegin:
      return "begin";
    case Role::kBefore:
      return "before";
    case Role::kBatchStart:
      return "batch-start";
    case Role::kRow:
      return "row";
    case Role::kBatchEnd:
      return "batch-end";
    case Role::kCommit:
      return "commit";
    case Role::kBatchDone:
      return "batch-done";
    case Role::kStatement:
      return "statement";
    case Role::kScript:
      return "script";
    case Role::kAfter:
      return "after";
  }
  return {};
}

std::vector<Planned> make_plan(const LoaderProgram& program, std::uint32_t rows) {
  return Planner(program, rows).plan();
}

}  // namespace twice::pipeline

#pragma once
// What a load looks like at the cursor: one cell a wanted row, the numbers a dashboard shows, and the rows worth a
// second look.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lab/outcome.h"
#include "lab/pipeline_world.h"
#include "lab/run.h"

namespace twice::playback {

enum class RowState : std::uint8_t {
  kEmpty,        // wanted, not there yet
  kUncommitted,  // sent inside a transaction that is still open: no reader sees it
  kLoaded,
  kChanged,     // there, with wrong values
  kDuplicated,  // there more than once
  kMissing,     // wanted, and the run is over
};
std::string_view name_of(RowState state);

/// One wanted row.
struct Cell {
  RowState state = RowState::kEmpty;
  std::uint32_t copies = 0;
};

/// A row that is not simply there once.
struct InterestingRow {
  std::optional<std::size_t> cell;  // nullopt: nobody wanted it
  RowState state = RowState::kEmpty;
  std::uint32_t copies = 0;
  pipeline::SqlRow values;
};

struct LoaderView {
  std::vector<Cell> cells;
  std::uint64_t rows = 0, wanted = 0;  // in the slice now, as a reader sees it
  std::uint64_t duplicated = 0, missing = 0, changed = 0, uncommitted = 0, unexpected = 0;
  std::vector<std::string> columns;         // of the table
  std::vector<InterestingRow> interesting;  // at most kMostRows
  std::uint64_t interesting_in_all = 0;
  // The loader process that was launched last.
  std::uint32_t attempt = 0;  // 0: none yet
  bool loader_is_up = false;
  bool warehouse_is_up = true;
  std::uint32_t statements_sent = 0, statements_planned = 0, rows_done = 0;
  std::string statement;  // the SQL sent last, "BEGIN" and "COMMIT" included
  std::string status;     // "attempt 2, row 431 of 1,000"
  bool told_ok = false;
  static constexpr std::size_t kMostRows = 200;
};

/// Remembers what does not change from one look to the next: the wanted rows of a lane, and the last answer.
class LoaderLens {
 public:
  LoaderLens(const lab::Pipeline& pipeline, const lab::Reference& reference);
  /// `over`: the run ends here, so what is not there is missing.
  const LoaderView& look(const world::World& world, bool over);

 private:
  void count_rows(const world::World& world);
  void mark_uncommitted(const world::World& world);
  void describe_loader(const world::World& world);
  void conclude(bool over);
  std::string identity_of(const pipeline::SqlTable& table, const pipeline::SqlRow& row) const;

  const lab::Pipeline& pipeline_;
  const pipeline::SqlTable& wanted_;
  std::vector<std::string> identity_columns_;
  std::vector<std::pair<std::string, std::size_t>> index_;  // identity -> cell, sorted
  // What the table looked like when it was counted last.
  std::uint64_t seen_commits_ = ~std::uint64_t{0}, seen_digest_ = 0;
  std::vector<Cell> counted_;
  LoaderView view_;
};

/// One value of a dashboard's column over time, for a sparkline; readings up to `until`.
struct Series {
  std::string column;
  std::vector<std::pair<Time, std::optional<double>>> points;  // nullopt: no answer
};
std::vector<Series> readings_of(const world::World& world, Time until);
/// The dashboard's query asked right now, outside the run.
std::optional<pipeline::SqlTable> ask_now(const lab::Pipeline& pipeline, const world::World& world);

}  // namespace twice::playback

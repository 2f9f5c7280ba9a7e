#pragma once
// Work in parallel whose result does not depend on how many work at it.
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/limits.h"
#include "lab/stop.h"

namespace twice::lab {

/// What units with SQL, and their statements, may take when nobody says otherwise.
constexpr std::chrono::seconds kSqlUnitLimit{limits::kUnitSeconds}, kSqlStatementLimit{limits::kStatementSeconds};

struct WorkerOptions {
  unsigned workers = 1;
  /// Called in the parent after each finished unit, and now and then in between; return false to stop. May be empty.
  std::function<bool(std::size_t done, std::size_t of)> progress{};
  /// Asked in the parent at least every tenth of a second; whoever runs units in this very thread asks it inside them.
  StopSeam stop{};
  /// One worker, too, is a process of its own: its parent can end it whatever it is doing.
  bool apart = false;
  /// How much real time one unit may take in a process; then its worker is killed and the unit is lost, by the name
  /// `unit-limit`. nullopt: as long as it likes.
  std::optional<std::chrono::milliseconds> unit_limit{};
  /// That of units with SQL, where nobody gave another.
  std::chrono::milliseconds sql_unit_limit = kSqlUnitLimit;
  /// How much real time one SQL statement may take in a process; then its worker is killed and the unit is lost, by the
  /// name `statement-limit` (see pipeline/warehouse/sql_activity.h).
  std::chrono::milliseconds statement_limit = kSqlStatementLimit;
  /// What a unit is called in reports, besides its number: "lane 'a', seed 3". May be empty.
  std::function<std::string(std::size_t unit)> name{};
  /// For tests: the unit whose first worker is killed while it works on it.
  std::size_t kill_once = ~std::size_t{0};
};

/// A unit without a result, and why: "unit 7 (lane 'a', seed 3): its worker died 3 times (signal 9)".
struct LostUnit {
  std::size_t unit = 0;
  std::string limit;  // the limit that was hit: "unit-limit", "statement-limit", "memory-limit", "worker-died"
  std::string words;
};

struct WorkResult {
  std::vector<std::string> results;  // by unit; a unit that never finished is empty
  std::vector<bool> finished;
  std::vector<LostUnit> lost;        // in order of units
  std::vector<std::size_t> cut;      // units that were under way when the work was stopped, in order
  std::vector<std::string> reports;  // killed workers, in order: "a worker died (signal 9) on unit 7; it was run again"
  bool stopped = false;              // the whole was ended early
  StoppedBy stopped_by = StoppedBy::kNothing;
};

/// Runs units 0..count-1 in worker processes (forked; REQUIRES that no thread was started), each `unit(i)` in one of
/// them, and collects their results by unit. A worker that dies, or stands still because somebody stopped it (SIGSTOP),
/// is replaced and its unit run again, at most twice; one that needs more memory than a process may have loses its unit
/// at once. Workers end with their parent, however that ends.
/// SQLite keeps one random generator a process and one lock for all: worlds with a warehouse never share a process
/// with another thread.
WorkResult in_processes(std::size_t count, const WorkerOptions& options,
                        const std::function<std::string(std::size_t)>& unit);

/// The same in threads, for worlds without a warehouse. `unit` must be safe to call from several threads, and asks
/// `stop` itself; no limit of a unit holds here.
WorkResult in_threads(std::size_t count, const WorkerOptions& options,
                      const std::function<std::string(std::size_t)>& unit);

}  // namespace twice::lab

#pragma once
// Every crash point of a load, each continued to its end: the strip that tells whether a load may be run again.
//
// One pass serves all points. The load runs once without faults; just before each event that is a crash point the
// world is copied (a copy is a fork); each copy gets its crash and runs on through retry to the end. Copies whose disks
// settle to the same bytes have the same future, so that future is computed once.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/limits.h"
#include "lab/outcome.h"
#include "lab/pipeline_world.h"
#include "lab/workers.h"
#include "world/step.h"

namespace twice::lab {

enum class Stop : std::uint8_t {
  kSecondRun,  // no crash: the load is run again after it said ok; number 1: on an empty target, 2: on a loaded one
  kAfterRow,   // the loader dies when row `number` is done
  kBeforeStatement,  // the loader dies just before it sends statement `number`
  kLostReply,        // the loader dies when statement `number` is done and its answer is on the way
  kIoNotApplied,     // the warehouse dies before I/O operation `number`
  kIoApplied,        // the warehouse dies after I/O operation `number`, before anybody is told
  kAtTime,           // the loader dies at a moment; number in nanoseconds
};

struct Point {
  Stop stop = Stop::kAfterRow;
  std::uint64_t number = 0;
  pipeline::Role role = pipeline::Role::kRow;  // of the statement, for kBeforeStatement and kLostReply
  std::uint32_t line = 0;                      // of that statement in its file, 0 = unknown
  bool operator==(const Point&) const = default;
};

/// The steps that reproduce a point on a run without other faults.
std::vector<world::Step> steps_of(const Point& point);
/// "after row 800", "before statement 3 (row)", "reply of statement 12 lost (commit)".
std::string to_text(const Point& point);

/// Which points: the default is rows and statements.
struct PointSet {
  bool rows = true, statements = true, io = false;
  std::vector<Duration> times;
};
/// "rows", "statements", "io", "rows,io", "all", "12.5s". nullopt when it names none.
std::optional<PointSet> parse_points(std::string_view text);

/// What became of one point, small enough to travel between processes.
struct PointOutcome {
  Point point;
  char letter = '?';       // see letter_of; '?' = not tried
  std::uint64_t rows = 0;  // in the slice at the end
  std::uint64_t duplicated = 0, lost = 0, changed = 0;
  bool others_touched = false;
  std::optional<pipeline::SqlLimit> limit{};  // why the letter is '?', where a limit of this program is the reason
};

struct SweepOptions {
  PointSet points;
  std::uint64_t seed = 1;
  WorkerOptions workers;
  std::uint64_t at_most = limits::kSweepPoints;  // points of a lane; the rest is reported as not tried
  bool memoise = true;                           // off in tests that compare with plain runs
};

struct LaneSweep {
  const scenario::Variant* variant = nullptr;
  std::string error;      // the lane cannot be swept: it fails without faults
  std::string undecided;  // nor can it be judged: "time-limit: …"; it has no points then
  std::string limit;      // why some points are not judged, where a limit of this program is the reason
  bool idle = false;      // without faults it has nothing to load, so that no point shows anything
  bool thinned = false;   // some points were left out: there are more than SweepOptions::at_most
  std::string version;
  std::uint64_t wanted_rows = 0;
  std::vector<PointOutcome> points;      // second runs, rows, statements, I/O, times; each by number
  std::uint64_t futures = 0;             // distinct ones that were really run
  std::optional<PointOutcome> smallest;  // the first failing point in the order of `simplicity`
};

struct SweepResult {
  std::vector<LaneSweep> lanes;
  std::vector<std::string> reports;  // of workers that died
  std::vector<LostUnit> lost;        // crash points that were given up, as groups: they count as not tried
  bool stopped = false;
  StoppedBy stopped_by = StoppedBy::kNothing;
};

SweepResult sweep(const std::vector<const scenario::Variant*>& variants, const SweepOptions& options);

}  // namespace twice::lab

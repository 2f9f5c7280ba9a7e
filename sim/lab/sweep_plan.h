#pragma once
// The one pass of a sweep: which points a load has, and the copy of the world each starts from.
#include <cstdint>
#include <vector>

#include "lab/outcome.h"
#include "lab/sweep.h"

namespace twice::lab {

/// A point and the fork it starts from.
struct PlannedPoint {
  Point point;
  std::size_t fork = 0;
  bool at_once = false;  // the step is carried out on the fork as it is; otherwise it waits for its trigger
  Sequence event = 0;    // of the pass: points next to each other tend to share a future
};

struct LanePlan {
  Pipeline pipeline;
  Reference reference;
  std::vector<world::World> forks;
  std::vector<PlannedPoint> points;  // in the order of the report
  std::vector<Point> untried;        // left out by `at_most`
};

/// REQUIRES a reference without error. Asks the seam of `options`; stopped on the way, the plan is void.
StoppedBy plan_points(LanePlan& plan, const SweepOptions& options);

}  // namespace twice::lab

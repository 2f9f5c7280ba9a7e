#pragma once
// A world run to its end, unless somebody stops it.
#include <functional>

#include "lab/stop.h"
#include "world/world.h"

namespace twice::lab {

/// Steps until nothing is left up to `until`; asks `stop` every few events, and `over`, which ends it too. kNothing:
/// it came to its end.
StoppedBy run_world(world::World& world, Time until, const StopSeam& stop, const std::function<bool()>& over = {});

}  // namespace twice::lab

#pragma once
// The way that a search found, in the other host of the same nodes.
#include <vector>

#include "lab/search/search.h"
#include "world/schedule.h"
#include "world/world.h"

namespace twice::lab::search {

/// The choices of a way, in order.
world::Schedule schedule_of(const std::vector<StoryStep>& story, const Options& options);

/// Whether a world at the end of such a schedule shows what was found: a state in which `property` fails, or one that
/// shows it, or the mark that does. REQUIRES a world that can follow it: of the same nodes, before its first event.
bool shows(world::World world, const world::Schedule& schedule, const Property& property, Model model);

}  // namespace twice::lab::search

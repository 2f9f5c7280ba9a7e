#pragma once
#include <optional>

#include "lab/run.h"
#include "scenario/spec.h"
#include "world/world.h"

namespace twice::lab {

world::Schedule schedule_of(const scenario::ScheduleSpec& spec);

/// The first choice of the world's schedule that could not be carried out: after it the run is another one than was
/// meant. nullopt: all were, or there is no schedule. REQUIRES a run that is over.
std::optional<Finding> first_not_followed(const world::World& world, const scenario::Spec& spec);

}  // namespace twice::lab

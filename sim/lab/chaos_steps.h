#pragma once
#include <cstdint>
#include <vector>

#include "scenario/spec.h"
#include "world/step.h"

namespace twice::lab {

/// The random faults of a scenario for one seed; empty without [chaos]. Equal for all lanes that say the same.
std::vector<world::Step> chaos_steps(const scenario::Spec& spec, std::uint64_t seed);

}  // namespace twice::lab

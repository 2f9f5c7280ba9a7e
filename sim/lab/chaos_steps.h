#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "lab/run.h"
#include "scenario/spec.h"
#include "world/step.h"

namespace twice::lab {

/// The random faults of a scenario for one seed; empty without [chaos]. Equal for all lanes that say the same.
std::vector<world::Step> chaos_steps(const scenario::Spec& spec, std::uint64_t seed);

/// [chaos] that did not do what the file asks of it with any of these seeds: no fault was drawn, or a kind that
/// 'kinds' names can never be. nullopt: it did, or the file turns it off (chance = 0, max-faults = 0).
std::optional<Finding> chaos_without_faults(const scenario::Variant& variant, const std::vector<std::uint64_t>& seeds);

}  // namespace twice::lab

#pragma once
#include <cstdint>

#include "scenario/spec.h"
#include "world/world.h"

namespace twice::lab {

/// A world of the cluster that [cluster] describes, without its timeline. REQUIRES spec.cluster.
world::World build_cluster(const scenario::Spec& spec, std::uint64_t seed, Trace::Keep keep);

}  // namespace twice::lab

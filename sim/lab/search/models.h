#pragma once
// From a cluster of a scenario file to the question a search answers. One overload a protocol that has something to
// ask: properties, names of timers, who may swap names.
#include <cstdint>

#include "lab/search/model.h"
#include "scenario/spec.h"

namespace twice::lab::search {

/// The cluster before its first event. Clients' draws are those of `seed`. REQUIRES spec.cluster.
Model model_of(const scenario::Spec& spec, std::uint64_t seed, const Options& options);
/// A simulated state of nodes that run this protocol.
Model model_of(const world::World& world, const scenario::ProtocolSpec& protocol, const Options& options);

}  // namespace twice::lab::search

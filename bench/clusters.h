#pragma once
// Clusters under load and faults, for the subjects that measure a replication design.
#include <string>
#include <vector>

#include "world/world.h"

namespace twice::bench {

/// n1, n2, …
std::vector<std::string> names(std::size_t count);
/// Clients in a closed loop behind the first `servers` nodes.
void add_clients(std::vector<world::NodeSetup>& nodes, std::size_t servers, std::uint32_t count);
/// Five servers, ten clients, a lossy network; a crash and a partition in every ten seconds.
world::World five(std::vector<world::NodeSetup> nodes, Trace::Keep keep);

}  // namespace twice::bench

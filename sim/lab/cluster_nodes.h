#pragma once
#include <vector>

#include "scenario/spec_cluster.h"
#include "world/world.h"

namespace twice::lab {

/// Clock, disk and supervisor of the nodes that the file describes.
void apply_node_specs(const scenario::ClusterSpec& cluster, std::vector<world::NodeSetup>& nodes);

}  // namespace twice::lab

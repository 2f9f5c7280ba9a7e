#include "lab/cluster_nodes.h"

namespace twice::lab {

void apply_node_specs(const scenario::ClusterSpec& cluster, std::vector<world::NodeSetup>& nodes) {
  for (world::NodeSetup& node : nodes) {
    if (cluster.sync_cost) node.sync_cost = *cluster.sync_cost;
    const auto spec = cluster.node.find(node.name);
    if (spec == cluster.node.end()) continue;
    node.clock = {spec->second.skew, spec->second.drift.ppb};
    if (spec->second.sync_cost) node.sync_cost = *spec->second.sync_cost;
    if (spec->second.restart_after) node.restart_after = *spec->second.restart_after;
  }
}

}  // namespace twice::lab

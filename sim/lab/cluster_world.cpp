#include "lab/cluster_world.h"

#include "lab/pipeline_world.h"
#include "protocols/heartbeat/heartbeat.h"

namespace twice::lab {
namespace {

// One overload a protocol: a variant without one does not compile.
std::vector<world::NodeSetup> make_cluster(const std::vector<std::string>& names, const scenario::HeartbeatSpec& spec) {
  return protocols::make_heartbeat_cluster(names, {spec.interval, spec.timeout});
}

}  // namespace

world::World build_cluster(const scenario::Spec& spec, std::uint64_t seed, Trace::Keep keep) {
  std::vector<std::string> names;
  for (const auto& name : spec.cluster->nodes) names.push_back(name.value);
  auto nodes = std::visit([&](const auto& protocol) { return make_cluster(names, protocol); }, spec.cluster->protocol);
  world::World world(seed, std::move(nodes), link_profile(spec.network), keep);
  apply_links(spec.network, world);
  return world;
}

}  // namespace twice::lab

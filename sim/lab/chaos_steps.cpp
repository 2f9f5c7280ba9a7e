#include "lab/chaos_steps.h"

#include "world/chaos.h"

namespace twice::lab {
namespace {

std::vector<std::string> values_of(const std::vector<scenario::Spanned<std::string>>& names) {
  std::vector<std::string> values;
  for (const auto& name : names) values.push_back(name.value);
  return values;
}

// In the order of world::ChaosKind.
std::array<std::uint32_t, world::kChaosKinds> weights_of(const std::optional<scenario::ChaosKindsSpec>& kinds) {
  if (!kinds) return {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  return {kinds->crash,           kinds->pause,   kinds->slow, kinds->partition,    kinds->one_way, kinds->bridge,
          kinds->majorities_ring, kinds->isolate, kinds->clog, kinds->swizzle_clog, kinds->clock};
}

world::Liveness liveness_of(const scenario::LivenessSpec& spec) {
  using Core = world::Liveness::Core;
  world::Liveness liveness{Time{} + spec.at.value, Core::kNamed, {}};
  if (spec.core.is("all"))
    liveness.core = Core::kAll;
  else if (spec.core.is("majority"))
    liveness.core = Core::kMajority;
  else
    liveness.named = values_of(spec.core.names);
  return liveness;
}

}  // namespace

std::vector<world::Step> chaos_steps(const scenario::Spec& spec, std::uint64_t seed) {
  if (!spec.chaos) return {};
  const scenario::ChaosSpec& chaos = *spec.chaos;
  std::vector<std::string> nodes;
  if (chaos.nodes)
    nodes = values_of(*chaos.nodes);
  else if (spec.cluster)
    nodes = values_of(spec.cluster->nodes);
  const auto minority = static_cast<std::uint32_t>(nodes.empty() ? 0 : (nodes.size() - 1) / 2);
  world::ChaosOptions options;
  options.from = Time{} + chaos.from.value;
  options.to = Time{} + chaos.to.value;
  options.slot = chaos.slot.value;
  options.chance = chaos.chance;
  options.lasts = chaos.lasts;
  options.weight = weights_of(chaos.kinds);
  options.swarm = chaos.swarm;
  options.max_faults = chaos.max_faults;
  options.max_crashes = chaos.max_crashes;
  options.max_partitions = chaos.max_partitions;
  options.max_down = chaos.max_down.value_or(minority);
  options.lose = chaos.lose;
  options.slow_by = chaos.slow_by;
  options.max_skew = chaos.max_skew;
  options.max_drift_ppb = chaos.max_drift.ppb < 0 ? -chaos.max_drift.ppb : chaos.max_drift.ppb;
  if (chaos.liveness) options.liveness = liveness_of(*chaos.liveness);
  return world::expand_chaos(options, nodes, seed);
}

}  // namespace twice::lab

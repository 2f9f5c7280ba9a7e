#include "lab/chaos_steps.h"

#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "lab/report_format.h"
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

std::vector<std::string> nodes_hit(const scenario::Spec& spec) {
  if (spec.chaos->nodes) return values_of(*spec.chaos->nodes);
  return spec.cluster ? values_of(spec.cluster->nodes) : std::vector<std::string>{};
}

std::uint32_t minority_of(std::size_t nodes) { return static_cast<std::uint32_t>(nodes == 0 ? 0 : (nodes - 1) / 2); }

// What ends a fault is none itself.
bool is_fault(const world::Step& step) {
  const auto* slow = std::get_if<world::Slow>(&step.what);
  return !std::holds_alternative<world::Restart>(step.what) && !std::holds_alternative<world::Resume>(step.what) &&
         !std::holds_alternative<world::Heal>(step.what) && !std::holds_alternative<world::Unclog>(step.what) &&
         !std::holds_alternative<world::Note>(step.what) && !(slow && slow->by == Duration{});
}

/// Kinds that the file names and that cannot be drawn here, with the reason; empty: none.
std::string impossible_kinds(const scenario::Spec& spec) {
  const scenario::ChaosSpec& chaos = *spec.chaos;
  if (!chaos.kinds) return {};
  const std::size_t nodes = nodes_hit(spec).size();
  const std::uint32_t down = chaos.max_down.value_or(minority_of(nodes));
  const scenario::ChaosKindsSpec& k = *chaos.kinds;
  std::vector<std::string> reasons;
  const auto add = [&](std::uint32_t weight, bool impossible, std::string why) {
    if (weight > 0 && impossible) reasons.push_back(std::move(why));
  };
  const std::string nobody = fmt::format("at most 0 nodes may be down at one time ('max-down'{})",
                                         chaos.max_down ? "" : fmt::format("; without it, a minority of {}", nodes));
  add(k.crash, down == 0, "no crash is ever drawn: " + nobody);
  add(k.crash, down > 0 && chaos.max_crashes == 0, "no crash is ever drawn: max-crashes = 0");
  add(k.pause, down == 0, "no pause is ever drawn: " + nobody);
  const auto needs = [&](std::uint32_t weight, std::size_t least, const char* name) {
    add(weight, nodes < least, fmt::format("'{}' cuts nothing among {}", name, counted(nodes, "node")));
  };
  needs(k.partition, 2, "partition");
  needs(k.one_way, 2, "one-way");
  needs(k.bridge, 3, "bridge");
  needs(k.majorities_ring, 3, "majorities-ring");
  const bool parts = k.partition + k.one_way + k.bridge + k.majorities_ring + k.isolate > 0;
  add(1, parts && chaos.max_partitions == 0, "no partition is ever drawn: max-partitions = 0");
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

std::optional<Finding> chaos_without_faults(const scenario::Variant& variant, const std::vector<std::uint64_t>& seeds) {
  const scenario::Spec& spec = variant.spec;
  if (!spec.chaos || spec.chaos->chance.ppb == 0 || spec.chaos->max_faults == 0) return std::nullopt;
  Finding finding{fmt::format("chaos draws what the file asks for ({})", variant.name),
                  Held::kUnknown,
                  "faults",
                  impossible_kinds(spec),
                  spec.chaos->span,
                  {}};
  if (!finding.seen.empty()) return finding;
  const bool any = std::any_of(seeds.begin(), seeds.end(), [&](std::uint64_t seed) {
    const std::vector<world::Step> steps = chaos_steps(spec, seed);
    return std::any_of(steps.begin(), steps.end(), is_fault);
  });
  if (any) return std::nullopt;
  finding.seen = fmt::format("no fault was drawn with {}", counted(seeds.size(), "seed"));
  return finding;
}

std::vector<world::Step> chaos_steps(const scenario::Spec& spec, std::uint64_t seed) {
  if (!spec.chaos) return {};
  const scenario::ChaosSpec& chaos = *spec.chaos;
  const std::vector<std::string> nodes = nodes_hit(spec);
  const std::uint32_t minority = minority_of(nodes.size());
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

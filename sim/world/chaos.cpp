#include "world/chaos.h"

#include <algorithm>
#include <numeric>

namespace twice::world {
namespace {

// What a slot's draws are for; the numbers are part of the draws.
enum class Drawn : std::uint64_t {
  kAny = 1,
  kKind,
  kMoment,
  kLasts,
  kNode,
  kGroups,
  kAmount,
  kOrder,
  kDrift,
  kSwarm,
  kCore
};

constexpr Time kNever = kEndOfTime;

bool is_partition(ChaosKind kind) {
  switch (kind) {
    case ChaosKind::kPartition:
    case ChaosKind::kOneWay:
    case ChaosKind::kBridge:
    case ChaosKind::kMajoritiesRing:
    case ChaosKind::kIsolate:
      return true;
    case ChaosKind::kCrash:
    case ChaosKind::kPause:
    case ChaosKind::kSlow:
    case ChaosKind::kClog:
    case ChaosKind::kSwizzleClog:
    case ChaosKind::kClock:
      return false;
  }
  return false;
}

// Whole milliseconds, at least one: what people can read and say.
Duration readable(Duration d) { return milliseconds(std::max<std::int64_t>(d.ns / 1'000'000, 1)); }

Draw ask(std::uint64_t seed, std::uint64_t slot, Drawn what, std::uint64_t place = 0) {
  return draw(seed, Purpose::kChaos, mix(mix(slot, static_cast<std::uint64_t>(what)), place));
}

// Fisher and Yates, one draw a place.
template <class T>
std::vector<T> shuffled(std::vector<T> list, std::uint64_t seed, std::uint64_t slot, Drawn what) {
  for (std::size_t left = list.size(); left > 1; --left) {
    const Draw place = ask(seed, slot, what, left);
    std::swap(list[left - 1], list[place.below(left)]);
  }
  return list;
}

class Expansion {
 public:
  Expansion(const ChaosOptions& options, const std::vector<std::string>& nodes, std::uint64_t seed)
      : o_(options), nodes_(nodes), seed_(seed), weight_(swarm_weights(options, seed)), busy_(nodes.size()) {
    for (const ChaosKind kind : {ChaosKind::kBridge, ChaosKind::kMajoritiesRing})
      if (nodes.size() < 3) weight_[static_cast<std::size_t>(kind)] = 0;
    for (std::size_t kind = 0; kind < kChaosKinds; ++kind)
      if (nodes.size() < 2 && is_partition(static_cast<ChaosKind>(kind))) weight_[kind] = 0;
  }

  std::vector<Step> run() {
    const auto slot_of = [&](Time t) { return static_cast<std::uint64_t>(t.ns / o_.slot.ns); };
    for (std::uint64_t slot = slot_of(o_.from); slot <= slot_of(o_.to) && faults_ < o_.max_faults; ++slot) {
      if (!o_.chance.hit(ask(seed_, slot, Drawn::kAny))) continue;
      const auto within =
          static_cast<std::int64_t>(ask(seed_, slot, Drawn::kMoment).below(static_cast<std::uint64_t>(o_.slot.ns)));
      const Time at = Time{(static_cast<std::int64_t>(slot) * o_.slot.ns + within) / 1'000'000 * 1'000'000};
      if (at >= o_.from && at < o_.to && begin(slot, at)) ++faults_;
    }
    if (o_.liveness) live();
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const Step& a, const Step& b) { return time_of(a) < time_of(b); });
    return std::move(steps_);
  }

 private:
  static Time time_of(const Step& step) { return std::get<AtTime>(step.when).at; }

  void add(Time at, Action action) { steps_.push_back({AtTime{at}, std::move(action)}); }
  // What has begun ends; not when the liveness phase has come, which decides about all that is left.
  void end(Time at, Action action) {
    if (!o_.liveness || at < o_.liveness->at) add(at, std::move(action));
  }

  bool begin(std::uint64_t slot, Time at) {
    const std::uint64_t total = std::accumulate(weight_.begin(), weight_.end(), std::uint64_t{0});
    if (total == 0) return false;
    std::uint64_t left = ask(seed_, slot, Drawn::kKind).below(total);
    std::size_t kind = 0;
    while (left >= weight_[kind]) left -= weight_[kind++];
    Time until = at + readable(o_.lasts.pick(ask(seed_, slot, Drawn::kLasts)));
    if (o_.liveness && until >= o_.liveness->at) until = kNever;
    if (is_partition(static_cast<ChaosKind>(kind))) return divide(static_cast<ChaosKind>(kind), slot, at, until);
    return strike(static_cast<ChaosKind>(kind), slot, at, until);
  }

  // --- one node, or some

  std::optional<std::size_t> free_node(std::uint64_t slot, Time at) const {
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (busy_[i] <= at) free.push_back(i);
    if (free.empty()) return std::nullopt;
    return free[ask(seed_, slot, Drawn::kNode).below(free.size())];
  }

  bool may_go_down(Time at) const {
    const auto down = std::count_if(down_until_.begin(), down_until_.end(), [&](Time until) { return until > at; });
    return static_cast<std::uint64_t>(down) < o_.max_down;
  }

  bool strike(ChaosKind kind, std::uint64_t slot, Time at, Time until) {
    if (kind == ChaosKind::kSwizzleClog) return swizzle(slot, at, until);
    const bool downs = kind == ChaosKind::kCrash || kind == ChaosKind::kPause;
    const auto node = free_node(slot, at);
    if (!node || (downs && !may_go_down(at)) || (kind == ChaosKind::kCrash && crashes_ >= o_.max_crashes)) return false;
    if (downs) down_until_.push_back(until);
    crashes_ += kind == ChaosKind::kCrash;
    strike(kind, slot, nodes_[*node], at, until);
    if (kind != ChaosKind::kClock) busy_[*node] = until;
    return true;
  }

  void strike(ChaosKind kind, std::uint64_t slot, const std::string& node, Time at, Time until) {
    const Draw amount = ask(seed_, slot, Drawn::kAmount);
    if (kind == ChaosKind::kCrash) {
      add(at, Crash{node, o_.lose});
      end(until, Restart{node});
    } else if (kind == ChaosKind::kPause) {
      add(at, Pause{node});
      end(until, Resume{node});
    } else if (kind == ChaosKind::kSlow) {
      add(at, Slow{node, readable(o_.slow_by.pick(amount))});
      end(until, Slow{node, Duration{}});
    } else if (kind == ChaosKind::kClog) {
      add(at, Clog{node});
      end(until, Unclog{node});
    } else {
      const Draw drift = ask(seed_, slot, Drawn::kDrift);
      const Duration skew = DurationRange{Duration{-o_.max_skew.ns}, o_.max_skew}.pick(amount);
      const std::int64_t ppb = DurationRange{Duration{-o_.max_drift_ppb}, Duration{o_.max_drift_ppb}}.pick(drift).ns;
      add(at, SetClock{node, skew / 1'000'000 * 1'000'000, ppb / 1000 * 1000});
    }
  }

  bool swizzle(std::uint64_t slot, Time at, Time until) {
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (busy_[i] <= at) free.push_back(i);
    if (free.empty()) return false;
    free = shuffled(std::move(free), seed_, slot, Drawn::kGroups);
    free.resize(1 + ask(seed_, slot, Drawn::kAmount).below(free.size()));
    const std::vector<std::size_t> back = shuffled(free, seed_, slot, Drawn::kOrder);
    const Time last = until == kNever ? o_.liveness->at : until;
    for (Step& step : swizzle_clog(at, last - at, named(free), named(back)))
      std::holds_alternative<Clog>(step.what) ? add(time_of(step), std::move(step.what))
                                              : end(time_of(step), std::move(step.what));
    for (const std::size_t node : free) busy_[node] = until;
    return true;
  }

  std::vector<std::string> named(const std::vector<std::size_t>& indices) const {
    std::vector<std::string> names;
    for (const std::size_t index : indices) names.push_back(nodes_[index]);
    return names;
  }

  // --- partitions: one at a time, since each replaces the one before

  bool divide(ChaosKind kind, std::uint64_t slot, Time at, Time until) {
    if (divided_until_ > at || partitions_ >= o_.max_partitions) return false;
    std::vector<std::string> left = shuffled(nodes_, seed_, slot, Drawn::kGroups);
    const std::string first = left.front();
    const std::size_t size = 1 + ask(seed_, slot, Drawn::kAmount).below(std::max<std::size_t>(left.size() - 1, 1));
    const std::vector<std::string> right(left.begin() + static_cast<std::ptrdiff_t>(size), left.end());
    left.resize(size);
    if (kind == ChaosKind::kPartition)
      add(at, Partition{{sorted(left), sorted(right)}});
    else if (kind == ChaosKind::kOneWay)
      add(at, OneWay{sorted(left), sorted(right)});
    else if (kind == ChaosKind::kBridge)
      add(at, Bridge{first, shuffled(nodes_, seed_, slot, Drawn::kOrder)});
    else if (kind == ChaosKind::kMajoritiesRing)
      add(at, MajoritiesRing{shuffled(nodes_, seed_, slot, Drawn::kOrder)});
    else
      add(at, Isolate{first});
    end(until, Heal{kind == ChaosKind::kIsolate ? std::vector<std::string>{first} : std::vector<std::string>{}});
    divided_until_ = until;
    ++partitions_;
    return true;
  }

  // In the order of the cluster, which people read most easily.
  std::vector<std::string> sorted(const std::vector<std::string>& names) const {
    std::vector<std::string> in_order;
    for (const std::string& node : nodes_)
      if (std::find(names.begin(), names.end(), node) != names.end()) in_order.push_back(node);
    return in_order;
  }

  // --- liveness

  std::vector<std::string> core() const {
    const Liveness& l = *o_.liveness;
    switch (l.core) {
      case Liveness::Core::kAll:
        return nodes_;
      case Liveness::Core::kNamed:
        return l.named;
      case Liveness::Core::kMajority: {
        std::vector<std::string> drawn = shuffled(nodes_, seed_, 0, Drawn::kCore);
        drawn.resize(nodes_.size() / 2 + 1);
        return sorted(drawn);
      }
    }
    return nodes_;
  }

  void live() {
    const Time at = o_.liveness->at;
    const std::vector<std::string> nodes = core();
    add(at, Note{"the liveness phase begins"});
    add(at, Heal{nodes});
    for (const std::string& node : nodes) {
      add(at, Unclog{node});
      add(at, Resume{node});
      add(at, Slow{node, Duration{}});
      add(at, Restart{node});
    }
  }

  const ChaosOptions& o_;
  const std::vector<std::string>& nodes_;
  std::uint64_t seed_;
  std::array<std::uint32_t, kChaosKinds> weight_;
  std::vector<Step> steps_;
  std::vector<Time> busy_;        // by node: until when it has a fault of its own
  std::vector<Time> down_until_;  // of every crash and pause
  Time divided_until_{};
  std::uint32_t faults_ = 0, crashes_ = 0, partitions_ = 0;
};

}  // namespace

std::array<std::uint32_t, kChaosKinds> swarm_weights(const ChaosOptions& options, std::uint64_t seed) {
  if (!options.swarm) return options.weight;
  auto weight = options.weight;
  std::vector<std::size_t> on;
  for (std::size_t kind = 0; kind < kChaosKinds; ++kind) {
    if (weight[kind] == 0) continue;
    on.push_back(kind);
    if (ask(seed, kind, Drawn::kSwarm).below(2) == 0) weight[kind] = 0;
  }
  const bool none = std::all_of(weight.begin(), weight.end(), [](std::uint32_t w) { return w == 0; });
  if (!none || on.empty()) return weight;
  const std::size_t kept = on[ask(seed, kChaosKinds, Drawn::kSwarm).below(on.size())];
  weight[kept] = options.weight[kept];
  return weight;
}

// Half of the time goes into clogging one after the other, the other half into the way back.
std::vector<Step> swizzle_clog(Time at, Duration lasts, const std::vector<std::string>& nodes,
                               const std::vector<std::string>& back) {
  const auto count = static_cast<std::int64_t>(nodes.size());
  const Duration gap = readable(lasts / (2 * std::max<std::int64_t>(count, 1)));
  std::vector<Step> steps;
  for (std::int64_t i = 0; i < count; ++i)
    steps.push_back({AtTime{at + gap * i}, Clog{nodes[static_cast<std::size_t>(i)]}});
  for (std::int64_t i = 0; i < count; ++i)
    steps.push_back({AtTime{at + gap * (count + i + 1)}, Unclog{back[static_cast<std::size_t>(i)]}});
  return steps;
}

std::vector<Step> expand_chaos(const ChaosOptions& options, const std::vector<std::string>& nodes, std::uint64_t seed) {
  if (nodes.empty()) return {};
  return Expansion(options, nodes, seed).run();
}

}  // namespace twice::world

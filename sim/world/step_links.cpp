// What steps do to links and clocks.
#include <algorithm>

#include "world/world.h"

namespace twice::world {
namespace {

/// The members in an order drawn from `key`: Fisher and Yates, one draw a place.
std::vector<NodeId> shuffled(std::vector<NodeId> nodes, std::uint64_t seed, CausalId key) {
  for (std::size_t left = nodes.size(); left > 1; --left) {
    const Draw place = draw(seed, Purpose::kChaos, mix(key, left));
    std::swap(nodes[left - 1], nodes[place.below(left)]);
  }
  return nodes;
}

}  // namespace

std::vector<NodeId> World::named(const std::vector<std::string>& names) const {
  std::vector<NodeId> nodes;
  for (const std::string& name : names)
    for (const NodeId node : meant_by(name)) nodes.push_back(node);
  for (std::uint16_t i = 0; names.empty() && i < slots_.size(); ++i) nodes.push_back({i});
  return nodes;
}

bool World::cut_between(const std::vector<NodeId>& from, const std::vector<NodeId>& to) {
  bool any = false;
  for (const NodeId a : from)
    for (const NodeId b : to) {
      any = any || (a != b && !network_.is_cut(a, b));
      if (a != b) network_.cut(a, b);
    }
  return any;
}

bool World::partition(const std::vector<std::vector<std::string>>& groups) {
  network_.heal_all();
  for (std::size_t a = 0; a < groups.size(); ++a)
    for (std::size_t b = 0; b < groups.size(); ++b)
      if (a != b && !groups[a].empty() && !groups[b].empty()) cut_between(named(groups[a]), named(groups[b]));
  return network_.any_cut();
}

bool World::one_way(const OneWay& cut) {
  network_.heal_all();
  return cut_between(named(cut.from), named(cut.to));
}

bool World::bridge(const Bridge& bridge) {
  network_.heal_all();
  std::vector<NodeId> left = named(bridge.among);
  for (const NodeId node : meant_by(bridge.node)) std::erase(left, node);
  const auto middle = left.begin() + static_cast<std::ptrdiff_t>((left.size() + 1) / 2);
  const std::vector<NodeId> right(middle, left.end());
  left.erase(middle, left.end());
  cut_between(left, right);
  return cut_between(right, left);
}

// Each hears those around it, as many as make a majority: neighbours in the ring share all but one. With an even
// majority the surplus neighbour is the one after.
bool World::majorities_ring(const MajoritiesRing& ring) {
  network_.heal_all();
  const std::vector<NodeId> nodes = named(ring.among);
  const std::size_t count = nodes.size(), majority = count / 2 + 1, before = (majority - 1) / 2;
  for (std::size_t self = 0; self < count; ++self)
    for (std::size_t step = majority; step < count; ++step)
      network_.cut(nodes[(self + count - before + step) % count], nodes[self]);
  return network_.any_cut();
}

bool World::halves(const Halves& halves, CausalId id, Observer* observer) {
  network_.heal_all();
  const std::vector<NodeId> order = shuffled(named(halves.among), seed_, id);
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>((order.size() + 1) / 2);
  const std::vector<NodeId> one(order.begin(), middle), two(middle, order.end());
  for (const NodeId node : one) record_between(RecordKind::kMark, node, "side", 1, kNobody, 0, observer);
  for (const NodeId node : two) record_between(RecordKind::kMark, node, "side", 2, kNobody, 0, observer);
  cut_between(one, two);
  return cut_between(two, one);
}

bool World::isolate(NodeId node) {
  const std::vector<NodeId> all = named({});
  const bool from = cut_between({node}, all);
  const bool to = cut_between(all, {node});
  return from || to;
}

bool World::heal(const std::vector<std::string>& nodes) {
  const bool any = network_.any_cut();
  if (nodes.empty()) {
    network_.heal_all();
    return any;
  }
  bool healed = false;
  for (const NodeId node : named(nodes)) healed = network_.heal(node) || healed;
  return healed;
}

bool World::clog(const Clog& clog) {
  bool any = false;
  for (const NodeId from : meant_by(clog.from)) {
    if (clog.to.empty()) any = network_.clog(from) || any;
    for (const NodeId to : meant_by(clog.to)) any = network_.clog(from, to) || any;
  }
  return any;
}

bool World::unclog(const Unclog& unclog) {
  bool any = false;
  if (unclog.from.empty()) any = network_.unclog_all();
  for (const NodeId from : meant_by(unclog.from)) {
    if (unclog.to.empty()) any = network_.unclog(from) || any;
    for (const NodeId to : meant_by(unclog.to)) any = network_.unclog(from, to) || any;
  }
  if (!any || clogged_.empty()) return any;
  std::vector<Event> still;
  for (Event& event : clogged_) {
    if (network_.is_clogged(event.from, event.node)) {
      still.push_back(std::move(event));
      continue;
    }
    event.at = now_;
    queue_.push(std::move(event));
  }
  clogged_ = std::move(still);
  return any;
}

bool World::slow_down(NodeId node, Duration by) {
  Slot& slot = slots_[node.index];
  if (by.ns != 0) any_slow_ = true;
  return std::exchange(slot.slow, by) != by;
}

bool World::set_clock(NodeId node, const SetClock& clock) {
  Slot& slot = slots_[node.index];
  const physics::Clock before = slot.clock;
  slot.clock = {clock.skew, clock.drift_ppb, now_};
  return before.local(now_) != slot.clock.local(now_) || before.drift_ppb != clock.drift_ppb;
}

}  // namespace twice::world

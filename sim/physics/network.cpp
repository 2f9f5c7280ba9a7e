#include "physics/network.h"

#include <algorithm>
#include <iterator>

namespace twice::physics {
namespace {

bool needs_queue(const LinkProfile& profile) { return profile.capacity != 0 || profile.in_order; }

Duration latency_draw(const LatencyModel& latency, const Draws& draws, Purpose purpose, CausalId id) {
  return latency.pick(latency.is_constant() ? Draw{0} : draws(purpose, id));
}

}  // namespace

Network::Network(std::size_t nodes, LinkProfile profile)
    : nodes_(nodes), queues_(needs_queue(profile)), profiles_{{std::move(profile), {}}} {
  if (is_dense()) dense_counts_.resize(nodes_ * nodes_);
}

Network::Route& Network::route(NodeId from, NodeId to) {
  TWICE_ASSERT(from.index < nodes_ && to.index < nodes_, "a link to a node that does not exist");
  if (!is_dense()) return sparse_routes_[key(from, to)];
  if (dense_routes_.empty()) dense_routes_.resize(nodes_ * nodes_);
  return dense_routes_[place(from, to)];
}

const Network::Route* Network::find(NodeId from, NodeId to) const {
  if (from.index >= nodes_ || to.index >= nodes_) return nullptr;
  if (is_dense()) return dense_routes_.empty() ? nullptr : &dense_routes_[place(from, to)];
  const auto it = sparse_routes_.find(key(from, to));
  return it == sparse_routes_.end() ? nullptr : &it->second;
}

void Network::set_profile(NodeId from, NodeId to, LinkProfile profile, std::string_view message) {
  Route& r = route(from, to);
  if (r.profile == 0) {
    profiles_.push_back(profiles_.front());
    r.profile = static_cast<std::uint32_t>(profiles_.size() - 1) & 0x7fffffffu;
  }
  give(profiles_[r.profile], std::move(profile), message);
}

void Network::set_all_profiles(const LinkProfile& profile, std::string_view message) {
  for (Profile& own : profiles_) give(own, profile, message);
}

void Network::give(Profile& own, LinkProfile profile, std::string_view message) {
  queues_ = queues_ || needs_queue(profile);
  if (message.empty()) {
    own.link = std::move(profile);
    return;
  }
  reads_names_ = true;
  const auto same = std::find_if(own.by_message.begin(), own.by_message.end(),
                                 [&](const auto& entry) { return entry.first == message; });
  if (same != own.by_message.end())
    same->second = std::move(profile);
  else
    own.by_message.emplace_back(message, std::move(profile));
}

const LinkProfile& Network::profile(NodeId from, NodeId to) const { return profile_for(find(from, to), {}); }

const LinkProfile& Network::profile_for(const Route* route, std::string_view message) const {
  const Profile& own = profiles_[route ? route->profile : 0];
  for (const auto& [name, profile] : own.by_message)
    if (name == message) return profile;
  return own.link;
}

Fate Network::send(NodeId from, NodeId to, const Draws& draws, CausalId id, std::string_view message) {
  Fate fate;
  fate.ordinal = ++count(from, to);
  const Route* r = find(from, to);
  if (r && r->is_cut) {
    fate.kind = Fate::Kind::kCut;
    return fate;
  }
  const LinkProfile& p = profile_for(r, message);
  if (p.loss.ppb != 0 && p.loss.hit(draws(Purpose::kLoss, id))) {
    fate.kind = Fate::Kind::kLost;
    return fate;
  }
  fate.copies = 1;
  fate.delay[0] = latency_draw(p.latency, draws, Purpose::kLatency, id);
  if (p.reorder.ppb != 0) {
    const Draw held_back = draws(Purpose::kReorder, id);
    fate.reordered = p.reorder.hit(held_back);
    if (fate.reordered) fate.delay[0] += p.reorder_by.pick({mix(held_back.bits)});
  }
  if (p.duplicate.ppb != 0 && p.duplicate.hit(draws(Purpose::kDuplicate, id))) {
    fate.copies = 2;
    fate.delay[1] = latency_draw(p.latency, draws, Purpose::kDuplicateLatency, id);
  }
  return fate;
}

Duration Network::extra_copy(NodeId from, NodeId to, const Draws& draws, CausalId id, std::string_view message) const {
  return latency_draw(profile_for(find(from, to), message).latency, draws, Purpose::kDuplicateLatency, id);
}

Time Network::departs(NodeId from, NodeId to, Time now) {
  const std::uint32_t capacity = profile(from, to).capacity;
  if (capacity == 0) return now;
  Queue& queue = queues_by_link_[key(from, to)];
  const Time leaves = std::max(now, queue.free);
  queue.free = leaves + seconds(1) / capacity;
  return leaves;
}

Time Network::arrives(NodeId from, NodeId to, Time at) {
  if (!profile(from, to).in_order) return at;
  Queue& queue = queues_by_link_[key(from, to)];
  return queue.last = std::max(at, queue.last);
}

void Network::cut(NodeId from, NodeId to) {
  Route& r = route(from, to);
  if (!r.is_cut) ++cuts_;
  r.is_cut = true;
}

void Network::heal_all() {
  for (Route& r : dense_routes_) r.is_cut = false;
  for (auto& [key, r] : sparse_routes_) r.is_cut = false;
  cuts_ = 0;
}

bool Network::heal(NodeId node) {
  const std::size_t before = cuts_;
  const auto heal_link = [&](NodeId from, NodeId to) {
    if (!is_cut(from, to)) return;
    route(from, to).is_cut = false;
    --cuts_;
  };
  for (std::size_t i = 0; i < nodes_ && cuts_ > 0; ++i) {
    const NodeId other{static_cast<std::uint16_t>(i)};
    heal_link(node, other);
    heal_link(other, node);
  }
  return cuts_ != before;
}

bool Network::is_cut(NodeId from, NodeId to) const {
  const Route* r = find(from, to);
  return r && r->is_cut;
}

bool Network::unclog(NodeId node) {
  bool any = clogged_nodes_.erase(node) != 0;
  for (auto link = clogged_links_.begin(); link != clogged_links_.end();) {
    const bool touches = *link >> 16 == node.index || (*link & 0xffff) == node.index;
    link = touches ? clogged_links_.erase(link) : std::next(link);
    any = any || touches;
  }
  return any;
}

bool Network::unclog_all() {
  const bool any = any_clogged();
  clogged_links_.clear();
  clogged_nodes_.clear();
  return any;
}

bool Network::is_clogged(NodeId from, NodeId to) const {
  return clogged_nodes_.count(from) != 0 || clogged_nodes_.count(to) != 0 || clogged_links_.count(key(from, to)) != 0;
}

std::uint32_t Network::sent(NodeId from, NodeId to) const {
  if (from.index >= nodes_ || to.index >= nodes_) return 0;
  if (is_dense()) return dense_counts_[place(from, to)];
  const auto it = sparse_counts_.find(key(from, to));
  return it == sparse_counts_.end() ? 0 : it->second;
}

}  // namespace twice::physics

#include "physics/network.h"

namespace twice::physics {

Network::Network(std::size_t nodes, LinkProfile profile) : nodes_(nodes), profiles_{profile} {
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

void Network::set_profile(NodeId from, NodeId to, LinkProfile profile) {
  profiles_.push_back(profile);
  route(from, to).profile = static_cast<std::uint16_t>(profiles_.size() - 1);
}

const LinkProfile& Network::profile(NodeId from, NodeId to) const {
  const Route* r = find(from, to);
  return profiles_[r ? r->profile : 0];
}

Duration Network::latency_draw(const LinkProfile& p, const Draws& draws, Purpose purpose, CausalId id) const {
  if (p.exponential_mean.ns != 0) return p.latency.low + exponential(p.exponential_mean, draws(purpose, id));
  if (p.latency.low == p.latency.high) return p.latency.low;
  return p.latency.pick(draws(purpose, id));
}

Fate Network::send(NodeId from, NodeId to, const Draws& draws, CausalId id) {
  Fate fate;
  fate.ordinal = ++count(from, to);
  const Route* r = find(from, to);
  if (r && r->is_cut) {
    fate.kind = Fate::Kind::kCut;
    return fate;
  }
  const LinkProfile& p = profiles_[r ? r->profile : 0];
  if (p.loss.ppb != 0 && p.loss.hit(draws(Purpose::kLoss, id))) {
    fate.kind = Fate::Kind::kLost;
    return fate;
  }
  fate.copies = 1;
  fate.delay[0] = latency_draw(p, draws, Purpose::kLatency, id);
  if (p.duplicate.ppb != 0 && p.duplicate.hit(draws(Purpose::kDuplicate, id))) {
    fate.copies = 2;
    fate.delay[1] = latency_draw(p, draws, Purpose::kDuplicateLatency, id);
  }
  return fate;
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

bool Network::is_cut(NodeId from, NodeId to) const {
  const Route* r = find(from, to);
  return r && r->is_cut;
}

std::uint32_t Network::sent(NodeId from, NodeId to) const {
  if (from.index >= nodes_ || to.index >= nodes_) return 0;
  if (is_dense()) return dense_counts_[place(from, to)];
  const auto it = sparse_counts_.find(key(from, to));
  return it == sparse_counts_.end() ? 0 : it->second;
}

}  // namespace twice::physics

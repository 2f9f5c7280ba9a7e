#include "protocols/heartbeat/heartbeat.h"

#include <algorithm>

namespace twice::protocols {
namespace {

enum : std::uint8_t { kSendBeat, kCheck };
constexpr std::uint64_t kIncarnationKey = 1;

}  // namespace

void HeartbeatNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(now, *start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input))
    return fired->timer == kSendBeat ? beat(effects) : check(now, effects);
  const auto* received = std::get_if<Received>(&input);
  const Heartbeat* heartbeat = received ? received->body.get<Heartbeat>() : nullptr;
  if (heartbeat) hear(now, received->from, *heartbeat, effects);
}

void HeartbeatNode::begin(Time now, const Start& start, Effects& effects) {
  for (const Record& record : start.durable)
    if (const Incarnation* last = record.value.get<Incarnation>()) incarnation = last->number;
  ++incarnation;
  for (Peer& peer : peers) peer.heard = now;
  // A life that is not on disk could be lived twice: heartbeats wait for the write.
  announced_after = effects.write(kIncarnationKey, Payload(Incarnation{incarnation}));
  beat(effects);
  effects.set_timer(kCheck, parameters.timeout);
}

void HeartbeatNode::beat(Effects& effects) {
  ++round;
  for (const Peer& peer : peers) effects.send(peer.node, Payload(Heartbeat{incarnation, round}), announced_after);
  effects.set_timer(kSendBeat, parameters.interval);
}

void HeartbeatNode::hear(Time now, NodeId from, const Heartbeat& heartbeat, Effects& effects) {
  const auto peer = std::find_if(peers.begin(), peers.end(), [&](const Peer& p) { return p.node == from; });
  if (peer == peers.end() || heartbeat.incarnation < peer->incarnation) return;  // an echo of an earlier life
  const bool same_life = heartbeat.incarnation == peer->incarnation;
  if (same_life && heartbeat.round <= peer->round) return;  // overtaken by a newer one
  peer->incarnation = heartbeat.incarnation;
  peer->round = heartbeat.round;
  peer->heard = now;
  if (!peer->suspected) return;
  peer->suspected = false;
  if (same_life) ++wrong_suspicions;
  effects.mark("trust", from.index + 1u, self.index + 1u);
}

void HeartbeatNode::check(Time now, Effects& effects) {
  // The next moment at which some peer could have been silent for too long.
  Time next = now + parameters.timeout;
  for (Peer& peer : peers) {
    if (peer.suspected) continue;
    if (now - peer.heard < parameters.timeout) {
      next = std::min(next, peer.heard + parameters.timeout);
      continue;
    }
    peer.suspected = true;
    ++suspicions;
    effects.mark("suspect", peer.node.index + 1u, self.index + 1u);
  }
  effects.set_timer(kCheck, next - now);
}

std::vector<world::NodeSetup> make_heartbeat_cluster(const std::vector<std::string>& names,
                                                     const HeartbeatParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (std::uint16_t i = 0; i < names.size(); ++i) {
    HeartbeatNode node;
    node.parameters = parameters;
    node.self = {i};
    for (std::uint16_t peer = 0; peer < names.size(); ++peer)
      if (peer != i) node.peers.push_back({NodeId{peer}});
    nodes.push_back({.name = names[i], .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols

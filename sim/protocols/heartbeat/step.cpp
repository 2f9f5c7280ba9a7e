#include "core/assert.h"
#include "protocols/heartbeat/state.h"

namespace twice::heartbeat {
namespace {

constexpr std::uint8_t kBeatTimer = 0;

std::uint8_t silence_timer(NodeId peer) { return static_cast<std::uint8_t>(1 + peer.index); }
NodeId peer_of(std::uint8_t timer) { return NodeId{static_cast<std::uint16_t>(timer - 1)}; }

}  // namespace

Detector::Detector(NodeId self, std::size_t size, HeartbeatParameters parameters) : self_(self), parameters_(parameters), peers_(size) {
  TWICE_ASSERT(size <= 255, "a heartbeat cluster has at most 255 nodes");
}

void Detector::step(Time, const Input& input, Effects& effects) {
  if (const auto* received = std::get_if<Received>(&input)) {
    if (const auto* heartbeat = received->body.get<Heartbeat>()) hear(received->from, *heartbeat, effects);
  } else if (const auto* fired = std::get_if<TimerFired>(&input)) {
    fired->timer == kBeatTimer ? beat(effects) : suspect(peer_of(fired->timer), effects);
  } else if (const auto* begin = std::get_if<Start>(&input)) {
    start(begin->durable, effects);
  }
}

void Detector::start(const std::vector<Record>& durable, Effects& effects) {
  for (const Record& record : durable)
    if (const auto* last = record.value.get<Incarnation>()) incarnation_ = last->number;
  ++incarnation_;
  announced_after_ = effects.write(Incarnation::kKey, Payload(Incarnation{incarnation_}));
  for (std::uint16_t i = 0; i < peers_.size(); ++i)
    if (NodeId{i} != self_) effects.set_timer(silence_timer(NodeId{i}), parameters_.timeout);
  beat(effects);
}

void Detector::beat(Effects& effects) {
  ++round_;
  for (std::uint16_t i = 0; i < peers_.size(); ++i)
    if (NodeId{i} != self_) effects.send(NodeId{i}, Payload(Heartbeat{round_, incarnation_}), announced_after_);
  effects.set_timer(kBeatTimer, parameters_.interval);
}

void Detector::hear(NodeId from, const Heartbeat& heartbeat, Effects& effects) {
  Peer& peer = peers_[from.index];
  // A message of a dead incarnation, or one overtaken by a newer: no news of life.
  if (heartbeat.incarnation < peer.incarnation || (heartbeat.incarnation == peer.incarnation && heartbeat.round <= peer.round)) return;
  const bool never_died = heartbeat.incarnation == peer.incarnation;
  peer.incarnation = heartbeat.incarnation;
  peer.round = heartbeat.round;
  if (peer.suspected) {
    peer.suspected = false;
    if (never_died) ++wrong_suspicions_;
    effects.mark("trust", from.index + 1u, self_.index + 1u);
  }
  effects.set_timer(silence_timer(from), parameters_.timeout);
}

void Detector::suspect(NodeId peer, Effects& effects) {
  peers_[peer.index].suspected = true;
  ++suspicions_;
  effects.mark("suspect", peer.index + 1u, self_.index + 1u);
}

std::vector<world::NodeSetup> make_heartbeat_cluster(const std::vector<std::string>& names, const HeartbeatParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (const std::string& name : names) {
    world::NodeSetup setup;
    setup.name = name;
    setup.node = make_node(Detector(NodeId{static_cast<std::uint16_t>(nodes.size())}, names.size(), parameters));
    nodes.push_back(std::move(setup));
  }
  return nodes;
}

}  // namespace twice::heartbeat

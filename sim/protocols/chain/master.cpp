#include <algorithm>

#include "protocols/chain/chain.h"
#include "protocols/chain/internal.h"

namespace twice::protocols {

using namespace chain_internal;

void ChainMaster::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(now, *start, effects);
  if (std::holds_alternative<TimerFired>(input)) return check(now, effects);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (const auto* alive = received->body.get<ChainAlive>()) return on(now, received->from, *alive, effects);
  const auto* caught_up = received->body.get<CaughtUp>();
  if (!caught_up || caught_up->number != number || received->from != joining) return;
  chain.push_back(joining);
  joining = kNobody;
  change(effects);
}

void ChainMaster::begin(Time now, const Start& start, Effects& effects) {
  for (std::uint16_t i = 0; i < members; ++i) {
    const NodeId node{static_cast<std::uint16_t>(first.index + i)};
    chain.push_back(node);
    peers.push_back({node, false, now});
  }
  for (const Record& record : start.durable)
    if (const auto* kept = record.value.get<ChainRecord>())
      number = kept->number, chain = kept->chain, joining = kept->joining;
  change(effects);
  effects.set_timer(kHeartbeatDue, parameters.heartbeat);
}

bool ChainMaster::is_member(NodeId node) const { return std::find(chain.begin(), chain.end(), node) != chain.end(); }

// No member learns of a configuration that the master could forget.
void ChainMaster::change(Effects& effects) {
  ++number;
  newest_write = effects.write(kConfiguration, Payload(ChainRecord{number, chain, joining}));
  effects.mark("configuration", number, static_cast<std::uint32_t>(chain.size()));
  for (const Peer& peer : peers) tell(peer, effects);
}

void ChainMaster::tell(const Peer& peer, Effects& effects) {
  if (peer.known) effects.send(peer.node, Payload(Configure{number, chain, joining, peer.sent}), newest_write);
}

void ChainMaster::on(Time now, NodeId from, const ChainAlive& message, Effects& effects) {
  Peer& peer = peer_of(from);
  if (peer.known && (message.started < peer.started || message.sent < peer.sent)) return;  // overtaken by a newer one
  // After a silence on all lines everybody gets the same time to speak again.
  if (deaf)
    for (Peer& other : peers) other.heard = now;
  deaf = false;
  const bool restarted = peer.known && message.started > peer.started;
  peer.known = true;
  peer.heard = now;
  peer.started = message.started;
  peer.sent = message.sent;
  // Whoever may have forgotten answered writes starts over, unless nobody else is left.
  if (restarted && message.forgets && is_member(from) && chain.size() > 1) {
    std::erase(chain, from);
    return change(effects);
  }
  tell(peer, effects);
}

void ChainMaster::check(Time now, Effects& effects) {
  effects.set_timer(kHeartbeatDue, parameters.heartbeat);
  const auto is_silent = [&](NodeId node) { return now - peer_of(node).heard >= parameters.detect; };
  deaf = deaf || std::all_of(peers.begin(), peers.end(), [&](const Peer& peer) { return is_silent(peer.node); });
  if (deaf) return;
  bool changed = false;
  // The last member is kept: nobody else has what it has.
  if (!std::all_of(chain.begin(), chain.end(), is_silent)) changed = std::erase_if(chain, is_silent) > 0;
  if (joining != kNobody && is_silent(joining)) joining = kNobody, changed = true;
  if (joining == kNobody && !is_silent(chain.back()))
    for (const Peer& peer : peers)
      if (joining == kNobody && peer.known && !is_member(peer.node) && !is_silent(peer.node))
        joining = peer.node, changed = true;
  if (changed) change(effects);
}

std::vector<world::NodeSetup> make_chain(const std::vector<std::string>& names, const ChainParameters& parameters,
                                         Duration sync_cost) {
  std::vector<world::NodeSetup> nodes;
  ChainMaster master;
  master.parameters = parameters;
  master.self = {static_cast<std::uint16_t>(names.size())};
  master.members = names.size();
  for (std::uint16_t i = 0; i < names.size(); ++i) {
    ChainNode node;
    node.parameters = parameters;
    node.self = {i};
    node.master = master.self;
    nodes.push_back({.name = names[i], .node = make_node(std::move(node)), .sync_cost = sync_cost});
  }
  nodes.push_back({.name = "master", .node = make_node(std::move(master)), .sync_cost = sync_cost});
  return nodes;
}

}  // namespace twice::protocols

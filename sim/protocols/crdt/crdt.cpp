#include "protocols/crdt/crdt.h"

#include <algorithm>

namespace twice::protocols {
namespace {

enum : std::uint8_t { kGossip };
constexpr std::uint64_t kLife = 1;

}  // namespace

std::string_view name_of(Ship ship) {
  switch (ship) {
    case Ship::kFull:
      return "full";
    case Ship::kChanged:
      return "changed";
  }
  return {};
}

void CrdtNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (std::holds_alternative<TimerFired>(input)) return gossip(effects);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* m = body.get<Request>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<CrdtGossip>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<CrdtConfirm>()) return on(received->from, *m, effects);
}

void CrdtNode::begin(const Start& start, Effects& effects) {
  for (const Record& record : start.durable) {
    if (const auto* life = record.value.get<CrdtLife>()) incarnation = life->number;
    if (const auto* kept = record.value.get<CrdtRecord>()) keys[kept->key] = {kept->cell, version, kept->sessions};
  }
  if (parameters.incarnations || incarnation == 0) ++incarnation;
  announced_after = newest_write = effects.write(kLife, Payload(CrdtLife{incarnation}));
  effects.set_timer(kGossip, parameters.gossip);
}

Cell CrdtNode::read(std::uint32_t key) const {
  const auto at = keys.find(key);
  return at == keys.end() ? Cell{} : at->second.cell->read();
}

void CrdtNode::changed(std::uint32_t key, CrdtCell cell, Effects& effects) {
  Key& kept = keys[key];
  kept.cell = Block<CrdtCell>(std::move(cell));
  kept.version = ++version;
  if (parameters.persist == Persist::kNever) return;
  newest_write = effects.write(kCellRecords + key, Payload(CrdtRecord{key, kept.cell, kept.sessions}));
}

void CrdtNode::on(NodeId, const Request& request, Effects& effects) {
  Reply reply = request.command.writes() ? apply(request, effects) : Reply{Status::kOk, read(request.command.key)};
  answer(effects, request.id, std::move(reply), after());
}

Reply CrdtNode::apply(const Request& request, Effects& effects) {
  const std::uint32_t key = request.command.key;
  CrdtCell cell;
  if (const auto at = keys.find(key); at != keys.end()) cell = *at->second.cell;
  if (!parameters.sessions) {
    Reply reply = execute(cell, {self, incarnation}, request.command);
    if (reply.status == Status::kOk) changed(key, std::move(cell), effects);
    return reply;
  }
  Key& kept = keys[key];
  if (!kept.cell) kept.cell = Block<CrdtCell>(CrdtCell{});
  auto [reply, is_new] = once(kept.sessions, request, [&] {
    return execute(cell, {self, incarnation}, request.command);
  });
  if (is_new) changed(key, std::move(cell), effects);
  return reply;
}

void CrdtNode::gossip(Effects& effects) {
  effects.set_timer(kGossip, parameters.gossip);
  if (peers.empty()) return;
  const std::size_t turn = round++ % peers.size();
  for (std::size_t i = 0; i < peers.size(); ++i)
    if (parameters.to_all || i == turn) gossip_to(peers[i], effects);
}

void CrdtNode::gossip_to(const Peer& peer, Effects& effects) {
  CrdtGossip message{incarnation, version, {}};
  for (const auto& [key, kept] : keys)
    if (parameters.ship == Ship::kFull || kept.version > peer.confirmed) message.cells.emplace_back(key, kept.cell);
  shipped += message.cells.size();
  // A replica without news still says that it lives, and in which life.
  effects.send(peer.node, Payload(std::move(message)), announced_after);
}

void CrdtNode::hear_of(NodeId node, std::uint32_t life) {
  for (Peer& peer : peers)
    if (peer.node == node && life > peer.incarnation) peer.incarnation = life, peer.confirmed = 0;
}

void CrdtNode::on(NodeId from, const CrdtGossip& message, Effects& effects) {
  hear_of(from, message.incarnation);
  const std::uint64_t before = merged;
  for (const auto& [key, theirs] : message.cells) {
    CrdtCell cell;
    if (const auto at = keys.find(key); at != keys.end()) cell = *at->second.cell;
    cell.merge(*theirs, parameters.contexts);
    if (const auto at = keys.find(key); at != keys.end() && cell == *at->second.cell) continue;
    ++merged;
    changed(key, std::move(cell), effects);
  }
  if (merged != before) effects.mark("merge", merged, self.index + 1u);
  if (parameters.ship == Ship::kChanged)
    effects.send(from, Payload(CrdtConfirm{message.incarnation, message.version, incarnation}), after());
}

void CrdtNode::on(NodeId from, const CrdtConfirm& message, Effects&) {
  hear_of(from, message.own);
  if (message.incarnation != incarnation) return;  // of a gossip of an earlier life
  for (Peer& peer : peers)
    if (peer.node == from && peer.incarnation == message.own)
      peer.confirmed = std::max(peer.confirmed, message.version);
}

std::vector<world::NodeSetup> make_crdt(const std::vector<std::string>& names, const CrdtParameters& parameters,
                                        Duration sync_cost) {
  std::vector<world::NodeSetup> nodes;
  for (std::uint16_t i = 0; i < names.size(); ++i) {
    CrdtNode node;
    node.parameters = parameters;
    node.self = {i};
    for (std::uint16_t peer = 0; peer < names.size(); ++peer)
      if (peer != i) node.peers.push_back({NodeId{peer}});
    nodes.push_back({.name = names[i], .node = make_node(std::move(node)), .sync_cost = sync_cost});
  }
  return nodes;
}

}  // namespace twice::protocols

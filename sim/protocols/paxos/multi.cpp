#include "protocols/paxos/multi.h"

#include <algorithm>

#include "protocols/client/server.h"

namespace twice::protocols::paxos {
namespace {

constexpr std::uint64_t kPromisedRecord = 1;
constexpr std::uint64_t kSlotRecords = std::uint64_t{6} << 40;  // + index
constexpr std::size_t kResendLimit = 64;                        // entries sent again, or taught, with one heartbeat

}  // namespace

void MultiPaxosNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input))
    return fired->timer == kHeartbeat ? beat(effects) : stand(effects);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const NodeId from = received->from;
  const Payload& body = received->body;
  if (const auto* m = body.get<AcceptSlot>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<AcceptedSlot>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<Request>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<LeaderAlive>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<Learned>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<Learn>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<PrepareAll>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<PromiseAll>()) return on(now, from, *m, effects);
  if (const auto* m = body.get<Overtaken>()) return on(now, from, *m, effects);
}

raft::Parameters MultiPaxosNode::machine_parameters() const {
  raft::Parameters machines;
  machines.sessions = parameters.sessions;
  return machines;
}

void MultiPaxosNode::begin(const Start& start, Effects& effects) {
  for (const Record& record : start.durable) {
    if (const auto* saved = record.value.get<PromisedRecord>()) promised = saved->ballot;
    if (const auto* saved = record.value.get<SlotRecord>()) slots[saved->slot.index] = saved->slot;
  }
  // That an entry is chosen is learned again: an acceptor's disk knows only what it has accepted.
  for (auto& [index, slot] : slots) {
    slot.chosen = false;
    if (parameters.bug != Bug::kPromiseForgotten) promised = std::max(promised, slot.ballot);
  }
  newest_round = promised.round;
  wait_for_leader(effects);
}

void MultiPaxosNode::wait_for_leader(Effects& effects) { effects.set_timer(kElection, parameters.election); }

template <class Message>
void MultiPaxosNode::send_all(const Message& message, Effects& effects, WriteToken after) {
  for (std::uint16_t i = 0; i < servers; ++i) effects.send({i}, Payload(message), after);
}

WriteToken MultiPaxosNode::save_promise(Effects& effects) {
  const PromisedRecord record{parameters.bug == Bug::kPromiseForgotten ? Ballot{} : promised};
  return effects.write(kPromisedRecord, Payload(record));
}

// Phase 1 of all entries that it does not know to be chosen. Its own acceptor promises first and on disk: else it
// could use the same ballot for other entries after a crash.
void MultiPaxosNode::stand(Effects& effects) {
  leading = Leading{};
  leading->ballot = {++newest_round, self};
  leader = kNobody;
  effects.mark("proposes", newest_round, self.index + 1u);
  promised = leading->ballot;
  send_all(PrepareAll{leading->ballot, chosen + 1}, effects, save_promise(effects));
  wait_for_leader(effects);
}

void MultiPaxosNode::on(Time, NodeId from, const PrepareAll& message, Effects& effects) {
  newest_round = std::max(newest_round, message.ballot.round);
  if (message.ballot < promised) return effects.send(from, Payload(Overtaken{message.ballot, promised}));
  if (message.ballot > promised) {
    if (leading && leading->ballot < message.ballot) yield_to(message.ballot, effects);
    promised = message.ballot;
  }
  PromiseAll promise{promised, {}};
  for (auto at = slots.lower_bound(message.from); at != slots.end(); ++at) promise.slots.push_back(at->second);
  effects.send(from, Payload(std::move(promise)), save_promise(effects));
  if (from != self) wait_for_leader(effects);
}

void MultiPaxosNode::on(Time now, NodeId from, const PromiseAll& message, Effects& effects) {
  if (!leading || leading->established || message.ballot != leading->ballot) return;
  if (!add_voice(leading->promised, from)) return;
  for (const Slot& slot : message.slots) {
    const auto [known, is_new] = leading->told.try_emplace(slot.index, slot);
    const bool newer = slot.chosen || known->second.ballot < slot.ballot;
    if (!is_new && !known->second.chosen && newer) known->second = slot;
  }
  if (is_majority(leading->promised)) establish(now, effects);
}

// What may have been chosen is proposed again, and holes between are filled with nothing. At the end an entry of its
// own, so that it soon knows what is chosen.
void MultiPaxosNode::establish(Time now, Effects& effects) {
  leading->established = true;
  leader = self;
  effects.mark("leader", leading->ballot.round, self.index + 1u);
  effects.cancel_timer(kElection);
  std::map<Index, Slot> told = std::move(leading->told);
  if (parameters.bug == Bug::kOwnValue) told.clear();
  const Index last = told.empty() ? chosen : std::max(chosen, told.rbegin()->first);
  for (Index index = chosen + 1; index <= last + 1; ++index) {
    const auto known = told.find(index);
    propose(index,
            known != told.end() ? known->second.entry
                                : raft::make_entry(leading->ballot.round, index, now, raft::Nothing{}),
            effects);
  }
  leading->next = last + 2;
  beat(effects);
}

void MultiPaxosNode::propose(Index index, Block<Entry> entry, Effects& effects) {
  leading->proposed[index].entry = entry;
  send_all(AcceptSlot{leading->ballot, index, std::move(entry)}, effects);
}

void MultiPaxosNode::on(Time now, NodeId, const Request& request, Effects& effects) {
  if (!leads()) return refuse(effects, request.id, leader);
  const Index index = leading->next++;
  leading->waiting.emplace_back(index, request.id);
  propose(index, raft::make_entry(leading->ballot.round, index, now, request), effects);
}

/// True when nothing newer was promised; then `from` is the leader to follow.
bool MultiPaxosNode::accept(Ballot ballot, NodeId from, Effects& effects) {
  newest_round = std::max(newest_round, ballot.round);
  if (ballot < promised && parameters.bug != Bug::kAcceptsOldBallot) {
    effects.send(from, Payload(Overtaken{ballot, promised}));
    return false;
  }
  if (leading && leading->ballot < ballot) yield_to(ballot, effects);
  promised = std::max(promised, ballot);
  if (from != self) {
    leader = from;
    wait_for_leader(effects);
  }
  return true;
}

void MultiPaxosNode::on(Time, NodeId from, const AcceptSlot& message, Effects& effects) {
  if (!accept(message.ballot, from, effects)) return;
  Slot& slot = slots[message.index];
  // An entry once chosen stays: only its ballot may be newer.
  slot.index = message.index;
  slot.ballot = message.ballot;
  if (!slot.chosen) slot.entry = message.entry;
  // The record names the ballot, and with it the promise.
  const WriteToken token = effects.write(kSlotRecords + message.index, Payload(SlotRecord{slot}));
  effects.send(from, Payload(AcceptedSlot{message.ballot, message.index}), token);
}

void MultiPaxosNode::on(Time, NodeId from, const AcceptedSlot& message, Effects& effects) {
  if (!leads() || message.ballot != leading->ballot) return;
  const auto at = leading->proposed.find(message.index);
  if (at == leading->proposed.end() || !add_voice(at->second.voices, from) || !is_majority(at->second.voices)) return;
  choose(message.index, at->second.entry);
  leading->proposed.erase(at);
  apply(effects);
}

void MultiPaxosNode::choose(Index index, const Block<Entry>& entry) {
  Slot& slot = slots[index];
  if (slot.chosen) return;
  slot.index = index;
  slot.entry = entry;
  slot.chosen = true;
}

void MultiPaxosNode::apply(Effects& effects) {
  for (auto at = slots.find(chosen + 1); at != slots.end() && at->first == chosen + 1 && at->second.chosen; ++at) {
    ++chosen;
    const auto reply = machine.apply(*at->second.entry, machine_parameters(), Time{});
    if (!leading || leading->waiting.empty() || leading->waiting.front().first != chosen) continue;
    if (reply) answer(effects, leading->waiting.front().second, *reply);
    leading->waiting.erase(leading->waiting.begin());
  }
}

void MultiPaxosNode::beat(Effects& effects) {
  if (!leads()) return;
  std::size_t sent = 0;
  for (const auto& [index, proposed] : leading->proposed) {
    if (++sent > kResendLimit) break;
    for (std::uint16_t i = 0; i < servers; ++i)
      if (std::find(proposed.voices.begin(), proposed.voices.end(), NodeId{i}) == proposed.voices.end())
        effects.send({i}, Payload(AcceptSlot{leading->ballot, index, proposed.entry}));
  }
  for (std::uint16_t i = 0; i < servers; ++i)
    if (i != self.index) effects.send({i}, Payload(LeaderAlive{leading->ballot, chosen}));
  effects.set_timer(kHeartbeat, parameters.heartbeat);
}

void MultiPaxosNode::on(Time, NodeId from, const LeaderAlive& message, Effects& effects) {
  if (!accept(message.ballot, from, effects)) return;
  // What it has accepted under this very ballot is what was chosen.
  for (auto at = slots.upper_bound(chosen); at != slots.end() && at->first <= message.chosen; ++at)
    if (at->second.ballot == message.ballot) at->second.chosen = true;
  apply(effects);
  effects.send(from, Payload(Learned{message.ballot, chosen}));
}

void MultiPaxosNode::on(Time, NodeId from, const Learned& message, Effects& effects) {
  if (!leads() || message.ballot != leading->ballot || message.chosen >= chosen) return;
  Learn learn;
  for (Index index = message.chosen + 1; index <= chosen && learn.entries.size() < kResendLimit; ++index)
    learn.entries.push_back(slots[index].entry);
  effects.send(from, Payload(std::move(learn)));
}

void MultiPaxosNode::on(Time, NodeId, const Learn& message, Effects& effects) {
  for (const Block<Entry>& entry : message.entries) choose(entry->index, entry);
  apply(effects);
}

void MultiPaxosNode::on(Time, NodeId, const Overtaken& message, Effects& effects) {
  newest_round = std::max(newest_round, message.promised.round);
  if (leading && message.ballot == leading->ballot) yield_to(message.promised, effects);
}

// Clients that wait will not be answered: what became of their requests is the new leader's to say.
void MultiPaxosNode::yield_to(Ballot newer, Effects& effects) {
  effects.mark("overtaken", leading->ballot.round, self.index + 1u);
  leading.reset();
  leader = newer.node == self ? kNobody : newer.node;
  effects.cancel_timer(kHeartbeat);
  wait_for_leader(effects);
}

std::vector<world::NodeSetup> make_multi_paxos(const std::vector<std::string>& names,
                                               const MultiPaxosParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    MultiPaxosNode node;
    node.parameters = parameters;
    node.self = {static_cast<std::uint16_t>(i)};
    node.servers = static_cast<std::uint16_t>(names.size());
    nodes.push_back({.name = names[i], .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols::paxos

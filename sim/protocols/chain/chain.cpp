#include "protocols/chain/chain.h"

#include <algorithm>

#include "protocols/chain/internal.h"

namespace twice::protocols {

using namespace chain_internal;

void ChainNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(now, *start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input))
    return fired->timer == kHeartbeatDue ? beat(now, effects) : resend(effects);
  if (const auto* written = std::get_if<Written>(&input)) {
    if (checkpoint_token != 0 && written->token >= checkpoint_token)
      checkpoint_token = 0, durable_checkpoint = checkpoint, trim(effects);
    if (snapshot_after != 0 && written->token >= snapshot_after) save_checkpoint(effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* m = body.get<Request>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<ChainUpdate>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<ChainStable>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<Configure>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<ChainCopy>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<ChainProgress>()) return on(now, received->from, *m, effects);
  if (const auto* m = body.get<Handover>()) return on(now, received->from, *m, effects);
}

std::size_t ChainNode::place() const {
  return static_cast<std::size_t>(std::find(chain.begin(), chain.end(), self) - chain.begin());
}

// Whom updates come from; for a member that joins, the tail.
NodeId ChainNode::predecessor() const {
  if (joining == self) return chain.back();
  const std::size_t at = place();
  return at == 0 || at == chain.size() ? kNobody : chain[at - 1];
}

// Whom updates go to; for the tail, a member that joins and has its copy.
NodeId ChainNode::successor() const {
  const std::size_t at = place();
  if (at == chain.size()) return kNobody;
  if (at + 1 < chain.size()) return chain[at + 1];
  return joiner.copied ? joining : kNobody;
}

bool ChainNode::answers(Time now) const { return is_member() && (parameters.lease.ns == 0 || now < lease_until); }

void ChainNode::on(Time now, NodeId, const Request& request, Effects& effects) {
  if (!answers(now)) return refuse(effects, request.id);
  if (request.command.writes()) {
    if (!is_head()) return refuse(effects, request.id, chain.front());
    apply(Block<Request>(request), effects);
    return advance(now, effects);
  }
  if (!is_tail()) return refuse(effects, request.id, chain.back());
  if (sealed == number) return refuse(effects, request.id);
  answer(effects, request.id, store.apply(request, false), after());
}

// One more update of the history: it leaves for the next member when it is on this one's disk, so that no member ever
// has what one above it can forget.
void ChainNode::apply(const Block<Request>& request, Effects& effects) {
  ++applied;
  sent.push_back({applied, request, store.apply(*request, parameters.sessions)});
  if (parameters.persist != Persist::kNever) {
    newest_write = effects.write(kLog + applied, Payload(ChainLogRecord{life, applied, request}));
    // Written when the log is durable up to there: a log with a gap below its checkpoint could not be sent again.
    if (applied - checkpoint >= kCheckpointEvery && checkpoint_token == 0 && snapshot_after == 0)
      snapshot = ChainCheckpoint{life, applied, Block<Store>(store)}, snapshot_after = newest_write;
  }
  pass_on(applied - 1, successor(), effects);
}

void ChainNode::pass_on(std::uint64_t beyond, NodeId to, Effects& effects) {
  if (to == kNobody) return;
  std::size_t count = 0;
  for (const Entry& entry : sent) {
    if (entry.sequence <= beyond) continue;
    if (++count > kWindow) return;
    effects.send(to, Payload(ChainUpdate{number, entry.sequence, entry.request}), after());
  }
}

void ChainNode::on(Time now, NodeId from, const ChainUpdate& message, Effects& effects) {
  // Only the predecessor of this very configuration is believed.
  if (message.number != number || from != predecessor()) return;
  const bool joins = joining == self;
  if (joins && life != number) return;
  if (message.sequence <= applied) {
    // A repeat: what it asks for is the word that it arrived.
    if (joins) return report(effects);
    if (message.sequence <= stable) effects.send(from, Payload(ChainStable{number, stable}), after());
    return;
  }
  early[message.sequence] = message.request;
  for (auto next = early.begin(); next != early.end() && next->first == applied + 1; next = early.erase(next))
    apply(next->second, effects);
  joins ? report(effects) : advance(now, effects);
}

void ChainNode::on(Time, NodeId from, const ChainStable& message, Effects& effects) {
  if (message.number != number || from != successor() || is_tail()) return;
  if (message.sequence <= stable || message.sequence > applied) return;
  stable = message.sequence;
  if (predecessor() != kNobody) effects.send(predecessor(), Payload(ChainStable{number, stable}), after());
  trim(effects);
}

// What the tail has, all have: it answers.
void ChainNode::advance(Time now, Effects& effects) {
  if (!is_tail() || !answers(now) || sealed == number || stable == applied) return;
  for (const Entry& entry : sent)
    if (entry.sequence > stable && entry.known) answer(effects, entry.request->id, entry.reply, after());
  stable = applied;
  if (predecessor() != kNobody) effects.send(predecessor(), Payload(ChainStable{number, stable}), after());
  trim(effects);
}

void ChainNode::trim(Effects& effects) {
  std::size_t count = 0;
  const std::uint64_t last = std::min(stable, parameters.persist == Persist::kNever ? stable : durable_checkpoint);
  while (sent.size() - count > kKept && sent[count].sequence <= last) ++count;
  if (count < kTrimAtOnce) return;
  if (parameters.persist != Persist::kNever)
    for (std::size_t i = 0; i < count; ++i) effects.write(kLog + sent[i].sequence, Payload());
  sent.erase(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace twice::protocols

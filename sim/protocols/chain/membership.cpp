// Configurations as a member sees them: recovery, removal, joining at the tail.
#include <algorithm>

#include "protocols/chain/chain.h"
#include "protocols/chain/internal.h"

namespace twice::protocols {

using namespace chain_internal;

void ChainNode::begin(Time now, const Start& start, Effects& effects) {
  started = lease_until = now;
  recover(start.durable, effects);
  beat(now, effects);
  effects.set_timer(kResendDue, parameters.resend);
}

// The checkpoint, then the log as far as it has no gap. A crash may have kept a later record and lost an earlier one;
// nobody was told of either.
void ChainNode::recover(const std::vector<Record>& durable, Effects& effects) {
  for (const Record& record : durable) {
    if (const auto* seal = record.value.get<SealRecord>()) sealed = seal->number;
    if (const auto* kept = record.value.get<ChainCheckpoint>()) {
      life = kept->life;
      store = *kept->store;
      applied = checkpoint = durable_checkpoint = kept->sequence;
    }
  }
  for (const Record& record : durable) {
    const auto* update = record.value.get<ChainLogRecord>();
    if (!update) continue;
    const bool follows = sent.empty() || update->sequence == sent.back().sequence + 1;
    if (!follows && update->sequence <= checkpoint + 1) sent.clear();
    if (update->life != life || update->sequence > applied + 1) {
      effects.write(record.key, Payload());
      continue;
    }
    Entry entry{update->sequence, update->request, {}, false};
    if (update->sequence == applied + 1)
      ++applied, entry.reply = store.apply(*update->request, parameters.sessions), entry.known = true;
    sent.push_back(std::move(entry));
  }
  if (!sent.empty() && sent.back().sequence < applied) sent.clear();
  stable = sent.empty() ? applied : sent.front().sequence - 1;
}

void ChainNode::beat(Time now, Effects& effects) {
  effects.send(master, Payload(ChainAlive{started, now, parameters.persist != Persist::kBeforeAnswer}));
  effects.set_timer(kHeartbeatDue, parameters.heartbeat);
}

void ChainNode::resend(Effects& effects) {
  effects.set_timer(kResendDue, parameters.resend);
  if (joining == self) return report(effects);
  if (!is_member()) return;
  if (is_tail()) return bring_up(effects);
  pass_on(stable, successor(), effects);
}

void ChainNode::on(Time now, NodeId, const Configure& message, Effects& effects) {
  if (message.echo < started) return;  // answers a heartbeat of an earlier life
  lease_until = std::max(lease_until, message.echo + parameters.lease);
  if (message.number > number) adopt(message, effects);
  if (message.number == number) advance(now, effects);
}

void ChainNode::adopt(const Configure& message, Effects& effects) {
  const bool was_member = is_member(), was_head = is_head(), was_tail = is_tail();
  number = message.number;
  chain = message.chain;
  joining = message.joining;
  early.clear();
  joiner = {};
  handover = ~std::uint64_t{0};
  if (is_head() && !was_head) effects.mark("head", number, self.index + 1u);
  if (is_tail() && !was_tail) effects.mark("tail", number, self.index + 1u);
  if (was_member && !is_member()) effects.mark("left", number, self.index + 1u);
  if (joining == self) return report(effects);
  // A new successor may lack whatever the tail has not confirmed.
  if (is_member() && !is_tail()) pass_on(stable, successor(), effects);
}

void ChainNode::report(Effects& effects) {
  if (joining != self) return;
  effects.send(chain.back(), Payload(ChainProgress{number, life == number, applied}), after());
  finish_joining(effects);
}

void ChainNode::on(Time, NodeId from, const ChainProgress& message, Effects& effects) {
  if (message.number != number || from != joining || !is_tail()) return;
  // It may have crashed and forgotten its copy, but never forgets part of one.
  joiner = {message.copied, std::max(message.applied, joiner.copied && message.copied ? joiner.applied : 0)};
  if (!joiner.copied || (joiner.applied < applied && (sent.empty() || sent.front().sequence > joiner.applied + 1))) {
    effects.send(joining, Payload(ChainCopy{number, applied, Block<Store>(store)}), after());
    return;
  }
  if (sealed != number && applied - joiner.applied <= kNear) {
    sealed = number;
    if (parameters.persist != Persist::kNever) newest_write = effects.write(kSeal, Payload(SealRecord{number}));
  }
  if (sealed == number) effects.send(joining, Payload(Handover{number, applied}), after());
}

// What the member that joins lacks, as far as it is known.
void ChainNode::bring_up(Effects& effects) {
  if (joining == kNobody || !joiner.copied) return;
  pass_on(joiner.applied, joining, effects);
}

void ChainNode::on(Time, NodeId from, const ChainCopy& message, Effects& effects) {
  if (message.number != number || joining != self || from != chain.back()) return;
  if (life != number || message.sequence > applied) {
    if (parameters.persist != Persist::kNever)
      for (const Entry& entry : sent) effects.write(kLog + entry.sequence, Payload());
    sent.clear();
    early.clear();
    store = *message.store;
    applied = stable = message.sequence;
    life = number;
    durable_checkpoint = 0;  // the one on disk belongs to the history that is given up here
    snapshot = {life, applied, message.store};
    if (parameters.persist != Persist::kNever) save_checkpoint(effects);
  }
  report(effects);
}

void ChainNode::on(Time, NodeId from, const Handover& message, Effects& effects) {
  if (message.number != number || joining != self || from != chain.back()) return;
  // Any of them will do: the tail answers nothing after the first.
  handover = std::min(handover, message.sequence);
  finish_joining(effects);
}

void ChainNode::finish_joining(Effects& effects) {
  if (life != number || applied < handover) return;
  effects.mark("joined", number, self.index + 1u);
  effects.send(master, Payload(CaughtUp{number}), after());
}

void ChainNode::save_checkpoint(Effects& effects) {
  checkpoint = snapshot.sequence;
  newest_write = checkpoint_token = effects.write(kCheckpoint, Payload(std::move(snapshot)));
  snapshot = {};
  snapshot_after = 0;
}

}  // namespace twice::protocols

// The leader's side of replication: paper §5.3; thesis §10.2 (pipelining, batching, parallel writes).
#include <algorithm>

#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {

// The configuration in force says who is sent to; what is known of those who stay is kept.
void RaftNode::set_peers() {
  Leader& mine = *leading();
  std::vector<Peer> peers;
  for (const NodeId node : configuration().others(self)) {
    if (const Peer* known = mine.peer(node)) {
      peers.push_back(*known);
      continue;
    }
    Peer peer;
    peer.node = node;
    peer.next = log().last() + 1;
    peers.push_back(peer);
  }
  mine.peers = std::move(peers);
}

void RaftNode::append(Turn& t, Content content) {
  const Index index = log().last() + 1;
  persistent.append(make_entry(term(), index, t.now, std::move(content)), t.effects);
  if (const auto* change = std::get_if<Configuration>(&log().at(index)->content)) take_configuration(t, index, *change);
}

void RaftNode::propose(Turn& t, Content content) {
  append(t, std::move(content));
  for (Peer& peer : leading()->peers) replicate(t, peer, false);
}

void RaftNode::beat(Turn& t) {
  Leader* mine = leading();
  if (!mine) return;
  // Thesis §6.2: clients of a leader that reaches no majority should find another.
  const bool lonely = t.now - mine->confirmed_at > parameters.election.high;
  if (parameters.check_quorum && lonely && !has(Bug::kNoCheckQuorum) && !has(Bug::kLeaderHeartbeatBlocksBridge))
    return follow(t, term(), kNobody);
  if (mine->transfer && t.now >= mine->transfer->until) mine->transfer.reset();
  for (Peer& peer : mine->peers) {
    // What was sent and never answered was lost: begin again where the logs are known to agree.
    if (!peer.answered && peer.in_flight > 0) {
      if (peer.sending == Sending::kReplicate) peer.sending = Sending::kProbe, peer.next = peer.match + 1;
      peer.in_flight = 0;
    }
    peer.answered = false;
  }
  call_round(t);
  t.effects.set_timer(kHeartbeatTimer, parameters.heartbeat);
}

// To every peer, whether or not there are entries to send: a majority's answers confirm the leader.
void RaftNode::call_round(Turn& t) {
  Leader& mine = *leading();
  mine.rounds.emplace_back(++mine.round, t.now);
  mine.round_wanted = false;
  for (Peer& peer : mine.peers) replicate(t, peer, true);
  if (mine.peers.empty() || is_quorum([&](NodeId node) { return node == self; })) {
    mine.confirmed = mine.round;
    mine.confirmed_at = t.now;
    mine.rounds.clear();
    answer_reads(t);
  }
}

AppendEntries RaftNode::next_entries(const Peer& peer, bool with_entries) const {
  AppendEntries message;
  message.prev_index = peer.next - 1;
  // Counted before the new leader took entries in, while `next` was counted after.
  if (has(Bug::kInitNextAfterProposals) && peer.match < leading()->first && peer.next == leading()->first + 1)
    message.prev_index = leading()->first - 1;
  message.prev_term = log().term(message.prev_index).value_or(0);
  message.commit = commit;
  message.round = leading()->round;
  if (!with_entries) return message;
  const Index until = std::min(log().last(), message.prev_index + parameters.batch);
  for (Index i = std::max(peer.next, log().first()); i <= until; ++i) message.entries.push_back(log().at(i));
  return message;
}

void RaftNode::replicate(Turn& t, Peer& peer, bool even_empty) {
  const bool compacted = peer.next <= log().base();
  if (peer.sending == Sending::kSnapshot || compacted) {
    if (peer.in_flight == 0) return send_snapshot(t, peer);
    if (!even_empty) return;
    // Asks for attention only: what it has matched cannot be wrong.
    AppendEntries heartbeat;
    heartbeat.round = leading()->round;
    return send(t, peer.node, std::move(heartbeat));
  }
  for (;;) {
    const std::uint32_t window = peer.sending == Sending::kProbe ? 1 : parameters.window;
    const bool with_entries = peer.in_flight < window && peer.next <= log().last();
    if (!with_entries && !even_empty) return;
    AppendEntries message = next_entries(peer, with_entries);
    const Index sent_up_to = message.prev_index + message.entries.size();
    even_empty = false;
    // A leader may send what its own disk is still writing; it does not count itself before (thesis §10.2.1).
    send(t, peer.node, std::move(message), parameters.parallel_writes ? 0 : persistent.newest_write);
    ++peer.in_flight;
    if (!with_entries || peer.sending == Sending::kProbe) return;
    peer.next = sent_up_to + 1;
  }
}

void RaftNode::on(Turn& t, NodeId from, const AppendReply& message) {
  if (!notice_term(t, from, message.term)) return;
  Leader* mine = leading();
  Peer* peer = mine ? mine->peer(from) : nullptr;
  if (!peer) return;
  // A part of a snapshot is answered by itself.
  if (peer->sending != Sending::kSnapshot) peer->answered = true;
  message.accepted ? accepted(t, *peer, message.index) : rejected(t, *peer, message);
  // What followed may have ended the leadership, or changed the peers.
  if (Leader* still = leading())
    if (Peer* same = still->peer(from)) answered_round(t, *same, message.round);
}

void RaftNode::accepted(Turn& t, Peer& peer, Index index) {
  if (peer.in_flight > 0 && peer.sending != Sending::kSnapshot) --peer.in_flight;
  if (peer.sending == Sending::kProbe) peer.sending = Sending::kReplicate, peer.in_flight = 0;
  if (index > peer.match || has(Bug::kMatchOverwritten)) peer.match = index;
  peer.next = has(Bug::kNextLeMatch) ? index + 1 : std::max(peer.next, peer.match + 1);
  if (peer.sending == Sending::kSnapshot && peer.match >= peer.snapshot->index) {
    peer.sending = Sending::kReplicate;
    peer.snapshot = {};
    peer.in_flight = 0;
  }
  if (peer.match + 1 == peer.next) peer.in_flight = 0;  // whatever is still unanswered was lost, or is not missed
  const NodeId node = peer.node;
  advance_commit(t);
  if (!leading()) return;
  promote_learners(t);
  continue_transfer(t);
  if (Leader* mine = leading())
    if (Peer* same = mine->peer(node)) replicate(t, *same, false);
}

// Paper §5.3: back to where the logs agree. The follower's hint skips a term at a time.
void RaftNode::rejected(Turn& t, Peer& peer, const AppendReply& message) {
  if (peer.sending == Sending::kSnapshot) return;
  const bool stale = message.index <= peer.match || (peer.sending == Sending::kProbe && message.index != peer.next - 1);
  if (stale && !has(Bug::kRejectHintWithoutStaleCheck)) return;
  const Index meet = log().last_with_term_up_to(message.hint_term, message.hint_index) + 1;
  const Index next = has(Bug::kConflictHintLastIndex) ? message.index + 1 : std::min(meet, message.index);
  peer.next = has(Bug::kRejectHintWithoutStaleCheck) ? next : std::max(next, peer.match + 1);
  peer.sending = Sending::kProbe;
  peer.in_flight = 0;
  replicate(t, peer, true);
}

void RaftNode::answered_round(Turn& t, Peer& peer, std::uint64_t round) {
  Leader& mine = *leading();
  if (round <= peer.round) return;
  peer.round = round;
  if (round <= mine.confirmed) return;
  const std::uint64_t confirmed = reached_by_quorum([&](NodeId node) {
    if (node == self) return mine.round;
    const Peer* known = mine.peer(node);
    return known ? known->round : 0;
  });
  if (confirmed <= mine.confirmed) return;
  mine.confirmed = confirmed;
  while (!mine.rounds.empty() && mine.rounds.front().first <= confirmed) {
    // The answers prove who led when the question was asked, not when they came.
    mine.confirmed_at = has(Bug::kLeaseFromAckReceipt) ? t.now : mine.rounds.front().second;
    mine.rounds.erase(mine.rounds.begin());
  }
  answer_reads(t);
  if (leading() && leading()->round_wanted) call_round(t);
}

}  // namespace twice::protocols::raft

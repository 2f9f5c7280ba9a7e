// Log compaction: paper §7, thesis ch. 5.
#include <algorithm>

#include "protocols/raft/raft.h"

namespace twice::protocols::raft {
namespace {

Block<Snapshot> with_cells(const Snapshot& rest, std::map<std::uint32_t, Cell> cells) {
  Snapshot whole = rest;
  whole.machine.store.cells = std::move(cells);
  return Block<Snapshot>(std::move(whole));
}

}  // namespace

void RaftNode::take_snapshot(Turn& t) {
  if (!log().has(applied())) return;
  Snapshot snapshot;
  snapshot.index = applied();
  snapshot.term = *log().term(applied());
  snapshot.prefix = *log().prefix(applied());
  snapshot.machine = machine;
  if (has(Bug::kDedupTableNotInSnapshot)) snapshot.machine.store.sessions.clear();
  if (has(Bug::kSnapshotLastTermZero)) snapshot.term = 0;
  // As of the entry it ends with; a newer one may still be taken back.
  for (const auto& [index, change] : configurations)
    if (index <= snapshot.index || has(Bug::kSnapshotStoresUncommittedConfig)) snapshot.configuration = change;
  t.effects.mark("snapshot", snapshot.index, self.index + 1u);
  persistent.install(Block<Snapshot>(std::move(snapshot)), true, t.effects);
}

void RaftNode::send_snapshot(Turn& t, Peer& peer) {
  if (has(Bug::kAppendInsteadOfSnapshot)) return send(t, peer.node, next_entries(peer, true));
  if (has(Bug::kPrevZeroAlwaysOkAfterCompaction)) {
    peer.next = 1;
    return send(t, peer.node, next_entries(peer, true));
  }
  if (peer.sending != Sending::kSnapshot || !peer.snapshot) {
    peer.sending = Sending::kSnapshot;
    peer.snapshot = persistent.snapshot;
    peer.offset = 0;
  }
  const Snapshot& whole = *peer.snapshot;
  InstallSnapshot part;
  part.last_index = whole.index;
  part.last_term = whole.term;
  part.offset = peer.offset;
  part.round = leading()->round;
  const auto& cells = whole.machine.store.cells;
  auto from = cells.begin();
  std::advance(from, std::min<std::size_t>(peer.offset, cells.size()));
  for (; from != cells.end() && part.cells.size() < parameters.chunk; ++from) part.cells.insert(*from);
  if (from == cells.end()) {
    Snapshot rest = whole;
    rest.machine.store.cells.clear();
    part.rest = Block<Snapshot>(std::move(rest));
  }
  peer.in_flight = 1;
  send(t, peer.node, std::move(part));
}

void RaftNode::on(Turn& t, NodeId from, const InstallSnapshot& message) {
  if (!notice_term(t, from, message.term)) return send(t, from, SnapshotReply{});
  accept_leader(t, from);
  if (incoming.term != message.term || incoming.last_index != message.last_index || message.offset == 0)
    incoming = {message.term, message.last_index, {}};
  SnapshotReply reply;
  reply.last_index = message.last_index;
  reply.round = message.round;
  if (message.offset == incoming.cells.size()) incoming.cells.insert(message.cells.begin(), message.cells.end());
  reply.offset = static_cast<std::uint32_t>(incoming.cells.size());
  if (message.rest && message.offset + message.cells.size() == incoming.cells.size()) {
    install(t, with_cells(*message.rest, std::move(incoming.cells)));
    incoming = {};
    reply.done = true;
  }
  send(t, from, reply, persistent.newest_write);
}

void RaftNode::install(Turn& t, Block<Snapshot> snapshot) {
  if (snapshot->index <= commit) return;
  const bool continues = log().term(snapshot->index) == snapshot->term;
  const bool keeps = continues || (has(Bug::kSnapshotKeepsConflictingTail) && log().last() > snapshot->index);
  // What it holds of the configuration is older than what the log that goes on says.
  const Configuration before = configurations.front().second;
  std::erase_if(configurations, [&](const auto& known) { return known.first <= snapshot->index || !keeps; });
  configurations.insert(configurations.begin(),
                        {snapshot->index, has(Bug::kSnapshotLosesConfig) ? before : snapshot->configuration});
  t.effects.mark("snapshot", snapshot->index, self.index + 1u);
  machine = snapshot->machine;
  commit = snapshot->index;
  if (has(Bug::kSnapshotSetsTerm)) persistent.term = snapshot->term;
  persistent.install(std::move(snapshot), keeps, t.effects);
  wait_for_leader(t);
  answer_follower_reads(t);
}

void RaftNode::on(Turn& t, NodeId from, const SnapshotReply& message) {
  if (!notice_term(t, from, message.term)) return;
  Leader* mine = leading();
  Peer* peer = mine ? mine->peer(from) : nullptr;
  if (!peer) return;
  peer->answered = true;
  if (peer->sending == Sending::kSnapshot && peer->snapshot->index == message.last_index) {
    peer->in_flight = 0;
    if (message.done) {
      accepted(t, *peer, message.last_index);
    } else if (message.offset != peer->offset || message.offset == 0) {
      peer->offset = message.offset;
      send_snapshot(t, *peer);
    }
  }
  if (Leader* still = leading())
    if (Peer* same = still->peer(from)) answered_round(t, *same, message.round);
}

}  // namespace twice::protocols::raft

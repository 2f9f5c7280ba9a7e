// Commit and apply: paper §5.3, §5.4.2.
#include <algorithm>

#include "protocols/client/server.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {

void RaftNode::advance_commit(Turn& t) {
  const Leader* mine = leading();
  if (!mine) return;
  const Index reached = reached_by_quorum([&](NodeId node) -> std::uint64_t {
    if (node == self) return persistent.durable;
    for (const Peer& peer : mine->peers)
      if (peer.node == node) return peer.match;
    return 0;
  });
  if (reached <= commit || reached > log().last()) return;
  // Only entries of its own term are committed by counting; they commit what stands before them (§5.4.2).
  if (log().term(reached) != term() && !has(Bug::kCommitOldTermByCounting)) return;
  if (has(Bug::kCommitScanStopsAtOldTerm) && log().term(commit + 1) != term()) return;
  commit_to(t, reached);
  if (!leading()) return;
  answer_reads(t);
}

void RaftNode::commit_to(Turn& t, Index index) {
  index = std::min(index, log().last());
  if (index <= commit) return;
  commit = index;
  apply(t);
}

void RaftNode::apply(Turn& t) {
  while (applied() < commit && log().has(applied() + 1)) {
    const Block<Entry> entry = log().at(applied() + 1);
    answer_waiting(t, entry->index, machine.apply(*entry, parameters, t.now));
  }
  configuration_committed(t);
  answer_follower_reads(t);
  maybe_snapshot(t);
}

void RaftNode::answer_waiting(Turn& t, Index index, const std::optional<Reply>& reply) {
  Leader* mine = leading();
  if (!mine || mine->waiting.empty() || mine->waiting.front().index != index) return;
  if (reply) answer(t.effects, mine->waiting.front().id, *reply);
  mine->waiting.erase(mine->waiting.begin());
}

void RaftNode::maybe_snapshot(Turn& t) {
  if (parameters.snapshot_every > 0 && applied() - log().base() >= parameters.snapshot_every) take_snapshot(t);
}

}  // namespace twice::protocols::raft

// The follower's side of replication: paper, fig. 2, AppendEntries RPC.
#include <algorithm>

#include "core/assert.h"

#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {

void RaftNode::accept_leader(Turn& t, NodeId from) {
  if (leader != from || !std::holds_alternative<Follower>(role)) follow(t, term(), from);
  heard = t.now;
  wait_for_leader(t);
}

void RaftNode::on(Turn& t, NodeId from, const AppendEntries& message) {
  if (!notice_term(t, from, message.term)) return reject(t, from, message);
  accept_leader(t, from);
  const std::optional<Term> mine = log().term(message.prev_index);
  const bool below_zero = message.prev_index == 0 && has(Bug::kPrevZeroAlwaysOkAfterCompaction);
  const bool matches =
      mine == message.prev_term || below_zero || (has(Bug::kMatchTermsOnly) && log().last_term() == message.prev_term);
  // What is committed here is in every leader's log (paper §5.4.3), compacted or not.
  if (!matches && message.prev_index >= commit) return reject(t, from, message);
  store(t, message);
}

void RaftNode::store(Turn& t, const AppendEntries& message) {
  const NodeId from = leader;
  Index at = message.prev_index;
  if (const Index end = at + message.entries.size();
      has(Bug::kTruncateUnconditionally) && end >= commit && end < log().last()) {
    forget_configurations_from(end + 1);
    persistent.truncate_from(end + 1, t.effects);
  }
  for (const Block<Entry>& entry : message.entries) {
    ++at;
    if (at <= log().base()) continue;
    if (log().term(at) == entry->term) continue;
    if (at <= log().last()) {
      TWICE_ASSERT(at > commit || parameters.bug != Bug::kNone, "a committed entry is overwritten");
      forget_configurations_from(at);
      persistent.truncate_from(at, t.effects);
    }
    persistent.append(entry->index == log().last() + 1
                          ? entry
                          : make_entry(entry->term, log().last() + 1, entry->stamp, entry->content),
                      t.effects);
    if (const auto* change = std::get_if<Configuration>(&entry->content)) take_configuration(t, at, *change);
  }
  const Index agreed = std::max(at, message.prev_index);
  // Rule 5 speaks of the last *new* entry: what follows it here may be another leader's.
  const Index limit = has(Bug::kCommitMinLastIndex) ? log().last() : agreed;
  AppendReply reply;
  reply.accepted = true;
  reply.index = std::max(agreed, std::min(commit, log().last()));
  if (has(Bug::kMatchFromLastLog)) reply.index = log().last();
  reply.round = message.round;
  const WriteToken after = has(Bug::kAckBeforeFsync)   ? 0
                           : has(Bug::kAsyncAppendAba) ? persistent.first_write_at(reply.index)
                                                       : persistent.newest_write;
  send(t, from, reply, after);
  const Index next = std::min(message.commit, limit);
  if (has(Bug::kCommitCanDecrease)) commit = next;
  commit_to(t, next);
}

void RaftNode::reject(Turn& t, NodeId from, const AppendEntries& message) {
  AppendReply reply;
  reply.index = message.prev_index;
  reply.hint_index = log().last_with_term_up_to(message.prev_term, message.prev_index);
  reply.hint_term = log().term(reply.hint_index).value_or(0);
  reply.round = message.term == term() ? message.round : 0;
  send(t, from, reply);
}

}  // namespace twice::protocols::raft

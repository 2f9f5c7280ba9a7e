// Reads that need no entry in the log: thesis §6.4.
#include <algorithm>

#include "protocols/client/server.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {

// Two clocks that differ by a drift of d each way: a follower waits at least low / (1 + d), a leader's clock counts at
// most (1 + d) of that.
Duration RaftNode::lease() const {
  const std::int64_t shorter = has(Bug::kLeaseIgnoresDrift) ? 0 : std::int64_t{2} * parameters.drift_ppm;
  return parameters.election.low * (1'000'000 - shorter) / 1'000'000;
}

// Whom it has asked to take over is elected by servers that hear a leader, however late the message comes: there is no
// lease any more in this leadership.
bool RaftNode::has_lease(Time now) const {
  const Leader* mine = leading();
  if (!mine || mine->confirmed == 0) return false;
  const bool gave_up = mine->handed_over && !has(Bug::kLeaseKeptOnTransfer);
  return !gave_up && now < mine->confirmed_at + lease();
}

// A new leader does not know what is committed before an entry of its own term is.
bool RaftNode::may_lead_reads() const {
  return leading() && (commit >= leading()->first || has(Bug::kReadindexBeforeNoop));
}

void RaftNode::read(Turn& t, const Request& request) {
  const std::uint32_t key = request.command.key;
  if (parameters.reads == Reads::kFollower && !leading()) {
    if (leader == kNobody) return refuse(t.effects, request.id);
    // Each batch asks anew: an older answer could tell of too little.
    if (!has(Bug::kReadindexContextReuse) || follower_reads.empty()) send(t, leader, ReadIndex{0, ++read_batch});
    follower_reads.push_back({read_batch, std::nullopt, request.id, key});
    return;
  }
  if (!leading()) return refuse(t.effects, request.id, leader);
  if (parameters.reads == Reads::kLocal || has(Bug::kLocalReadWithoutQuorum))
    return answer(t.effects, request.id, machine.read(key));
  if (parameters.reads == Reads::kLease && may_lead_reads() && has_lease(t.now))
    return answer(t.effects, request.id, machine.read(key));
  confirm(t, {.id = request.id, .key = key});
}

// A read may be answered when its leader was still the leader after it came. One round serves all reads that came
// before it was sent.
void RaftNode::confirm(Turn& t, PendingRead read) {
  Leader& mine = *leading();
  const bool under_way = mine.round > mine.confirmed;
  read.round = mine.round + 1;
  read.index = commit;
  mine.reads.push_back(read);
  if (under_way)
    mine.round_wanted = true;
  else
    call_round(t);
}

void RaftNode::answer_reads(Turn& t) {
  while (Leader* mine = leading()) {
    if (mine->reads.empty() || !may_lead_reads()) return;
    PendingRead& first = mine->reads.front();
    if (first.round > mine->confirmed) return;
    const Index index = has(Bug::kReadindexBeforeNoop) ? first.index : std::max(first.index, mine->first);
    if (applied() < index) return;
    const PendingRead ready = first;
    mine->reads.erase(mine->reads.begin());
    if (ready.follower == kNobody) {
      answer(t.effects, ready.id, machine.read(ready.key));
      continue;
    }
    if (Peer* peer = mine->peer(ready.follower)) replicate(t, *peer, true);  // it learns what is committed
    send(t, ready.follower, ReadIndexReply{0, ready.batch, index});
  }
}

void RaftNode::on(Turn& t, NodeId from, const ReadIndex& message) {
  if (notice_term(t, from, message.term) && leading()) confirm(t, {.follower = from, .batch = message.batch});
}

void RaftNode::on(Turn& t, NodeId from, const ReadIndexReply& message) {
  if (!notice_term(t, from, message.term)) return;
  for (FollowerRead& read : follower_reads)
    if (read.batch == message.batch && !read.index) read.index = message.index;
  answer_follower_reads(t);
}

void RaftNode::answer_follower_reads(Turn& t) {
  const auto is_ready = [&](const FollowerRead& read) {
    return read.index && (applied() >= *read.index || has(Bug::kFollowerReadWithoutWait));
  };
  for (const FollowerRead& read : follower_reads)
    if (is_ready(read)) answer(t.effects, read.id, machine.read(read.key));
  std::erase_if(follower_reads, is_ready);
}

}  // namespace twice::protocols::raft

// Elections: paper §5.2, §5.4.1; thesis §3.10 (transfer), §9.6 (PreVote).
#include <algorithm>

#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {
namespace {

bool add_to(std::vector<NodeId>& nodes, NodeId node) {
  if (is_in(nodes, node)) return false;
  nodes.push_back(node);
  return true;
}

}  // namespace

// Within the shortest time-out of its leader's last word (thesis §4.2.3).
bool RaftNode::hears_leader(Time now) const { return leading() != nullptr || now - heard < parameters.election.low; }

bool RaftNode::is_up_to_date(Term last_term, Index last_index) const {
  if (has(Bug::kNoUpToDateCheck)) return true;
  if (has(Bug::kUpToDateByLengthOnly)) return last_index >= log().last();
  return last_term > log().last_term() || (last_term == log().last_term() && last_index >= log().last());
}

// Also a server whose newest configuration is without it, until that is committed: the others may be unable to elect
// anybody whose log is as new (thesis §4.2.2).
bool RaftNode::may_stand() const {
  return !persistent.on_new_disk &&
         std::any_of(configurations.begin(), configurations.end(), [&](const auto& c) { return c.second.votes(self); });
}

void RaftNode::stand(Turn& t) {
  if (leading() || !may_stand()) return;
  leader = kNobody;
  follower_reads.clear();
  parameters.pre_vote ? ask_beforehand(t) : campaign(t, false);
}

void RaftNode::ask_beforehand(Turn& t) {
  role = PreCandidate{{self}};
  wait_for_leader(t);
  if (is_quorum([&](NodeId node) { return node == self; })) return campaign(t, false);
  for (const NodeId other : configuration().others(self))
    if (configuration().votes(other)) send(t, other, PreVote{0, term() + 1, log().last(), log().last_term()});
}

void RaftNode::campaign(Turn& t, bool asked) {
  role = Candidate{{self}, {}};
  ++persistent.term;
  persistent.vote = self;
  persistent.save_term_and_vote(parameters.bug, t.effects);
  t.effects.mark("candidate", term(), self.index + 1u);
  wait_for_leader(t);
  if (is_quorum([&](NodeId node) { return node == self; })) return lead(t);
  for (const NodeId other : configuration().others(self))
    if (configuration().votes(other)) send(t, other, RequestVote{0, log().last(), log().last_term(), asked});
}

void RaftNode::on(Turn& t, NodeId from, const PreVote& message) {
  // Who has fallen behind learns the term by the question or the reply; else both may ask for ever.
  const bool learns = !has(Bug::kPrevoteTermDeadlock);
  if (message.term < term() && !learns) return;
  if (message.term > term() && learns) follow(t, message.term, kNobody);
  const bool newer = has(Bug::kPrevoteGrantsOnLivenessOnly) || is_up_to_date(message.last_term, message.last_index);
  const bool granted = message.proposed > term() && !hears_leader(t.now) && newer && !persistent.on_new_disk;
  send(t, from, PreVoteReply{0, message.proposed, granted});
}

void RaftNode::on(Turn& t, NodeId from, const PreVoteReply& message) {
  if (message.term > term()) return follow(t, message.term, kNobody);
  auto* asking = std::get_if<PreCandidate>(&role);
  if (!asking || !message.granted || message.proposed != term() + 1) return;
  add_to(asking->granted, from);
  if (is_quorum([&](NodeId node) { return is_in(asking->granted, node); })) campaign(t, false);
}

// Paper, fig. 2, RequestVote RPC.
void RaftNode::on(Turn& t, NodeId from, const RequestVote& message) {
  if (is_sticky() && !message.asked && message.term > term() && hears_leader(t.now) &&
      !has(Bug::kRemovedServerDisrupts))
    return;
  const bool current = notice_term(t, from, message.term);
  const bool free = persistent.vote == kNobody || persistent.vote == from || has(Bug::kVoteTwice);
  const bool may_vote = !persistent.on_new_disk && (!has(Bug::kLearnerCannotVote) || configuration().votes(self));
  const bool granted =
      current && free && may_vote && !leading() && is_up_to_date(message.last_term, message.last_index);
  if (granted) {
    if (persistent.vote != from) {
      persistent.vote = from;
      persistent.save_term_and_vote(parameters.bug, t.effects);
    }
    wait_for_leader(t);
  }
  send(t, from, Vote{0, granted});
}

void RaftNode::on(Turn& t, NodeId from, const Vote& message) {
  if (message.term > term()) return follow(t, message.term, kNobody);
  if (message.term < term() && !has(Bug::kStaleVoteResponseCounted)) return;
  auto* candidate = std::get_if<Candidate>(&role);
  if (!candidate) return;
  add_to(message.granted ? candidate->granted : candidate->refused, from);
  if (is_quorum([&](NodeId node) { return is_in(candidate->granted, node); })) lead(t);
}

void RaftNode::on(Turn& t, NodeId from, const TimeoutNow& message) {
  if (notice_term(t, from, message.term) && !leading() && may_stand()) campaign(t, true);
}

// Paper §5.2; the no-op: thesis §6.4, so that it learns what is committed.
void RaftNode::lead(Turn& t) {
  role = Leader{};
  leader = self;
  Leader& mine = *leading();
  mine.first = log().last() + 1;
  mine.confirmed_at = t.now;
  if (!has(Bug::kInitNextAfterProposals)) set_peers();
  t.effects.mark("leader", term(), self.index + 1u);
  t.effects.cancel_timer(kElectionTimer);
  append(t, Nothing{});
  if (has(Bug::kInitNextAfterProposals)) set_peers();
  beat(t);
}

}  // namespace twice::protocols::raft

// Changes of the set of servers: thesis ch. 4, with the repair of single-server changes of 2015.
#include <algorithm>

#include "protocols/raft/answers.h"
#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {
namespace {

void insert(std::vector<NodeId>& nodes, NodeId node) {
  if (is_in(nodes, node)) return;
  nodes.insert(std::upper_bound(nodes.begin(), nodes.end(), node), node);
}

}  // namespace

const Configuration& RaftNode::configuration() const {
  if (!has(Bug::kConfigAtApplyWithoutGuard)) return configurations.back().second;
  auto at = configurations.end() - 1;
  while (at != configurations.begin() && at->first > applied()) --at;
  return at->second;
}

Index RaftNode::configuration_index() const { return configurations.back().first; }

// A configuration counts from the moment it is in the log (thesis §4.1).
void RaftNode::take_configuration(Turn& t, Index index, const Configuration& change) {
  const bool stood = may_stand();
  configurations.emplace_back(index, change);
  t.effects.mark("configuration", index, self.index + 1u);
  if (leading()) return set_peers();
  if (may_stand() != stood) wait_for_leader(t);
}

void RaftNode::forget_configurations_from(Index index) {
  while (configurations.size() > 1 && configurations.back().first >= index) configurations.pop_back();
}

void RaftNode::configuration_committed(Turn& t) {
  // The older ones can no longer come back.
  while (configurations.size() > 1 && configurations[1].first <= commit) configurations.erase(configurations.begin());
  Leader* mine = leading();
  if (!mine) return;
  if (has(Bug::kConfigAtApplyWithoutGuard)) set_peers();
  if (configuration_index() > commit) return;
  if (configuration().is_joint()) {
    Configuration next = configuration();
    next.outgoing.clear();
    propose_configuration(t, std::move(next));
  } else if (!configuration().votes(self) && configuration_index() > 0) {
    follow(t, term(), kNobody);  // a leader that removed itself has done its work (thesis §4.2.2)
  } else {
    promote_learners(t);
  }
}

bool RaftNode::may_change_configuration() const {
  if (!leading()) return false;
  if (has(Bug::kConfigAtApplyWithoutGuard)) return true;
  if (configuration_index() > commit) return false;
  // Ongaro 2015: two leaders may otherwise change the same configuration, each in its own way.
  return commit >= leading()->first || has(Bug::kReconfigBeforeNoop);
}

bool RaftNode::propose_configuration(Turn& t, Configuration next) {
  if (!may_change_configuration()) {
    t.effects.say(std::string(kChangeMustWait));
    return false;
  }
  propose(t, std::move(next));
  return true;
}

// A learner that shall vote has caught up with what is committed: it will not hold commits up.
void RaftNode::promote_learners(Turn& t) {
  Leader* mine = leading();
  if (!mine || configuration().joining.empty() || !may_change_configuration()) return;
  for (const NodeId node : configuration().joining) {
    const Peer* peer = mine->peer(node);
    if (!peer || peer->match < commit) continue;
    Configuration next = configuration();
    std::erase(next.joining, node);
    std::erase(next.learners, node);
    insert(next.voters, node);
    propose(t, std::move(next));
    return;
  }
}

void RaftNode::change_members(Turn& t, const std::vector<NodeId>& voters) {
  Configuration next = configuration();
  const std::vector<NodeId> old = next.voters;
  next.voters.clear();
  for (const NodeId node : voters) insert(next.voters, node);
  if (next.voters == old) return;
  for (const NodeId node : next.voters) std::erase(next.learners, node), std::erase(next.joining, node);
  if (has(Bug::kMultiServerChangeDirect))
    next.outgoing.clear();
  else if (parameters.membership == Membership::kJointConsensus)
    next.outgoing = old;
  else
    return t.effects.say("single-server membership changes one server at a time: \"add\" or \"remove\"");
  propose_configuration(t, std::move(next));
}

void RaftNode::add(Turn& t, NodeId node, bool as_voter) {
  Configuration next = configurations.back().second;
  if (next.votes(node)) return;
  insert(next.learners, node);
  if (as_voter) insert(next.joining, node);
  if (next == configurations.back().second) return;
  propose_configuration(t, std::move(next));
}

void RaftNode::remove(Turn& t, NodeId node) {
  Configuration next = configurations.back().second;
  if (!next.has(node)) return;
  const bool is_voter = is_in(next.voters, node);
  for (auto* nodes : {&next.voters, &next.learners, &next.joining}) std::erase(*nodes, node);
  if (next.voters.empty()) return t.effects.say("the last voter stays");
  if (is_voter && parameters.membership == Membership::kJointConsensus) return change_members(t, next.voters);
  propose_configuration(t, std::move(next));
}

}  // namespace twice::protocols::raft

#include "protocols/raft/raft.h"

#include <algorithm>

#include "protocols/client/server.h"
#include "protocols/raft/internal.h"

namespace twice::protocols::raft {
namespace {

std::vector<NodeId> range(std::size_t from, std::size_t count) {
  std::vector<NodeId> nodes;
  for (std::size_t i = from; i < from + count; ++i) nodes.push_back({static_cast<std::uint16_t>(i)});
  return nodes;
}

}  // namespace

std::string_view name_of(Reads reads) {
  switch (reads) {
    case Reads::kLog:
      return "log";
    case Reads::kReadIndex:
      return "read-index";
    case Reads::kLease:
      return "lease";
    case Reads::kFollower:
      return "follower";
    case Reads::kLocal:
      return "local";
  }
  return {};
}

std::string_view name_of(Membership membership) {
  switch (membership) {
    case Membership::kSingleServer:
      return "single-server";
    case Membership::kJointConsensus:
      return "joint-consensus";
  }
  return {};
}

std::string_view name_of(Sending sending) {
  switch (sending) {
    case Sending::kProbe:
      return "probe";
    case Sending::kReplicate:
      return "replicate";
    case Sending::kSnapshot:
      return "snapshot";
  }
  return {};
}

Peer* Leader::peer(NodeId node) {
  for (Peer& peer : peers)
    if (peer.node == node) return &peer;
  return nullptr;
}

void RaftNode::step(Time now, const Input& input, Effects& effects) {
  Turn t{now, effects};
  if (const auto* received = std::get_if<Received>(&input)) return receive(t, received->from, received->body);
  if (const auto* written = std::get_if<Written>(&input)) {
    if (written->failed && !has(Bug::kPersistErrorIgnored)) {
      effects.say("its disk fails: it stops, for it can promise nothing more");
      return effects.exit();
    }
    persistent.written(written->token, effects);
    return advance_commit(t);
  }
  if (const auto* fired = std::get_if<TimerFired>(&input)) return fired->timer == kHeartbeatTimer ? beat(t) : stand(t);
  if (const auto* start = std::get_if<Start>(&input)) return begin(t, *start);
}

void RaftNode::begin(Turn& t, const Start& start) {
  persistent.recover(start.durable, parameters.bug, t.effects);
  if (start.new_disk && !has(Bug::kWipedMemberSameId)) persistent.begin_on_new_disk(t.effects);
  if (const Block<Snapshot>& snapshot = persistent.snapshot) {
    machine = snapshot->machine;
    commit = snapshot->index;
    configurations = {
        {snapshot->index, has(Bug::kSnapshotLosesConfig) ? configurations.front().second : snapshot->configuration}};
  }
  for (Index i = log().first(); i <= log().last(); ++i)
    if (const auto* change = std::get_if<Configuration>(&log().at(i)->content)) configurations.emplace_back(i, *change);
  // It may have promised, before the crash, not to vote as long as its leader speaks.
  heard = t.now;
  wait_for_leader(t);
}

void RaftNode::receive(Turn& t, NodeId from, const Payload& body) {
  if (hear<AppendEntries>(t, from, body) || hear<AppendReply>(t, from, body)) return;
  if (const auto* request = body.get<Request>()) return on(t, from, *request);
  if (hear<RequestVote>(t, from, body) || hear<Vote>(t, from, body)) return;
  if (hear<PreVote>(t, from, body) || hear<PreVoteReply>(t, from, body)) return;
  if (hear<InstallSnapshot>(t, from, body) || hear<SnapshotReply>(t, from, body)) return;
  if (hear<ReadIndex>(t, from, body) || hear<ReadIndexReply>(t, from, body)) return;
  if (hear<TimeoutNow>(t, from, body)) return;
  if (const auto* command = body.get<world::OutsideCommand>()) return obey(t, command->text);
}

template <class Message>
bool RaftNode::hear(Turn& t, NodeId from, const Payload& body) {
  const auto* message = body.get<Message>();
  if (message) on(t, from, *message);
  return message != nullptr;
}

// Paper §5.1. True when the message is of the current term now.
bool RaftNode::notice_term(Turn& t, NodeId from, Term theirs) {
  (void)from;
  if (theirs > term()) follow(t, theirs, kNobody);
  return theirs == term();
}

void RaftNode::follow(Turn& t, Term new_term, NodeId new_leader) {
  const bool stood_up = !std::holds_alternative<Follower>(role);
  if (new_term != term() || (stood_up && has(Bug::kVoteClearedOnSameTermStepdown))) {
    persistent.term = new_term;
    persistent.vote = kNobody;
    persistent.save_term_and_vote(parameters.bug, t.effects);
  }
  const bool led = leading() != nullptr;
  if (leader != new_leader) follower_reads.clear();
  role = Follower{};
  leader = new_leader;
  if (!led) return;  // a timer that runs goes on: only a leader's word or a vote given starts it anew
  t.effects.mark("steps-down", term(), self.index + 1u);
  t.effects.cancel_timer(kHeartbeatTimer);
  wait_for_leader(t);
}

void RaftNode::wait_for_leader(Turn& t) {
  if (!may_stand()) return t.effects.cancel_timer(kElectionTimer);
  DurationRange wait = parameters.election;
  if (has(Bug::kNoRandomisation)) wait.high = wait.low;
  if (!parameters.priority.empty()) {
    const std::uint32_t top = *std::max_element(parameters.priority.begin(), parameters.priority.end());
    const std::uint32_t mine = self.index < parameters.priority.size() ? parameters.priority[self.index] : 0;
    const Duration longer = parameters.election.low * (top - mine);
    wait = {wait.low + longer, wait.high + longer};
  }
  t.effects.set_timer(kElectionTimer, wait);
}

// The log orders writes; where a read goes depends on how reads are answered.
void RaftNode::on(Turn& t, NodeId, const Request& request) {
  if (!request.command.writes() && parameters.reads != Reads::kLog) return read(t, request);
  Leader* mine = leading();
  if (!mine) return refuse(t.effects, request.id, leader);
  // Who hands over takes nothing more in; the client asks the next one.
  if (mine->transfer) return refuse(t.effects, request.id, mine->transfer->to);
  mine->waiting.push_back({log().last() + 1, request.id});
  propose(t, request);
}

std::vector<world::NodeSetup> make_raft(const std::vector<std::string>& names, const Parameters& parameters) {
  const std::size_t voters = parameters.voters == 0 ? names.size() - parameters.learners : parameters.voters;
  Configuration first;
  first.voters = range(0, voters);
  first.learners = range(voters, parameters.learners);
  std::vector<world::NodeSetup> nodes;
  const Block<std::vector<std::string>> shared(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    RaftNode node;
    node.parameters = parameters;
    node.self = {static_cast<std::uint16_t>(i)};
    node.names = shared;
    node.configurations = {{0, first}};
    nodes.push_back({.name = names[i], .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols::raft

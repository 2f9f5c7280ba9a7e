#include "protocols/paxos/single_decree.h"

#include <algorithm>

#include "protocols/client/server.h"

namespace twice::protocols::paxos {
namespace {

enum : std::uint8_t { kTryAgain };
constexpr std::uint64_t kAcceptorRecord = 1;

}  // namespace

void SingleDecreeNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start);
  if (std::holds_alternative<TimerFired>(input)) {
    if (!learned && !waiting.empty()) propose(effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* m = body.get<Request>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Prepare>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Promise>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Accept>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<AcceptedReply>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Nack>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Chosen>()) return on(received->from, *m, effects);
}

void SingleDecreeNode::begin(const Start& start) {
  for (const Record& record : start.durable)
    if (const auto* saved = record.value.get<AcceptorRecord>()) acceptor = *saved;
  newest_round = acceptor.promised.round;
}

WriteToken SingleDecreeNode::save(Effects& effects) {
  AcceptorRecord record = acceptor;
  if (parameters.bug == Bug::kPromiseForgotten) record.promised = record.accepted ? record.accepted->ballot : Ballot{};
  return effects.write(kAcceptorRecord, Payload(record));
}

// A proposer speaks to its own acceptor as to any other.
template <class Message>
void SingleDecreeNode::send_all(const Message& message, Effects& effects, WriteToken after) {
  for (std::uint16_t i = 0; i < servers; ++i) effects.send({i}, Payload(message), after);
}

void SingleDecreeNode::on(NodeId, const Request& request, Effects& effects) {
  if (learned) return answer_one(request, effects);
  const auto same = std::find_if(waiting.begin(), waiting.end(), [&](const Request& r) { return r.id == request.id; });
  if (same != waiting.end()) return;
  waiting.push_back(request);
  if (!proposal) propose(effects);
}

// Phase 1a, with a ballot newer than all it has heard of. Its own acceptor promises first and on disk: else it could
// use the same ballot for another value after a crash.
void SingleDecreeNode::propose(Effects& effects) {
  proposal = Proposal{};
  proposal->ballot = {++newest_round, self};
  effects.mark("proposes", newest_round, self.index + 1u);
  acceptor.promised = proposal->ballot;
  const WriteToken token = save(effects);
  send_all(Prepare{proposal->ballot}, effects, token);
  effects.set_timer(kTryAgain, parameters.timeout);
}

// Phase 1b. Equal: the message came twice.
void SingleDecreeNode::on(NodeId from, const Prepare& message, Effects& effects) {
  newest_round = std::max(newest_round, message.ballot.round);
  if (message.ballot < acceptor.promised) return effects.send(from, Payload(Nack{message.ballot, acceptor.promised}));
  acceptor.promised = message.ballot;
  if (proposal && proposal->ballot < message.ballot) overtaken(effects);
  const WriteToken token = save(effects);
  effects.send(from, Payload(Promise{message.ballot, acceptor.accepted}), token);
}

void SingleDecreeNode::on(NodeId from, const Promise& message, Effects& effects) {
  if (!proposal || message.ballot != proposal->ballot || proposal->value) return;
  if (!add_voice(proposal->promised, from)) return;
  if (message.accepted && (!proposal->newest || proposal->newest->ballot < message.accepted->ballot))
    proposal->newest = message.accepted;
  if (is_majority(proposal->promised)) promised(effects);
}

// Phase 2a: what may have been chosen already must be proposed again.
void SingleDecreeNode::promised(Effects& effects) {
  const auto wish =
      std::find_if(waiting.begin(), waiting.end(), [](const Request& request) { return request.command.writes(); });
  const bool insists = parameters.bug == Bug::kOwnValue && wish != waiting.end();
  if (proposal->newest && !insists) {
    proposal->value = proposal->newest->value;
  } else if (wish != waiting.end()) {
    proposal->value = wish->command.value;
  } else {
    // A majority has accepted nothing, and nothing older than this ballot can be chosen any more.
    for (const Request& request : waiting) answer(effects, request.id, {Status::kOk, {}});
    waiting.clear();
    proposal.reset();
    return effects.cancel_timer(kTryAgain);
  }
  send_all(Accept{proposal->ballot, *proposal->value}, effects);
}

// Phase 2b.
void SingleDecreeNode::on(NodeId from, const Accept& message, Effects& effects) {
  newest_round = std::max(newest_round, message.ballot.round);
  if (message.ballot < acceptor.promised && parameters.bug != Bug::kAcceptsOldBallot)
    return effects.send(from, Payload(Nack{message.ballot, acceptor.promised}));
  acceptor.promised = std::max(acceptor.promised, message.ballot);
  acceptor.accepted = Accepted{message.ballot, message.value};
  const WriteToken token = save(effects);
  effects.send(from, Payload(AcceptedReply{message.ballot}), token);
}

void SingleDecreeNode::on(NodeId from, const AcceptedReply& message, Effects& effects) {
  if (!proposal || message.ballot != proposal->ballot || !proposal->value) return;
  if (!add_voice(proposal->accepted, from) || !is_majority(proposal->accepted)) return;
  effects.mark("chosen", proposal->ballot.round, self.index + 1u);
  const std::int64_t value = *proposal->value;
  send_all(Chosen{value}, effects);
  learn(value, effects);
}

void SingleDecreeNode::on(NodeId, const Nack& message, Effects& effects) {
  newest_round = std::max(newest_round, message.promised.round);
  if (proposal && message.ballot == proposal->ballot) overtaken(effects);
}

// Whoever tries again at once overtakes the other in turn: two proposers may duel for ever.
void SingleDecreeNode::overtaken(Effects& effects) {
  effects.mark("overtaken", proposal->ballot.round, self.index + 1u);
  proposal.reset();
  effects.set_timer(kTryAgain, parameters.backoff);
}

void SingleDecreeNode::on(NodeId, const Chosen& message, Effects& effects) { learn(message.value, effects); }

void SingleDecreeNode::learn(std::int64_t value, Effects& effects) {
  if (!learned) learned = value;
  proposal.reset();
  effects.cancel_timer(kTryAgain);
  answer_all(effects);
}

void SingleDecreeNode::answer_all(Effects& effects) {
  for (const Request& request : waiting) answer_one(request, effects);
  waiting.clear();
}

// The register is written once: who comes too late is refused.
void SingleDecreeNode::answer_one(const Request& request, Effects& effects) {
  if (!request.command.writes()) return answer(effects, request.id, {Status::kOk, {*learned}});
  const bool won = request.command.verb == Verb::kWrite && request.command.value == *learned;
  answer(effects, request.id, {won ? Status::kOk : Status::kRefused, {}});
}

std::vector<world::NodeSetup> make_single_decree(const std::vector<std::string>& names,
                                                 const SingleDecreeParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    SingleDecreeNode node;
    node.parameters = parameters;
    node.self = {static_cast<std::uint16_t>(i)};
    node.servers = static_cast<std::uint16_t>(names.size());
    nodes.push_back({.name = names[i], .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols::paxos

#include "protocols/two_phase_commit/two_phase_commit.h"

#include <fmt/format.h>

namespace twice::protocols {
namespace {

enum CoordinatorTimer : std::uint8_t { kDecide, kGiveUp };
enum ParticipantTimer : std::uint8_t { kPrepare, kRefuse, kAsk };
constexpr std::uint64_t kRecordKey = 1;

DurationRange up_to(Duration longest) { return {Duration{}, longest}; }

// The token that an effect has to wait for; 0: it does not wait.
template <class R>
WriteToken write_as(Persist persist, R record, Effects& effects) {
  if (persist == Persist::kNever) return 0;
  const WriteToken token = effects.write(kRecordKey, Payload(std::move(record)));
  return persist == Persist::kBeforeAnswer ? token : 0;
}

template <class R>
const R* record_of(const Start& start) {
  for (const Record& record : start.durable)
    if (const R* found = record.value.get<R>()) return found;
  return nullptr;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOpen:
      return "open";
    case Outcome::kCommitted:
      return "committed";
    case Outcome::kAborted:
      return "aborted";
  }
  return {};
}

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kWorking:
      return "working";
    case Phase::kPrepared:
      return "prepared";
    case Phase::kCommitted:
      return "committed";
    case Phase::kAborted:
      return "aborted";
  }
  return {};
}

// --- the coordinator

void CoordinatorNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input))
    return decide(fired->timer == kDecide ? Outcome::kCommitted : Outcome::kAborted, effects);
  const auto* received = std::get_if<Received>(&input);
  if (received && received->body.holds<Prepared>()) hear(received->from, effects);
}

void CoordinatorNode::begin(const Start& start, Effects& effects) {
  const auto* record = record_of<CoordinatorRecord>(start);
  if (!record) {
    write_as(parameters.persist, CoordinatorRecord{}, effects);
    return effects.set_timer(kGiveUp, parameters.give_up);
  }
  // It has lost the votes. What it had not decided it may abort: nobody can have been told anything else.
  outcome = record->outcome;
  if (outcome == Outcome::kOpen) return decide(Outcome::kAborted, effects);
  for (std::uint16_t i = 0; i < participants; ++i) tell({i}, 0, effects);
}

void CoordinatorNode::hear(NodeId from, Effects& effects) {
  if (outcome != Outcome::kOpen) {
    if (parameters.resend.ns > 0) tell(from, 0, effects);
    return;
  }
  const bool is_new = prepared.insert({from, true}).second;
  effects.mark("votes", prepared.size());
  if (is_new && prepared.size() == needed()) effects.set_timer(kDecide, up_to(parameters.decide));
}

void CoordinatorNode::decide(Outcome to, Effects& effects) {
  outcome = to;
  effects.mark("decided", to == Outcome::kCommitted);
  effects.cancel_timer(kDecide);
  effects.cancel_timer(kGiveUp);
  const WriteToken token = write_as(parameters.persist, CoordinatorRecord{to}, effects);
  for (std::uint16_t i = 0; i < participants; ++i) tell({i}, token, effects);
}

void CoordinatorNode::tell(NodeId to, WriteToken after, Effects& effects) const {
  effects.send(to, outcome == Outcome::kCommitted ? Payload(Commit{}) : Payload(Abort{}), after);
}

// --- a participant

void ParticipantNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    if (fired->timer == kAsk) return vote(0, effects);
    const Phase to = fired->timer == kPrepare ? Phase::kPrepared : Phase::kAborted;
    const WriteToken token = enter(to, effects);
    if (to == Phase::kPrepared) vote(token, effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (received->body.holds<Commit>()) obey(Phase::kCommitted, effects);
  if (received->body.holds<Abort>()) obey(Phase::kAborted, effects);
}

void ParticipantNode::begin(const Start& start, Effects& effects) {
  if (const auto* record = record_of<ParticipantRecord>(start)) phase = record->phase;
  if (phase == Phase::kPrepared) return vote(0, effects);  // in doubt: only the coordinator knows
  if (phase != Phase::kWorking) return;
  effects.set_timer(kPrepare, up_to(parameters.prepare));
  effects.set_timer(kRefuse, parameters.refuse);
}

void ParticipantNode::vote(WriteToken after, Effects& effects) const {
  effects.send(coordinator, Payload(Prepared{}), after);
  if (parameters.resend.ns > 0) effects.set_timer(kAsk, parameters.resend);
}

// What has committed stays committed, what has aborted stays aborted: only a coordinator that forgot its decision, or
// never had the votes for it, can say the contrary.
void ParticipantNode::obey(Phase told, Effects& effects) {
  const Phase contrary = told == Phase::kCommitted ? Phase::kAborted : Phase::kCommitted;
  if (phase != contrary) {
    enter(told, effects);
    return;
  }
  effects.say(fmt::format("has {} and is told the contrary: it stays so", name_of(phase)));
  effects.mark("contradicted", self.index + 1u);
}

WriteToken ParticipantNode::enter(Phase to, Effects& effects) {
  effects.mark(name_of(to), self.index + 1u);
  effects.cancel_timer(kPrepare);
  effects.cancel_timer(kRefuse);
  effects.cancel_timer(kAsk);
  if (phase == to) return 0;  // told again: the record is there
  phase = to;
  return write_as(parameters.persist, ParticipantRecord{to}, effects);
}

std::vector<world::NodeSetup> make_two_phase_commit(const std::vector<std::string>& names,
                                                    const TwoPhaseCommitParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  const auto count = static_cast<std::uint16_t>(names.size());
  for (std::uint16_t i = 0; i < count; ++i) {
    ParticipantNode node;
    node.parameters = parameters;
    node.self = {i};
    node.coordinator = {count};
    nodes.push_back({.name = names[i], .node = make_node(node)});
  }
  CoordinatorNode node;
  node.parameters = parameters;
  node.participants = count;
  nodes.push_back({.name = "coordinator", .node = make_node(std::move(node))});
  return nodes;
}

}  // namespace twice::protocols

#include "lab/run_log.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "pipeline/dashboard.h"
#include "pipeline/messages.h"
#include "pipeline/orchestrator.h"
#include "protocols/raft/answers.h"
#include "protocols/two_phase_commit/two_phase_commit.h"

namespace twice::lab {
namespace {

constexpr std::uint64_t kFirstDashboardSession = 1u << 24;

// Row by row would drown everything else.
bool worth_telling(std::uint64_t row) { return row > 0 && row % 100 == 0; }

// Marks count nodes from 1.
std::string name_from_1(const world::World& world, std::uint64_t number) {
  return number >= 1 && number <= world.size() ? world.name({static_cast<std::uint16_t>(number - 1)})
                                               : std::string("?");
}

std::string words(const pipeline::SqlRow& row) {
  std::vector<std::string> cells;
  for (const pipeline::SqlValue& value : row) cells.push_back(to_text(value));
  return fmt::format("{}", fmt::join(cells, ", "));
}

}  // namespace

void RunLog::say(const world::World& world, std::string text) {
  if (narrate_) narration.push_back({world.now(), world.events(), std::move(text)});
}

std::optional<pipeline::SqlRow> RunLog::ask(const world::World& world) const {
  if (!pipeline_ || !pipeline_->spec().dashboard) return std::nullopt;
  const pipeline::SqlReply reply =
      warehouse_of(world).engine().query(pipeline_->spec().dashboard->sql.text, pipeline_->job);
  if (reply.status != pipeline::SqlStatus::kOk || reply.result.rows.empty()) return std::nullopt;
  return reply.result.rows.front();
}

void RunLog::event(const world::World& world, const Event& event, const std::vector<Effect>& effects) {
  last_event_ = world.now();
  if (network_) note_rules(world, event, effects);
  note_order(world, event, effects);
  if (!pipeline_) {
    if (const Node& node = world.node(event.node); node.kind() == protocols::ClientNode::kName)
      clients_.listen(world, *state_of<protocols::ClientNode>(node));
    raft_.event(world, event);
    agreement_.event(world, event);
    if (std::string wrong = effects_.event(world, event, effects); !wrong.empty()) say(world, std::move(wrong));
  }
  if (event.kind == EventKind::kStart && !pipeline_) {
    // A restarted node remembers no suspicion.
    const std::uint16_t who = event.node.index;
    std::erase_if(suspects_, [&](const auto& pair) { return pair.first == who; });
    if (event.cause != 0) say(world, fmt::format("{} starts again", world.name(event.node)));
  }
  if (!narrate_ || event.kind != EventKind::kDeliver) return;
  if (const auto* done = event.body.get<pipeline::AttemptDone>(); done && !done->ok)
    say(world, fmt::format("attempt {} reports failure: {}", done->launch, done->error));
}

void RunLog::record(const world::World& world, const TraceRecord& record, std::string_view label) {
  switch (record.kind) {
    case RecordKind::kStep:
      last_event_ = world.now();
      fired_.emplace_back(static_cast<std::size_t>(record.value), world.now());
      if (!saw_fault_) before_fault = ask(world);
      saw_fault_ = true;
      settled_ = false;
      return say(world, fmt::format("timeline: {}", label));
    case RecordKind::kCrash:
      crashes_.push_back({record.node, world.now(), {}, {}});
      if (pipeline_ && world.name(record.node) == "warehouse") check_acknowledged(world);
      return say(world, fmt::format("{} dies", world.name(record.node)));
    case RecordKind::kLost:
    case RecordKind::kCut:
      times_["messages.lost"].push_back(world.now());
      if (pipeline_)
        say(world,
            fmt::format("{} from {} to {} never arrives", label, world.name(record.node), world.name(record.peer)));
      return;
    case RecordKind::kMark:
      return mark(world, record, label);
    case RecordKind::kDuplicated:
    case RecordKind::kReordered:
    case RecordKind::kClogged:
    case RecordKind::kIgnored:
    case RecordKind::kStart:
    case RecordKind::kDeliver:
    case RecordKind::kTimer:
    case RecordKind::kWritten:
    case RecordKind::kDone:
    case RecordKind::kDown:
      return;
  }
}

// Only what a step waits for is kept: a client's marks are many.
void RunLog::note_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  constexpr std::size_t kMost = 8;
  for (; steps_seen_ < world.steps().size(); ++steps_seen_)
    if (const auto* when = std::get_if<world::AtMark>(&world.steps()[steps_seen_].when)) awaited_[when->mark];
  if (awaited_.empty()) return;
  const auto awaited = awaited_.find(label);
  if (awaited == awaited_.end() || awaited->second.size() >= kMost) return;
  if (std::find(awaited->second.begin(), awaited->second.end(), record.value) == awaited->second.end())
    awaited->second.push_back(record.value);
}

const std::vector<std::uint64_t>& RunLog::numbers_of(const std::string& mark) const {
  static const std::vector<std::uint64_t> kNone;
  const auto at = awaited_.find(mark);
  return at == awaited_.end() ? kNone : at->second;
}

// A node that answers an order with nothing but words has not followed it.
void RunLog::note_order(const world::World& world, const Event& event, const std::vector<Effect>& effects) {
  const auto* order = event.kind == EventKind::kDeliver ? event.body.get<world::OutsideCommand>() : nullptr;
  if (!order || pipeline_) return;
  std::string said;
  for (const Effect& effect : effects) {
    if (const auto* say = std::get_if<Say>(&effect)) {
      said = say->text;
      continue;
    }
    if (std::holds_alternative<Mark>(effect)) continue;  // it tells of the order, not of what came of it
    const auto* send = std::get_if<Send>(&effect);
    if (send && send->body.holds<world::OutsideCommand>()) continue;  // handed on: the next one decides
    followed_.insert(order->text);
    return;
  }
  // A second change that has to wait is Raft's rule at work, and the order tries that rule out.
  if (said == protocols::raft::kChangeMustWait)
    followed_.insert(order->text);
  else if (!said.empty())
    refused_.emplace(order->text, fmt::format("{}: {}", world.name(event.node), said));
}

const std::string& RunLog::refused(const std::string& words) const {
  static const std::string kNone;
  const auto at = refused_.find(words);
  return at == refused_.end() || followed_.contains(words) ? kNone : at->second;
}

void RunLog::note_rules(const world::World& world, const Event& event, const std::vector<Effect>& effects) {
  if (!std::exchange(rules_known_, true) && network_) {
    touched_.resize(network_->link.size());
    for (std::size_t i = 0; i < network_->link.size(); ++i)
      if (network_->link[i].message) by_name_.push_back(i);
  }
  if (by_name_.empty()) return;
  const auto is = [&](const scenario::Spanned<std::string>& name, NodeId node) {
    return name.value == scenario::LinkSpec::kEveryNode || world.name(node) == name.value ||
           world.group(node) == name.value;
  };
  for (const Effect& effect : effects) {
    const auto* send = std::get_if<Send>(&effect);
    if (!send) continue;
    for (const std::size_t i : by_name_) {
      const scenario::LinkSpec& rule = network_->link[i];
      if (send->body.name() == rule.message->value && is(rule.from, event.node) && is(rule.to, send->to)) ++touched_[i];
    }
  }
}

void RunLog::mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  note_mark(world, record, label);
  pipeline_ ? load_mark(world, record, label) : cluster_mark(world, record, label);
}

void RunLog::load_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  if (label == "attempt") {
    times_["attempts"].push_back(world.now());
    if (saw_fault_ && !after_fault) after_fault = ask(world);
    say(world, fmt::format("attempt {} starts", record.value));
  } else if (label == "run-ok" || label == "run-failed") {
    times_[label == "run-ok" ? "runs.ok" : "runs.failed"].push_back(world.now());
    last_report_ = world.now();
    say(world, label == "run-ok" ? "the orchestrator is told: ok" : "the orchestrator gives up");
  } else if (label == "retry") {
    const auto* orchestrator = state_of<pipeline::OrchestratorNode>(world.node(record.node));
    say(world, fmt::format("the attempt failed ({}); the orchestrator will try again", orchestrator->last_error));
  } else if (label == "reply" && record.scope < kFirstDashboardSession) {
    times_["statements"].push_back(world.now());
  } else if (label == "commit") {
    times_["commits"].push_back(world.now());
    commit_of_[{record.scope, record.value}] = warehouse_of(world).commits().size() - 1;
    committed(world);
  } else if (label == "ack") {
    const auto commit = commit_of_.find({record.scope, record.value});
    if (commit != commit_of_.end()) acknowledged_ = commit->second;
  } else if (label == "row" && worth_telling(record.value)) {
    say(world, fmt::format("row {} of attempt {} is done", record.value, record.scope));
  } else if (label == "reading") {
    const auto* dashboard = state_of<pipeline::DashboardNode>(world.node(record.node));
    say(world, dashboard->last.ok ? "the dashboard reads " + words(dashboard->last.values)
                                  : "the dashboard gets no answer: " + dashboard->last.error);
    settled_ = dashboard->last.ok && over(world);
  } else if (label == "source.bytes" || label == "source.bytes.read") {
    sums_[std::string(label)] = record.value;
  } else if (label == "session-timeout") {
    say(world, fmt::format("the warehouse rolls back session {}: nothing was heard from its client", record.value));
  }
}

// Defined expectations of `always` are asked whenever readers can see something new.
void RunLog::committed(const world::World& world) {
  const scenario::ExpectSpec& expect = pipeline_->spec().expect;
  for (const auto& name : expect.always) {
    const auto define = expect.define.find(name.value);
    if (define == expect.define.end() || !define->second.is || violations_.count(name.value)) continue;
    const pipeline::SqlReply reply = warehouse_of(world).engine().query(define->second.sql.text, pipeline_->job);
    if (reply.status != pipeline::SqlStatus::kOk) continue;  // a table may be missing between two renames
    const pipeline::SqlValue cell =
        reply.result.rows.empty() ? pipeline::SqlValue{pipeline::Null{}} : reply.result.rows.front().front();
    if (!scenario::holds(*define->second.is, cell))
      violations_[name.value] = {world.now(), fmt::format("{} at {}", to_text(cell), in_seconds(world.now()))};
  }
}

// Oracle 2: after the warehouse died, what readers see must be the last acknowledged commit or a later one.
void RunLog::check_acknowledged(const world::World& world) {
  if (!acknowledged_) return;
  const auto& commits = warehouse_of(world).commits();
  const std::vector<pipeline::Visible> now = warehouse_of(world).engine().visible();
  bool found = false;
  for (std::size_t i = *acknowledged_; i < commits.size(); ++i) found = found || commits[i].visible == now;
  acknowledged_lost_ = acknowledged_lost_ || !found;
}

void RunLog::client_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  if (label == "invoke") return;
  times_[label == "ok" ? "ops.ok" : label == "fail" ? "ops.failed" : "ops.unknown"].push_back(world.now());
  if (!narrate_ || label == "ok") return;
  const auto* client = state_of<protocols::ClientNode>(world.node(record.node));
  for (const protocols::Asked& operation : client->news)
    if (operation.number == record.value && operation.phase != protocols::Asked::Phase::kInvoked)
      say(world, fmt::format("{}: {} {}", world.name(record.node), to_text(operation.command),
                             label == "unknown"  ? "gets no answer"
                             : operation.refused ? "is refused"
                                                 : "cannot be done"));
}

void RunLog::commit_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  const std::string& name = world.name(record.node);
  if (label == "votes") return say(world, fmt::format("{} has {} votes", name, record.value));
  if (label == "decided")
    return say(world, fmt::format("{} decides: {}", name, record.value == 1 ? "commit" : "abort"));
  if (label == "contradicted") return say(world, fmt::format("{} is told the contrary, and stays as it is", name));
  say(world, fmt::format("{}{} {}", name, label == "prepared" ? " is" : " has", label));
  if (label == "prepared" || two_outcomes_) return;
  std::optional<NodeId>& first = label == "committed" ? first_committed_ : first_aborted_;
  if (!first) first = record.node;
  if (!first_committed_ || !first_aborted_) return;
  const NodeId other = label == "committed" ? *first_aborted_ : *first_committed_;
  two_outcomes_ = TwoOutcomes{world.now(), world.events(),
                              fmt::format("{} has {}, and {} had {}", name, label, world.name(other),
                                          label == "committed" ? "aborted" : "committed")};
}

void RunLog::cluster_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  if (world.node(record.node).kind() == protocols::ClientNode::kName) return client_mark(world, record, label);
  if (const std::optional<EffectMark> told = effect_mark(world, record, label)) {
    if (!told->counted_as.empty()) times_[told->counted_as].push_back(world.now());
    if (!told->words.empty()) say(world, told->words);
    return;
  }
  const std::string_view kind = world.node(record.node).kind();
  if (kind == protocols::ParticipantNode::kName || kind == protocols::CoordinatorNode::kName)
    return commit_mark(world, record, label);
  if (label == "primary") {
    times_["reigns"].push_back(world.now());
    return say(world, fmt::format("{} is the primary of view {}", world.name(record.node), record.value));
  }
  if (label == "resharded") {
    sums_["rows.moved"] += record.value;
    return say(world, fmt::format("{} rows have moved", record.value));
  }
  if (label == "scanned") {
    sums_["bytes.scanned"] += record.value;
    return say(world, fmt::format("{} bytes were read on {} shards", record.value, record.scope));
  }
  if (label == "operator")
    return say(world,
               fmt::format("an operator speaks to {}, which holds {} keys", world.name(record.node), record.value));
  if (label == "hint")
    return say(world,
               fmt::format("{} keeps a write for {}", world.name(record.node), name_from_1(world, record.value)));
  if (label == "handed")
    return say(world, fmt::format("{} hands it over to {}", world.name(record.node), name_from_1(world, record.value)));
  if (label != "suspect" && label != "trust") return consensus_mark(world, record, label);
  const auto who = static_cast<std::uint16_t>(record.scope - 1);
  const auto whom = static_cast<std::uint16_t>(record.value - 1);
  if (label == "trust") {
    suspects_.erase({who, whom});
    return say(world, fmt::format("{} trusts {} again", world.name({who}), world.name({whom})));
  }
  suspects_.insert({who, whom});
  times_["suspicions"].push_back(world.now());
  const bool wrong = world.is_up({whom}) && !world.is_paused({whom}) && !world.network().is_cut({whom}, {who});
  if (wrong) times_["suspicions.false"].push_back(world.now());
  say(world, fmt::format("{} suspects {}{}", world.name({who}), world.name({whom}), wrong ? ", wrongly" : ""));
  for (auto crash = crashes_.rbegin(); crash != crashes_.rend(); ++crash) {
    if (crash->node.index != whom) continue;
    if (!wrong && crash->detected_by.insert(who).second) crash->last = world.now();
    break;
  }
}

void RunLog::consensus_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  const std::string& name = world.name(record.node);
  if (label == "candidate") {
    times_["elections"].push_back(world.now());
    ++stood_[record.value];
    return say(world, fmt::format("{} stands for election in term {}", name, record.value));
  }
  if (label == "leader") {
    times_["reigns"].push_back(world.now());
    won_.insert(record.value);
    return say(world, fmt::format("{} leads term {}", name, record.value));
  }
  if (label == "proposes") {
    times_["elections"].push_back(world.now());
    return say(world, fmt::format("{} proposes in round {}", name, record.value));
  }
  if (label == "overtaken") return say(world, fmt::format("{} is overtaken in round {}", name, record.value));
  if (label == "chosen")
    return say(world, fmt::format("{} knows of a majority: round {} has chosen", name, record.value));
  if (label == "snapshot") {
    times_["snapshots"].push_back(world.now());
    return say(world, fmt::format("{} has a snapshot of the first {} entries", name, record.value));
  }
  if (label == "steps-down") {
    times_["step-downs"].push_back(world.now());
    return say(world, fmt::format("{} leads no longer; its term is {}", name, record.value));
  }
  const auto* node = state_of<protocols::raft::RaftNode>(world.node(record.node));
  if (!node || label != "configuration") return;  // a chain's master has configurations too
  times_["configurations"].push_back(world.now());
  say(world, fmt::format("{} takes over the members of entry {}: {}", name, record.value,
                         protocols::raft::to_text(node->configuration())));
}

const std::vector<Time>& RunLog::times(const std::string& metric) const {
  static const std::vector<Time> kNone;
  const auto at = times_.find(metric);
  return at == times_.end() ? kNone : at->second;
}

std::uint64_t RunLog::sum(const std::string& metric) const {
  const auto at = sums_.find(metric);
  return at == sums_.end() ? 0 : at->second;
}

std::uint64_t RunLog::split_votes() const {
  std::uint64_t count = 0;
  for (const auto& [term, candidates] : stood_) count += candidates > 1 && won_.count(term) == 0;
  return count;
}

std::optional<Duration> RunLog::longest_detection() const {
  std::optional<Duration> longest;
  for (const Crashed& crash : crashes_)
    if (!crash.detected_by.empty()) longest = std::max(longest.value_or(Duration{}), crash.last - crash.at);
  return longest;
}

bool RunLog::crashed_are_suspected(const world::World& world) const {
  for (std::uint16_t down = 0; down < world.size(); ++down)
    for (std::uint16_t up = 0; up < world.size(); ++up)
      if (!world.is_up({down}) && world.is_up({up}) && !suspects_.count({up, down})) return false;
  return true;
}

bool RunLog::over(const world::World& world) const {
  const auto* orchestrator = state_of<pipeline::OrchestratorNode>(world.node(node_named(world, "orchestrator")));
  if (!orchestrator->idle() || orchestrator->run == 0) return false;
  for (const NodeId loader : world.members("loader"))
    if (world.is_up(loader)) return false;
  const auto step = world.next_step_time();
  return !step || *step > Time{pipeline_->spec().until.ns};
}

std::optional<Time> RunLog::fired_at(std::size_t step) const {
  for (const auto& [index, at] : fired_)
    if (index == step) return at;
  return std::nullopt;
}

}  // namespace twice::lab

#include "lab/vacuous.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/at_stake.h"
#include "core/overload.h"
#include "lab/commit_outcomes.h"
#include "lab/report_format.h"
#include "scenario/checks.h"
#include "scenario/registry.h"
#include "scenario/vocabulary.h"

namespace twice::lab {
namespace {

using check::RaftInvariant;
using Reason = std::optional<std::string>;

Reason unless(bool tested, const char* reason) { return tested ? Reason() : Reason(reason); }

bool some_operation(const Evidence& e, const auto& is) {
  const auto& all = e.log.clients().operations();
  return std::any_of(all.begin(), all.end(), is);
}

bool told_ok(const Answered& o) { return o.phase == protocols::Asked::Phase::kOk; }

std::size_t running_servers(const Evidence& e) {
  std::size_t running = 0;
  for (const std::string& name : scenario::server_names(e.variant.spec))
    if (const auto node = e.world.find(name)) running += e.world.is_up(*node);
  return running;
}

bool any_down(const world::World& world) {
  for (std::uint16_t i = 0; i < world.size(); ++i)
    if (!world.is_up({i})) return true;
  return false;
}

Reason of_load(const std::string& name, const Evidence& e) {
  if (name == "no-duplicates") return unless(e.outcome->difference.found_rows > 0, "the slice is empty");
  if (name == "nothing-lost" || name == "exactly-once")
    return unless(e.outcome->difference.wanted_rows > 0, "a run without faults loads no row into the slice");
  if (name == "old-or-new" && e.outcome->idle) return std::string(kNothingLoaded);
  if (name == "acked-never-lost") return unless(e.log.any_acknowledged(), "no loader was told of a commit");
  return {};
}

Reason of_model(const std::string& name, const Evidence& e) {
  for (const check::Model model : check::kModels)
    if (scenario::check_name_of(model) == name) return check::nothing_at_stake(model, e.log.clients().history());
  return {};
}

Reason of_clients(const std::string& name, const Evidence& e) {
  const auto changed = [](const Answered& o) { return told_ok(o) && o.command.writes(); };
  if (name == "acked-never-lost" || name == "totals")
    return unless(some_operation(e, changed), "no write was acknowledged");
  if (name == "removed-stay-removed")
    return unless(
        some_operation(e, [](const Answered& o) { return told_ok(o) && o.command.verb == protocols::Verb::kRemove; }),
        "no removal was acknowledged");
  if (name == "no-overdraft") return unless(some_operation(e, told_ok), "no operation succeeded");
  if (name != "converged") return {};
  const auto tried = [](const Answered& o) {
    return o.command.writes() && o.phase != protocols::Asked::Phase::kFailed;
  };
  if (!some_operation(e, tried)) return "nobody wrote anything that replicas could differ in";
  return unless(running_servers(e) > 1, "only one server runs: there is nothing to compare it with");
}

Reason of_nodes(const std::string& name, const Evidence& e) {
  if (name == "crash-suspected") return unless(any_down(e.world), "no node is down at the end");
  if (name == "no-false-suspicion") return unless(e.world.size() > 1, "there is only one node");
  if (name == "agreement") return unless(e.log.agreement().chosen() > 0, "no server has learned a value");
  if (name == "atomic") {
    const CommitOutcomes now = commit_outcomes(e.world);
    return unless(now.committed + now.aborted > 0, "no participant has committed or aborted");
  }
  return {};
}

/// What a Raft cluster must have come to before an invariant says anything.
enum class RaftReached : std::uint8_t { kElection, kLeader, kCommit, kChange };
RaftReached reached_for(RaftInvariant invariant) {
  switch (invariant) {
    case RaftInvariant::kOneVote:
    case RaftInvariant::kLogBounds:
    case RaftInvariant::kMonotonic:
    case RaftInvariant::kMessageTerm:
    case RaftInvariant::kLogTerms:
    case RaftInvariant::kPersistBeforeAnswer:
    case RaftInvariant::kLegalRoles:
      return RaftReached::kElection;
    case RaftInvariant::kElectionSafety:
    case RaftInvariant::kLeaderAppendOnly:
    case RaftInvariant::kLogMatching:
    case RaftInvariant::kMatchMonotonic:
    case RaftInvariant::kQuorumsOverlap:
    case RaftInvariant::kOneLease:
      return RaftReached::kLeader;
    case RaftInvariant::kCommitStable:
    case RaftInvariant::kCommitDurable:
    case RaftInvariant::kLeaderCompleteness:
    case RaftInvariant::kStateMachineSafety:
    case RaftInvariant::kCommitOwnTerm:
      return RaftReached::kCommit;
    case RaftInvariant::kOneChange:
      return RaftReached::kChange;
  }
  return RaftReached::kElection;
}

Reason of_raft(const std::string& name, const Evidence& e) {
  const auto reached = [&]() -> std::optional<RaftReached> {
    if (name == "raft") return RaftReached::kElection;
    for (const RaftInvariant invariant : check::kAllRaftInvariants)
      if (name == name_of(invariant)) return reached_for(invariant);
    return std::nullopt;
  }();
  if (!reached) return {};
  switch (*reached) {
    case RaftReached::kElection:
      return unless(!e.log.times("elections").empty(), "no server stood for election");
    case RaftReached::kLeader:
      return unless(e.log.raft().leaders() > 0, "no server became leader");
    case RaftReached::kCommit:
      return unless(e.log.raft().committed() > 0, "nothing was committed");
    case RaftReached::kChange:
      return unless(!e.log.times("configurations").empty(), "the members did not change");
  }
  return {};
}

Reason of_effects(const std::string& name, const Evidence& e) {
  const auto none = [&](const char* figure) { return e.log.effects().metric(figure, e.world).value_or(1) == 0; };
  if (name == "no-stale-parts") return unless(!none("files.listed"), "a reader finds no file");
  static constexpr std::string_view kOfRecords[] = {"exactly-once-effect", "nothing-lost", "nothing-doubled",
                                                    "nothing-invented",    "state-exact",  "table-consistent"};
  if (std::find(std::begin(kOfRecords), std::end(kOfRecords), name) == std::end(kOfRecords)) return {};
  return unless(!none("records"), "no record was taken on, and no load reported");
}

/// "messages.lost" is a part of "messages.sent"; empty: the metric stands for itself.
std::string_view whole_of(std::string_view metric) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"messages.lost", "messages.sent"}, {"deliveries.repeated", "deliveries"}, {"effects.doubled", "effects"},
      {"effects.invented", "effects"},    {"effects.lost", "records"},           {"files.stale", "files.listed"},
      {"rows.duplicated", "rows"}};
  for (const auto& [part, whole] : kParts)
    if (part == metric) return whole;
  return {};
}

bool asks_about_operations(std::string_view metric) { return metric.starts_with("ops."); }

std::uint64_t messages_on(const scenario::LinkSpec& rule, const world::World& world) {
  const auto ends = [&](const std::string& name) {
    std::vector<NodeId> nodes = world.members(name);
    if (name == scenario::LinkSpec::kEveryNode)
      for (std::uint16_t i = 0; i < world.size(); ++i) nodes.push_back({i});
    return nodes;
  };
  std::uint64_t sent = 0;
  const std::vector<NodeId> to = ends(rule.to.value);
  for (const NodeId from : ends(rule.from.value))
    for (const NodeId node : to) sent += world.network().sent(from, node);
  return sent;
}

void unused_rules(const Evidence& e, std::vector<Finding>& findings) {
  const auto& rules = e.variant.spec.network.link;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const scenario::LinkSpec& rule = rules[i];
    if ((rule.message ? e.log.touched(i) : messages_on(rule, e.world)) > 0) continue;
    findings.push_back({fmt::format("the link rule from {} to {} acts", rule.from.value, rule.to.value),
                        Held::kUnknown,
                        "a message on this link",
                        fmt::format("no {} was sent from {} to {}", rule.message ? rule.message->value : "message",
                                    rule.from.value, rule.to.value),
                        rule.span,
                        {}});
  }
}

void silent_clients(const Evidence& e, std::vector<Finding>& findings) {
  for (const scenario::ClientSpec& client : e.variant.spec.client) {
    const auto is_one = [&](const Answered& o) {
      const std::string& name = e.world.name(o.node);
      return name == client.name.value || e.world.group(o.node) == client.name.value;
    };
    if (some_operation(e, is_one)) continue;
    findings.push_back({fmt::format("client '{}' asks", client.name.value),
                        Held::kUnknown,
                        "an operation",
                        "it asked nothing in this run",
                        client.span,
                        {}});
  }
}

std::string numbers_text(const std::vector<std::uint64_t>& numbers) {
  return fmt::format("{}", fmt::join(numbers, ", "));
}

std::string never_came(const world::AtMark& when, const Evidence& e) {
  const std::vector<std::uint64_t>& came = e.log.numbers_of(when.mark);
  if (came.empty()) {
    const auto marks = scenario::marks_of(e.variant.spec);
    return fmt::format("no node reported '{}' (marks: {})", when.mark, scenario::marks_text(marks));
  }
  if (std::find(came.begin(), came.end(), when.value) != came.end())
    return fmt::format("'{}' came with {}, but not in attempt {}", when.mark, when.value, when.scope);
  return fmt::format("'{}' came with {}, and this step waits for {}: give it value = {}", when.mark, numbers_text(came),
                     when.value, came.front());
}

std::string never_happened(const world::Trigger& when, const Evidence& e) {
  return std::visit(
      Overload{
          [&](const world::AtTime&) { return fmt::format("the run was over at {}", in_seconds(e.log.last_event())); },
          [&](const world::AtEvent&) { return fmt::format("the run had {}", counted(e.world.events(), "event")); },
          [&](const world::AtMark& mark) { return never_came(mark, e); },
          [&](const world::AtIo&) { return std::string("the disk did fewer operations"); },
          [&](const world::AtMessage& m) {
            const auto from = e.world.find(m.from), to = e.world.find(m.to);
            const std::uint64_t sent = from && to ? e.world.network().sent(*from, *to) : 0;
            return fmt::format("{} sent {} to {} in all", m.from, counted(sent, "message"), m.to);
          }},
      when);
}

std::string_view changed_nothing(const world::Action& what) {
  if (std::holds_alternative<world::Crash>(what)) return ": the node was down";
  if (std::holds_alternative<world::Restart>(what)) return ": the node was running";
  if (std::holds_alternative<world::Command>(what)) return ": the node was down and heard nothing";
  if (std::holds_alternative<world::Heal>(what)) return ": no link was cut";
  if (std::holds_alternative<world::Unclog>(what)) return ": nothing was clogged";
  return "";
}

}  // namespace

std::optional<std::string> not_tested(const std::string& name, const Evidence& evidence) {
  if (evidence.outcome) return of_load(name, evidence);
  for (const auto of : {of_clients, of_nodes, of_raft, of_effects})
    if (Reason reason = of(name, evidence)) return reason;
  return name == "converged" ? Reason() : of_model(name, evidence);
}

std::optional<std::string> nothing_to_count(const scenario::MetricSpec& metric, const Evidence& e,
                                            const std::vector<std::pair<std::string, std::int64_t>>& metrics) {
  const Time from = metric.during ? metric.during->value.from : Time{};
  const Time to = metric.during ? metric.during->value.to : kEndOfTime;
  if (metric.during && from > e.log.last_event())
    return fmt::format("the run was over at {}", in_seconds(e.log.last_event()));
  if (asks_about_operations(metric.of.value)) {
    const auto open = [&](const Answered& o) { return o.invoked < to && o.returned >= from; };
    return unless(some_operation(e, open),
                  metric.during ? "no client asked anything in this window" : "no client asked anything");
  }
  const std::string_view whole = whole_of(metric.of.value);
  const auto at = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.first == whole; });
  if (whole.empty() || at == metrics.end() || at->second > 0) return {};
  return fmt::format("there was nothing to count: {} is 0", whole);
}

std::string not_measured(std::string_view metric, const Evidence& e) {
  if (e.outcome == nullptr && e.clients == nullptr && scenario::has(e.variant.spec, scenario::Needs::kClients))
    return "no client asked anything";
  if (metric.starts_with("latency.read.") || metric.starts_with("staleness.")) {
    if (e.clients && e.clients->reads.count > 0) return "the answers of this workload do not tell how old they are";
    return "no read was answered";
  }
  if (metric.starts_with("latency.write.")) return "no write was answered";
  if (metric == "detection.time.max") return "no crash was noticed";
  if (metric == "effects.lost") return "some records are still on their way: let the run end later";
  return "this run does not measure it";
}

std::vector<Finding> inert_parts(const Evidence& evidence) {
  std::vector<Finding> findings;
  // A forced schedule says who moves at all.
  if (evidence.world.schedule()) return findings;
  unused_rules(evidence, findings);
  if (!evidence.outcome) silent_clients(evidence, findings);
  return findings;
}

std::optional<std::string> did_nothing(std::size_t index, const StepReport& report, const Evidence& e) {
  const world::Step& step = e.world.steps()[index];
  if (!report.fired) return "its moment never came: " + never_happened(step.when, e);
  if (!report.effective) return fmt::format("its moment came, and it changed nothing{}", changed_nothing(step.what));
  const auto* order = std::get_if<world::Command>(&step.what);
  const std::string& said = order ? e.log.refused(order->text) : std::string();
  return said.empty() ? std::nullopt : std::optional(said);
}

}  // namespace twice::lab

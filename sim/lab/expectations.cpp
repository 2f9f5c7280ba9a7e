#include "lab/expectations.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "check/at_stake.h"
#include "check/staleness.h"
#include "check/totals.h"
#include "core/limits.h"
#include "lab/commit_outcomes.h"
#include "lab/followed.h"
#include "lab/report_clients.h"
#include "lab/vacuous.h"
#include "pipeline/orchestrator.h"
#include "scenario/registry.h"

namespace twice::lab {
namespace {

/// What the keys of this cluster hold, by its clients' workload.
check::Object object_of(const scenario::Spec& spec) {
  return spec.client.empty() ? check::Object::kRegister : lab::object_of(spec.client.front().workload);
}

using scenario::Comparison;
using scenario::Span;

std::uint64_t messages_sent(const world::World& world) {
  std::uint64_t sent = 0;
  for (std::uint16_t from = 0; from < world.size(); ++from)
    for (std::uint16_t to = 0; to < world.size(); ++to) sent += world.network().sent({from}, {to});
  return sent;
}

constexpr std::uint64_t kMostSteps = std::numeric_limits<std::uint64_t>::max();

constexpr Duration kQuiet = seconds(1);
const std::string kNotQuiet = "clients were writing up to the end: let them stop a second before it";

// Replicas need a moment to agree: only what they hold some time after the last write says whether they do.
bool is_quiet(const Evidence& e) {
  Time last{};
  for (const Answered& operation : e.log.clients().operations()) {
    if (!operation.command.writes()) continue;
    if (operation.phase == protocols::Asked::Phase::kInvoked) return false;
    last = std::max(last, operation.returned);
  }
  return e.world.queue().empty() || last + kQuiet <= e.world.now();
}

class Judge {
 public:
  Judge(const Evidence& evidence, RunReport& report) : e_(evidence), spec_(evidence.variant.spec), report_(report) {}

  void all() {
    if (e_.outcome) verdict();
    for (const auto& [column, expect] : spec_.expect.columns) judge_column(column, expect);
    for (const auto& name : spec_.expect.always) add("always " + name.value, judge_name(name.value, true), name.span);
    for (const auto& name : spec_.expect.finally)
      add("finally " + name.value, judge_name(name.value, false), name.span);
    for (const auto& name : spec_.expect.eventually)
      add("eventually " + name.value, judge_name(name.value, false), name.span);
    for (const auto& metric : spec_.expect.metrics) judge_metric(metric);
    if (must_be_clean()) add("always raft", judge_cluster("raft"), {});
    for (const auto& name : spec_.expect.sometimes) {
      const Answer answer = judge_name(name.value, false);
      report_.sometimes.push_back({"sometimes " + name.value, answer.held, answer.wanted, answer.seen, name.span, {}});
    }
    for (std::size_t i = 0; i < report_.steps.size(); ++i) judge_step(i);
    for (Finding& finding : inert_parts(e_)) report_.findings.push_back(std::move(finding));
    if (auto finding = first_not_followed(e_.world, spec_)) report_.findings.push_back(std::move(*finding));
  }

  void what_broke() {
    for (const auto& name : spec_.expect.always)
      if (auto answer = broken_for_good(name.value)) add("always " + name.value, std::move(*answer), name.span);
    if (must_be_clean())
      if (auto answer = broken_for_good("raft")) add("always raft", std::move(*answer), {});
  }

 private:
  struct Answer {
    Held held;
    std::string wanted, seen;
    std::optional<Time> at{};
    bool not_tested = false;  // nothing broke it, for nothing in the run could
  };

  /// What the log has noticed while the run went on; nothing is asked or searched for here.
  std::optional<Answer> broken_for_good(const std::string& name) const {
    const auto is_broken = [](const std::optional<Answer>& answer) {
      return answer && answer->held == Held::kNo && answer->at;
    };
    if (const auto define = spec_.expect.define.find(name); define != spec_.expect.define.end()) {
      const auto broken = e_.log.violations().find(name);
      if (broken == e_.log.violations().end()) return std::nullopt;
      return Answer{Held::kNo, define->second.is ? to_text(*define->second.is) : "these rows", broken->second.seen,
                    broken->second.at};
    }
    if (!spec_.cluster || scenario::is_negated(name)) return std::nullopt;
    if (auto answer = judge_paxos(name); is_broken(answer)) return answer;
    if (auto answer = judge_raft(name); is_broken(answer)) return answer;
    return std::nullopt;
  }

  void add(std::string name, Answer answer, const Span& span) {
    report_.findings.push_back(
        {std::move(name), answer.held, std::move(answer.wanted), std::move(answer.seen), span, answer.at});
  }

  // A Raft without a mistake built in keeps all its invariants, whether or not the file says so. Nobody asked, so a run
  // that elects nobody keeps them as well.
  bool must_be_clean() const {
    const auto* raft = spec_.cluster ? std::get_if<scenario::RaftSpec>(&spec_.cluster->protocol) : nullptr;
    if (!raft || raft->p.bug != protocols::raft::Bug::kNone) return false;
    const auto& always = spec_.expect.always;
    return std::none_of(always.begin(), always.end(), [](const auto& name) { return name.value == "raft"; });
  }

  void verdict() {
    const scenario::VerdictSet& meant = spec_.lane.verdict;
    std::vector<std::string_view> words;
    for (const Verdict v : meant.any_of) words.push_back(name_of(v));
    const Held held = held_if(shows(*e_.outcome, meant));
    const bool looks_right = held == Held::kYes && e_.outcome->verdict == Verdict::kExactlyOnce;
    if (looks_right && !e_.outcome->idle && e_.variant.is_script && ran_once()) return;
    const bool idle = looks_right && e_.outcome->idle;
    add("verdict",
        {idle ? Held::kUnknown : held, fmt::format("{}", fmt::join(words, " or ")),
         std::string(idle ? kNothingLoaded : words_of(letter_of(*e_.outcome)))},
        meant.span);
  }

  // One attempt that no fault met is what the load is held against: it shows nothing about a second one.
  bool ran_once() const {
    const auto* orchestrator =
        state_of<pipeline::OrchestratorNode>(e_.world.node(node_named(e_.world, "orchestrator")));
    return orchestrator->launches <= 1 && std::none_of(report_.steps.begin(), report_.steps.end(),
                                                       [](const StepReport& step) { return step.effective; });
  }

  // A fault that never happened proves nothing.
  void judge_step(std::size_t index) {
    const StepReport& step = report_.steps[index];
    if (step.drawn) return;
    const auto nothing = did_nothing(index, step, e_);
    if (!nothing) return;
    const Span span = index < e_.variant.steps.size() ? e_.variant.steps[index].span : Span{};
    add("the step bites: " + step.text, {Held::kUnknown, "it happens", *nothing}, span);
  }

  Answer compare_cell(const std::optional<pipeline::SqlRow>& row, const std::string& column,
                      const Comparison& is) const {
    const auto at = std::find(e_.columns.begin(), e_.columns.end(), column);
    if (!row || at == e_.columns.end()) return {Held::kUnknown, to_text(is), "the query was not answered"};
    const pipeline::SqlValue& cell = (*row)[static_cast<std::size_t>(at - e_.columns.begin())];
    return {held_if(holds(is, cell)), to_text(is), to_text(cell)};
  }

  void judge_column(const std::string& column, const scenario::ColumnExpect& expect) {
    if (expect.before_crash)
      add(column + " before the crash", compare_cell(e_.log.before_fault, column, *expect.before_crash),
          expect.before_crash->span);
    if (expect.after_crash)
      add(column + " after the crash", compare_cell(e_.log.after_fault, column, *expect.after_crash),
          expect.after_crash->span);
    if (expect.finally)
      add(column + " finally", compare_cell(e_.finally, column, *expect.finally), expect.finally->span);
    if (expect.always) add(column + " always", always_column(column, *expect.always), expect.always->span);
  }

  Answer always_column(const std::string& column, const Comparison& is) const {
    Answer answer{Held::kUnknown, to_text(is), "nobody looked"};
    for (const Reading& reading : e_.readings) {
      if (!reading.ok) continue;
      answer = compare_cell(reading.values, column, is);
      if (answer.held == Held::kNo) {
        answer.seen += " at " + in_seconds(reading.at);
        answer.at = reading.at;
        return answer;
      }
    }
    return answer;
  }

  Answer judge_name(const std::string& name, bool always) const {
    if (!scenario::is_negated(name)) return judge_plain(name, always);
    Answer answer = judge_plain(scenario::plain_name(name), always);
    if (answer.not_tested) answer.held = Held::kYes;  // a breach was promised, and there is none, whatever the reason
    if (answer.held != Held::kUnknown) answer.held = answer.held == Held::kYes ? Held::kNo : Held::kYes;
    answer.wanted = "not: " + answer.wanted;
    return answer;
  }

  Answer judge_plain(const std::string& name, bool always) const {
    const auto define = spec_.expect.define.find(name);
    if (define == spec_.expect.define.end()) return judge_builtin(name);
    if (always)
      if (const auto broken = e_.log.violations().find(name); broken != e_.log.violations().end())
        return {Held::kNo, define->second.is ? to_text(*define->second.is) : "these rows", broken->second.seen,
                broken->second.at};
    return judge_define(define->second);
  }

  // What nothing in the run could have broken was not kept.
  Answer judge_builtin(const std::string& name) const {
    Answer answer = e_.outcome ? judge_load(name) : judge_cluster(name);
    if (answer.held == Held::kNo) return answer;
    if (auto reason = not_tested(name, e_))
      answer.held = Held::kUnknown, answer.seen = std::move(*reason), answer.not_tested = true;
    return answer;
  }

  Answer judge_define(const scenario::DefineSpec& define) const {
    const pipeline::SqlReply reply = warehouse_of(e_.world).engine().query(define.sql.text, e_.pipeline->job);
    if (reply.status != pipeline::SqlStatus::kOk) return {Held::kNo, "an answer", reply.message};
    if (define.is) {
      const pipeline::SqlValue cell =
          reply.result.rows.empty() ? pipeline::SqlValue{pipeline::Null{}} : reply.result.rows.front().front();
      return {held_if(holds(*define.is, cell)), to_text(*define.is), to_text(cell)};
    }
    pipeline::SqlTable wanted = define.wanted;
    wanted.columns = reply.result.columns;  // rows written in the file have no names: they stand by position
    const check::TableDifference d = check::compare(wanted, reply.result, {});
    return {
        held_if(d.equal()), fmt::format("{} rows", d.wanted_rows),
        fmt::format("{} rows: {} missing, {} too many, {} different", d.found_rows, d.lost, d.duplicated, d.changed)};
  }

  static Answer acked_never_lost(bool kept) {
    return {held_if(kept), "every acknowledged commit stays",
            kept ? "all of them are there" : "an acknowledged commit vanished"};
  }

  Answer judge_load(const std::string& name) const {
    const LoadOutcome& o = *e_.outcome;
    const check::TableDifference& d = o.difference;
    if (name == "exactly-once")
      return {held_if(o.verdict == Verdict::kExactlyOnce), "exactly once", std::string(words_of(letter_of(o)))};
    if (name == "no-duplicates")
      return {held_if(d.duplicated == 0), "0 duplicated", fmt::format("{} duplicated", d.duplicated)};
    if (name == "nothing-lost") return {held_if(d.lost == 0), "0 lost", fmt::format("{} lost", d.lost)};
    if (name == "acked-never-lost") return acked_never_lost(!e_.log.acknowledged_lost() && !o.acknowledged_lost);
    if (name == "old-or-new")
      return {held_if(!o.partial_seen), "the old state or the new one",
              o.partial_seen ? "a reader could see a part" : "nothing else"};
    if (name == "others-untouched")
      return {held_if(!o.others_touched), "unchanged", o.others_touched ? "changed" : "unchanged"};
    if (name == "integrity") return {held_if(o.integrity == "ok"), "ok", o.integrity};
    if (name == "corrupt") return {held_if(o.integrity != "ok"), "damage", o.integrity};
    if (name == "acknowledged") return {held_if(o.acknowledged), "told ok", o.acknowledged ? "told ok" : o.error};
    TWICE_ASSERT(false, "a checked expectation is unknown: " + name);
  }

  static Answer crash_suspected(bool by_all) {
    return {held_if(by_all), "by every running node",
            by_all ? "every running node suspects it" : "a running node trusts a dead one"};
  }

  static Answer of(const check::Verdict& verdict, std::string wanted) {
    const Held held = verdict.judgement == check::Judgement::kHeld       ? Held::kYes
                      : verdict.judgement == check::Judgement::kViolated ? Held::kNo
                                                                         : Held::kUnknown;
    return {held, std::move(wanted), verdict.words.empty() ? std::string(name_of(held)) : verdict.words};
  }

  Answer judge_model(const std::string& name) const {
    if (!e_.clients) return {Held::kUnknown, name, "no client asked anything"};
    for (const check::SpectrumRow& row : e_.clients->spectrum) {
      if (scenario::check_name_of(row.model) != name) continue;
      Answer answer = of({row.held, row.witness, row.operation}, name);
      if (row.operation && row.held == check::Judgement::kViolated) {
        const check::Operation& shows = e_.log.clients().history().operations[*row.operation];
        answer.at = shows.returned == kEndOfTime ? shows.invoked : shows.returned;
      }
      return answer;
    }
    return {Held::kUnknown, name, "it was not judged"};
  }

  static Answer of(const check::RaftViolation* broken, std::string_view wanted) {
    if (!broken) return {Held::kYes, std::string(wanted), "after every event"};
    return {Held::kNo, std::string(wanted),
            fmt::format("{} at {}, event {}", broken->words, in_seconds(broken->at), broken->event), broken->at};
  }

  /// Names that only Raft knows; nullopt: another.
  std::optional<Answer> judge_raft(const std::string& name) const {
    const check::RaftInvariants& raft = e_.log.raft();
    const bool is_invariant =
        name == "raft" || std::any_of(check::kAllRaftInvariants.begin(), check::kAllRaftInvariants.end(),
                                      [&](auto invariant) { return name == name_of(invariant); });
    if (is_invariant && !raft.saw_raft()) return Answer{Held::kUnknown, name, "nobody runs Raft"};
    if (name == "raft")
      return of(raft.violations().empty() ? nullptr : &raft.violations().front(), "no invariant is broken");
    for (const check::RaftInvariant invariant : check::kAllRaftInvariants)
      if (name == name_of(invariant)) return of(raft.first(invariant), meaning_of(invariant));
    if (name == "leader-elected") return judge_leader(false);
    if (name == "logs-converged") return judge_leader(true);
    return std::nullopt;
  }

  Answer judge_leader(bool logs) const {
    using protocols::raft::RaftNode;
    const RaftNode* leader = nullptr;
    for (std::uint16_t i = 0; i < e_.world.size(); ++i)
      if (const auto* node = state_of<RaftNode>(e_.world.node({i})); node && e_.world.is_up({i}) && node->leading())
        if (!leader || leader->term() < node->term()) leader = node;
    const std::string wanted = logs ? "the leader's log everywhere" : "a leader that has committed in its term";
    if (!leader) return {Held::kNo, wanted, "nobody leads"};
    const std::string& name = e_.world.name(leader->self);
    if (leader->commit < leader->leading()->first)
      return {Held::kNo, wanted, fmt::format("{} leads term {} and has committed nothing in it", name, leader->term())};
    if (!logs) return {Held::kYes, wanted, fmt::format("{} leads term {}", name, leader->term())};
    std::size_t others = 0;
    for (const NodeId other : leader->configuration().others(leader->self)) {
      const auto* node = state_of<RaftNode>(e_.world.node(other));
      if (!node || !e_.world.is_up(other)) continue;
      ++others;
      if (node->log().last() != leader->log().last() || node->commit != leader->log().last() ||
          node->log().prefix(node->log().last()) != leader->log().prefix(leader->log().last()))
        return {Held::kNo, wanted,
                fmt::format("{} has {} entries, {} committed; {}, the leader, {}", e_.world.name(other),
                            node->log().last(), node->commit, name, leader->log().last())};
    }
    if (others == 0) return {Held::kUnknown, wanted, fmt::format("no member runs beside {}, the leader", name)};
    return {Held::kYes, wanted, fmt::format("{} entries", leader->log().last())};
  }

  std::optional<Answer> judge_paxos(const std::string& name) const {
    const check::Agreement& paxos = e_.log.agreement();
    if (name != "agreement" && name != "chosen") return std::nullopt;
    if (!paxos.saw_paxos()) return Answer{Held::kUnknown, name, "nobody runs Paxos"};
    if (name == "chosen")
      return Answer{held_if(paxos.chosen() > 0), "a value is chosen", fmt::format("{} are", paxos.chosen())};
    const auto& broken = paxos.broken();
    if (!broken) return Answer{Held::kYes, "no two servers learn different values", "after every event"};
    return Answer{Held::kNo, "no two servers learn different values",
                  fmt::format("{} at {}, event {}", broken->words, in_seconds(broken->at), broken->event), broken->at};
  }

  Answer judge_commit(const std::string& name) const {
    const std::string wanted = name == "atomic" ? "all alike" : "all know the outcome";
    if (!std::holds_alternative<scenario::TwoPhaseCommitSpec>(spec_.cluster->protocol))
      return {Held::kUnknown, wanted, "nobody commits here"};
    const CommitOutcomes now = commit_outcomes(e_.world);
    const std::string seen = fmt::format("{} committed, {} aborted, {} in doubt, {} not yet asked", now.committed,
                                         now.aborted, now.in_doubt, now.working);
    const std::optional<TwoOutcomes>& broken = e_.log.two_outcomes();
    if (name == "atomic" && broken)
      return {
          Held::kNo, wanted,
          fmt::format("{} at {}, event {}; in the end {}", broken->words, in_seconds(broken->at), broken->event, seen),
          broken->at};
    return {held_if(name == "atomic" || now.decided()), wanted, seen};
  }

  Answer judge_cluster(const std::string& name) const {
    if (auto told = e_.log.effects().judge(name, e_.world)) return {told->held, told->wanted, told->seen, told->at};
    if (std::optional<Answer> answer = judge_paxos(name)) return *answer;
    if (std::optional<Answer> answer = judge_raft(name)) return *answer;
    const std::vector<Time>& wrong = e_.log.times("suspicions.false");
    if (name == "no-false-suspicion")
      return {held_if(wrong.empty()), "0", fmt::format("{}", wrong.size()),
              wrong.empty() ? std::nullopt : std::optional(wrong.front())};
    if (name == "crash-suspected") return crash_suspected(e_.log.crashed_are_suspected(e_.world));
    if (name == "atomic" || name == "decided") return judge_commit(name);
    const check::Object object = object_of(spec_);
    if (name == "converged" && !is_quiet(e_)) return {Held::kUnknown, "all alike", kNotQuiet};
    if (name == "converged") return of(check::check_convergence(replicas_of(e_.world, object), object), "all alike");
    if (name == "acked-never-lost") return acknowledged_kept(object);
    if (name == "removed-stay-removed") return removals_last();
    if (name == "totals" || name == "no-overdraft") return judge_sums(name, object);
    return judge_model(name);
  }

  bool clients_use_sets() const {
    return !spec_.client.empty() && spec_.client.front().workload == protocols::Workload::kSet;
  }

  Answer acknowledged_kept(check::Object object) const {
    const std::vector<check::Replica> replicas = replicas_of(e_.world, object);
    const ClientLog& log = e_.log.clients();
    if (clients_use_sets())
      return of(check::check_additions_kept(set_changes(e_.world, log), replicas), "every acknowledged addition");
    // No moment of its own: when a lost write was acknowledged, nothing had gone wrong yet.
    return of(check::check_durability(log.history(), replicas, object).verdict, "every acknowledged write");
  }

  Answer removals_last() const {
    const std::string wanted = "no removed element";
    if (!clients_use_sets()) return {Held::kUnknown, wanted, "the clients' workload is no set"};
    if (!is_quiet(e_)) return {Held::kUnknown, wanted, kNotQuiet};
    return of(check::check_removals_last(set_changes(e_.world, e_.log.clients()),
                                         replicas_of(e_.world, check::Object::kList)),
              wanted);
  }

  Answer judge_sums(const std::string& name, check::Object object) const {
    const std::string wanted = name == "totals" ? "the sum of what was acknowledged" : "no balance below zero";
    if (object != check::Object::kCounter) return {Held::kUnknown, wanted, "the clients do not count"};
    const check::History& history = e_.log.clients().history();
    const std::vector<check::Replica> replicas = replicas_of(e_.world, object);
    return of(name == "totals" ? check::check_totals(history, replicas) : check::check_overdraft(history, replicas),
              wanted);
  }

  void judge_metric(const scenario::MetricSpec& metric) {
    if (metric.lane && metric.lane->value != spec_.lane.name.value) return;
    std::string name = "metric " + metric.of.value;
    if (metric.during)
      name += fmt::format(" from {} to {}", in_seconds(metric.during->value.from), in_seconds(metric.during->value.to));
    const auto at = std::find_if(report_.metrics.begin(), report_.metrics.end(),
                                 [&](const auto& m) { return m.first == metric.of.value; });
    if (at == report_.metrics.end())
      return add(name, {Held::kUnknown, to_text(metric.is), not_measured(metric.of.value, e_)}, metric.span);
    std::int64_t value = at->second;
    if (metric.during) {
      const auto& times = e_.log.times(metric.of.value);
      value = std::count_if(times.begin(), times.end(),
                            [&](Time t) { return t >= metric.during->value.from && t < metric.during->value.to; });
    }
    const bool is_time = std::holds_alternative<Duration>(metric.is.value);
    const bool holds_it = is_time ? holds(metric.is, Duration{value}) : holds(metric.is, pipeline::SqlValue{value});
    Answer answer{held_if(holds_it), to_text(metric.is),
                  is_time ? readable(Duration{value}) : fmt::format("{}", value)};
    if (holds_it && value == 0)
      if (auto reason = nothing_to_count(metric, e_, report_.metrics))
        answer.held = Held::kUnknown, answer.seen = std::move(*reason);
    add(name, std::move(answer), metric.span);
  }

  const Evidence& e_;
  const scenario::Spec& spec_;
  RunReport& report_;
};

std::int64_t value_of(const std::string& name, const Evidence& e) {
  const auto signed_size = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  if (e.outcome) {
    if (name == "rows") return signed_size(e.outcome->difference.found_rows);
    if (name == "rows.duplicated") return signed_size(e.outcome->difference.duplicated);
    if (name == "rows.lost") return signed_size(e.outcome->difference.lost);
    if (name == "io") return signed_size(warehouse_of(e.world).io_count());
    if (name.starts_with("source.bytes")) return signed_size(e.log.sum(name));
    if (name == "load.time") return e.log.last_report().value_or(Time{}).ns;
  }
  if (e.clients) {
    if (name == "latency.read.p50") return e.clients->reads.p50.ns;
    if (name == "latency.read.p99") return e.clients->reads.p99.ns;
    if (name == "latency.write.p50") return e.clients->writes.p50.ns;
    if (name == "latency.write.p99") return e.clients->writes.p99.ns;
    if (name == "staleness.versions") return signed_size(e.clients->stale_versions);
    if (name == "staleness.time") return e.clients->stale_time.ns;
  }
  if (const auto figure = e.log.effects().metric(name, e.world)) return *figure;
  if (name == "participants.committed") return commit_outcomes(e.world).committed;
  if (name == "participants.aborted") return commit_outcomes(e.world).aborted;
  if (name == "participants.in-doubt") return commit_outcomes(e.world).in_doubt;
  if (name == "messages.sent") return signed_size(messages_sent(e.world));
  if (name == "rows.moved" || name == "bytes.scanned") return signed_size(e.log.sum(name));
  if (name == "elections.split") return signed_size(e.log.split_votes());
  if (name == "detection.time.max") return e.log.longest_detection().value_or(Duration{}).ns;
  return signed_size(e.log.times(name).size());  // all others count moments
}

// Whether this run has a figure: the scenario must have what the metric is about, and something must have happened that
// has one. The slowest of no answers is not 0.
bool is_measured(const scenario::NamedMetric& metric, const Evidence& e) {
  if (!scenario::has(e.variant.spec, metric.needs)) return false;
  const std::string_view name = metric.name;
  if (name == "detection.time.max") return e.log.longest_detection().has_value();
  if (name == "effects.lost") return e.log.effects().metric(name, e.world).has_value();
  if (metric.needs != scenario::Needs::kClients) return true;
  if (!e.clients) return false;
  if (name.starts_with("latency.read.")) return e.clients->reads.count > 0;
  if (name.starts_with("latency.write.")) return e.clients->writes.count > 0;
  if (name.starts_with("staleness.")) return e.clients->reads.count > 0 && e.clients->stale_known;
  return true;
}

// One that follows a leader reads where it writes, whatever the servers promise.
std::uint64_t clients_that_moved(const world::World& world) {
  std::uint64_t moved = 0;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const auto* client = state_of<protocols::ClientNode>(world.node({i}));
    moved += client && client->parameters.route == protocols::Route::kHome &&
             client->home != client->client % client->servers.size();
  }
  return moved;
}

ClientsReport::Latencies latencies_of(std::vector<Duration> all) {
  std::sort(all.begin(), all.end());
  return {all.size(),         quantile(all, 500), quantile(all, 950),
          quantile(all, 990), quantile(all, 999), all.empty() ? Duration{} : all.back()};
}

}  // namespace

bool names_a_model(const scenario::ExpectSpec& expect) {
  for (const auto* list : {&expect.always, &expect.finally, &expect.sometimes, &expect.eventually})
    for (const auto& name : *list)
      for (const check::Model model : check::kModels)
        if (scenario::plain_name(name.value) == scenario::check_name_of(model)) return true;
  return false;
}

std::optional<ClientsReport> report_clients(const Evidence& evidence, bool spectrum, std::uint64_t budget) {
  const ClientLog& log = evidence.log.clients();
  if (log.empty()) return std::nullopt;
  using enum protocols::Asked::Phase;
  ClientsReport report;
  std::vector<Duration> reads, writes;
  for (const Answered& operation : log.operations()) {
    report.ok += operation.phase == kOk;
    report.failed += operation.phase == kFailed;
    report.unknown += operation.phase == kUnknown;
    report.open += operation.phase == kInvoked;
    if (operation.phase == kOk)
      (operation.command.writes() ? writes : reads).push_back(operation.returned - operation.invoked);
  }
  report.reads = latencies_of(std::move(reads));
  report.writes = latencies_of(std::move(writes));
  report.moved = clients_that_moved(evidence.world);
  if (!log.is_complete()) return report;
  const check::Object object = object_of(evidence.variant.spec);
  const check::Staleness stale = check::check_staleness(log.history(), object, {});
  report.stale_known = stale.verdict.judgement != check::Judgement::kUnknown;
  report.stale_versions = stale.versions;
  report.stale_time = stale.time;
  if (!spectrum) return report;
  const bool quiet = is_quiet(evidence);
  report.spectrum = check::spectrum(
      log.history(),
      {.object = object,
       .linearizable_budget = budget > 0 ? budget : limits::kLinearizableStepsOfRun,
       .sequential_budget = budget > 0 ? std::max<std::uint64_t>(budget / 3, 1) : limits::kSequentialStepsOfRun,
       .session_budget = budget == 0                ? limits::kSessionWordsOfRun
                         : budget > kMostSteps / 10 ? kMostSteps
                                                    : budget * 10,
       .replicas = quiet ? replicas_of(evidence.world, object) : std::vector<check::Replica>{}});
  for (check::SpectrumRow& row : report.spectrum)
    if (row.model == check::Model::kEventual && !quiet) row.held = check::Judgement::kUnknown, row.witness = kNotQuiet;
  // A history in which nobody saw anything fits every model.
  if (auto nothing = check::nothing_at_stake(check::Model::kLinearizable, log.history()))
    for (check::SpectrumRow& row : report.spectrum)
      if (row.held == check::Judgement::kHeld && row.model != check::Model::kEventual)
        row.held = check::Judgement::kUnknown, row.witness = *nothing;
  return report;
}

std::vector<std::pair<std::string, std::int64_t>> measure(const Evidence& evidence) {
  std::vector<std::pair<std::string, std::int64_t>> metrics;
  const scenario::Applies kind = evidence.outcome ? scenario::Applies::kLoad : scenario::Applies::kCluster;
  for (const scenario::NamedMetric& metric : scenario::builtin_metrics()) {
    if (metric.applies != kind || !is_measured(metric, evidence)) continue;
    metrics.emplace_back(metric.name, value_of(std::string(metric.name), evidence));
  }
  return metrics;
}

void judge_expectations(const Evidence& evidence, RunReport& report) { Judge(evidence, report).all(); }
void judge_what_broke(const Evidence& evidence, RunReport& report) { Judge(evidence, report).what_broke(); }

}  // namespace twice::lab

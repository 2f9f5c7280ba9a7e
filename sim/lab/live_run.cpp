#include "lab/live_run.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/assert.h"
#include "lab/chaos_steps.h"
#include "lab/cluster_world.h"
#include "lab/expectations.h"
#include "lab/followed.h"
#include "pipeline/dashboard.h"
#include "pipeline/orchestrator.h"
#include "scenario/vocabulary.h"

namespace twice::lab {
namespace {

// Events between two looks at the seam that stops a run. A statement may take as long as thousands of messages.
constexpr Sequence kLookEvery = 256, kLookEverySql = 8;

void report_steps(const world::World& world, const RunLog& log, bool loads, RunReport& report) {
  for (std::size_t i = 0; i < world.steps().size(); ++i) {
    StepReport step{world::to_text(world.steps()[i]), world.fired(i), world.took_effect(i), log.fired_at(i), false};
    // A failing disk was armed from the start; it bit when its operation was reached.
    const auto* io = std::get_if<world::AtIo>(&world.steps()[i].when);
    if (loads && io && std::holds_alternative<world::FailDisk>(world.steps()[i].what))
      step.fired = step.effective = warehouse_of(world).io_count() >= io->operation;
    report.steps.push_back(std::move(step));
  }
}

LoadReport report_load(const LoadOutcome& outcome, const Reference& reference, const RunLog& log,
                       const world::World& world) {
  LoadReport load;
  load.engine = reference.version;
  load.letter = letter_of(outcome);
  load.wanted_rows = outcome.difference.wanted_rows;
  load.rows = outcome.difference.found_rows;
  load.duplicated = outcome.difference.duplicated;
  load.lost = outcome.difference.lost;
  load.changed = outcome.difference.changed;
  load.acknowledged = outcome.acknowledged;
  load.acknowledged_lost = outcome.acknowledged_lost || log.acknowledged_lost();
  load.partial_seen = outcome.partial_seen;
  load.others_touched = outcome.others_touched;
  load.integrity = outcome.integrity;
  load.columns = outcome.difference.columns;
  load.duplicated_samples = outcome.difference.duplicated_samples;
  load.lost_samples = outcome.difference.lost_samples;
  load.changed_samples = outcome.difference.changed_samples;
  const auto* orchestrator = state_of<pipeline::OrchestratorNode>(world.node(node_named(world, "orchestrator")));
  load.attempts = orchestrator->launches;
  load.runs_ok = orchestrator->runs_ok;
  load.runs_failed = orchestrator->runs_failed;
  load.last_error = orchestrator->last_error;
  load.before_fault = log.before_fault;
  load.after_fault = log.after_fault;
  return load;
}

// The dashboard's query at the end, and all the dashboard itself has read. Gives what is wrong with the query. What a
// fault did to the warehouse is no fault of the query; and while the load goes on a table may be away for a moment.
std::string report_readings(const Pipeline& pipeline, const world::World& world, Evidence& evidence, LoadReport& load) {
  if (!pipeline.spec().dashboard) return {};
  const pipeline::SqlReply reply =
      warehouse_of(world).engine().query(pipeline.spec().dashboard->sql.text, pipeline.job);
  load.series = evidence.columns = reply.result.columns;
  if (!reply.result.rows.empty()) load.finally = evidence.finally = reply.result.rows.front();
  const auto* dashboard = state_of<pipeline::DashboardNode>(world.node(node_named(world, "dashboard")));
  for (const pipeline::Reading& reading : dashboard->readings)
    load.readings.push_back({reading.at, reading.ok, reading.values});
  evidence.readings = load.readings;
  if (!load.after_fault && load.before_fault) load.after_fault = load.finally;
  const bool wrong = reply.status == pipeline::SqlStatus::kError || reply.status == pipeline::SqlStatus::kRefused;
  return wrong ? reply.message : std::string();
}

// A load without a verdict, or with one that nothing put to the test, ended in no way that a letter tells.
bool is_decided(const RunReport& report) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [](const Finding& f) { return f.name == "verdict" && f.held != Held::kUnknown; });
}

void judge_load(const Pipeline& pipeline, const Reference& reference, RunLog& log, const world::World& world,
                RunReport& report) {
  const LoadOutcome outcome = judge(pipeline, reference, world);
  LoadReport load = report_load(outcome, reference, log, world);
  Evidence evidence{*pipeline.variant, world, log, &pipeline, &outcome, {}, {}, {}};
  const std::string dashboard_error = report_readings(pipeline, world, evidence, load);
  if (!log.after_fault) log.after_fault = load.after_fault;
  report.metrics = measure(evidence);
  judge_expectations(evidence, report);
  if (!is_decided(report)) load.letter = '?';
  if (!dashboard_error.empty() && !pipeline.spec().lane.verdict.contains(scenario::Verdict::kFails))
    report.findings.push_back({"the dashboard's query works",
                               Held::kNo,
                               "an answer",
                               dashboard_error,
                               pipeline.spec().dashboard->sql.span,
                               {}});
  // A lane that is meant to fail need not work without faults either: its source may be what is wrong.
  if (!reference.error.empty() && !pipeline.spec().lane.verdict.contains(scenario::Verdict::kFails))
    report.findings.push_back({"the load works without faults", Held::kNo, "ok", reference.error, {}, {}});
  report.load = std::move(load);
  std::optional<pipeline::SqlLimit> limit = warehouse_of(world).engine().limit_met();
  if (!limit) limit = reference.limit;
  if (limit) leave_undecided(report, name_of(*limit), sentence_of(*limit));
}

// What `--do` says is held against the same lists as a file's steps.
std::string not_understood(const scenario::Spec& spec, const world::Step& step) {
  if (const auto* order = std::get_if<world::Command>(&step.what))
    if (const auto wrong = scenario::misunderstood(spec, order->node, order->text))
      return fmt::format("{} ({})", wrong->message, wrong->help);
  const auto* when = std::get_if<world::AtMark>(&step.when);
  if (!when) return {};
  const std::vector<scenario::MarkWord> marks = scenario::marks_of(spec);
  const bool known = std::any_of(marks.begin(), marks.end(), [&](const auto& mark) { return mark.name == when->mark; });
  return known ? std::string()
               : fmt::format("no node here reports a mark '{}' (marks: {})", when->mark, scenario::marks_text(marks));
}

// Two listeners of one run.
class Both final : public world::Observer {
 public:
  Both(world::Observer& first, world::Observer& second) : first_(first), second_(second) {}
  void event(const world::World& world, const Event& event, const std::vector<Effect>& effects) override {
    first_.event(world, event, effects), second_.event(world, event, effects);
  }
  void record(const world::World& world, const TraceRecord& record, std::string_view label) override {
    first_.record(world, record, label), second_.record(world, record, label);
  }

 private:
  world::Observer &first_, &second_;
};

}  // namespace

void leave_undecided(RunReport& report, std::string_view limit, const std::string& why) {
  report.limit = limit;
  for (auto* findings : {&report.findings, &report.sometimes})
    for (Finding& finding : *findings)
      finding.held = Held::kUnknown, finding.seen = "not judged, a limit was reached", finding.at.reset();
  report.findings.insert(report.findings.begin(),
                         {std::string(limit), Held::kUnknown, "the run stays within its limits", why, {}, {}});
  if (report.load) report.load->letter = '?';
}

Ready make_ready(const scenario::Variant& variant) {
  Ready ready;
  ready.variant = &variant;
  if (!variant.spec.lane.loads()) return ready;
  auto prepared = prepare(variant);
  if (const auto* failure = std::get_if<SetupError>(&prepared))
    ready.error = failure->message;
  else
    ready.pipeline = std::get<Pipeline>(std::move(prepared));
  return ready;
}

Built build_world(const Ready& ready, std::uint64_t seed, const RunOptions& options) {
  Built built;
  built.error = ready.error;
  if (!built.error.empty()) return built;
  const scenario::Variant& variant = *ready.variant;
  if (ready.pipeline) {
    built.world =
        build(*ready.pipeline, {.seed = seed, .keep = options.keep, .faults = options.timeline, .runs = options.runs});
  } else if (variant.spec.cluster) {
    built.world = build_cluster(variant.spec, seed, options.keep);
    if (options.timeline)
      for (const scenario::PlannedStep& planned : variant.steps) built.world->add(planned.step);
    if (options.timeline && variant.spec.schedule)
      built.error = built.world->follow(schedule_of(*variant.spec.schedule)).value_or("");
  } else {
    built.error = "there is nothing to run: the scenario has neither a loader nor a [cluster]";
  }
  if (built.world && options.timeline) {
    built.drawn_from = built.world->steps().size();
    for (world::Step& step : chaos_steps(variant.spec, seed))
      if (built.error.empty()) built.error = built.world->add(std::move(step)).value_or("");
    built.drawn_to = built.world->steps().size();
  }
  for (const world::Step& step : options.steps) {
    if (built.error.empty()) built.error = built.world->add(step).value_or("");
    if (built.error.empty()) built.error = not_understood(variant.spec, step);
  }
  if (!built.error.empty()) built.world.reset();
  return built;
}

LiveRun::LiveRun(const Ready& ready, std::uint64_t seed, const RunOptions& options)
    : ready_(ready),
      seed_(seed),
      log_(ready.pipeline ? &*ready.pipeline : nullptr, options.narrate, &ready.variant->spec.network),
      spectrum_(options.spectrum),
      judge_budget_(options.judge_budget),
      until_(options.until.value_or(Time{ready.variant->spec.until.ns})),
      stop_(options.stop),
      most_events_(options.events) {
  Built built = build_world(ready, seed, options);
  world_ = std::move(built.world);
  error_ = std::move(built.error);
  drawn_from_ = built.drawn_from;
  drawn_to_ = built.drawn_to;
}

bool LiveRun::advance(Sequence events, world::Observer* also) {
  TWICE_ASSERT(world_.has_value(), "a run that could not start is advanced");
  const Sequence last = events > ~Sequence{0} - world_->events() ? ~Sequence{0} : world_->events() + events;
  std::optional<Both> both;
  if (also) both.emplace(log_, *also);
  world::Observer* observer = &log_;
  if (both) observer = &*both;
  const pipeline::SqlDevice* device = ready_.pipeline ? &warehouse_of(*world_) : nullptr;
  const Sequence look = ready_.pipeline ? kLookEverySql : kLookEvery;
  Sequence next_look = world_->events();
  while (!over_ && world_->events() < last) {
    if (stop_ && world_->events() >= next_look) {
      next_look = world_->events() + look;
      stopped_by_ = stop_();
      if (stopped_by_ != StoppedBy::kNothing) return over_ = true, false;
    }
    if (log_.settled() || (device && device->engine().limit_met())) over_ = true;
    if (world_->events() >= most_events_) over_ = true;
    if (!over_ && !(more_ = world_->step(until_, observer))) over_ = true;
  }
  if (log_.settled() || (device && device->engine().limit_met())) over_ = true;
  return !over_;
}

RunReport LiveRun::report(const Reference* reference) {
  RunReport report;
  report.variant = ready_.variant->name;
  report.seed = seed_;
  report.error = error_;
  if (!world_) return report;
  report.ended = log_.settled() || (!more_ && !world_->next_time());
  report.hash = world_->trace().hash();
  report.events = world_->events();
  report.end = log_.last_event();
  report.block_hashes = world_->trace().block_hashes();
  report_steps(*world_, log_, ready_.pipeline.has_value(), report);
  for (std::size_t i = drawn_from_; i < drawn_to_; ++i) report.steps[i].drawn = true;
  if (const auto& still = world_->standstill()) {
    report.error = to_text(*still, *world_);
  } else if (stopped_by_ != StoppedBy::kNothing) {
    judge_cut(name_of(stopped_by_), report);
  } else if (world_->events() >= most_events_) {
    judge_cut("run-events", report);
  } else {
    judge(reference, report);
  }
  report.narration = log_.narration;
  return report;
}

// Half a run proves nothing but what broke in it; and there is no time for more.
void LiveRun::judge_cut(std::string_view limit, RunReport& report) {
  report.limit = limit;
  report.findings.push_back(
      {std::string(limit),
       Held::kUnknown,
       "the run ends",
       fmt::format("it was cut short at {}, after {} events", in_seconds(world_->now()), world_->events()),
       {},
       {}});
  judge_what_broke({*ready_.variant, *world_, log_, nullptr, nullptr, {}, {}, {}}, report);
}

void LiveRun::judge(const Reference* reference, RunReport& report) {
  if (ready_.pipeline && reference) {
    judge_load(*ready_.pipeline, *reference, log_, *world_, report);
  } else if (ready_.pipeline) {
    const Reference made = make_reference(*ready_.pipeline, seed_, stop_);
    stopped_by_ = made.stopped_by;
    if (stopped_by_ != StoppedBy::kNothing) return judge_cut(name_of(stopped_by_), report);
    judge_load(*ready_.pipeline, made, log_, *world_, report);
  } else {
    Evidence evidence{*ready_.variant, *world_, log_, nullptr, nullptr, {}, {}, {}};
    report.clients = report_clients(evidence, spectrum_ || names_a_model(ready_.variant->spec.expect), judge_budget_);
    if (report.clients) evidence.clients = &*report.clients;
    report.metrics = measure(evidence);
    judge_expectations(evidence, report);
  }
}

}  // namespace twice::lab

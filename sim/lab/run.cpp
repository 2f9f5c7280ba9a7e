#include "lab/run.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/cluster_world.h"
#include "lab/expectations.h"
#include "lab/outcome.h"
#include "lab/pipeline_world.h"
#include "lab/run_log.h"
#include "pipeline/dashboard.h"
#include "pipeline/orchestrator.h"

namespace twice::lab {
namespace {

// A variant made ready once; worlds are built from it.
struct Ready {
  std::optional<Pipeline> pipeline;
  std::string error;
};

Ready make_ready(const scenario::Variant& variant) {
  Ready ready;
  if (!variant.spec.lane.loads()) return ready;
  auto prepared = prepare(variant);
  if (const auto* failure = std::get_if<SetupError>(&prepared))
    ready.error = failure->message;
  else
    ready.pipeline = std::get<Pipeline>(std::move(prepared));
  return ready;
}

Built build_ready(const Ready& ready, const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options) {
  Built built;
  built.error = ready.error;
  if (!built.error.empty()) return built;
  if (ready.pipeline) {
    built.world = build(*ready.pipeline, {.seed = seed, .keep = options.keep, .faults = options.timeline});
  } else if (variant.spec.cluster) {
    built.world = build_cluster(variant.spec, seed, options.keep);
    if (options.timeline)
      for (const scenario::PlannedStep& planned : variant.steps) built.world->add(planned.step);
  } else {
    built.error = "there is nothing to run: the scenario has neither a loader nor a [cluster]";
  }
  for (const world::Step& step : options.steps)
    if (built.error.empty()) built.error = built.world->add(step).value_or("");
  if (!built.error.empty()) built.world.reset();
  return built;
}

void report_steps(const world::World& world, const RunLog& log, bool loads, RunReport& report) {
  for (std::size_t i = 0; i < world.steps().size(); ++i) {
    StepReport step{world::to_text(world.steps()[i]), world.fired(i), world.took_effect(i), log.fired_at(i)};
    // A failing disk was armed from the start; it bit when its operation was reached.
    if (loads && std::holds_alternative<world::FailDisk>(world.steps()[i].what))
      step.fired = step.effective =
          warehouse_of(world).io_count() >= std::get<world::AtIo>(world.steps()[i].when).operation;
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

// The dashboard's query at the end, and all the dashboard itself has read.
void report_readings(const Pipeline& pipeline, const world::World& world, Evidence& evidence, LoadReport& load) {
  if (!pipeline.spec().dashboard) return;
  const pipeline::SqlReply reply =
      warehouse_of(world).engine().query(pipeline.spec().dashboard->sql.text, pipeline.job);
  load.series = evidence.columns = reply.result.columns;
  if (!reply.result.rows.empty()) load.finally = evidence.finally = reply.result.rows.front();
  const auto* dashboard = state_of<pipeline::DashboardNode>(world.node(node_named(world, "dashboard")));
  for (const pipeline::Reading& reading : dashboard->readings)
    load.readings.push_back({reading.at, reading.ok, reading.values});
  evidence.readings = load.readings;
  if (!load.after_fault && load.before_fault) load.after_fault = load.finally;
}

void judge_load(const Pipeline& pipeline, std::uint64_t seed, RunLog& log, const world::World& world,
                RunReport& report) {
  const Reference reference = make_reference(pipeline, seed);
  const LoadOutcome outcome = judge(pipeline, reference, world);
  LoadReport load = report_load(outcome, reference, log, world);
  Evidence evidence{*pipeline.variant, world, log, &pipeline, &outcome, {}, {}, {}};
  report_readings(pipeline, world, evidence, load);
  if (!log.after_fault) log.after_fault = load.after_fault;
  report.metrics = measure(evidence);
  judge_expectations(evidence, report);
  if (!reference.error.empty())
    report.findings.push_back({"the load works without faults", Held::kNo, "ok", reference.error, {}});
  report.load = std::move(load);
}

RunReport run_ready(const Ready& ready, const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options,
                    std::optional<world::World>* world_out) {
  RunReport report;
  report.variant = variant.name;
  report.seed = seed;
  Built built = build_ready(ready, variant, seed, options);
  if (!built.world) {
    report.error = built.error;
    return report;
  }
  world::World& world = *built.world;
  const Pipeline* pipeline = ready.pipeline ? &*ready.pipeline : nullptr;
  RunLog log(pipeline, options.narrate);
  const Time until = options.until.value_or(Time{variant.spec.until.ns});
  bool more = true;
  while (!log.settled() && (more = world.step(until, &log))) {
  }
  report.ended = log.settled() || (!more && !world.next_time());
  report.hash = world.trace().hash();
  report.events = world.events();
  report.end = log.last_event();
  report.block_hashes = world.trace().block_hashes();
  report_steps(world, log, pipeline != nullptr, report);
  if (pipeline) {
    judge_load(*pipeline, seed, log, world, report);
  } else {
    const Evidence evidence{variant, world, log, nullptr, nullptr, {}, {}, {}};
    report.metrics = measure(evidence);
    judge_expectations(evidence, report);
  }
  report.narration = std::move(log.narration);
  if (world_out) *world_out = std::move(world);
  return report;
}

Held worst(Held a, Held b) {
  const auto rank = [](Held h) { return h == Held::kNo ? 2 : h == Held::kUnknown ? 1 : 0; };
  return rank(a) >= rank(b) ? a : b;
}

void judge_sometimes(Batch& batch) {
  for (const RunReport& run : batch.runs)
    for (const Finding& finding : run.sometimes) {
      const auto same = [&](const Finding& f) { return f.name == finding.name && f.span == finding.span; };
      auto known = std::find_if(batch.over_seeds.begin(), batch.over_seeds.end(), same);
      if (known == batch.over_seeds.end()) known = batch.over_seeds.insert(known, finding);
      if (finding.held == Held::kYes) *known = finding;
    }
}

}  // namespace

std::string_view name_of(Held held) {
  switch (held) {
    case Held::kYes:
      return "held";
    case Held::kNo:
      return "failed";
    case Held::kUnknown:
      return "unknown";
  }
  return {};
}

Held RunReport::held() const {
  if (!error.empty()) return Held::kNo;
  Held all = Held::kYes;
  for (const Finding& finding : findings) all = worst(all, finding.held);
  return all;
}

Held Batch::held() const {
  Held all = stopped ? Held::kUnknown : Held::kYes;
  for (const RunReport& run : runs) all = worst(all, run.held());
  for (const Finding& finding : over_seeds) all = worst(all, finding.held);
  return all;
}

Built build_world(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options) {
  return build_ready(make_ready(variant), variant, seed, options);
}

RunReport run(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options,
              std::optional<world::World>* world_out) {
  return run_ready(make_ready(variant), variant, seed, options, world_out);
}

Batch run_batch(const std::vector<const scenario::Variant*>& variants, const std::vector<std::uint64_t>& seeds,
                const RunOptions& options, const WorkerOptions& workers) {
  Batch batch;
  std::vector<Ready> ready;
  bool any_load = false;
  for (const scenario::Variant* variant : variants) {
    ready.push_back(make_ready(*variant));
    any_load = any_load || ready.back().pipeline.has_value();
  }
  const auto one = [&](std::size_t unit) {
    const std::size_t v = unit / seeds.size();
    return run_ready(ready[v], *variants[v], seeds[unit % seeds.size()], options, nullptr);
  };
  const std::size_t count = variants.size() * seeds.size();
  if (workers.workers <= 1) {
    for (std::size_t unit = 0; unit < count && !batch.stopped; ++unit) {
      batch.runs.push_back(one(unit));
      if (workers.progress && !workers.progress(unit + 1, count)) batch.stopped = unit + 1 < count;
    }
  } else {
    const auto text = [&](std::size_t unit) { return to_json(one(unit)); };
    WorkResult work = any_load ? in_processes(count, workers, text) : in_threads(count, workers, text);
    for (std::size_t unit = 0; unit < count; ++unit)
      if (work.finished[unit]) batch.runs.push_back(run_report_from_json(work.results[unit]));
    batch.reports = std::move(work.reports);
    batch.stopped = work.stopped || batch.runs.size() < count;
  }
  judge_sometimes(batch);
  return batch;
}

}  // namespace twice::lab

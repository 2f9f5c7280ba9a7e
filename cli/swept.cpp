#include "cli/swept.h"

#include <utility>

namespace twice::cli {
namespace {

Exit code_of_lanes(const lab::SweepResult& result) {
  Exit code = result.stopped ? Exit::kUndecided : Exit::kMet;
  for (const lab::LaneSweep& lane : result.lanes) {
    switch (sweep_verdict(lane)) {
      case lab::SweepVerdict::kAsMeant:
        break;
      case lab::SweepVerdict::kNotAsMeant:
        code = worse(code, Exit::kFailed);
        break;
      case lab::SweepVerdict::kUndecided:
        code = worse(code, Exit::kUndecided);
        break;
    }
  }
  return code;
}

Exit code_of_script(lab::ScriptVerdict::Kind kind) {
  switch (kind) {
    case lab::ScriptVerdict::Kind::kSafe:
      return Exit::kMet;
    case lab::ScriptVerdict::Kind::kUnsafe:
      return Exit::kFailed;
    case lab::ScriptVerdict::Kind::kUndecided:
      return Exit::kUndecided;
    case lab::ScriptVerdict::Kind::kCannotRun:
      return Exit::kBadScenario;
  }
  return Exit::kUndecided;
}

std::optional<lab::RunReport> run_smallest(const lab::LaneSweep& lane, const lab::SweepOptions& options) {
  if (!lane.smallest) return std::nullopt;
  scenario::Variant variant = *lane.variant;
  const lab::Point& point = lane.smallest->point;
  if (point.stop == lab::Stop::kSecondRun)
    variant.spec.orchestrator.runs = static_cast<std::uint32_t>(point.number + 1);
  lab::WorkerOptions one = options.workers;
  one.workers = 1;
  one.progress = {};
  const lab::Batch batch =
      lab::run_batch({&variant}, {options.seed}, {.steps = steps_of(point), .timeline = false}, one);
  return batch.runs.empty() || !batch.runs.front().limit.empty() ? std::nullopt : std::optional(batch.runs.front());
}

lab::ScriptResult script_of(const Loaded& loaded, const Swept& swept) {
  return {loaded.subject, loaded.scenario, swept.result, *swept.verdict, swept.smallest, swept.seed};
}

}  // namespace

Swept swept(const Loaded& loaded, lab::SweepResult result, const lab::SweepOptions& options) {
  Swept all{std::move(result), options.seed, {}, {}};
  if (!loaded.script || all.result.lanes.empty()) return all;
  const lab::LaneSweep& lane = all.result.lanes.front();
  all.smallest = run_smallest(lane, options);
  all.verdict = judge_script(loaded.scenario, lane, all.smallest, options.seed);
  return all;
}

Exit code_of(const Swept& swept) {
  return swept.verdict ? code_of_script(swept.verdict->kind) : code_of_lanes(swept.result);
}

std::string text_of(const Loaded& loaded, const Swept& swept, const lab::Style& style) {
  return swept.verdict ? script_text(script_of(loaded, swept), style)
                       : sweep_text(loaded.subject, swept.result, swept.seed, style);
}

std::string json_of(const Loaded& loaded, const Swept& swept) {
  return swept.verdict ? script_json(script_of(loaded, swept)) : sweep_json(loaded.subject, swept.result, swept.seed);
}

lab::Suite suite_of(const Loaded& loaded, const Swept& swept) {
  return swept.verdict ? script_suite(script_of(loaded, swept))
                       : lab::suite_of(loaded.subject, swept.result, swept.seed);
}

std::string commands_of(const Loaded& loaded, const Swept& swept) {
  return swept.verdict ? script_github(script_of(loaded, swept)) : std::string();
}

}  // namespace twice::cli

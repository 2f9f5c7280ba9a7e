#include "lab/sweep.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/script.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

Exit code_of(const lab::SweepResult& result) {
  Exit code = Exit::kMet;
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

Exit code_of(lab::ScriptVerdict::Kind kind) {
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

class Sweep {
 public:
  explicit Sweep(const SweepArguments& arguments) : a_(arguments), style_(style_for(arguments.outputs)) {}

  Exit execute() {
    if (auto refused = prepare()) return refused->code;
    lab::SweepResult result;
    {
      Watch watch("groups of crash points", limit_, !a_.outputs.quiet, true, a_.progress);
      options_.workers = {chosen_jobs(a_.choice.jobs), watch.progress()};
      result = lab::sweep(lanes_, options_);
    }
    if (interrupted()) {
      tell("interrupted; nothing was written\n");
      return Exit::kInterrupted;
    }
    const lab::Subject& subject = loaded_->subject;
    std::vector<OutputFile> files;
    if (!a_.outputs.junit.empty()) files.push_back({a_.outputs.junit, sweep_junit(subject, result, options_.seed)});
    if (!a_.outputs.summary.empty())
      files.push_back({a_.outputs.summary, sweep_summary(subject, result, options_.seed)});
    const Exit code = show(result);
    if (auto error = write_files(files)) return refuse(Exit::kUsage, *error).code;
    print(text_);
    if (annotates(a_.outputs)) tell_commands(loaded_->script ? github_ : sweep_github(subject, result, options_.seed));
    return code;
  }

 private:
  std::optional<Refused> prepare() {
    for (const std::string& path : {a_.outputs.junit, a_.outputs.summary})
      if (auto error = cannot_write(path)) return refuse(Exit::kUsage, *error);
    if (!a_.points.empty()) {
      const auto points = lab::parse_points(a_.points);
      if (!points)
        return refuse(
            Exit::kUsage,
            fmt::format("--points '{}' names no crash points: rows, statements, io, all, or a time like 12.5s",
                        scenario::printable(a_.points)));
      options_.points = *points;
    }
    if (a_.at_most > 0) options_.at_most = a_.at_most;
    auto limit = chosen_limit(a_.choice.time_limit);
    if (auto* refused = std::get_if<Refused>(&limit)) return *refused;
    limit_ = std::get<0>(limit);
    auto loaded = load(a_.file, a_.script, a_.choice, a_.outputs);
    if (auto* refused = std::get_if<Refused>(&loaded)) return *refused;
    loaded_ = std::get<Loaded>(std::move(loaded));
    return choose();
  }

  std::optional<Refused> choose() {
    auto lanes = chosen_lanes(loaded_->scenario, a_.choice.only);
    if (auto* refused = std::get_if<Refused>(&lanes)) return *refused;
    for (const scenario::Variant* lane : std::get<0>(lanes))
      if (lane->spec.lane.loads()) lanes_.push_back(lane);
    if (lanes_.empty())
      return refuse(Exit::kNothingMatched,
                    fmt::format("{} loads nothing: there is no load to crash", scenario::printable(a_.file)));
    options_.seed = a_.choice.seed.value_or(loaded_->scenario.shared().seeds.first);
    return std::nullopt;
  }

  /// The text, and what the program ends with.
  Exit show(const lab::SweepResult& result) {
    if (loaded_->script) return show_script(result);
    const Exit code = code_of(result);
    if (a_.outputs.json)
      text_ = sweep_json(loaded_->subject, result, options_.seed);
    else if (!a_.outputs.quiet || code != Exit::kMet)
      text_ = sweep_text(loaded_->subject, result, options_.seed, style_);
    return code;
  }

  Exit show_script(const lab::SweepResult& result) {
    const std::optional<lab::RunReport> smallest = run_smallest(result.lanes.front());
    const lab::ScriptVerdict verdict = judge_script(loaded_->scenario, result.lanes.front(), smallest, options_.seed);
    const lab::ScriptResult script{loaded_->subject, loaded_->scenario, result, verdict, smallest, options_.seed};
    const Exit code = code_of(verdict.kind);
    github_ = script_github(script);
    if (a_.outputs.json)
      text_ = script_json(script);
    else if (!a_.outputs.quiet || code != Exit::kMet)
      text_ = script_text(script, style_);
    return code;
  }

  // The smallest failing point once more, for its rows.
  std::optional<lab::RunReport> run_smallest(const lab::LaneSweep& lane) const {
    if (!lane.smallest) return std::nullopt;
    scenario::Variant variant = *lane.variant;
    const lab::Point& point = lane.smallest->point;
    if (point.stop == lab::Stop::kSecondRun)
      variant.spec.orchestrator.runs = static_cast<std::uint32_t>(point.number + 1);
    return lab::run(variant, options_.seed, {.steps = steps_of(point), .timeline = false});
  }

  const SweepArguments& a_;
  lab::Style style_;
  lab::SweepOptions options_;
  std::optional<std::chrono::nanoseconds> limit_;
  std::optional<Loaded> loaded_;
  std::vector<const scenario::Variant*> lanes_;
  std::string text_, github_;
};

}  // namespace

Exit execute(const SweepArguments& arguments) { return Sweep(arguments).execute(); }

}  // namespace twice::cli

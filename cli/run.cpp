#include <cstdlib>

#include <fmt/format.h>

#include "check/history_text.h"
#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_format.h"
#include "lab/trace_file.h"
#include "scenario/save.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

Exit code_of(const lab::Batch& batch) {
  for (const lab::RunReport& run : batch.runs)
    if (!run.error.empty()) return Exit::kBadScenario;
  switch (batch.held()) {
    case lab::Held::kYes:
      return Exit::kMet;
    case lab::Held::kNo:
      return Exit::kFailed;
    case lab::Held::kUnknown:
      return Exit::kUndecided;
  }
  return Exit::kUndecided;
}

class Run {
 public:
  explicit Run(const RunArguments& arguments) : a_(arguments), style_(style_for(arguments.outputs)) {}

  Exit execute() {
    if (auto refused = prepare()) return refused->code;
    for (Loaded& loaded : loaded_) {
      if (auto refused = run_one(loaded)) return refused->code;
      if (interrupted()) return stop();
    }
    add_files();
    if (auto error = write_files(files_)) return refuse(Exit::kUsage, *error).code;
    print(text_);
    if (annotates(a_.outputs)) tell_commands(run_github(results_));
    return code_;
  }

 private:
  // Everything is read and checked before anything runs.
  std::optional<Refused> prepare() {
    for (const std::string& path :
         {a_.outputs.junit, a_.outputs.summary, a_.outputs.trace, a_.outputs.save, a_.outputs.history})
      if (auto error = cannot_write(path)) return refuse(Exit::kUsage, *error);
    const std::vector<std::string> files = scenario_files(a_.files);
    if (files.empty()) return refuse(Exit::kNothingMatched, "there is no scenario (*.toml) here");
    if (auto refused = take(chosen_steps(a_.choice.steps), steps_)) return refused;
    if (auto refused = take(chosen_limit(a_.choice.time_limit), limit_)) return refused;
    if (auto refused = read_percentage()) return refused;
    std::optional<Refused> first;
    for (const std::string& file : files) {
      auto loaded = load(file, a_.script, a_.choice, a_.outputs);
      if (auto* refused = std::get_if<Refused>(&loaded))
        first = first ? first : *refused;
      else
        loaded_.push_back(std::get<Loaded>(std::move(loaded)));
    }
    return first;
  }

  template <class T>
  static std::optional<Refused> take(std::variant<T, Refused> from, T& to) {
    if (auto* refused = std::get_if<Refused>(&from)) return *refused;
    to = std::get<T>(std::move(from));
    return std::nullopt;
  }

  std::optional<Refused> read_percentage() {
    std::string text = a_.verify;
    if (text.empty() && std::getenv("CI")) text = "5%";
    if (text.empty()) return std::nullopt;
    if (text.ends_with('%')) text.pop_back();
    char* end = nullptr;
    const unsigned long percent = std::strtoul(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || percent > 100)
      return refuse(Exit::kUsage,
                    fmt::format("--verify-determinism={} is no percentage", scenario::printable(a_.verify)));
    percent_ = percent;
    return std::nullopt;
  }

  // A step of --do may name what this scenario does not have.
  static std::optional<Refused> check_steps(const scenario::Variant& lane, std::uint64_t seed,
                                            const lab::RunOptions& options) {
    if (options.steps.empty()) return std::nullopt;
    lab::RunOptions without = options;
    without.steps.clear();
    if (!lab::build_world(lane, seed, without).error.empty()) return std::nullopt;  // the run itself will say so
    const std::string error = lab::build_world(lane, seed, options).error;
    return error.empty() ? std::nullopt : std::optional(refuse(Exit::kUsage, "--do: " + error));
  }

  std::optional<Refused> run_one(Loaded& loaded) {
    std::vector<const scenario::Variant*> lanes;
    std::vector<std::uint64_t> seeds;
    if (auto refused = take(chosen_lanes(loaded.scenario, a_.choice.only), lanes)) return refused;
    if (auto refused = take(chosen_seeds(loaded.scenario, a_.choice), seeds)) return refused;
    if (!a_.outputs.history.empty() && lanes.size() * seeds.size() != 1)
      return refuse(Exit::kUsage, "--history writes one run; choose it with --only and --seed");
    if (!a_.outputs.trace.empty())
      if (auto refused = check_traceable(loaded, lanes, seeds)) return refused;
    if (!a_.outputs.save.empty() && (loaded.script || a_.files.size() > 1))
      return refuse(Exit::kUsage, "--save writes one scenario; name one");
    lab::RunOptions options{.steps = steps_, .timeline = !a_.choice.no_timeline, .narrate = a_.outputs.narrate};
    if (auto refused = check_steps(*lanes.front(), seeds.front(), options)) return refused;
    const std::size_t count = lanes.size() * seeds.size();
    options.spectrum = seeds.size() == 1;
    const unsigned jobs = count == 1 ? 1 : chosen_jobs(a_.choice.jobs);
    lab::RunResult result{loaded.subject, {}, {}};
    {
      Watch watch("runs", limit_, !a_.outputs.quiet, jobs > 1);
      result.batch = lab::run_batch(lanes, seeds, options, {jobs, watch.progress()});
    }
    if (interrupted()) return std::nullopt;
    verify(lanes, seeds, options);
    if (!a_.outputs.trace.empty()) record(loaded, *lanes.front(), seeds.front(), options);
    if (!a_.outputs.history.empty())
      if (auto refused = add_history(*lanes.front(), seeds.front(), options)) return refused;
    if (!a_.outputs.save.empty()) files_.push_back({a_.outputs.save, saved(loaded)});
    std::string strips = a_.sweep ? sweep(lanes, seeds.front()) : std::string();
    code_ = worse(code_, code_of(result.batch));
    result.scenario = std::move(loaded.scenario);
    show(result, strips);
    results_.push_back(std::move(result));
    return std::nullopt;
  }

  void show(const lab::RunResult& result, const std::string& strips) {
    if (a_.outputs.json) {
      text_ += run_json(result);
      return;
    }
    const std::string text = run_text(result, {style_, a_.outputs.narrate, a_.outputs.quiet});
    // The strips stand before the summary, so that a FAIL line stays the last one.
    const std::size_t summary = text.rfind("\n\n");
    const bool split = !strips.empty() && summary != std::string::npos;
    if (!text_.empty()) text_ += "\n";
    text_ += split ? text.substr(0, summary + 2) + strips + text.substr(summary + 1) : text + strips;
  }

  // The strips of all lanes that load something.
  std::string sweep(const std::vector<const scenario::Variant*>& lanes, std::uint64_t seed) {
    std::vector<const scenario::Variant*> loading;
    for (const scenario::Variant* lane : lanes)
      if (lane->spec.lane.loads()) loading.push_back(lane);
    if (loading.empty() || a_.outputs.json || a_.outputs.quiet) return {};
    Watch watch("groups of crash points", limit_, true, true);
    lab::SweepOptions options;
    options.seed = seed;
    options.workers = {chosen_jobs(a_.choice.jobs), watch.progress()};
    return strips_text(lab::sweep(loading, options), style_);
  }

  void verify(const std::vector<const scenario::Variant*>& lanes, const std::vector<std::uint64_t>& seeds,
              const lab::RunOptions& options) {
    std::uint64_t unit = 0;
    for (const scenario::Variant* lane : lanes)
      for (const std::uint64_t seed : seeds) {
        const bool chosen = percent_ > 0 && (unit == 0 || unit * percent_ / 100 != (unit - 1) * percent_ / 100);
        ++unit;
        if (!chosen) continue;
        const auto divergence = lab::verify_determinism(*lane, seed, options);
        if (!divergence) continue;
        code_ = worse(code_, Exit::kNondeterminism);
        tell(scenario::printable(
                 fmt::format("NONDETERMINISM {} seed {}: event {} differs", lane->name, seed, divergence->event)) +
             "\n");
        tell(scenario::printable("  first:  " + divergence->first) + "\n" +
             scenario::printable("  second: " + divergence->second) + "\n");
      }
  }

  static std::optional<Refused> check_traceable(const Loaded& loaded,
                                                const std::vector<const scenario::Variant*>& lanes,
                                                const std::vector<std::uint64_t>& seeds) {
    if (loaded.script)
      return refuse(Exit::kUsage, "--trace records a scenario; `twice new loader` writes one to put the script into");
    if (lanes.size() * seeds.size() == 1) return std::nullopt;
    return refuse(Exit::kUsage,
                  fmt::format("--trace records one run, and these are {}; choose it with --only and --seed",
                              lanes.size() * seeds.size()));
  }

  void record(const Loaded& loaded, const scenario::Variant& lane, std::uint64_t seed, lab::RunOptions options) {
    lab::TraceFile trace;
    std::optional<world::World> world;
    options.keep = Trace::Keep::kAll;
    const lab::RunReport report = lab::run(lane, seed, options, &world);
    if (!world) return;
    trace.twice_version = TWICE_VERSION;
    trace.engine_version = report.load ? report.load->engine : std::string();
    trace.scenario_path = loaded.scenario.path;
    trace.scenario_text = loaded.scenario.sources.front().text;
    trace.files = loaded.files;
    trace.set = a_.choice.set;
    trace.variant = lane.name;
    trace.seed = seed;
    trace.timeline = options.timeline;
    trace.runs = a_.choice.runs;
    trace.steps = a_.choice.steps;
    record_run(trace, world->trace());
    files_.push_back({a_.outputs.trace, encode(trace)});
  }

  std::optional<Refused> add_history(const scenario::Variant& lane, std::uint64_t seed,
                                     const lab::RunOptions& options) {
    const check::History history = lab::history_of(lane, seed, options);
    if (history.operations.empty())
      return refuse(Exit::kUsage, "--history: no client asked anything that a history can tell");
    const std::string& path = a_.outputs.history;
    files_.push_back({path, path.ends_with(".json") ? check::to_json_lines(history) : check::to_edn(history)});
    return std::nullopt;
  }

  // The scenario as it would have been written with these interventions in it.
  std::string saved(const Loaded& loaded) const {
    return scenario::with_steps(loaded.scenario.sources.front().text, steps_, a_.choice.no_timeline);
  }

  void add_files() {
    if (!a_.outputs.junit.empty()) files_.push_back({a_.outputs.junit, run_junit(results_)});
    if (!a_.outputs.summary.empty()) files_.push_back({a_.outputs.summary, run_summary(results_)});
  }

  static Exit stop() {
    tell("interrupted; nothing was written\n");
    return Exit::kInterrupted;
  }

  const RunArguments& a_;
  lab::Style style_;
  std::vector<Loaded> loaded_;
  std::vector<world::Step> steps_;
  std::optional<std::chrono::nanoseconds> limit_;
  unsigned long percent_ = 0;
  std::vector<lab::RunResult> results_;
  std::vector<OutputFile> files_;
  std::string text_;
  Exit code_ = Exit::kMet;
};

}  // namespace

Exit execute(const RunArguments& arguments) {
  for (const std::string& file : arguments.files)
    if (is_script(file) && arguments.files.size() > 1)
      return refuse(Exit::kUsage, "a script is run alone: its tables and parameters are its own").code;
  return Run(arguments).execute();
}

}  // namespace twice::cli

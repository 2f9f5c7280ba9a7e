#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

#include "check/history_text.h"
#include "cli/ci_files.h"
#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/swept.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/shipped_files.h"
#include "lab/trace_file.h"
#include "scenario/save.h"
#include "scenario/scan.h"
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

std::int64_t wall_clock() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

class Run {
 public:
  explicit Run(const RunArguments& arguments) : a_(arguments), style_(style_for(arguments.outputs)), ci_(a_.outputs) {}

  Exit execute() {
    if (auto refused = prepare_outputs()) return refused->code;
    try {
      const auto refused = prepare();
      if (const auto kept = spares(files_read())) return kept->code;
      if (refused)
        give_up(*refused);
      else
        run_all();
    } catch (const std::exception& error) {
      // What was found before is not lost; main says what happened.
      ci_.add({lab::Trouble::Kind::kInternal, current_, error.what(), {}});
      finish();
      throw;
    }
    return finish();
  }

 private:
  std::vector<WantedFile> wanted_files() const {
    return {{"--junit", a_.outputs.junit},
            {"--summary", a_.outputs.summary},
            {"--trace", a_.outputs.trace},
            {"--save", a_.outputs.save},
            {"--history", a_.outputs.history}};
  }

  // What was read is not overwritten, whatever else is wrong.
  std::optional<Refused> spares(const std::vector<std::string>& inputs) const {
    const auto error = overwrites_input(wanted_files(), inputs);
    return error ? std::optional(refuse(Exit::kUsage, *error)) : std::nullopt;
  }

  std::optional<Refused> prepare_outputs() const {
    for (const WantedFile& file : wanted_files())
      if (auto error = cannot_write(file.path)) return refuse(Exit::kUsage, *error);
    std::vector<std::string> inputs = a_.script.setup;
    if (a_.script.source) inputs.push_back(*a_.script.source);
    for (const std::string& file : scenario_files(a_.files)) inputs.push_back(lab::locate(file).path);
    return spares(inputs);
  }

  // Everything is read and checked before anything runs.
  std::optional<Refused> prepare() {
    const std::vector<std::string> files = scenario_files(a_.files);
    if (files.empty()) return refuse(Exit::kNothingMatched, "there is no scenario (*.toml) here");
    if (auto refused = take(chosen_steps(a_.choice.steps), steps_)) return refused;
    if (auto refused = take(chosen_limit(a_.choice.time_limit), limit_)) return refused;
    limit_time(limit_);
    if (auto refused = read_percentage()) return refused;
    for (const std::string& file : files) {
      auto loaded = load(file, a_.script, a_.choice, a_.outputs);
      if (auto* refused = std::get_if<Refused>(&loaded))
        refuse_file(*refused, file);
      else
        loaded_.push_back(std::get<Loaded>(std::move(loaded)));
    }
    return std::nullopt;
  }

  // A file that cannot be read stops the others too, but each is named.
  void refuse_file(const Refused& refused, const std::string& file) {
    note(trouble_of(refused, file));
    code_ = worse(code_, refused.code);
    bad_files_ = true;
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
    const auto percent = scenario::number<unsigned long>(text);
    if (!percent || *percent < 1 || *percent > 100)
      return refuse(Exit::kUsage, fmt::format("--verify-determinism={} is no percentage from 1% to 100%",
                                              scenario::printable(a_.verify)));
    percent_ = *percent;
    return std::nullopt;
  }

  // --- troubles: every report names them

  void note(const lab::Trouble& trouble) {
    ci_.add(trouble);
    if (a_.outputs.json) text_ += trouble_json(trouble);
  }

  void give_up(const Refused& refused) {
    note(trouble_of(refused, current_));
    code_ = worse(code_, refused.code);
  }

  void not_run(const Loaded& loaded) {
    using Kind = lab::Trouble::Kind;
    lab::Trouble why{Kind::kNotRun, loaded.subject.path, "not run: another file has errors", {}};
    const lab::StoppedBy by = stop_seam()();
    if (by == lab::StoppedBy::kTimeLimit) {
      why.kind = Kind::kTimeLimit;
      why.words = "not run: the time limit was over before (time-limit)";
      code_ = worse(code_, Exit::kUndecided);
    }
    if (by == lab::StoppedBy::kInterrupt)
      why.kind = Kind::kInterrupt, why.words = "not run: the command was interrupted before";
    if (why.kind != Kind::kNotRun && !a_.outputs.json)
      text_ += fmt::format("{}{}: {}\n", text_.empty() ? "" : "\n", scenario::printable(why.path), why.words);
    note(why);
  }

  // The limit is one for the whole command.
  static bool stopped() { return stop_seam()() != lab::StoppedBy::kNothing; }

  // --- runs

  void run_all() {
    bool goes_on = !bad_files_;
    for (Loaded& loaded : loaded_) {
      current_ = loaded.subject.path;
      goes_on = goes_on && !stopped();
      if (!goes_on) {
        not_run(loaded);
      } else if (auto refused = run_one(loaded)) {
        give_up(*refused);
        goes_on = false;
      }
    }
  }

  // A step of --do may name what this scenario does not have.
  static std::optional<Refused> check_steps(const scenario::Variant& lane, std::uint64_t seed,
                                            const lab::RunOptions& options) {
    if (options.steps.empty()) return std::nullopt;
    lab::RunOptions without = options;
    without.steps.clear();
    if (!lab::build_world(lane, seed, without).error.empty()) return std::nullopt;  // the run itself will say so
    const std::string error = lab::build_world(lane, seed, options).error;
    return error.empty() ? std::nullopt : std::optional(refuse(Exit::kUsage, "--do: " + scenario::printable(error)));
  }

  std::optional<Refused> check_outputs(const Loaded& loaded, std::size_t runs) const {
    if (!a_.outputs.history.empty() && runs != 1)
      return refuse(Exit::kUsage, "--history writes one run; choose it with --only and --seed");
    if (!a_.outputs.trace.empty())
      if (auto refused = check_traceable(loaded, runs)) return refused;
    if (!a_.outputs.save.empty() && (loaded.script || a_.files.size() > 1))
      return refuse(Exit::kUsage, "--save writes one scenario; name one");
    return std::nullopt;
  }

  std::optional<Refused> run_one(Loaded& loaded) {
    std::vector<const scenario::Variant*> lanes;
    std::vector<std::uint64_t> seeds;
    if (auto refused = take(chosen_lanes(loaded.scenario, a_.choice.only), lanes)) return refused;
    if (auto refused = take(chosen_seeds(loaded.scenario, a_.choice), seeds)) return refused;
    const std::size_t count = lanes.size() * seeds.size();
    if (auto refused = check_outputs(loaded, count)) return refused;
    lab::RunOptions options{.steps = steps_, .timeline = !a_.choice.no_timeline, .narrate = a_.outputs.narrate};
    options.judge_budget = a_.judge_budget;
    options.clock = wall_clock;
    if (auto refused = check_steps(*lanes.front(), seeds.front(), options)) return refused;
    options.spectrum = seeds.size() == 1;
    const unsigned jobs = count == 1 ? 1 : chosen_jobs(a_.choice.jobs);
    if (a_.judge_budget > 0) loaded.subject.arguments += fmt::format(" --judge-budget {}", a_.judge_budget);
    lab::RunResult result{loaded.subject, {}, {}};
    result.first_seed = seeds.front(), result.last_seed = seeds.back(), result.wanted = count;
    Watch watch("runs", limit_, !a_.outputs.quiet);
    options.stop = stop_seam();
    result.batch = lab::run_batch(lanes, seeds, options, watch.workers(jobs));
    result.stopped_by = name_of(result.batch.stopped_by);
    std::optional<Swept> sweep;
    if (!result.batch.stopped) {
      verify(loaded, lanes, seeds, options, result.batch);
      if (auto refused = add_run_files(loaded, *lanes.front(), seeds.front(), options, result.batch)) return refused;
      if (a_.sweep) sweep = crash_everywhere(loaded, lanes, seeds.front());
    }
    code_ = worse(code_, code_of(result.batch));
    if (sweep) code_ = worse(code_, cli::code_of(*sweep));
    result.scenario = loaded.scenario;
    show(loaded, result, sweep);
    ci_.add(lab::suite_of(result), run_summary(result));
    if (sweep)
      ci_.add(suite_of(loaded, *sweep), sweep_summary(loaded.subject, sweep->result, sweep->seed),
              commands_of(loaded, *sweep));
    return std::nullopt;
  }

  void show(const Loaded& loaded, const lab::RunResult& result, const std::optional<Swept>& sweep) {
    if (a_.outputs.json) {
      text_ += run_json(result) + (sweep ? json_of(loaded, *sweep) : "");
      return;
    }
    lab::RunText options{style_, a_.outputs.narrate, a_.outputs.quiet, {}, {}};
    if (sweep) {
      options.sweep = sweep->verdict ? text_of(loaded, *sweep, style_) : strips_text(sweep->result, style_);
      options.sweep_failures = sweep_failures(loaded.subject, sweep->result, sweep->seed, style_);
    }
    if (!text_.empty() && !a_.outputs.quiet) text_ += "\n";
    text_ += run_text(result, options);
  }

  // All lanes that load something; nothing for a scenario without any.
  std::optional<Swept> crash_everywhere(const Loaded& loaded, const std::vector<const scenario::Variant*>& lanes,
                                        std::uint64_t seed) const {
    std::vector<const scenario::Variant*> loading;
    for (const scenario::Variant* lane : lanes)
      if (lane->spec.lane.loads()) loading.push_back(lane);
    if (loading.empty()) return std::nullopt;
    Watch watch("groups of crash points", limit_, !a_.outputs.quiet);
    lab::SweepOptions options;
    options.seed = seed;
    options.workers = watch.workers(chosen_jobs(a_.choice.jobs));
    return swept(loaded, lab::sweep(loading, options), options);
  }

  // A run that reached a limit would only reach it again, and here nothing could end it.
  static bool was_cut(const lab::Batch& batch, const scenario::Variant& lane, std::uint64_t seed) {
    return std::any_of(batch.runs.begin(), batch.runs.end(), [&](const lab::RunReport& run) {
      return run.variant == lane.name && run.seed == seed && !run.limit.empty();
    });
  }

  void verify(const Loaded& loaded, const std::vector<const scenario::Variant*>& lanes,
              const std::vector<std::uint64_t>& seeds, const lab::RunOptions& options, const lab::Batch& batch) {
    std::uint64_t unit = 0;
    for (const scenario::Variant* lane : lanes)
      for (const std::uint64_t seed : seeds) {
        const bool chosen = percent_ > 0 && (unit == 0 || unit * percent_ / 100 != (unit - 1) * percent_ / 100);
        ++unit;
        if (!chosen || stopped() || was_cut(batch, *lane, seed)) continue;
        if (const auto divergence = lab::verify_determinism(*lane, seed, options))
          diverged(loaded, *lane, seed, *divergence);
      }
  }

  void diverged(const Loaded& loaded, const scenario::Variant& lane, std::uint64_t seed,
                const lab::Divergence& divergence) {
    const std::string what =
        scenario::printable(fmt::format("{} seed {}: event {} differs", lane.name, seed, divergence.event));
    tell("NONDETERMINISM " + what + "\n");
    tell(scenario::printable("  first:  " + divergence.first) + "\n" +
         scenario::printable("  second: " + divergence.second) + "\n");
    note({lab::Trouble::Kind::kNondeterminism, loaded.subject.path, what, {}});
    code_ = worse(code_, Exit::kNondeterminism);
  }

  static std::optional<Refused> check_traceable(const Loaded& loaded, std::size_t runs) {
    if (loaded.script)
      return refuse(Exit::kUsage, "--trace records a scenario; `twice new loader` writes one to put the script into");
    if (runs == 1) return std::nullopt;
    return refuse(Exit::kUsage,
                  fmt::format("--trace records one run, and these are {}; choose it with --only and --seed", runs));
  }

  // Trace, history and scenario of one run.
  std::optional<Refused> add_run_files(const Loaded& loaded, const scenario::Variant& lane, std::uint64_t seed,
                                       const lab::RunOptions& options, const lab::Batch& batch) {
    if (!a_.outputs.trace.empty() && was_cut(batch, lane, seed))
      tell("--trace: the run is undecided, so nothing is recorded\n");
    else if (!a_.outputs.trace.empty())
      if (auto refused = record(loaded, lane, seed, options)) return refused;
    if (!a_.outputs.save.empty()) files_.push_back({a_.outputs.save, saved(loaded)});
    return a_.outputs.history.empty() ? std::nullopt : add_history(lane, seed, options);
  }

  std::optional<Refused> record(const Loaded& loaded, const scenario::Variant& lane, std::uint64_t seed,
                                lab::RunOptions options) {
    lab::TraceFile trace;
    std::optional<world::World> world;
    options.keep = Trace::Keep::kAll;
    const lab::RunReport report = lab::run(lane, seed, options, &world);
    if (!world) return std::nullopt;
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
    std::string bytes = encode(trace);
    if (bytes.size() > limits::kTraceFile)
      return refuse(Exit::kUsage,
                    fmt::format("--trace: this run takes {}; a trace may be up to {} (limit trace-file)",
                                limits::in_megabytes(bytes.size()), limits::in_megabytes(limits::kTraceFile)));
    files_.push_back({a_.outputs.trace, std::move(bytes)});
    return std::nullopt;
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

  // --- the end: whatever happened, what was found is printed and written

  Exit finish() {
    for (OutputFile& file : ci_.files()) files_.push_back(std::move(file));
    const auto error = write_files(files_);
    print(text_);
    ci_.annotate();
    if (error) return worse(code_, refuse(Exit::kUsage, *error).code);
    const lab::StoppedBy by = stop_seam()();
    if (by != lab::StoppedBy::kInterrupt) return code_;
    tell(text_.empty() ? "interrupted; nothing had been found\n"
                       : "interrupted; what was found by then is told above and in the files\n");
    return stop_code(by);
  }

  const RunArguments& a_;
  lab::Style style_;
  CiFiles ci_;
  std::vector<Loaded> loaded_;
  std::vector<world::Step> steps_;
  std::optional<std::chrono::nanoseconds> limit_;
  unsigned long percent_ = 0;
  bool bad_files_ = false;
  std::string current_;  // the scenario that is dealt with
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

#include <chrono>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/live_run.h"
#include "lab/report_format.h"
#include "lab/search/models.h"
#include "lab/search/report.h"
#include "lab/search/witness.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

using lab::search::Model;
using lab::search::Report;
using lab::search::Result;
using lab::search::Stop;

lab::search::Options options_of(const SearchArguments& a) {
  lab::search::Options options;
  options.network = a.network == "fifo"       ? lab::search::NetworkKind::kFifo
                    : a.network == "multiset" ? lab::search::NetworkKind::kMultiset
                                              : lab::search::NetworkKind::kSet;
  options.disk = a.disk == "later" ? lab::search::DiskKind::kLater : lab::search::DiskKind::kAtOnce;
  options.crashes = a.crashes;
  options.drops = a.drops;
  options.timers = a.timers;
  options.max_depth = a.max_depth;
  options.max_states = a.max_states;
  options.memory = a.memory_mb * 1'000'000;
  options.symmetry = a.symmetry == "on";
  options.keep_going = a.keep_going;
  return options;
}

/// Runs the lane with its timeline up to that event, and takes over what it finds.
std::variant<Model, Refused> model_from(const scenario::Variant& lane, const Report& report) {
  if (!report.from) return lab::search::model_of(lane.spec, report.seed, report.options);
  const lab::Ready ready = lab::make_ready(lane);
  lab::LiveRun run(ready, report.seed, {.stop = stop_seam()});
  if (!run.error().empty()) return refuse(Exit::kBadScenario, run.error());
  run.advance(*report.from);
  if (run.stopped_by() != lab::StoppedBy::kNothing)
    return refuse(stop_code(run.stopped_by()),
                  fmt::format("stopped ({}) on the way to event {}", name_of(run.stopped_by()), *report.from));
  if (run.world().events() < *report.from)
    return refuse(Exit::kNothingMatched,
                  fmt::format("the run of seed {} ends after event {}", report.seed, run.world().events()));
  return lab::search::model_of(run.world(), lane.spec.cluster->protocol, report.options);
}

Exit code_of(const Result& result) {
  if (result.stop == Stop::kInterrupted) return stop_code(lab::StoppedBy::kInterrupt);
  switch (result.verdict()) {
    case lab::search::Verdict::kHolds:
      return Exit::kMet;
    case lab::search::Verdict::kBroken:
      return Exit::kFailed;
    case lab::search::Verdict::kUnknown:
      return Exit::kUndecided;
  }
  return Exit::kUndecided;
}

/// Writes the way that was found, where that was asked for.
std::optional<Refused> save(const SearchArguments& arguments, const Loaded& subject, const scenario::Variant& lane,
                            Report& report) {
  if (arguments.save.empty()) return std::nullopt;
  auto witness = witness_of(subject.scenario, lane, report);
  if (const auto* error = std::get_if<std::string>(&witness)) {
    tell(fmt::format("twice: {} was not written: {}\n", scenario::printable(arguments.save), *error));
    return std::nullopt;
  }
  if (auto error = write_files({{arguments.save, std::get<0>(witness).text}}, false))
    return refuse(Exit::kUsage, *error + "; name another file, or take it away");
  report.saved = arguments.save;
  return std::nullopt;
}

// What a terminal shows while it goes on.
class Shown {
 public:
  explicit Shown(bool quiet) : watch_("states", std::nullopt, !quiet), tick_(watch_.progress()) {}
  lab::search::Watcher watcher() {
    return [this](const lab::search::Progress& now) { return tick_(now.states, now.generated); };
  }

 private:
  Watch watch_;
  std::function<bool(std::size_t, std::size_t)> tick_;
};

}  // namespace

Exit execute(const SearchArguments& arguments) {
  auto loaded = load(arguments.file, {}, arguments.choice, arguments.outputs);
  if (const auto* refused = std::get_if<Refused>(&loaded)) return refused->code;
  const Loaded& subject = std::get<Loaded>(loaded);
  auto lanes = chosen_lanes(subject.scenario, arguments.choice.only);
  if (const auto* refused = std::get_if<Refused>(&lanes)) return refused->code;
  if (!arguments.save.empty() && std::get<0>(lanes).size() > 1)
    return refuse(Exit::kUsage, "--save writes one way: choose the lane with --only").code;
  if (auto error = cannot_write(arguments.save)) return refuse(Exit::kUsage, *error).code;
  const auto limit = chosen_limit(arguments.choice.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  limit_time(std::get<0>(limit));
  Exit code = Exit::kMet;
  for (const scenario::Variant* lane : std::get<0>(lanes)) {
    if (!lane->spec.cluster)
      return refuse(Exit::kNothingMatched, "a search needs a cluster: a load has SQL in it").code;
    Report report;
    report.file = arguments.file;
    report.lane = lane->spec.lane.name.value;
    report.seed = arguments.choice.seed.value_or(subject.scenario.shared().seeds.first);
    report.from = arguments.from;
    report.options = options_of(arguments);
    Shown shown(arguments.outputs.quiet);
    auto model = model_from(*lane, report);
    if (const auto* refused = std::get_if<Refused>(&model)) return refused->code;
    report.symmetry = report.options.symmetry && std::get<Model>(model).symmetry.has_value();
    const auto began = std::chrono::steady_clock::now();
    report.result = explore(std::get<Model>(model), shown.watcher());
    // The watcher knows one answer, the seam knows why.
    const bool out_of_time = stop_seam()() == lab::StoppedBy::kTimeLimit;
    if (report.result.stop == Stop::kInterrupted && out_of_time) report.result.stop = Stop::kTimeLimit;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (!report.result.error.empty()) return refuse(Exit::kNothingMatched, report.result.error).code;
    if (auto refused = save(arguments, subject, *lane, report)) return refused->code;
    print(arguments.outputs.json ? search_json(report) : search_text(report, style_for(arguments.outputs)));
    code = worse(code, code_of(report.result));
    if (report.result.stop == Stop::kInterrupted || report.result.stop == Stop::kTimeLimit) return code;
  }
  return code;
}

}  // namespace twice::cli

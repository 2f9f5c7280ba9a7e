#include "lab/sweep.h"

#include <fmt/format.h>

#include "cli/ci_files.h"
#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/swept.h"
#include "cli/terminal.h"
#include "lab/shipped_files.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

class Sweep {
 public:
  explicit Sweep(const SweepArguments& arguments)
      : a_(arguments), style_(style_for(arguments.outputs)), ci_(a_.outputs) {}

  Exit execute() {
    for (const std::string& path : {a_.outputs.junit, a_.outputs.summary})
      if (auto error = cannot_write(path)) return refuse(Exit::kUsage, *error).code;
    std::vector<std::string> inputs = a_.script.setup;
    if (a_.script.source) inputs.push_back(*a_.script.source);
    inputs.push_back(lab::locate(a_.file).path);
    if (auto refused = spares(inputs)) return refused->code;
    try {
      const auto refused = prepare();
      if (const auto kept = spares(files_read())) return kept->code;
      if (refused)
        give_up(*refused);
      else
        sweep();
    } catch (const std::exception& error) {
      ci_.add({lab::Trouble::Kind::kInternal, a_.file, error.what(), {}});
      finish();
      throw;
    }
    return finish();
  }

 private:
  std::optional<Refused> spares(const std::vector<std::string>& inputs) const {
    const auto error = overwrites_input({{"--junit", a_.outputs.junit}, {"--summary", a_.outputs.summary}}, inputs);
    return error ? std::optional(refuse(Exit::kUsage, *error)) : std::nullopt;
  }

  std::optional<Refused> prepare() {
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

  void sweep() {
    Watch watch("groups of crash points", limit_, !a_.outputs.quiet, a_.progress);
    options_.workers = watch.workers(chosen_jobs(a_.choice.jobs));
    const Swept all = swept(*loaded_, lab::sweep(lanes_, options_), options_);
    code_ = code_of(all);
    if (a_.outputs.json)
      text_ = json_of(*loaded_, all);
    else if (!a_.outputs.quiet || code_ != Exit::kMet)
      text_ = text_of(*loaded_, all, style_);
    ci_.add(suite_of(*loaded_, all), sweep_summary(loaded_->subject, all.result, all.seed), commands_of(*loaded_, all));
    if (all.result.stopped) cut_short(all.result);
  }

  void cut_short(const lab::SweepResult& result) {
    std::uint64_t points = 0, open = 0;
    for (const lab::LaneSweep& lane : result.lanes) points += lane.points.size(), open += untried(lane);
    using Kind = lab::Trouble::Kind;
    const lab::Trouble trouble{result.stopped_by == lab::StoppedBy::kInterrupt ? Kind::kInterrupt : Kind::kTimeLimit,
                               a_.file,
                               fmt::format("the sweep was stopped: {} of {} points were not tried", open, points),
                               {}};
    ci_.add(trouble);
    if (a_.outputs.json) text_ += trouble_json(trouble);
    code_ = worse(code_, Exit::kUndecided);
  }

  void give_up(const Refused& refused) {
    const lab::Trouble trouble = trouble_of(refused, a_.file);
    ci_.add(trouble);
    if (a_.outputs.json) text_ += trouble_json(trouble);
    code_ = refused.code;
  }

  // Whatever happened, what was found is printed and written.
  Exit finish() {
    const auto error = write_files(ci_.files());
    print(text_);
    ci_.annotate();
    if (error) return refuse(Exit::kUsage, *error).code;
    const lab::StoppedBy by = stop_seam()();
    if (by != lab::StoppedBy::kInterrupt) return code_;
    tell(text_.empty() ? "interrupted; nothing had been found\n"
                       : "interrupted; what was found by then is told above and in the files\n");
    return stop_code(by);
  }

  const SweepArguments& a_;
  lab::Style style_;
  CiFiles ci_;
  lab::SweepOptions options_;
  std::optional<std::chrono::nanoseconds> limit_;
  std::optional<Loaded> loaded_;
  std::vector<const scenario::Variant*> lanes_;
  std::string text_;
  Exit code_ = Exit::kMet;
};

}  // namespace

Exit execute(const SweepArguments& arguments) { return Sweep(arguments).execute(); }

}  // namespace twice::cli

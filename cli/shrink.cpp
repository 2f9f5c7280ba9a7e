#include "lab/shrink.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_format.h"
#include "lab/report_shrink.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

class Shrink {
 public:
  explicit Shrink(const ShrinkArguments& arguments) : a_(arguments), style_(style_for(arguments.outputs)) {}

  Exit execute() {
    if (auto refused = prepare()) return refused->code;
    for (const Loaded& loaded : loaded_) {
      if (auto refused = a_.all ? shrink_lanes(loaded) : shrink_one(loaded)) return refused->code;
      if (const lab::StoppedBy by = stop_seam()(); by != lab::StoppedBy::kNothing) return stopped(by);
    }
    if (results_.empty()) return nothing_fails().code;
    return a_.all ? show_table() : show(results_.front().second);
  }

 private:
  std::optional<Refused> prepare() {
    if (a_.all && !a_.output.empty()) return refuse(Exit::kUsage, "--all measures; -o writes the file of one run");
    if (!a_.all && a_.files.size() > 1) return refuse(Exit::kUsage, "name one scenario, or say --all");
    if (auto error = cannot_write(a_.output)) return refuse(Exit::kUsage, *error);
    const std::vector<std::string> files = scenario_files(a_.files);
    if (files.empty()) return refuse(Exit::kNothingMatched, "there is no scenario (*.toml) here");
    auto steps = chosen_steps(a_.choice.steps);
    if (const auto* refused = std::get_if<Refused>(&steps)) return *refused;
    failing_ = {std::get<0>(std::move(steps)), !a_.choice.no_timeline, a_.expect, stop_seam()};
    auto limit = chosen_limit(a_.choice.time_limit);
    if (const auto* refused = std::get_if<Refused>(&limit)) return *refused;
    limit_ = std::get<0>(limit);
    for (const std::string& file : files) {
      if (is_script(file))
        return refuse(Exit::kUsage, "shrink takes a scenario; `twice new loader` writes one to put the script into");
      auto loaded = load(file, {}, a_.choice, a_.outputs);
      if (const auto* refused = std::get_if<Refused>(&loaded)) return *refused;
      loaded_.push_back(std::get<Loaded>(std::move(loaded)));
    }
    return std::nullopt;
  }

  std::optional<Refused> shrink_one(const Loaded& loaded) {
    const Watch watch("runs", limit_, false);
    auto failing = chosen_failing(loaded, a_.choice, failing_);
    if (const auto* refused = std::get_if<Refused>(&failing)) return *refused;
    if (const auto& found = std::get<0>(failing)) add(loaded, *found);
    return std::nullopt;
  }

  std::optional<Refused> shrink_lanes(const Loaded& loaded) {
    const Watch watch("runs", limit_, false);
    for (const scenario::Variant& variant : loaded.scenario.variants) {
      Choice choice = a_.choice;
      if (!choice.only.empty() && choice.only != variant.name) continue;
      choice.only = variant.name;
      auto failing = chosen_failing(loaded, choice, failing_);
      if (const auto* refused = std::get_if<Refused>(&failing)) return *refused;
      if (const auto& found = std::get<0>(failing)) add(loaded, *found);
      if (stop_seam()() != lab::StoppedBy::kNothing) return std::nullopt;
    }
    return std::nullopt;
  }

  void add(const Loaded& loaded, const lab::FailingRun& failing) {
    Watch watch("runs", limit_, !a_.outputs.quiet);
    const auto progress = watch.progress();
    lab::ShrinkOptions options;
    options.steps = failing_.steps;
    options.timeline = failing_.timeline;
    options.runs = a_.budget;
    options.command = command(loaded, failing);
    options.progress = [&](std::uint64_t runs, const lab::RunSize&) { return progress(runs, a_.budget); };
    options.stop = stop_seam();
    results_.emplace_back(loaded.subject.path, lab::shrink(loaded.scenario, failing, options));
  }

  std::string command(const Loaded& loaded, const lab::FailingRun& failing) const {
    std::string text = fmt::format("twice shrink {} {} --seed {}", loaded.subject.arguments,
                                   lab::shell_option("--lane", failing.variant->name), failing.seed);
    if (!a_.expect.empty()) text += " " + lab::shell_option("--expect", a_.expect);
    if (!failing_.timeline) text += " --no-timeline";
    if (!a_.choice.steps.empty()) text += " " + lab::shell_option("--do", a_.choice.steps);
    if (a_.budget != ShrinkArguments{}.budget) text += fmt::format(" --runs {}", a_.budget);
    return text;
  }

  Refused nothing_fails() const {
    const std::string what = a_.expect.empty() ? std::string("no run fails")
                                               : fmt::format("no run fails '{}'", scenario::printable(a_.expect));
    return refuse(Exit::kNothingMatched,
                  what + ", so there is nothing to shrink; --seed and --lane choose another run, --do breaks one");
  }

  Exit show(const lab::Shrunk& result) {
    if (!result.error.empty())
      return refuse(Exit::kUndecided,
                    scenario::printable(fmt::format("{}, seed {}: {}", result.lane, result.seed, result.error)))
          .code;
    if (!a_.output.empty())
      if (auto error = write_files({{a_.output, result.text}}, false))
        return refuse(Exit::kUsage, *error + "; name another file, or take it away").code;
    const std::string report =
        a_.outputs.json ? shrink_json(results_.front().first, result) : lab::shrink_text(result, style_);
    // Without -o the file itself is the result.
    if (a_.output.empty() && !a_.outputs.json) {
      tell(report);
      print_file(result.text);
    } else {
      print(report);
    }
    return result.complete ? Exit::kMet : Exit::kUndecided;
  }

  Exit show_table() {
    Exit code = Exit::kMet;
    std::string json;
    for (const auto& [file, result] : results_) {
      if (!result.error.empty() || !result.complete) code = Exit::kUndecided;
      json += shrink_json(file, result);
    }
    print(a_.outputs.json ? json : shrink_table(results_, style_));
    return code;
  }

  // What was found by then is shown; it is a file that fails, though perhaps not the smallest.
  Exit stopped(lab::StoppedBy by) {
    const Exit code = stop_code(by);
    if (!a_.all && !results_.empty() && results_.front().second.complete) return show(results_.front().second);
    if (results_.empty()) {
      tell(fmt::format("stopped ({}) before a failing run was found; nothing had been found\n", name_of(by)));
      return code;
    }
    return worse(a_.all ? show_table() : show(results_.front().second), code);
  }

  const ShrinkArguments& a_;
  lab::Style style_;
  lab::FailingOptions failing_;
  std::optional<std::chrono::nanoseconds> limit_;
  std::vector<Loaded> loaded_;
  std::vector<std::pair<std::string, lab::Shrunk>> results_;
};

}  // namespace

Exit execute(const ShrinkArguments& arguments) { return Shrink(arguments).execute(); }

}  // namespace twice::cli

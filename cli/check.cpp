#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_bites.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

constexpr std::size_t kSeedsOfBites = 3;

Exit code_of(const lab::Bites& result) {
  if (result.any()) return Exit::kFailed;
  return result.open.empty() && result.limit.empty() ? Exit::kMet : Exit::kUndecided;
}

// A file, then the next: each result is printed before the next begins, so that nothing found is lost.
class CheckBites {
 public:
  explicit CheckBites(const CheckArguments& arguments) : a_(arguments), choice_(arguments.choice) {
    choice_.set = a_.set;
  }

  Exit execute(const std::vector<std::string>& files) {
    auto limit = chosen_limit(a_.choice.time_limit);
    if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
    // One watch for all files: the limit is the command's.
    Watch watch("runs", std::get<0>(limit), !a_.outputs.quiet);
    workers_ = watch.workers(chosen_jobs(a_.choice.jobs));
    Exit code = Exit::kMet;
    for (const std::string& file : files) {
      code = worse(code, one(file));
      if (const lab::StoppedBy by = watch.stopped_by(); by != lab::StoppedBy::kNothing)
        return worse(code, stop_code(by));
    }
    return code;
  }

 private:
  Exit one(const std::string& file) {
    if (is_script(file)) return refuse(Exit::kUsage, "--bites takes scenarios, not scripts").code;
    auto loaded = load(file, {}, choice_, a_.outputs);
    if (const auto* refused = std::get_if<Refused>(&loaded)) return refused->code;
    const scenario::Scenario& scenario = std::get<Loaded>(loaded).scenario;
    auto seeds = chosen_seeds(scenario, choice_);
    if (const auto* refused = std::get_if<Refused>(&seeds)) return refused->code;
    lab::BitesOptions options;
    options.seeds = std::get<0>(std::move(seeds));
    if (a_.choice.seeds.empty()) options.seeds.resize(std::min(options.seeds.size(), kSeedsOfBites));
    options.runs = a_.budget;
    options.workers = workers_;
    const lab::Bites result = lab::find_toothless(scenario, options);
    print(a_.outputs.json ? lab::bites_json(scenario, result)
                          : lab::bites_text(scenario, result, style_for(a_.outputs), a_.outputs.quiet));
    return code_of(result);
  }

  const CheckArguments& a_;
  Choice choice_;
  lab::WorkerOptions workers_;
};

}  // namespace

Exit execute(const CheckArguments& arguments) {
  const std::vector<std::string> files = scenario_files(arguments.files);
  if (files.empty()) return refuse(Exit::kNothingMatched, "there is no scenario (*.toml) here").code;
  if (arguments.bites) return CheckBites(arguments).execute(files);
  const bool colour = style_for(arguments.outputs).colour;
  Exit code = Exit::kMet;
  auto all = nlohmann::ordered_json::array();
  for (const std::string& file : files) {
    scenario::LoadOptions options;
    options.set = arguments.set;
    const scenario::Loaded loaded = scenario::load_scenario(here_or_shipped(file), options);
    if (!loaded.scenario) code = Exit::kBadScenario;
    if (arguments.outputs.json) {
      for (auto& diagnostic : nlohmann::ordered_json::parse(to_json(loaded.diagnostics)))
        all.push_back(std::move(diagnostic));
      continue;
    }
    print(render(loaded.diagnostics, colour));
    if (loaded.scenario && !arguments.outputs.quiet) print(fmt::format("{}: ok\n", scenario::printable(file)));
  }
  if (arguments.outputs.json) print(all.dump(2) + "\n");
  return code;
}

}  // namespace twice::cli

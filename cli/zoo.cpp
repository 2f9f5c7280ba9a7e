#include "lab/zoo.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/zoo_report.h"
#include "lab/zoo_search.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace zoo = lab::zoo;

class Zoo {
 public:
  explicit Zoo(const ZooArguments& arguments) : a_(arguments) {}

  Exit execute() {
    if (auto refused = choose()) return refused->code;
    if (auto refused = read()) return refused->code;
    if (auto refused = limit()) return refused->code;
    if (!look() || !search() || !hunt()) {
      const lab::StoppedBy by = stop_seam()();
      tell(fmt::format("stopped ({}): the figures belong together, so nothing was written\n", name_of(by)));
      return stop_code(by);
    }
    if (a_.markdown)
      print(zoo_markdown(page_));
    else
      print(a_.outputs.json ? zoo_json(page_) : zoo_text(page_, style_for(a_.outputs)));
    const bool good = std::all_of(page_.exhibits.begin(), page_.exhibits.end(),
                                  [](const auto& exhibit) { return exhibit.shown.broken && exhibit.shown.holds; });
    const bool clean = !page_.control || page_.control->broken.empty();
    return good && clean ? Exit::kMet : Exit::kFailed;
  }

 private:
  std::optional<Refused> choose() {
    for (const std::string& flag : a_.flags) {
      const auto bug = zoo::bug_named(flag);
      if (!bug)
        return refuse(Exit::kUsage, fmt::format("there is no mistake '{}'\n{}", scenario::printable(flag),
                                                scenario::did_you_mean(flag, zoo::bug_names(),
                                                                       "`twice explain cluster.raft.bug` lists them")));
      bugs_.push_back(*bug);
    }
    for (const zoo::Bug bug : protocols::raft::kBugs)
      if (a_.flags.empty() && bug != zoo::Bug::kNone) bugs_.push_back(bug);
    return std::nullopt;
  }

  std::optional<Refused> read_one(const std::string& name, std::optional<scenario::Scenario>& to) const {
    auto loaded = load(a_.folder + "/" + name + ".toml", {}, {}, a_.outputs);
    if (const auto* refused = std::get_if<Refused>(&loaded)) return *refused;
    to = std::move(std::get<Loaded>(loaded).scenario);
    return std::nullopt;
  }

  std::optional<Refused> read() {
    if (auto refused = read_one("random-search", mix_)) return refused;
    if (auto refused = read_one("search", small_)) return refused;
    const scenario::Spec& mix = mix_->variants.front().spec;
    if (!mix.chaos || mix.client.empty())
      return refuse(Exit::kBadScenario,
                    fmt::format("{}: random search needs [chaos] and a [[client]]", scenario::printable(mix_->path)));
    for (const zoo::Bug bug : bugs_) {
      std::optional<scenario::Scenario> scenario;
      if (auto refused = read_one(std::string(name_of(bug)), scenario)) return refused;
      scenarios_.push_back(std::move(*scenario));
    }
    for (std::size_t i = 0; i < bugs_.size(); ++i) {
      const auto lanes = zoo::lanes_of(scenarios_[i], bugs_[i]);
      if (!lanes)
        return refuse(Exit::kBadScenario, fmt::format("{}: a file of the zoo has one lane without its mistake, then "
                                                      "one with it",
                                                      scenario::printable(scenarios_[i].path)));
      lanes_.push_back(*lanes);
    }
    return std::nullopt;
  }

  std::optional<Refused> limit() const {
    const auto limit = chosen_limit(a_.time_limit);
    if (const auto* refused = std::get_if<Refused>(&limit)) return *refused;
    limit_time(std::get<0>(limit));
    return std::nullopt;
  }

  static bool goes_on() { return stop_seam()() == lab::StoppedBy::kNothing; }

  /// False when it was stopped; so below.
  bool look() {
    const Watch watch("runs", std::nullopt, false);
    for (std::size_t i = 0; i < scenarios_.size() && goes_on(); ++i) {
      const scenario::Spec& shared = scenarios_[i].shared();
      page_.exhibits.push_back({bugs_[i],
                                scenarios_[i].path,
                                shared.title,
                                shared.story,
                                zoo::show(lanes_[i], shared.seeds.first, stop_seam()),
                                {},
                                {}});
    }
    return goes_on();
  }

  bool search() {
    Watch watch("states", std::nullopt, !a_.outputs.quiet);
    const auto tick = watch.progress();
    const auto watcher = [&](const lab::search::Progress& now) { return tick(now.states, now.generated); };
    for (zoo::Exhibit& exhibit : page_.exhibits) exhibit.searched = zoo::search_for(exhibit.bug, *small_, watcher);
    if (a_.flags.empty()) page_.clean = zoo::search_for(zoo::Bug::kNone, *small_, watcher);
    return goes_on();
  }

  bool hunt() {
    page_.options.trials = a_.trials;
    page_.options.limit = a_.limit;
    if (a_.trials == 0) return true;
    std::vector<const scenario::Variant*> wrong;
    for (const zoo::Lanes& lanes : lanes_) wrong.push_back(lanes.wrong);
    Watch watch("random runs", std::nullopt, !a_.outputs.quiet);
    zoo::HuntOptions options = page_.options;
    options.workers = watch.workers(chosen_jobs(a_.jobs));
    zoo::Hunts hunts = zoo::hunt(wrong, mix_->variants.front(), options);
    if (hunts.stopped) return false;
    zoo::Control control = zoo::control(wrong, mix_->variants.front(), options);
    if (control.stopped) return false;
    page_.control = std::move(control);
    for (std::size_t i = 0; i < hunts.of.size(); ++i) page_.exhibits[i].hunt = std::move(hunts.of[i]);
    return true;
  }

  const ZooArguments& a_;
  std::vector<zoo::Bug> bugs_;
  std::optional<scenario::Scenario> mix_, small_;
  std::vector<scenario::Scenario> scenarios_;
  std::vector<zoo::Lanes> lanes_;
  zoo::Page page_;
};

}  // namespace

Exit execute(const ZooArguments& arguments) { return Zoo(arguments).execute(); }

}  // namespace twice::cli

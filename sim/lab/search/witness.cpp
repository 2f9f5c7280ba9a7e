#include "lab/search/witness.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/cluster_world.h"
#include "lab/report_format.h"
#include "lab/search/models.h"
#include "lab/search/replay.h"
#include "lab/shrink_candidate.h"
#include "scenario/registry.h"
#include "scenario/text.h"
#include "scenario/toml_text.h"

namespace twice::lab::search {
namespace {

const Finding* told(const Result& result) {
  const auto has_way = [](Verdict verdict) {
    return [verdict](const Finding& f) { return f.verdict == verdict && !f.story.empty(); };
  };
  for (const Verdict verdict : {Verdict::kBroken, Verdict::kHolds}) {
    const auto at = std::find_if(result.findings.begin(), result.findings.end(), has_way(verdict));
    if (at != result.findings.end()) return &*at;
  }
  return nullptr;
}

std::string one_line(const std::string& words) {
  std::string line = scenario::printable(words);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

bool is_check(const std::string& name) {
  const auto& checks = scenario::builtin_checks();
  return std::any_of(checks.begin(), checks.end(), [&](const auto& check) {
    return check.name == name && check.applies == scenario::Applies::kCluster;
  });
}

std::string title_of(const Finding& finding) {
  const std::string steps = counted(finding.story.size(), "step");
  return finding.verdict == Verdict::kBroken ? fmt::format("{}: broken after {}", finding.name, steps)
                                             : fmt::format("{}: shown after {}", finding.name, steps);
}

// The words of the way. A literal text ends with three quotes, so a name may not have them.
std::string story_toml(const Finding& finding) {
  std::string text = "story = '''\n";
  for (std::size_t i = 0; i < finding.story.size(); ++i)
    text += fmt::format("{}{}. {}\n", i > 0 ? "\n" : "", i + 1, one_line(finding.story[i].words));
  if (finding.back_to) text += fmt::format("And so on from step {} for ever.\n", *finding.back_to + 1);
  for (std::size_t at = text.find("'''", 12); at != std::string::npos; at = text.find("'''", at))
    text.replace(at, 3, "\"");
  return text + "'''\n";
}

std::string schedule_toml(const Finding& finding, const world::Schedule& schedule) {
  std::string text = "\n# What happens, in this order, and nothing else.\n[schedule]\n";
  if (schedule.disks_wait) text += "disk = \"later\"\n";
  text += "choices = [\n";
  std::vector<std::string> lines;
  for (const world::Choice& choice : schedule.choices)
    lines.push_back(fmt::format("  {},", scenario::toml_string(world::to_text(choice))));
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, line.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += fmt::format("{:<{}}  # {:>2}. {}\n", lines[i], width, i + 1, one_line(finding.story[i].words));
  return text + "]\n";
}

// The lane by itself, with nothing but the property to expect.
void reduce(Candidate& candidate, const Finding& finding, const world::Schedule& schedule) {
  for (const Path& path : {Path{"expect"}, Path{"lane", "expect"}}) erase(candidate, path);
  const bool must_hold = finding.kind == Property::Kind::kAlways;
  if (is_check(finding.name))
    set(candidate, {"expect", must_hold ? "always" : "finally"},
        scenario::Value{scenario::List{scenario::Value{finding.name}}});
  set(candidate, {"title"}, scenario::Value{title_of(finding)});
  const Duration length = schedule.at(schedule.choices.size()) - Time{};
  set(candidate, {"until"}, scenario::Value{to_string(length)});
}

}  // namespace

std::variant<Witness, std::string> witness_of(const scenario::Scenario& scenario, const scenario::Variant& lane,
                                              const Report& report) {
  const Finding* finding = told(report.result);
  if (report.from) return "a way that begins in the middle of a run cannot be saved: search without --from";
  if (!finding) return "there is nothing to save: no property is broken, and none is shown on a way";
  const Model model = model_of(lane.spec, report.seed, report.options);
  const auto property = std::find_if(model.properties.begin(), model.properties.end(),
                                     [&](const Property& p) { return p.name == finding->name; });
  const world::Schedule schedule = schedule_of(finding->story, report.options);
  if (!shows(build_cluster(lane.spec, report.seed, Trace::Keep::kNothing), schedule, *property, model))
    return fmt::format("run as a schedule, the way to '{}' does not end where the search ended", finding->name);
  auto candidate = candidate_of(scenario, lane, report.seed, {}, false);
  if (!candidate) return "this lane cannot be written out as a file of its own";
  reduce(*candidate, *finding, schedule);
  std::string text = fmt::format("# Found by exhaustive search in {}, lane '{}', seed {}.\n",
                                 scenario::printable(scenario.path), scenario::printable(lane.name), report.seed);
  text += story_toml(*finding) + candidate->text() + schedule_toml(*finding, schedule);
  return Witness{finding->name, std::move(text)};
}

}  // namespace twice::lab::search

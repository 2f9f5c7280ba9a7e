#include "lab/zoo.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/raft_invariants.h"
#include "core/assert.h"
#include "lab/live_run.h"
#include "pipeline/sql_value.h"
#include "scenario/checks.h"
#include "scenario/registry.h"

namespace twice::lab::zoo {
namespace {

using protocols::raft::kBugs;

/// The first check that the mistake's lane says is broken.
std::string check_of(const scenario::ExpectSpec& expect) {
  for (const auto* list : {&expect.always, &expect.finally})
    for (const auto& name : *list)
      if (scenario::is_negated(name.value)) return std::string(scenario::plain_name(name.value));
  if (expect.metrics.empty()) return {};
  const auto& metric = expect.metrics.front();
  return fmt::format("{} {}", metric.of.value, to_text(metric.is));
}

std::string seen_of(const RunReport& report, const std::string& check) {
  for (const Finding& finding : report.findings)
    if (finding.name.ends_with(" not " + check) ||
        (finding.name.starts_with("metric ") && check.starts_with(finding.name.substr(7) + " ")))
      return finding.seen;
  return {};
}

}  // namespace

std::size_t number_of(Bug bug) {
  return static_cast<std::size_t>(std::find(kBugs.begin(), kBugs.end(), bug) - kBugs.begin());
}

std::optional<Bug> bug_named(std::string_view name) {
  const auto at =
      std::find_if(kBugs.begin() + 1, kBugs.end(), [&](Bug bug) { return protocols::raft::name_of(bug) == name; });
  return at == kBugs.end() ? std::nullopt : std::optional(*at);
}

std::vector<std::string> bug_names() {
  std::vector<std::string> names;
  for (const Bug bug : kBugs)
    if (bug != Bug::kNone) names.emplace_back(protocols::raft::name_of(bug));
  return names;
}

std::optional<Bug> bug_of(const scenario::Variant& variant) {
  const auto* raft = variant.spec.cluster ? std::get_if<scenario::RaftSpec>(&variant.spec.cluster->protocol) : nullptr;
  return raft ? std::optional(raft->p.bug) : std::nullopt;
}

std::optional<Lanes> lanes_of(const scenario::Scenario& scenario, Bug bug) {
  if (scenario.variants.size() != 2) return std::nullopt;
  const Lanes lanes{&scenario.variants[0], &scenario.variants[1]};
  if (bug_of(*lanes.right) != Bug::kNone || bug_of(*lanes.wrong) != bug) return std::nullopt;
  return lanes;
}

Shown show(const Lanes& lanes, std::uint64_t seed, const StopSeam& stop) {
  const Ready ready = make_ready(*lanes.wrong);
  LiveRun wrong(ready, seed, {.stop = stop});
  Shown shown;
  shown.check = check_of(lanes.wrong->spec.expect);
  shown.seen = wrong.error();
  if (wrong.error().empty()) {
    wrong.advance(~Sequence{0});
    const RunReport report = wrong.report();
    shown.seen = seen_of(report, shown.check);
    shown.broken = !shown.check.empty() && report.held() == Held::kYes;
    const auto& violations = wrong.log().raft().violations();
    shown.broke = violations.size();
    if (!violations.empty()) shown.cause = name_of(violations.front().invariant);
  }
  shown.holds = run(*lanes.right, seed, {.stop = stop}).held() == Held::kYes;
  return shown;
}

}  // namespace twice::lab::zoo

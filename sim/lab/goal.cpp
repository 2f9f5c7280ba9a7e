#include "lab/goal.h"

#include <string_view>

#include <fmt/format.h>

#include "lab/outcome.h"
#include "scenario/registry.h"

namespace twice::lab {
namespace {

// "finally not linearizable" is "not linearizable"; a name without such a word is itself.
std::string_view without_when(std::string_view name) {
  for (const std::string_view when : {"always ", "finally ", "eventually ", "sometimes ", "metric "})
    if (name.starts_with(when)) return name.substr(when.size());
  return name;
}

bool is_named(const Finding& finding, const std::string& expect) {
  if (expect.empty() || finding.name == expect) return true;
  const std::string name(without_when(finding.name));
  return name == expect || (scenario::is_negated(name) && scenario::plain_name(name) == expect);
}

/// It asks for a failure, and the failure was there.
bool is_meant_failure(const Finding& finding) {
  return finding.held == Held::kYes && scenario::is_negated(without_when(finding.name));
}

bool is_meant_loss(const LoadReport& load, const scenario::Variant& variant) {
  if (load.letter == '=') return false;
  return load.letter != '~' || !variant.spec.lane.verdict.contains(Verdict::kExactlyOnce);
}

Goal goal_from(const Finding& finding, const RunReport& report, bool meant) {
  Goal goal{
      finding.name, finding.held, report.load ? report.load->letter : char{0}, meant, finding.span, finding.at, {}};
  goal.words = meant ? fmt::format("{}: seen", finding.name) : fmt::format("{}: failed", finding.name);
  if (report.load) goal.words += fmt::format(" ({})", words_of(goal.letter));
  return goal;
}

// A step that did not bite is undecided, and a load that does not work without faults is no matter of this run.
bool is_expectation(const Finding& finding) { return finding.name != "the load works without faults"; }

}  // namespace

std::optional<Goal> goal_of(const RunReport& report, const scenario::Variant& variant, const std::string& expect) {
  if (!report.error.empty()) return std::nullopt;
  for (const Finding& finding : report.findings)
    if (finding.held == Held::kNo && is_expectation(finding) && is_named(finding, expect))
      return goal_from(finding, report, false);
  for (const auto* list : {&report.findings, &report.sometimes})
    for (const Finding& finding : *list)
      if (is_meant_failure(finding) && is_named(finding, expect)) return goal_from(finding, report, true);
  const bool by_letter = expect.empty() || expect == "verdict";
  if (!by_letter || !report.load || !is_meant_loss(*report.load, variant)) return std::nullopt;
  Goal goal;
  goal.letter = report.load->letter;
  goal.meant = true;
  goal.words = fmt::format("verdict: {}", words_of(goal.letter));
  return goal;
}

bool reaches(const RunReport& report, const Goal& goal) {
  if (!report.error.empty()) return false;
  if (goal.letter != (report.load ? report.load->letter : char{0})) return false;
  if (goal.name.empty()) return true;
  for (const auto* list : {&report.findings, &report.sometimes})
    for (const Finding& finding : *list)
      if (finding.name == goal.name && finding.held == goal.held) return true;
  return false;
}

}  // namespace twice::lab

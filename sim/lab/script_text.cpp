// The verdict on a user's script, for people.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/report_format.h"
#include "lab/script.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using Kind = ScriptVerdict::Kind;

// What happened, step by step, in words.
std::vector<std::string> schedule(const scenario::Scenario& scenario, const LaneSweep& lane, const PointOutcome& o) {
  const std::string script = scenario::printable(scenario.path);
  const std::string statement = o.point.line > 0
                                    ? fmt::format("statement {} ({}:{})", o.point.number, script, o.point.line)
                                    : fmt::format("statement {}", o.point.number);
  std::vector<std::string> steps;
  switch (o.point.stop) {
    case Stop::kSecondRun:
      steps.push_back(fmt::format("{} runs to its end{}", script, o.point.number == 1 ? "" : ", twice"));
      steps.push_back("it is run once more, without any fault");
      break;
    case Stop::kBeforeStatement:
      steps.push_back(fmt::format("{} runs; its process dies just before it sends {}", script, statement));
      break;
    case Stop::kLostReply:
      steps.push_back(fmt::format(
          "{} runs; the warehouse carries out {}, and the process dies before the answer arrives", script, statement));
      break;
    case Stop::kAfterRow:
    case Stop::kAtTime:
    case Stop::kIoNotApplied:
    case Stop::kIoApplied:
      steps.push_back(fmt::format("{} runs; {}, and the attempt fails", script, to_text(o.point)));
      break;
  }
  if (o.point.stop != Stop::kSecondRun) steps.push_back("the orchestrator runs it again, from the start");
  steps.push_back(fmt::format("{} then: {}", scenario.variants.front().spec.lane.loader.table.value,
                              to_text(o, lane.wanted_rows).substr(to_text(o.point).size() + 2)));
  return steps;
}

std::string samples(std::string_view what, const std::vector<std::string>& columns,
                    const std::vector<pipeline::SqlRow>& rows, std::uint64_t all) {
  if (rows.empty()) return {};
  std::string text = fmt::format("\n{}, {} of {} ({}):\n", what, rows.size(), grouped(all), fmt::join(columns, ", "));
  for (const pipeline::SqlRow& row : rows) text += "  " + shown(row) + "\n";
  return text;
}

std::string affected_rows(const RunReport& run) {
  if (!run.load) return {};
  const LoadReport& load = *run.load;
  if (load.changed > 0 && load.duplicated == 0 && load.lost == 0 && load.changed_samples.empty())
    return samples("rows with wrong values, as they are now", load.columns, load.duplicated_samples, load.changed) +
           samples("the same rows as they should be", load.columns, load.lost_samples, load.changed);
  return samples("rows that are there too often", load.columns, load.duplicated_samples, load.duplicated) +
         samples("rows that are missing", load.columns, load.lost_samples, load.lost) +
         samples("rows with wrong values", load.columns, load.changed_samples, load.changed);
}

std::string summary(const Subject& subject, const LaneSweep& lane, Kind kind, const Style& style) {
  const std::uint64_t open = untried(lane), tried = lane.points.size() - open;
  const std::string where =
      fmt::format("{} of {}, on {}", grouped(tried), counted(lane.points.size(), "point"), lane.version);
  const std::string path = scenario::printable(subject.path);
  switch (kind) {
    case Kind::kSafe:
      return painted(fmt::format("✓ {} is safe to run again: exactly once at {}", path, where), Paint::kGood, style) +
             "\n";
    case Kind::kUnsafe:
      return painted(fmt::format("✗ {} is not safe to run again (tried {})", path, where), Paint::kBad, style) + "\n";
    case Kind::kUndecided:
      return painted(!lane.undecided.empty() || !lane.limit.empty() ? fmt::format("? {}: {}", path, why_undecided(lane))
                     : open > 0 ? fmt::format("? {}: no failure yet, but only {} were tried", path, where)
                                : fmt::format("? {}: nothing was loaded, so nothing is proved (tried {})", path, where),
                     Paint::kUnsure, style) +
             "\n";
    case Kind::kCannotRun:
      return painted(fmt::format("✗ {} cannot be judged: it does not run", path), Paint::kBad, style) + "\n";
  }
  return {};
}

// The first few points that nobody tried, so that a person knows what the verdict rests on.
std::string not_tried(const LaneSweep& lane) {
  if (untried(lane) == 0) return {};
  constexpr std::size_t kFew = 3;
  std::vector<std::string> few;
  for (const PointOutcome& p : lane.points)
    if (p.letter == '?' && few.size() < kFew) few.push_back(to_text(p.point));
  return fmt::format("not tried: {}{}: {}{}\n", counted(untried(lane), "point"),
                     lane.thinned ? " (limit sweep-points)" : "", fmt::join(few, "; "),
                     untried(lane) > kFew ? "; …" : "");
}

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::kSafe:
      return "safe";
    case Kind::kUnsafe:
      return "unsafe";
    case Kind::kUndecided:
      return "undecided";
    case Kind::kCannotRun:
      return "cannot run";
  }
  return {};
}

}  // namespace

std::string script_text(const ScriptResult& result, const Style& style) {
  const LaneSweep& lane = result.sweep.lanes.front();
  const ScriptVerdict& verdict = result.verdict;
  std::string text;
  for (const scenario::Diagnostic& d : verdict.diagnostics) text += render(d, style.colour);
  if (verdict.kind == Kind::kCannotRun) return text + "\n" + summary(result.subject, lane, verdict.kind, style);
  if (lane.smallest) {
    text += "\nthe smallest failing schedule:\n";
    std::size_t number = 0;
    for (const std::string& step : schedule(result.scenario, lane, *lane.smallest))
      text += fmt::format("  {}. {}\n", ++number, step);
    if (result.smallest) text += affected_rows(*result.smallest);
    text +=
        fmt::format("\nsee it happen: {} --narrate\n", repro(result.subject, result.seed, {}, lane.smallest->point));
  }
  if (!text.empty()) text += "\n";
  text += strips_text(result.sweep, style) + not_tried(lane);
  for (const std::string& line : result.sweep.reports) text += "note: " + line + "\n";
  return text + "\n" + summary(result.subject, lane, verdict.kind, style);
}

std::string script_json(const ScriptResult& result) {
  scenario::DiagnosticList list;
  list.shown = result.verdict.diagnostics;
  const nlohmann::ordered_json line = {{"type", "script"},
                                       {"script", result.subject.path},
                                       {"verdict", word_of(result.verdict.kind)},
                                       {"diagnostics", nlohmann::ordered_json::parse(to_json(list))}};
  return sweep_json(result.subject, result.sweep, result.seed) +
         line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Suite script_suite(const ScriptResult& result) {
  Suite suite = suite_of(result.subject, result.sweep, result.seed);
  Case& c = suite.cases.front();
  c.name = "safe to run again";
  switch (result.verdict.kind) {
    case Kind::kSafe:
      c.kind = Case::Kind::kPassed, c.type.clear();
      break;
    case Kind::kUnsafe:
      c.kind = Case::Kind::kFailed, c.type = "failed";
      break;
    case Kind::kUndecided:
      c.kind = Case::Kind::kError, c.type = "undecided";
      break;
    case Kind::kCannotRun:
      c.kind = Case::Kind::kError, c.type = "cannot-run";
      break;
  }
  if (result.verdict.diagnostics.empty()) return suite;
  const scenario::Diagnostic& first = result.verdict.diagnostics.front();
  if (first.span.begin.line > 0)
    c.path = first.file, c.line = first.span.begin.line, c.column = first.span.begin.column;
  c.words = first.message;
  std::string advice;
  for (const scenario::Diagnostic& d : result.verdict.diagnostics) advice += render(d, false);
  c.out = advice + c.out;
  return suite;
}

std::string script_github(const ScriptResult& result) {
  std::string text;
  for (const scenario::Diagnostic& d : result.verdict.diagnostics)
    text += fmt::format(
        "::{} file={},line={},col={},title={}::{}\n", d.severity == scenario::Severity::kError ? "error" : "warning",
        github(d.file, true), std::max(d.span.begin.line, 1u), std::max(d.span.begin.column, 1u),
        github("safe to run again?", true), github(d.help.empty() ? d.message : d.message + "\n" + d.help, false));
  return text;
}

}  // namespace twice::lab

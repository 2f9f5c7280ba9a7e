#include "lab/report_cases.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

Case::Kind kind_for(Held held) {
  switch (held) {
    case Held::kYes:
      return Case::Kind::kPassed;
    case Held::kNo:
      return Case::Kind::kFailed;
    case Held::kUnknown:
      return Case::Kind::kError;
  }
  return Case::Kind::kError;
}

std::string type_for(Held held) {
  switch (held) {
    case Held::kYes:
      return {};
    case Held::kNo:
      return "failed";
    case Held::kUnknown:
      return "undecided";
  }
  return {};
}

Case case_of(const RunResult& result, const RunReport* run, const Finding& finding) {
  const scenario::Span& span = finding.span;
  const bool known = span.begin.line > 0 && span.source < result.scenario.sources.size();
  Case c;
  c.group = result.subject.path;
  c.name = finding.name;
  c.path = known ? result.scenario.sources[span.source].name : result.subject.path;
  c.line = known ? span.begin.line : 1;
  c.kind = kind_for(finding.held);
  c.type = type_for(finding.held);
  c.words = to_text(finding);
  if (!run) {
    c.out = repro(result);
    return c;
  }
  // A run that hit a limit is undecided by that name.
  if (finding.held == Held::kUnknown && finding.name == run->limit) c.type = run->limit;
  if (!run->variant.empty()) c.group += " · " + run->variant;
  c.name += fmt::format(" · seed {}", run->seed);
  c.out =
      fmt::format("seed {}\nhash {:016x}\n{}", run->seed, run->hash, repro(result.subject, run->seed, run->variant));
  return c;
}

// A run that cannot start is no broken promise: nothing was judged.
Case start_of(const RunResult& result, const RunReport& run) {
  Case c = case_of(result, &run, {"the run starts", Held::kUnknown, "a run", run.error, {}, {}});
  c.type = "cannot-start";
  return c;
}

std::vector<Case> cases_of(const RunResult& result, const RunReport& run) {
  std::vector<Case> cases;
  if (!run.error.empty()) cases.push_back(start_of(result, run));
  for (const Finding& finding : run.findings) cases.push_back(case_of(result, &run, finding));
  for (Case& c : cases) c.ns = run.wall_ns / static_cast<std::int64_t>(cases.size());
  return cases;
}

Case cut_of(const RunResult& result) {
  Case c;
  c.group = c.path = result.subject.path;
  c.name = "all runs end";
  c.kind = Case::Kind::kError;
  c.type = result.stopped_by;
  c.words = what_is_missing(result);
  c.out = repro(result);
  return c;
}

// What a sweep found, at the lane's own line or that of the statement.
Case case_of(const Subject& subject, const LaneSweep& lane, std::uint64_t seed) {
  Case c;
  c.group = c.path = subject.path;
  c.name = lane.variant->name.empty() ? "safe to run again" : lane.variant->name;
  c.line = std::max(lane.variant->spec.lane.span.begin.line, 1u);
  if (lane.smallest && lane.smallest->point.line > 0) c.line = lane.smallest->point.line;
  switch (sweep_verdict(lane)) {
    case SweepVerdict::kAsMeant:
      break;
    case SweepVerdict::kNotAsMeant:
      c.kind = Case::Kind::kFailed, c.type = "failed";
      break;
    case SweepVerdict::kUndecided:
      c.kind = Case::Kind::kError, c.type = "undecided";
      break;
  }
  c.words = words_of(lane);
  c.out = fmt::format("{} on {}", counted(lane.points.size(), "point"), lane.version);
  if (lane.smallest) c.out += "\n" + repro(subject, seed, lane.variant->name, lane.smallest->point);
  return c;
}

}  // namespace

Suite suite_of(const RunResult& result) {
  Suite suite{result.scenario.shared().title, result.subject.path, {}};
  for (const RunReport& run : result.batch.runs)
    for (Case& c : cases_of(result, run)) suite.cases.push_back(std::move(c));
  for (const Finding& finding : result.batch.over_seeds) suite.cases.push_back(case_of(result, nullptr, finding));
  if (!result.stopped_by.empty()) suite.cases.push_back(cut_of(result));
  return suite;
}

Suite suite_of(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  Suite suite{"sweep of " + subject.path, subject.path, {}};
  for (const LaneSweep& lane : result.lanes) suite.cases.push_back(case_of(subject, lane, seed));
  return suite;
}

Suite suite_of(const Trouble& trouble) {
  Suite suite{trouble.path.empty() ? "twice" : trouble.path, trouble.path, {}};
  Case c;
  c.group = suite.name;
  c.path = trouble.path;
  c.name = name_of(trouble.kind);
  c.kind = trouble.kind == Trouble::Kind::kNotRun ? Case::Kind::kSkipped : Case::Kind::kError;
  c.type = type_of(trouble.kind);
  c.words = trouble.words;
  suite.cases.push_back(c);
  for (const scenario::Diagnostic& d : trouble.diagnostics) {
    if (d.severity != scenario::Severity::kError) continue;
    c.path = d.file.empty() ? trouble.path : d.file;
    c.line = std::max(d.span.begin.line, 1u), c.column = d.span.begin.column;
    c.words = d.help.empty() ? d.message : fmt::format("{} ({})", d.message, d.help);
    if (suite.cases.size() == 1 && suite.cases.front().line == 1 && suite.cases.front().column == 0)
      suite.cases.front() = c;
    else
      suite.cases.push_back(c);
  }
  return suite;
}

std::string annotations(const std::vector<Suite>& suites) {
  constexpr std::size_t kMost = limits::kShownAnnotations;
  std::string text;
  std::size_t written = 0;
  for (const Suite& suite : suites)
    for (const Case& c : suite.cases) {
      if (c.kind == Case::Kind::kPassed || c.kind == Case::Kind::kSkipped || written == kMost) continue;
      ++written;
      const std::string column = c.column > 0 ? fmt::format(",col={}", c.column) : std::string();
      const bool is_error = c.kind == Case::Kind::kFailed || c.type != "undecided";
      text += fmt::format("::{} file={},line={}{},title={}::{}\n", is_error ? "error" : "warning", github(c.path, true),
                          c.line, column, github(c.name, true),
                          github(c.out.empty() ? c.words : c.words + "\n" + c.out, false));
    }
  return text;
}

}  // namespace twice::lab

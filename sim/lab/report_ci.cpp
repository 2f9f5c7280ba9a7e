// Results for build servers: JUnit XML, GitHub annotations, Markdown summaries.
#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

// GitHub shows ten annotations of a step and drops the others.
constexpr std::size_t kMaxAnnotations = limits::kShownAnnotations;

struct Case {
  std::string suite, name, file;
  std::uint32_t line = 0;
  Held held = Held::kYes;
  std::string words;  // of a failure
  std::string out;    // hash, repro
};

std::string case_xml(const Case& c) {
  std::string text = fmt::format(R"(    <testcase classname="{}" name="{}" file="{}" line="{}" time="0")", xml(c.suite),
                                 xml(c.name), xml(c.file), c.line);
  if (c.held == Held::kYes && c.out.empty()) return text + "/>\n";
  text += ">\n";
  if (c.held == Held::kNo)
    text += fmt::format(R"(      <failure message="{}">{}</failure>)"
                        "\n",
                        xml(c.words), xml(c.words + "\n" + c.out));
  if (c.held == Held::kUnknown)
    text += fmt::format(R"(      <skipped message="undecided: {}"/>)"
                        "\n",
                        xml(c.words));
  if (!c.out.empty()) text += fmt::format("      <system-out>{}</system-out>\n", xml(c.out));
  return text + "    </testcase>\n";
}

std::string suite_xml(const std::string& name, const std::vector<Case>& cases) {
  const auto with = [&](Held held) {
    return std::count_if(cases.begin(), cases.end(), [&](const Case& c) { return c.held == held; });
  };
  std::string text = fmt::format(R"(  <testsuite name="{}" tests="{}" failures="{}" errors="0" skipped="{}" time="0">)"
                                 "\n",
                                 xml(name), cases.size(), with(Held::kNo), with(Held::kUnknown));
  for (const Case& c : cases) text += case_xml(c);
  return text + "  </testsuite>\n";
}

std::string document(const std::string& suites) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + suites + "</testsuites>\n";
}

Case case_of(const RunResult& result, const RunReport* run, const Finding& finding) {
  const scenario::Span& span = finding.span;
  const bool known = span.begin.line > 0 && span.source < result.scenario.sources.size();
  Case c{result.subject.path,
         finding.name,
         known ? result.scenario.sources[span.source].name : result.subject.path,
         known ? span.begin.line : 1,
         finding.held,
         to_text(finding),
         {}};
  if (!run) return c;
  c.suite += run->variant.empty() ? "" : " · " + run->variant;
  c.name += fmt::format(" · seed {}", run->seed);
  c.out =
      fmt::format("seed {}\nhash {:016x}\n{}", run->seed, run->hash, repro(result.subject, run->seed, run->variant));
  return c;
}

std::vector<Case> cases_of(const RunResult& result) {
  std::vector<Case> cases;
  for (const RunReport& run : result.batch.runs) {
    if (!run.error.empty())
      cases.push_back(case_of(result, &run, {"the run starts", Held::kNo, "a run", run.error, {}}));
    for (const Finding& finding : run.findings) cases.push_back(case_of(result, &run, finding));
  }
  for (const Finding& finding : result.batch.over_seeds) cases.push_back(case_of(result, nullptr, finding));
  return cases;
}

// What a sweep found at the lane's own line.
Case case_of(const Subject& subject, const LaneSweep& lane, std::uint64_t seed) {
  const scenario::Span& span = lane.variant->spec.lane.span;
  Case c{subject.path, lane.variant->name, subject.path, std::max(span.begin.line, 1u), Held::kYes, {}, {}};
  if (lane.smallest && lane.smallest->point.line > 0) c.line = lane.smallest->point.line;
  switch (sweep_verdict(lane)) {
    case SweepVerdict::kAsMeant:
      break;
    case SweepVerdict::kNotAsMeant:
      c.held = Held::kNo;
      break;
    case SweepVerdict::kUndecided:
      c.held = Held::kUnknown;
      break;
  }
  if (!lane.error.empty())
    c.words = "it fails without any fault: " + lane.error;
  else if (!lane.undecided.empty())
    c.words = lane.undecided;
  else if (c.held == Held::kUnknown)
    c.words = why_undecided(lane);
  else if (lane.smallest)
    c.words = to_text(*lane.smallest, lane.wanted_rows);
  else
    c.words = c.held == Held::kYes ? "exactly once at every point" : "no point shows what this lane is meant to show";
  c.out = fmt::format("{} on {}", counted(lane.points.size(), "point"), lane.version);
  if (lane.smallest) c.out += "\n" + repro(subject, seed, lane.variant->name, lane.smallest->point);
  return c;
}

std::string annotations(const std::vector<Case>& cases) {
  std::string text;
  std::size_t written = 0;
  for (const Case& c : cases) {
    if (c.held == Held::kYes || written == kMaxAnnotations) continue;
    ++written;
    text += fmt::format("::{} file={},line={},title={}::{}\n", c.held == Held::kNo ? "error" : "warning",
                        github(c.file, true), c.line, github(c.name, true), github(c.words + "\n" + c.out, false));
  }
  return text;
}

std::string_view icon(Held held) {
  switch (held) {
    case Held::kYes:
      return "✅";
    case Held::kNo:
      return "❌";
    case Held::kUnknown:
      return "❔";
  }
  return {};
}

}  // namespace

std::string run_junit(const std::vector<RunResult>& results) {
  std::string suites;
  for (const RunResult& result : results) suites += suite_xml(result.scenario.shared().title, cases_of(result));
  return document(suites);
}

std::string sweep_junit(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  std::vector<Case> cases;
  for (const LaneSweep& lane : result.lanes) cases.push_back(case_of(subject, lane, seed));
  return document(suite_xml("sweep of " + subject.path, cases));
}

std::string run_github(const std::vector<RunResult>& results) {
  std::vector<Case> cases;
  for (const RunResult& result : results)
    for (Case& c : cases_of(result)) cases.push_back(std::move(c));
  return annotations(cases);
}

std::string sweep_github(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  std::vector<Case> cases;
  for (const LaneSweep& lane : result.lanes) cases.push_back(case_of(subject, lane, seed));
  return annotations(cases);
}

std::string run_summary(const std::vector<RunResult>& results) {
  std::string text;
  for (const RunResult& result : results) {
    text +=
        fmt::format("### {} {}\n\n| lane | seed | shown | expectations not met | hash |\n|---|---|---|---|---|\n",
                    result.batch.judged() ? icon(result.batch.held()) : "➖", markdown(result.scenario.shared().title));
    for (const RunReport& run : result.batch.runs) {
      std::vector<std::string> unmet;
      for (const Finding& f : run.findings)
        if (f.held != Held::kYes) unmet.push_back(fmt::format("{} ({})", markdown(f.name), markdown(to_text(f))));
      const std::string shows = run.load
                                    ? fmt::format("{}, {}", words_of(run.load->letter), counted(run.load->rows, "row"))
                                    : counted(run.events, "event");
      text += fmt::format("| {} | {} | {} | {} | `{:016x}` |\n", markdown(run.variant), run.seed, shows,
                          !run.judged()   ? std::string(kNothingJudged)
                          : unmet.empty() ? "none"
                                          : fmt::format("{}", fmt::join(unmet, "; ")),
                          run.hash);
    }
    text += fmt::format("\n`twice run {}`\n\n", result.subject.arguments);
  }
  return text;
}

std::string sweep_summary(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  std::string text =
      fmt::format("### Sweep of {}\n\n| lane | | points | smallest failing schedule |\n|---|---|---|---|\n",
                  markdown(subject.path));
  for (const LaneSweep& lane : result.lanes) {
    const Case c = case_of(subject, lane, seed);
    text += fmt::format("| {} | {} | {} | {} |\n", markdown(lane.variant->name), icon(c.held), lane.points.size(),
                        lane.smallest ? markdown(to_text(*lane.smallest, lane.wanted_rows)) : markdown(c.words));
  }
  return text + "\n";
}

}  // namespace twice::lab

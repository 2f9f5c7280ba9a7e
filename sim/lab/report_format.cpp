#include "lab/report_format.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/assert.h"
#include "scenario/text.h"

namespace twice::lab {

std::string painted(std::string_view text, Paint paint, const Style& style) {
  if (!style.colour) return std::string(text);
  const auto code = [&] {
    switch (paint) {
      case Paint::kStrong:
        return "1";
      case Paint::kGood:
        return "32";
      case Paint::kBad:
        return "1;31";
      case Paint::kUnsure:
        return "33";
      case Paint::kFaint:
        return "2";
    }
    return "0";
  };
  return fmt::format("\x1b[{}m{}\x1b[0m", code(), text);
}

std::string grouped(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string shown(const pipeline::SqlValue& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (!integer) return scenario::printable(to_text(value));
  const auto size = static_cast<std::uint64_t>(*integer);
  return *integer < 0 ? "-" + grouped(0 - size) : grouped(size);
}

std::string shown(const pipeline::SqlRow& row) {
  std::vector<std::string> cells;
  for (const pipeline::SqlValue& value : row) cells.push_back(scenario::printable(to_text(value)));
  return fmt::format("({})", fmt::join(cells, ", "));
}

std::string counted(std::uint64_t number, std::string_view thing) {
  return fmt::format("{} {}{}", grouped(number), thing, number == 1 ? "" : "s");
}

namespace {

std::string blanks_for_lines(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, unsigned width) {
  std::vector<std::string> lines;
  const std::string clean = scenario::printable(blanks_for_lines(text));
  for (std::size_t at = 0; (at = clean.find_first_not_of(' ', at)) != std::string::npos;) {
    const std::size_t end = std::min(clean.find(' ', at), clean.size());
    const std::string_view word = std::string_view(clean).substr(at, end - at);
    const bool fits = !lines.empty() && scenario::code_points(lines.back()) + 1 + scenario::code_points(word) <= width;
    fits ? lines.back().append(" ").append(word) : lines.emplace_back(word);
    at = end;
  }
  return lines;
}

std::string left(std::string_view text, std::size_t width) {
  const std::size_t size = scenario::code_points(text);
  return std::string(text) + std::string(width > size ? width - size : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const std::size_t size = scenario::code_points(text);
  return std::string(width > size ? width - size : 0, ' ') + std::string(text);
}

std::string place_of(const scenario::Scenario& scenario, const scenario::Span& span) {
  const bool known = span.begin.line > 0 && span.source < scenario.sources.size();
  return known ? fmt::format("{}:{}", scenario.sources[span.source].name, span.begin.line) : scenario.path;
}

const scenario::Variant& variant_named(const scenario::Scenario& scenario, std::string_view name) {
  const auto at =
      std::find_if(scenario.variants.begin(), scenario.variants.end(), [&](const auto& v) { return v.name == name; });
  TWICE_ASSERT(at != scenario.variants.end(), fmt::format("a report names an unknown variant '{}'", name));
  return *at;
}

std::vector<Failure> failures_of(const Batch& batch) {
  std::vector<Failure> failures;
  for (const RunReport& run : batch.runs) {
    if (!run.error.empty()) failures.push_back({&run, {"the run starts", Held::kNo, "a run", run.error, {}}});
    for (const Finding& finding : run.findings)
      if (finding.held != Held::kYes) failures.push_back({&run, finding});
  }
  for (const Finding& finding : batch.over_seeds)
    if (finding.held != Held::kYes) failures.push_back({nullptr, finding});
  return failures;
}

std::string clipped(std::string_view text, std::size_t most) {
  const std::size_t size = scenario::code_points(text);
  if (size <= most) return std::string(text);
  return fmt::format("{}… ({} characters)", text.substr(0, scenario::byte_of_column(text, most + 1)), grouped(size));
}

std::string to_text(const Finding& finding) {
  constexpr std::size_t kMostWanted = 200, kMostSeen = 700;
  return fmt::format("wanted {}, saw {}", clipped(scenario::printable(finding.wanted), kMostWanted),
                     finding.seen.empty() ? "nothing" : clipped(scenario::printable(finding.seen), kMostSeen));
}

std::string what_is_missing(const RunResult& result) {
  const std::string_view by =
      result.stopped_by == type_of(Trouble::Kind::kTimeLimit) ? "the time limit (time-limit)" : "an interrupt";
  const auto& runs = result.batch.runs;
  const auto ended = std::count_if(runs.begin(), runs.end(), [](const RunReport& run) { return run.limit.empty(); });
  return fmt::format("{} of {} ended; stopped by {}", grouped(static_cast<std::uint64_t>(ended)),
                     counted(result.wanted, "run"), by);
}

std::string figures_of(const RunReport& run) {
  constexpr std::string_view kMetric = "metric ";
  std::vector<std::string> figures;
  for (const Finding& finding : run.findings)
    if (finding.name.starts_with(kMetric) && finding.held != Held::kUnknown)
      figures.push_back(finding.name.substr(kMetric.size()) + " " + finding.seen);
  return fmt::format("{}", fmt::join(figures, ", "));
}

std::string_view shown_by(const RunReport& run) {
  if (run.load->letter != '?') return words_of(run.load->letter);
  return run.judged() ? "undecided" : kNothingJudged;
}

std::string words_of(const LaneSweep& lane) {
  if (!lane.error.empty()) return "it fails without any fault: " + lane.error;
  if (!lane.undecided.empty()) return lane.undecided;
  if (lane.smallest) return to_text(*lane.smallest, lane.wanted_rows);
  switch (sweep_verdict(lane)) {
    case SweepVerdict::kAsMeant:
      return "exactly once at every point";
    case SweepVerdict::kNotAsMeant:
      return "no point shows what this lane is meant to show";
    case SweepVerdict::kUndecided:
      return why_undecided(lane);
  }
  return {};
}

std::string_view name_of(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::kBadScenario:
      return "the scenario can be read";
    case Trouble::Kind::kNothingMatched:
      return "there is something to run";
    case Trouble::Kind::kUsage:
      return "the command can be carried out";
    case Trouble::Kind::kTimeLimit:
    case Trouble::Kind::kInterrupt:
      return "the command comes to its end";
    case Trouble::Kind::kNondeterminism:
      return "the same run is the same";
    case Trouble::Kind::kInternal:
      return "the program works";
    case Trouble::Kind::kNotRun:
      return "the scenario is run";
  }
  return {};
}

std::string_view type_of(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::kBadScenario:
      return "bad-scenario";
    case Trouble::Kind::kNothingMatched:
      return "nothing-matched";
    case Trouble::Kind::kUsage:
      return "usage";
    case Trouble::Kind::kTimeLimit:
      return "time-limit";
    case Trouble::Kind::kInterrupt:
      return "interrupt";
    case Trouble::Kind::kNondeterminism:
      return "nondeterminism";
    case Trouble::Kind::kInternal:
      return "internal-error";
    case Trouble::Kind::kNotRun:
      return "not-run";
  }
  return {};
}

std::string fail_line(const RunResult& result, const Failure& failure) {
  const std::string_view word = failure.finding.held == Held::kNo ? "FAIL" : "UNDECIDED";
  const std::string name = scenario::printable(failure.finding.name);
  if (!failure.run)
    return fmt::format("{} {}  over {}  repro: {}", word, name, counted(result.batch.runs.size(), "run"),
                       repro(result));
  const RunReport& run = *failure.run;
  return fmt::format("{} {}  seed {}  {}  repro: {}  hash {:016x}", word, name, run.seed, in_seconds(run.end),
                     repro(result.subject, run.seed, run.variant), run.hash);
}

namespace {

std::string again(const Subject& subject, const std::string& seeds, std::string_view only) {
  std::string line = fmt::format("twice run {} {}", subject.arguments, seeds);
  if (!only.empty()) line += " " + shell_option("--only", only);
  if (!subject.timeline) line += " --no-timeline";
  if (!subject.steps.empty()) line += " " + shell_option("--do", subject.steps);
  return line;
}

}  // namespace

std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant) {
  return again(subject, fmt::format("--seed {}", seed), variant);
}

std::string repro(const Subject& subject, std::uint64_t first, std::uint64_t last, std::string_view variant) {
  if (first == last) return repro(subject, first, variant);
  return again(subject, fmt::format("--seeds {}..{}", first, last), variant);
}

std::string repro(const RunResult& result) {
  return repro(result.subject, result.first_seed, result.last_seed, result.subject.only);
}

std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant, const Point& point) {
  Subject alone = subject;
  alone.timeline = false;
  alone.steps = world::to_text(steps_of(point));
  // A second run is no fault: the orchestrator loads once more.
  const std::string more = point.stop == Stop::kSecondRun ? fmt::format(" --runs {}", point.number + 1) : std::string();
  return repro(alone, seed, variant) + more;
}

}  // namespace twice::lab

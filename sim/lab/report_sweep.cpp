// A sweep for people.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using Points = std::vector<PointOutcome>;

std::string_view group_name(Stop stop) {
  switch (stop) {
    case Stop::kSecondRun:
      return "second run";
    case Stop::kAfterRow:
      return "after each row";
    case Stop::kBeforeStatement:
      return "before statements";
    case Stop::kLostReply:
      return "lost replies";
    case Stop::kIoNotApplied:
      return "I/O not applied";
    case Stop::kIoApplied:
      return "I/O, then crash";
    case Stop::kAtTime:
      return "at times";
  }
  return {};
}

// Neighbours of one kind.
std::vector<Points> groups_of(const Points& points) {
  std::vector<Points> groups;
  for (const PointOutcome& point : points) {
    if (groups.empty() || groups.back().front().point.stop != point.point.stop) groups.emplace_back();
    groups.back().push_back(point);
  }
  return groups;
}

Paint paint_of(char letter) {
  if (letter == '?') return Paint::kFaint;
  if (letter == '~') return Paint::kUnsure;
  return is_bad(letter) ? Paint::kBad : Paint::kGood;
}

std::string coloured(std::string_view letters, const Style& style) {
  std::string text;
  for (std::size_t at = 0; at < letters.size();) {
    const std::size_t end = std::min(letters.find_first_not_of(letters[at], at), letters.size());
    text += painted(letters.substr(at, end - at), paint_of(letters[at]), style);
    at = end;
  }
  return text;
}

std::string counts_of(const Points& points) {
  std::vector<std::string> parts;
  for (const char letter : std::string(kLetters) + "?") {
    const auto n =
        std::count_if(points.begin(), points.end(), [&](const PointOutcome& p) { return p.letter == letter; });
    if (n > 0) parts.push_back(fmt::format("{} {}", letter, grouped(static_cast<std::uint64_t>(n))));
  }
  return fmt::format("{}", fmt::join(parts, "  "));
}

std::string legend(const std::vector<LaneSweep>& lanes, const Style& style) {
  std::string text;
  for (const char letter : std::string(kLetters) + "?") {
    const bool used = std::any_of(lanes.begin(), lanes.end(), [&](const LaneSweep& lane) {
      return std::any_of(lane.points.begin(), lane.points.end(),
                         [&](const PointOutcome& p) { return p.letter == letter; });
    });
    if (used)
      text += fmt::format("  {} {}", painted(std::string_view(&letter, 1), paint_of(letter), style), words_of(letter));
  }
  return text + "\n";
}

std::string meaning(const LaneSweep& lane, const Style& style) {
  std::vector<std::string_view> meant;
  for (const Verdict v : lane.variant->spec.lane.verdict.any_of) meant.push_back(name_of(v));
  const std::string words = fmt::format("{}", fmt::join(meant, " or "));
  switch (sweep_verdict(lane)) {
    case SweepVerdict::kAsMeant:
      return painted(fmt::format("✓ {}, as meant", words), Paint::kGood, style);
    case SweepVerdict::kNotAsMeant:
      return painted(fmt::format("✗ meant: {}", words), Paint::kBad, style);
    case SweepVerdict::kUndecided:
      if (!lane.undecided.empty()) return painted("? meant: " + words, Paint::kUnsure, style);
      return painted(fmt::format("? meant: {}; {}", words, why_undecided(lane)), Paint::kUnsure, style);
  }
  return {};
}

std::string lane_text(const Subject& subject, const LaneSweep& lane, std::uint64_t seed, const Style& style) {
  constexpr std::size_t kName = 19, kCounts = 24;
  const unsigned room = style.width > kName + kCounts + 20 ? style.width - static_cast<unsigned>(kName + kCounts) : 20;
  std::string text = fmt::format("\n{}  {}\n", painted(scenario::printable(lane.variant->name), Paint::kStrong, style),
                                 meaning(lane, style));
  if (!lane.error.empty())
    return text + fmt::format("  it fails without any fault: {}\n", scenario::printable(lane.error));
  if (!lane.undecided.empty()) return text + fmt::format("  {}\n", lane.undecided);
  for (const Points& group : groups_of(lane.points)) {
    const std::string letters = strip(group, room);
    const std::string fill(room > letters.size() ? room - letters.size() : 0, ' ');
    text += fmt::format("  {}{}{}  {}\n", left(group_name(group.front().point.stop), kName), coloured(letters, style),
                        fill, counts_of(group));
  }
  text += fmt::format("  {}, {} that differ; {}; measured on {}\n", counted(lane.points.size(), "point"),
                      counted(lane.futures, "future"), counted(lane.wanted_rows, "row") + " wanted", lane.version);
  if (!lane.smallest) return text;
  text += fmt::format("  smallest failing schedule: {}\n", to_text(*lane.smallest, lane.wanted_rows));
  return text + "  " + painted(repro(subject, seed, lane.variant->name, lane.smallest->point), Paint::kFaint, style) +
         "\n";
}

}  // namespace

std::string sweep_text(const Subject& subject, const SweepResult& result, std::uint64_t seed, const Style& style) {
  std::string text;
  std::uint64_t tried = 0, left_out = 0, meant = 0;
  for (const LaneSweep& lane : result.lanes) {
    text += lane_text(subject, lane, seed, style);
    tried += lane.points.size() - untried(lane);
    left_out += untried(lane);
    meant += sweep_verdict(lane) == SweepVerdict::kAsMeant;
  }
  text += "\n" + legend(result.lanes, style);
  for (const std::string& line : result.reports) text += "note: " + scenario::printable(line) + "\n";
  if (result.stopped) text += fmt::format("the sweep was stopped before its end ({})\n", name_of(result.stopped_by));
  return text + fmt::format("{} of {} as meant, {} tried{}\n", meant, counted(result.lanes.size(), "lane"),
                            counted(tried, "point"), left_out > 0 ? fmt::format(", {} not", grouped(left_out)) : "");
}

std::string sweep_failures(const Subject& subject, const SweepResult& result, std::uint64_t seed, const Style& style) {
  std::string text;
  for (const LaneSweep& lane : result.lanes) {
    const SweepVerdict verdict = sweep_verdict(lane);
    if (verdict == SweepVerdict::kAsMeant) continue;
    const bool failed = verdict == SweepVerdict::kNotAsMeant;
    const std::string again = lane.smallest ? repro(subject, seed, lane.variant->name, lane.smallest->point)
                                            : fmt::format("twice sweep {} --seed {}", subject.arguments, seed);
    text += painted(fmt::format("{} sweep of {}: {}  repro: {}", failed ? "FAIL" : "UNDECIDED",
                                scenario::printable(lane.variant->name.empty() ? subject.path : lane.variant->name),
                                scenario::printable(words_of(lane)), again),
                    failed ? Paint::kBad : Paint::kUnsure, style) +
            "\n";
  }
  return text;
}

std::string strips_text(const SweepResult& result, const Style& style) {
  std::size_t name = 12;
  for (const LaneSweep& lane : result.lanes) name = std::max(name, scenario::code_points(lane.variant->name));
  const unsigned room = style.width > name + 30 ? style.width - static_cast<unsigned>(name) - 4 : 30;
  std::string text = painted("every crash point, each run on to its end (the first two: run again after it said ok)",
                             Paint::kStrong, style) +
                     "\n";
  for (const LaneSweep& lane : result.lanes) {
    const std::string title = left(scenario::printable(lane.variant->name), name);
    if (!lane.error.empty()) {
      text += fmt::format("  {}  it fails without any fault: {}\n", title, scenario::printable(lane.error));
      continue;
    }
    if (!lane.undecided.empty()) {
      text += fmt::format("  {}  {}\n", title, lane.undecided);
      continue;
    }
    text += fmt::format("  {}  {}\n  {}  {}: {}\n", title, coloured(strip(lane.points, room), style),
                        std::string(name, ' '), counted(lane.points.size(), "point"), counts_of(lane.points));
  }
  return text + legend(result.lanes, style);
}

}  // namespace twice::lab

// The strip of crash points, and what a sweep means.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"

namespace twice::lab {
namespace {

// From harmless to worst; a point that was not tried hides nothing.
constexpr std::string_view kByHarm = "?=~FWDLC";

bool worse(char a, char b) { return kByHarm.find(a) > kByHarm.find(b); }

char letter_for(Verdict verdict) {
  LoadOutcome outcome;
  outcome.verdict = verdict;
  return letter_of(outcome);
}

// Times are named by hand, one by one.
bool is_open_time(const PointOutcome& p) { return p.letter == '?' && p.point.stop == Stop::kAtTime; }

std::string open_points(const LaneSweep& lane) {
  constexpr std::size_t kFew = 3;
  std::vector<std::string> few;
  for (const PointOutcome& p : lane.points)
    if (p.letter == '?' && few.size() < kFew) few.push_back(to_text(p.point));
  return fmt::format("{}{}", fmt::join(few, "; "), untried(lane) > kFew ? "; …" : "");
}

}  // namespace

bool is_bad(char letter) { return letter != '=' && letter != '~' && letter != '?'; }

std::uint64_t untried(const LaneSweep& lane) {
  return static_cast<std::uint64_t>(
      std::count_if(lane.points.begin(), lane.points.end(), [](const PointOutcome& p) { return p.letter == '?'; }));
}

std::string why_undecided(const LaneSweep& lane) {
  if (!lane.undecided.empty()) return lane.undecided;
  if (lane.idle) return std::string(kNothingLoaded);
  std::string words = counted(untried(lane), "point") + " not tried";
  if (lane.thinned) words += " (limit sweep-points)";
  if (!lane.limit.empty()) return words + ": " + lane.limit;
  if (std::any_of(lane.points.begin(), lane.points.end(), is_open_time)) words += ", or no loader ran then";
  return words + ": " + open_points(lane);
}

std::string strip(const std::vector<PointOutcome>& points, unsigned width) {
  const std::size_t cells = std::min<std::size_t>(points.size(), std::max(width, 1u));
  std::string letters(cells, '?');
  for (std::size_t i = 0; i < points.size(); ++i) {
    char& cell = letters[i * cells / points.size()];
    if (worse(points[i].letter, cell)) cell = points[i].letter;
  }
  return letters;
}

SweepVerdict sweep_verdict(const LaneSweep& lane) {
  const scenario::VerdictSet& meant = lane.variant->spec.lane.verdict;
  if (!lane.undecided.empty()) return SweepVerdict::kUndecided;
  if (!lane.error.empty()) return meant.contains(Verdict::kFails) ? SweepVerdict::kAsMeant : SweepVerdict::kNotAsMeant;
  const auto promised = [&](Verdict v) { return is_bad(letter_for(v)); };
  const bool promises_harm = std::any_of(meant.any_of.begin(), meant.any_of.end(), promised);
  const bool promises_good = !std::all_of(meant.any_of.begin(), meant.any_of.end(), promised);
  const auto shows_harm = [&](const PointOutcome& p) { return is_bad(p.letter); };
  const auto as_promised = [&](const PointOutcome& p) {
    return is_bad(p.letter) &&
           std::any_of(meant.any_of.begin(), meant.any_of.end(), [&](Verdict v) { return letter_for(v) == p.letter; });
  };
  const bool harm = std::any_of(lane.points.begin(), lane.points.end(), shows_harm);
  const bool kept = promises_harm
                        ? std::any_of(lane.points.begin(), lane.points.end(), as_promised) || (promises_good && !harm)
                        : !harm;
  if (harm && !kept) return SweepVerdict::kNotAsMeant;
  if (lane.idle && kept && !harm) return SweepVerdict::kUndecided;
  if (kept && std::any_of(lane.points.begin(), lane.points.end(), is_open_time)) return SweepVerdict::kUndecided;
  if (untried(lane) > 0 && !harm) return SweepVerdict::kUndecided;
  return kept ? SweepVerdict::kAsMeant : SweepVerdict::kNotAsMeant;
}

std::string to_text(const PointOutcome& o, std::uint64_t wanted_rows) {
  std::string text = fmt::format("{}: {}", to_text(o.point), words_of(o.letter));
  if (!is_bad(o.letter) || (o.letter == 'F' && o.rows == wanted_rows)) return text;
  text += fmt::format(", {} instead of {}", counted(o.rows, "row"), grouped(wanted_rows));
  if (o.duplicated > 0) text += fmt::format(", {} too many", grouped(o.duplicated));
  if (o.lost > 0) text += fmt::format(", {} lost", grouped(o.lost));
  if (o.changed > 0) text += fmt::format(", {} with wrong values", grouped(o.changed));
  if (o.others_touched) text += ", rows outside the slice changed";
  return text;
}

}  // namespace twice::lab

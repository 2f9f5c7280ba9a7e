#include "ui/panels/sweep_columns.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace twice::ui {
namespace {

constexpr std::string_view kByHarm = "?=~FWDLC";

bool alike(const lab::PointOutcome& a, const lab::PointOutcome& b) {
  return a.letter == b.letter && a.point.stop == b.point.stop;
}

/// Points first..last of one letter, inside the points of one kind of crash.
struct Run {
  std::size_t first, last, group_first, group_last;
  char letter;
  bool minority;
};

void add_runs(const SweptPoints& points, std::size_t first, std::size_t last, std::vector<Run>& runs) {
  std::array<std::size_t, kByHarm.size()> counts{};
  for (std::size_t i = first; i < last; ++i) ++counts[harm_of(points[i]->letter)];
  const auto most = static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  for (std::size_t from = first, to = first; from < last; from = to) {
    while (to < last && points[to]->letter == points[from]->letter) ++to;
    runs.push_back({from, to, first, last, points[from]->letter, harm_of(points[from]->letter) != most});
  }
}

std::vector<Run> runs_of(const SweptPoints& points) {
  std::vector<Run> runs;
  for (std::size_t first = 0, last = 0; first < points.size(); first = last) {
    while (last < points.size() && points[last]->point.stop == points[first]->point.stop) ++last;
    add_runs(points, first, last, runs);
  }
  return runs;
}

}  // namespace

std::size_t harm_of(char letter) {
  const std::size_t at = kByHarm.find(letter);
  return at == std::string_view::npos ? kByHarm.size() - 1 : at;
}

SweptPoints columns_of(const SweptPoints& points, std::size_t columns, std::size_t least) {
  SweptPoints shown(std::max<std::size_t>(1, columns));
  const auto column_of = [&](std::size_t point) { return point * shown.size() / points.size(); };
  for (std::size_t x = 0; x < shown.size(); ++x) {
    const std::size_t first = x * points.size() / shown.size();
    const std::size_t last = std::max(first + 1, (x + 1) * points.size() / shown.size());
    shown[x] = *std::max_element(points.begin() + static_cast<std::ptrdiff_t>(first),
                                 points.begin() + static_cast<std::ptrdiff_t>(std::min(last, points.size())),
                                 [](const auto* a, const auto* b) { return harm_of(a->letter) < harm_of(b->letter); });
  }
  std::vector<Run> runs = runs_of(points);
  std::stable_sort(runs.begin(), runs.end(),
                   [](const Run& a, const Run& b) { return harm_of(a.letter) > harm_of(b.letter); });
  std::vector<bool> taken(shown.size());
  for (const Run& run : runs) {
    const std::size_t from = column_of(run.first), to = column_of(run.last);
    if (!run.minority || to - from >= least) continue;
    const std::size_t group_from = column_of(run.group_first);
    const std::size_t group_to = std::max(column_of(run.group_last), group_from + 1);
    const std::size_t wide = std::min(least, group_to - group_from), middle = (from + to) / 2;
    const std::size_t begin = std::clamp(middle > wide / 2 ? middle - wide / 2 : 0, group_from, group_to - wide);
    for (std::size_t x = begin; x < std::min(begin + wide, shown.size()); ++x)
      if (!taken[x]) shown[x] = points[run.first], taken[x] = true;
  }
  return shown;
}

std::vector<SweptSegment> segments_of(const SweptPoints& columns) {
  std::vector<SweptSegment> segments;
  for (std::size_t from = 0, to = 0; from < columns.size(); from = to) {
    while (to < columns.size() && alike(*columns[to], *columns[from])) ++to;
    segments.push_back({from, to, columns[from]});
  }
  return segments;
}

}  // namespace twice::ui

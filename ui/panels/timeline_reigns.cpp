// The timeline of a cluster with leaders: a band's colour is the newest leader's term.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "ui/panels/term_colours.h"
#include "ui/panels/timeline_bands.h"
#include "ui/panels/timeline_marks.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Reign;

// From an election until the next one; nobody leads from `vacant` on. Two leaders of one term should never be.
struct Stretch {
  std::vector<const Reign*> reigns;
  Time from, vacant, to;
  const Reign& first() const { return *reigns.front(); }
};

// An old leader that does not know of the next one is not the newest: its reign ends where the next begins.
std::vector<Stretch> stretches_of(const Scene& scene, const playback::Recording& run) {
  std::vector<Stretch> stretches;
  for (const Reign& reign : run.reigns()) {
    if (hides(scene, reign.from)) break;
    const std::uint64_t newest = stretches.empty() ? 0 : stretches.back().first().term;
    if (reign.term < newest) continue;
    if (reign.term == newest && !stretches.empty()) {
      stretches.back().reigns.push_back(&reign);
      continue;
    }
    if (!stretches.empty()) stretches.back().to = reign.from;
    stretches.push_back({{&reign}, reign.from, reign.from, run.end()});
  }
  for (Stretch& stretch : stretches)
    for (const Reign* reign : stretch.reigns)
      stretch.vacant = std::max(stretch.vacant, std::min(reign->to.value_or(stretch.to), stretch.to));
  return stretches;
}

// "n1", or "n1 and n2": the same one may have been elected twice.
std::string leaders_of(const Stretch& stretch, const playback::Recording& run) {
  std::set<NodeId> leaders;
  for (const Reign* reign : stretch.reigns) leaders.insert(reign->leader);
  std::string names;
  for (const NodeId leader : leaders) names += (names.empty() ? "" : " and ") + run.last_world().name(leader);
  return names;
}

std::string term_of(const Stretch& stretch) { return fmt::format("{} {}", stretch.first().era, stretch.first().term); }

}  // namespace

std::string draw_reigns(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top,
                        float bottom) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float u = scene.scale;
  std::string told;
  const auto hatched = [&](float from, float to) {
    if (to - from >= 1)
      hatch(list, {from, top}, {to, bottom}, faded(scene.theme.faint, 0.5f), 6 * u, std::max(1.0f, u));
  };
  const std::vector<Stretch> stretches = stretches_of(scene, run);
  if (!stretches.empty()) hatched(axis.begin, axis.place(stretches.front().from));
  for (const Stretch& stretch : stretches) {
    const float from = axis.place(stretch.from), vacant = axis.place(stretch.vacant), to = axis.place(stretch.to);
    list.AddRectFilled({from, top}, {vacant, bottom}, term_fill(scene.theme, stretch.first().term));
    list.AddRectFilled({from, top}, {from + std::max(1.0f, u), bottom}, term_edge(scene.theme, stretch.first().term));
    hatched(vacant, to);
    if (ImGui::IsMouseHoveringRect({from, top}, {to, bottom}))
      told = ImGui::GetIO().MousePos.x < vacant ? fmt::format("{}: {} leads from {}", term_of(stretch),
                                                              leaders_of(stretch, run), time_text(stretch.from))
                                                : fmt::format("{} leads {} no longer, and nobody else leads yet",
                                                              leaders_of(stretch, run), term_of(stretch));
  }
  return told;
}

void draw_reign_words(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top, float bottom,
                      const std::vector<MarkRoom>& taken) {
  const float u = scene.scale, size = std::min(small_text(), bottom - top);
  const bool two_rows = has_two_rows(scene, bottom - top);
  const auto width_of_words = [&](const std::string& words) {
    return scene.fonts.bold->CalcTextSizeA(size, FLT_MAX, 0, words.c_str()).x;
  };
  // The first place in a stretch where no mark stands in the way; above the marks, where there is room for both.
  const auto place_in = [&](float from, float to, float wide) -> std::optional<float> {
    float x = from + 4 * u;
    if (!two_rows)
      for (const MarkRoom& mark : taken)  // from left to right
        if (mark.to > x && mark.from < x + wide) x = mark.to + 2 * u;
    return x + wide + 2 * u <= to ? std::optional(x) : std::nullopt;
  };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float y = two_rows ? top : (top + bottom - size) / 2;
  for (const Stretch& stretch : stretches_of(scene, run)) {
    const float from = axis.place(stretch.from), to = axis.place(stretch.to);
    const std::string number = fmt::format("{}", stretch.first().term);
    std::optional<float> x;
    for (const std::string& words :
         {fmt::format("{} · {}", term_of(stretch), leaders_of(stretch, run)), term_of(stretch), number})
      if (!x && (x = place_in(from, to, width_of_words(words))))
        draw_text(list, scene.fonts.bold, size, {*x, y}, scene.theme.text, words);
    const float wide = width_of_words(number);
    if (x || from + wide + 4 * u > to) continue;
    // Marks stand everywhere: a term is always numbered.
    list.AddRectFilled({from + 2 * u, y}, {from + wide + 4 * u, y + size},
                       term_fill(scene.theme, stretch.first().term));
    draw_text(list, scene.fonts.bold, size, {from + 3 * u, y}, scene.theme.text, number);
  }
}

}  // namespace twice::ui

// The timeline of a cluster with leaders: a band's colour is the newest leader's term.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/term_colours.h"
#include "ui/panels/timeline_bands.h"
#include "ui/panels/timeline_marks.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Reign;

// From its election until the next one; nobody leads from `vacant` on.
struct Stretch {
  const Reign* reign;
  Time from, vacant, to;
};

// An old leader that does not know of the next one is not the newest: its reign ends where the next begins.
std::vector<Stretch> stretches_of(const Scene& scene, const playback::Recording& run) {
  std::vector<Stretch> stretches;
  std::uint64_t newest = 0;
  for (const Reign& reign : run.reigns()) {
    if (hides(scene, reign.from)) break;
    if (reign.term < newest) continue;
    newest = reign.term;
    if (!stretches.empty()) stretches.back().to = reign.from;
    stretches.push_back({&reign, reign.from, run.end(), run.end()});
  }
  for (Stretch& stretch : stretches) stretch.vacant = std::min(stretch.reign->to.value_or(stretch.to), stretch.to);
  return stretches;
}

}  // namespace

std::string draw_reigns(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top,
                        float bottom) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float u = scene.scale;
  const ImFont* font = scene.fonts.bold;
  const float size = std::min(std::floor(ImGui::GetFontSize() * 0.78f), bottom - top);
  std::string told;
  const auto hatched = [&](float from, float to) {
    if (to - from >= 1)
      hatch(list, {from, top}, {to, bottom}, faded(scene.theme.faint, 0.5f), 6 * u, std::max(1.0f, u));
  };
  const std::vector<Stretch> stretches = stretches_of(scene, run);
  if (!stretches.empty()) hatched(axis.begin, axis.place(stretches.front().from));
  for (const Stretch& stretch : stretches) {
    const float from = axis.place(stretch.from), vacant = axis.place(stretch.vacant), to = axis.place(stretch.to);
    list.AddRectFilled({from, top}, {vacant, bottom}, term_fill(scene.theme, stretch.reign->term));
    list.AddRectFilled({from, top}, {from + std::max(1.0f, u), bottom}, term_edge(scene.theme, stretch.reign->term));
    hatched(vacant, to);
    const auto name = [&] { return run.last_world().name(stretch.reign->leader); };
    if (ImGui::IsMouseHoveringRect({from, top}, {vacant, bottom}))
      told = fmt::format("term {}: {} leads from {}", stretch.reign->term, name(), time_text(stretch.from));
    else if (ImGui::IsMouseHoveringRect({vacant, top}, {to, bottom}))
      told = fmt::format("{} leads term {} no longer, and nobody else leads yet", name(), stretch.reign->term);
    // The words that fit: "term 4 n2", "term 4", "4".
    for (const std::string& words :
         {fmt::format("term {} · {}", stretch.reign->term, name()), fmt::format("term {}", stretch.reign->term),
          fmt::format("{}", stretch.reign->term)}) {
      const float wide = font->CalcTextSizeA(size, FLT_MAX, 0, words.c_str()).x;
      if (from + wide + 6 * u > to) continue;
      draw_text(list, font, size, {from + 4 * u, bottom - top > 2 * size ? top : (top + bottom - size) / 2},
                scene.theme.text, words);
      break;
    }
  }
  return told;
}

}  // namespace twice::ui

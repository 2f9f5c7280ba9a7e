// When a failure became inevitable, over time.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/labels.h"
#include "ui/panels/timeline_bands.h"
#include "ui/panels/timeline_marks.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using Point = playback::NoReturn::Point;

// Shares of 0 and 1 lie on the edges.
struct Plot {
  const TimeAxis& axis;
  float top, bottom;
  ImVec2 at(Time when, double share) const {
    return {axis.place(when), bottom - static_cast<float>(share) * (bottom - top)};
  }
};

// Under the line, and the interval of each share around it.
void draw_curve(ImDrawList& list, const Scene& scene, const Plot& plot, const std::vector<Point>& points) {
  const ImU32 hue = scene.theme.accent;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point &a = points[i - 1], &b = points[i];
    list.AddQuadFilled(plot.at(a.at, a.share()), plot.at(b.at, b.share()), plot.at(b.at, 0), plot.at(a.at, 0),
                       faded(hue, 0.14f));
    list.AddQuadFilled(plot.at(a.at, a.high / 1000.0), plot.at(b.at, b.high / 1000.0), plot.at(b.at, b.low / 1000.0),
                       plot.at(a.at, a.low / 1000.0), faded(hue, 0.22f));
    list.AddLine(plot.at(a.at, a.share()), plot.at(b.at, b.share()), hue, 2 * scene.scale);
  }
}

// A line where the way back ends, and its words where there is room.
void draw_end_of_hope(ImDrawList& list, const Scene& scene, const Plot& plot, Sequence from) {
  const auto record = from == 0 ? std::nullopt : scene.run().trace().record_of(from);
  const Time when = record ? record->at : Time{};
  const float u = scene.scale, size = small_text(), x = plot.axis.place(when);
  list.AddLine({x, plot.top}, {x, plot.bottom}, scene.theme.verdict.bad, 2 * u);
  const std::string words = from == 0 ? "inevitable from the start" : fmt::format("inevitable from event {} on", from);
  const float wide = scene.fonts.bold->CalcTextSizeA(size, FLT_MAX, 0, words.c_str()).x;
  const bool left = x + wide + 8 * u > plot.axis.end;
  const ImVec2 at{left ? x - wide - 5 * u : x + 5 * u, (plot.top + plot.bottom - size) / 2};
  list.AddRectFilled({at.x - 2 * u, at.y}, {at.x + wide + 2 * u, at.y + size}, faded(scene.theme.raised, 0.85f), 2 * u);
  draw_text(list, scene.fonts.bold, size, at, scene.theme.verdict.bad, words);
}

void tell(const Scene& scene, const Plot& plot, const std::vector<Point>& points) {
  const float mouse = ImGui::GetIO().MousePos.x;
  const auto away = [&](const Point& point) { return std::abs(plot.axis.place(point.at) - mouse); };
  const Point& near =
      *std::min_element(points.begin(), points.end(), [&](const auto& a, const auto& b) { return away(a) < away(b); });
  tip(
      fmt::format("After event {} ({}) the rest was drawn anew {} times: {} failed in the same way.\n"
                  "So between {} and {} % of all futures from here do, with 95 % confidence.\n{}",
                  near.event, time_text(near.at), near.of, near.failed, near.low / 10, (near.high + 9) / 10,
                  scene.no_return()->shows));
}

}  // namespace

void draw_no_return(const Scene& scene, const TimeAxis& axis, const BandLayout& layout, float top) {
  const playback::NoReturn& found = *scene.no_return();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float u = scene.scale, size = small_text(), bottom = top + layout.curve - 2 * u;
  list.AddRectFilled({axis.begin, top}, {axis.end, bottom}, scene.theme.raised);
  const Plot plot{axis, top + 3 * u, bottom - 1};
  draw_curve(list, scene, plot, found.points);
  if (found.from) draw_end_of_hope(list, scene, plot, *found.from);
  const float left = axis.begin - 9 * u - layout.gutter, room = layout.gutter;
  const float line = bottom - top >= 2 * size ? top : (top + bottom - size) / 2;
  draw_text(list, scene.fonts.text, size, {left, line}, scene.theme.faint,
            fitted(scene.fonts.text, size, "still fails", room));
  if (bottom - top >= 2 * size)
    draw_text(list, scene.fonts.text, size, {left, line + size}, scene.theme.faint,
              fitted(scene.fonts.text, size, "0 to 100 %", room));
  if (ImGui::IsItemHovered() && ImGui::IsMouseHoveringRect({axis.begin, top}, {axis.end, bottom}))
    tell(scene, plot, found.points);
}

}  // namespace twice::ui

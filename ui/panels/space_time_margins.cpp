// What stands around the canvas of the space-time view: the nodes' names above it, the steps' texts beside it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/space_time_drawing.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Moment;
using playback::MomentKind;

constexpr float kSmaller = 0.85f, kDotRoom = 14;
constexpr std::size_t kMostMeasured = 20, kMostInATip = 8;

struct Headers {
  float size = 0;
  bool two_lines = false;  // every other name stands lower, so that each has the room of two
  float room = 0;          // of a name
  std::size_t every = 1;   // so many columns share a name, that of the first
};

Headers headers_of(const Scene& scene, float column_width) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  float widest = 0;
  for (const NodeId node : view.nodes)
    widest = std::max(widest, width_of(scene.fonts.bold, scene.run().last_world().name(node)));
  const float u = scene.scale, size = size_of(scene.fonts.bold), aside = (kDotRoom + 6) * u;
  const float one = column_width - aside, two = 2 * column_width - aside;
  if (widest <= one) return {size, false, one};
  if (widest * kSmaller <= one) return {size * kSmaller, false, one};
  if (widest * kSmaller <= two) return {widest <= two ? size : size * kSmaller, true, two};
  // Cut names are fine as long as something is left of them.
  const float least = std::min(widest, width_of(scene.fonts.bold, "name…")) * kSmaller;
  const auto every = static_cast<std::size_t>(std::ceil((least + aside) / std::max(1.0f, column_width)));
  if (every <= 2) return {size * kSmaller, true, two};
  return {size * kSmaller, false, static_cast<float>(every) * column_width - aside, every};
}

std::string shown_name(const Scene& scene, const Headers& headers, NodeId node) {
  return fitted(scene.fonts.bold, headers.size, scene.run().last_world().name(node), headers.room);
}

// Beside its line, away from the cursor's.
ImVec2 place_label(const Scene& scene, const SpaceTimeLayout& layout, float y, float size) {
  const float u = scene.scale, now = layout.axis.place(scene.session.cursor().at);
  float top = y - size / 2;
  if (now > top - 2 * u && now < top + size + 2 * u) top = now >= y ? now - size - 3 * u : now + 3 * u;
  return {layout.lane + 2 * u, std::clamp(top, layout.from.y, std::max(layout.from.y, layout.to.y - size))};
}

}  // namespace

float height_of_headers(const Scene& scene, float column_width) {
  const Headers headers = headers_of(scene, column_width);
  return headers.size * (headers.two_lines ? 2.0f : 1.0f) + 8 * scene.scale;
}

void draw_headers(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float top) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const Headers headers = headers_of(scene, layout.column_width);
  const ImFont* font = scene.fonts.bold;
  const float u = scene.scale, size = headers.size;
  for (std::size_t i = 0; headers.two_lines && i < view.nodes.size(); i += 2)
    list.AddLine({layout.x(i), top + size}, {layout.x(i), layout.from.y}, scene.theme.identity(i), 1.5f * u);
  for (std::size_t i = 0; i < view.nodes.size(); i += headers.every) {
    const std::string text = shown_name(scene, headers, view.nodes[i]);
    const float wide = font->CalcTextSizeA(size, FLT_MAX, 0, text.c_str()).x + kDotRoom * u;
    const float x = std::min(layout.x(i) - wide / 2, layout.to.x - wide);
    const float y = top + (headers.two_lines && i % 2 == 1 ? size : 0);
    list.AddRectFilled({x - 2 * u, y}, {x + wide + 2 * u, y + size}, scene.theme.panel);
    list.AddCircleFilled({x + 4 * u, y + size / 2}, 4 * u, scene.theme.identity(i));
    draw_text(list, font, size, {x + kDotRoom * u, y}, scene.theme.text, text);
    if (scene.session.selection().node == view.nodes[i])
      list.AddLine({x, y + size + 2 * u}, {x + wide, y + size + 2 * u}, scene.theme.focus, 2 * u);
  }
}

std::string header_tip(const Scene& scene, const SpaceTimeLayout& layout, ImVec2 mouse) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  if (mouse.y >= layout.from.y || mouse.x < layout.from.x || mouse.x >= layout.to.x) return {};
  const auto column = static_cast<std::size_t>((mouse.x - layout.from.x) / layout.column_width);
  if (column >= view.nodes.size()) return {};
  const std::string& name = scene.run().last_world().name(view.nodes[column]);
  const Headers headers = headers_of(scene, layout.column_width);
  const bool whole = headers.every == 1 && shown_name(scene, headers, view.nodes[column]) == name;
  return whole ? std::string() : name;
}

float width_of_steps(const Scene& scene, float width) {
  float widest = 0;
  std::size_t measured = 0;
  for (const Moment& moment : scene.run().moments()) {
    if (moment.kind != MomentKind::kStep) continue;
    widest = std::max(widest, width_of(scene.fonts.text, "⚑ " + moment.text));
    if (++measured == kMostMeasured) break;
  }
  return measured == 0 ? 0 : std::min(widest + 8 * scene.scale, 0.14f * width);
}

void draw_step_labels(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout) {
  const float u = scene.scale, size = size_of(scene.fonts.text), room = layout.from.x - layout.lane - 6 * u;
  if (room <= 0) return;
  FreeSpace space;
  for (const Moment& moment : scene.pictures.space_time->moments) {
    if (moment.kind != MomentKind::kStep) continue;
    const float y = layout.axis.place(moment.at);
    dashed_line(list, {layout.lane, y}, {layout.from.x, y}, scene.theme.mark.partition, 1.5f * u, 6 * u);
    const std::string text = fitted(scene.fonts.text, size, "⚑ " + moment.text, room);
    const ImVec2 from = place_label(scene, layout, y, size);
    const ImVec2 to{from.x + width_of(scene.fonts.text, text) + 3 * u, from.y + size};
    if (!space.take(from, to)) continue;
    list.AddRectFilled({from.x - 2 * u, from.y}, to, scene.theme.panel, 3 * u);
    draw_text(list, scene.fonts.text, size, from, scene.theme.mark.partition, text);
  }
}

std::string step_tip(const Scene& scene, const SpaceTimeLayout& layout, ImVec2 mouse) {
  const float reach = size_of(scene.fonts.text);
  if (mouse.x < layout.lane || mouse.x >= layout.from.x || mouse.y < layout.from.y) return {};
  std::string text;
  std::size_t told = 0;
  for (const Moment& moment : scene.pictures.space_time->moments) {
    if (moment.kind != MomentKind::kStep || std::abs(layout.axis.place(moment.at) - mouse.y) > reach) continue;
    if (++told > kMostInATip) return text + "\n…";
    text += fmt::format("{}{}: {}", told > 1 ? "\n" : "", time_text(moment.at), moment.text);
  }
  return text;
}

}  // namespace twice::ui

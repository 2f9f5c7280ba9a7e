#include "ui/panels/space_time_drawing.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/draw/contrast.h"
#include "ui/panels/term_colours.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Relation;

constexpr std::size_t kMostLabels = 150;  // more arrows than this are drawn without their names
constexpr float kDot = 4.5f;

void cross(ImDrawList& list, ImVec2 at, float half, ImU32 colour, float thickness) {
  list.AddLine({at.x - half, at.y - half}, {at.x + half, at.y + half}, colour, thickness);
  list.AddLine({at.x - half, at.y + half}, {at.x + half, at.y - half}, colour, thickness);
}

void head(ImDrawList& list, ImVec2 tip, ImVec2 along, float size, ImU32 colour) {
  const ImVec2 back{tip.x - along.x * size, tip.y - along.y * size};
  const ImVec2 side{-along.y * size * 0.45f, along.x * size * 0.45f};
  list.AddTriangleFilled(tip, {back.x + side.x, back.y + side.y}, {back.x - side.x, back.y - side.y}, colour);
}

// What happened, as a shape.
void shape(ImDrawList& list, RecordKind kind, ImVec2 c, float r, ImU32 colour, ImU32 inside, float line) {
  switch (kind) {
    case RecordKind::kStart:
      list.AddTriangleFilled({c.x, c.y - r * 1.2f}, {c.x + r * 1.1f, c.y + r}, {c.x - r * 1.1f, c.y + r}, colour);
      return;
    case RecordKind::kTimer:
      list.AddCircleFilled(c, r, inside);
      list.PathArcTo(c, r, 1.5708f, 4.7124f, 12);
      list.PathFillConvex(colour);
      list.AddCircle(c, r, colour, 0, line);
      return;
    case RecordKind::kWritten:
      list.AddQuadFilled({c.x, c.y - r * 1.2f}, {c.x + r * 1.2f, c.y}, {c.x, c.y + r * 1.2f}, {c.x - r * 1.2f, c.y},
                         colour);
      return;
    case RecordKind::kDone:
      list.AddRectFilled({c.x - r * 0.9f, c.y - r * 0.9f}, {c.x + r * 0.9f, c.y + r * 0.9f}, colour);
      return;
    case RecordKind::kDown:
      list.AddCircleFilled(c, r, inside);
      cross(list, c, r * 0.9f, colour, line * 1.5f);
      return;
    case RecordKind::kDeliver:
    case RecordKind::kStep:
    case RecordKind::kLost:
    case RecordKind::kCut:
    case RecordKind::kDuplicated:
    case RecordKind::kReordered:
    case RecordKind::kClogged:
    case RecordKind::kIgnored:
    case RecordKind::kCrash:
    case RecordKind::kMark:
      list.AddCircleFilled(c, r, colour);
      return;
  }
}

ImU32 colour_of(const Theme& theme, Relation relation, ImU32 hue) {
  switch (relation) {
    case Relation::kSelf:
      return theme.focus;
    case Relation::kPast:
      return theme.mark.action;
    case Relation::kFuture:
      return theme.mark.partition;
    case Relation::kConcurrent:
      return faded(hue, 0.28f);
  }
  return hue;
}

int rank(Relation relation) {
  switch (relation) {
    case Relation::kSelf:
      return 3;
    case Relation::kPast:
      return 2;
    case Relation::kFuture:
      return 1;
    case Relation::kConcurrent:
      return 0;
  }
  return 0;
}

std::optional<Relation> relation_of(const Cluster& cluster, const Relations& relations) {
  if (relations.empty()) return std::nullopt;
  Relation found = Relation::kConcurrent;
  for (const std::size_t i : cluster.events)
    if (i < relations.size() && rank(relations[i]) > rank(found)) found = relations[i];
  return found;
}

RecordKind kind_of(const playback::SpaceTimeView& view, const Cluster& cluster) {
  const RecordKind first = view.events[cluster.events.front()].kind;
  for (const std::size_t i : cluster.events)
    if (view.events[i].kind == RecordKind::kStart) return RecordKind::kStart;
  return first;
}

// A dot that is stretched down to `last`.
void capsule(ImDrawList& list, ImVec2 top, float last, float r, ImU32 colour, float line = 0) {
  const ImVec2 from{top.x - r, top.y - r}, to{top.x + r, last + r};
  line > 0 ? list.AddRect(from, to, colour, r, 0, line) : list.AddRectFilled(from, to, colour, r);
}

void draw_cluster(ImDrawList& list, const Scene& scene, const playback::SpaceTimeView& view, const Cluster& cluster,
                  float x, std::optional<Relation> relation) {
  const Theme& theme = scene.theme;
  const float u = scene.scale, r = kDot * u;
  const ImVec2 at{x, cluster.y};
  const ImU32 hue = theme.identity(cluster.column), colour = relation ? colour_of(theme, *relation, hue) : hue;
  const bool long_one = cluster.last - cluster.y > 2 * u;
  // Opaque below: half-transparent dots would show the line through them.
  capsule(list, at, cluster.last, r, theme.panel);
  if (relation == Relation::kConcurrent)
    capsule(list, at, cluster.last, r, colour, u);
  else if (long_one)
    capsule(list, at, cluster.last, r, colour);
  else
    shape(list, kind_of(view, cluster), at, r, colour, theme.panel, 1.5f * u);
  if (relation == Relation::kFuture || relation == Relation::kSelf)
    capsule(list, at, cluster.last, r + 3 * u, colour, 1.25f * u);
}

struct Ends {
  ImVec2 from, to;
};
std::optional<Ends> ends_of(const playback::SpaceTimeView& view, const SpaceTimeLayout& layout,
                            const playback::Arrow& arrow) {
  const auto a = column_of(view, arrow.from), b = column_of(view, arrow.to);
  if (!a || !b) return std::nullopt;
  Ends ends{{layout.x(*a), layout.axis.place(arrow.left)}, {layout.x(*b), layout.axis.place(arrow.came)}};
  if (arrow.lost) ends.to.x = ends.from.x + (ends.to.x - ends.from.x) * 0.6f;
  return ends;
}

void draw_arrow(ImDrawList& list, const Scene& scene, const playback::Arrow& arrow, Ends ends, ImU32 colour) {
  const float u = scene.scale, all = distance(ends.from, ends.to);
  if (all <= 0) return;
  const ImVec2 along{(ends.to.x - ends.from.x) / all, (ends.to.y - ends.from.y) / all};
  const float room = arrow.lost ? 0 : 6 * u;
  const ImVec2 tip{ends.to.x - along.x * room, ends.to.y - along.y * room};
  list.AddLine(ends.from, tip, colour, 1.25f * u);
  if (arrow.lost) return cross(list, tip, 5 * u, scene.theme.mark.drop, 2 * u);
  head(list, tip, along, 8 * u, colour);
  if (arrow.duplicated) head(list, {tip.x - along.x * 8 * u, tip.y - along.y * 8 * u}, along, 8 * u, colour);
}

ImU32 arrow_colour(const Scene& scene, const playback::SpaceTimeView& view, const playback::Arrow& arrow,
                   const Relations& relations) {
  const auto column = column_of(view, arrow.from);
  const ImU32 hue = scene.theme.identity(column.value_or(0));
  if (relations.empty()) return faded(hue, 0.7f);
  const auto of = [&](Sequence n) {
    return n >= view.first && n - view.first < relations.size() ? relations[n - view.first] : Relation::kConcurrent;
  };
  const Relation cause = of(arrow.cause), effect = arrow.lost ? Relation::kConcurrent : of(arrow.effect);
  // A message belongs to the past of the hovered event when its arrival does, to its future when its sending does.
  if (effect == Relation::kPast || effect == Relation::kSelf) return colour_of(scene.theme, Relation::kPast, hue);
  if (cause == Relation::kFuture || cause == Relation::kSelf) return colour_of(scene.theme, Relation::kFuture, hue);
  return faded(hue, 0.18f);
}

// Behind a node's line while it leads: its term, numbered at the top.
void draw_reigns(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout) {
  const float u = scene.scale, size = size_of(scene.fonts.bold);
  for (const playback::Reign& reign : scene.run().reigns()) {
    const auto column = column_of(*scene.pictures.space_time, reign.leader);
    const Time last = reign.to.value_or(scene.run().end());
    if (!column || last < layout.axis.from || reign.from > layout.axis.to) continue;
    const float x = layout.x(*column), half = std::min(14 * u, layout.column_width * 0.3f);
    const float top = std::max(layout.from.y, layout.axis.place(reign.from));
    const float bottom = std::min(layout.to.y, layout.axis.place(last));
    list.AddRectFilled({x - half, top}, {x + half, bottom}, term_fill(scene.theme, reign.term), 3 * u);
    if (bottom - top < size + 2 * u) continue;
    const std::string number = fmt::format("{}", reign.term);
    const float wide = width_of(scene.fonts.bold, number);
    if (wide + 4 * u > half) continue;  // no room beside the line
    draw_text(list, scene.fonts.bold, size, {x - half + 2 * u, top + u}, scene.theme.text, number);
  }
}

}  // namespace

void draw_axis(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float left) {
  const float size = size_of(scene.fonts.text);
  for (const Tick& tick : ticks_of(layout.axis, 56 * scene.scale)) {
    const float y = std::floor(layout.axis.place(tick.at)) + 0.5f;
    list.AddLine({layout.from.x, y}, {layout.to.x, y}, faded(scene.theme.border, 0.35f), scene.scale);
    const float top = std::clamp(y - size / 2, layout.from.y, layout.to.y - size);
    // The cursor's flag stands there.
    if (std::abs(y - layout.axis.place(scene.session.cursor().at)) < size + 3 * scene.scale) continue;
    draw_text(list, scene.fonts.text, size, {left, top}, scene.theme.faint, tick.label);
  }
}

void draw_columns(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const float u = scene.scale;
  draw_reigns(list, scene, layout);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const float x = std::floor(layout.x(i)) + 0.5f;
    list.AddLine({x, layout.from.y}, {x, layout.to.y}, faded(scene.theme.identity(i), 0.55f), 1.5f * u);
  }
  for (const Absence& away : layout.absences) {
    const float x = std::floor(layout.x(away.column)) + 0.5f;
    const float a = std::max(layout.from.y, layout.axis.place(away.from));
    const float b = std::min(layout.to.y, layout.axis.place(away.to));
    list.AddLine({x, a}, {x, b}, scene.theme.panel, 4 * u);
    dashed_line(list, {x, a}, {x, b}, scene.theme.border, u, 3 * u);
  }
}

void draw_arrows(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, const Relations& relations) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  for (const playback::Arrow& arrow : view.arrows)
    if (const auto ends = ends_of(view, layout, arrow))
      draw_arrow(list, scene, arrow, *ends, arrow_colour(scene, view, arrow, relations));
}

void draw_arrow_labels(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  if (view.arrows.size() > kMostLabels) return;
  const float size = size_of(scene.fonts.text), u = scene.scale;
  for (const playback::Arrow& arrow : view.arrows) {
    const auto ends = ends_of(view, layout, arrow);
    if (!ends) continue;
    const float wide = width_of(scene.fonts.text, arrow.label);
    if (wide > std::abs(ends->to.x - ends->from.x) - 30 * u) continue;
    const ImVec2 centre{(ends->from.x + ends->to.x) / 2, (ends->from.y + ends->to.y) / 2};
    const ImVec2 from{centre.x - wide / 2 - 2 * u, centre.y - size / 2},
        to{centre.x + wide / 2 + 2 * u, centre.y + size / 2};
    if (from.y < layout.from.y || to.y > layout.to.y || !space.take(from, to)) continue;
    list.AddRectFilled(from, to, faded(scene.theme.panel, 0.85f), 3 * u);
    draw_text(list, scene.fonts.text, size, {from.x + 2 * u, from.y}, scene.theme.faint, arrow.label);
  }
}

void draw_clusters(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, const Relations& relations,
                   std::optional<Sequence> selected) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const auto index =
      selected && *selected >= view.first ? static_cast<std::size_t>(*selected - view.first) : ~std::size_t{0};
  for (const Cluster& cluster : layout.clusters) {
    const float u = scene.scale, x = layout.x(cluster.column);
    draw_cluster(list, scene, view, cluster, x, relation_of(cluster, relations));
    if (std::binary_search(cluster.events.begin(), cluster.events.end(), index))
      capsule(list, {x, cluster.y}, cluster.last, (kDot + 4) * u, scene.theme.focus, 2.5f * u);
  }
}

void draw_counts(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space) {
  const float u = scene.scale, size = size_of(scene.fonts.text);
  for (const Cluster& cluster : layout.clusters) {
    if (cluster.events.size() < 2) continue;
    const std::string count = fmt::format("×{}", cluster.events.size());
    const ImVec2 from{layout.x(cluster.column) + (kDot + 5) * u, cluster.y - size / 2 - 2 * u};
    const ImVec2 to{from.x + width_of(scene.fonts.text, count) + 2 * u, from.y + size};
    if (from.y < layout.from.y || !space.take(from, to)) continue;
    list.AddRectFilled(from, to, faded(scene.theme.panel, 0.85f), 3 * u);
    draw_text(list, scene.fonts.text, size, {from.x + u, from.y}, scene.theme.text, count);
  }
}

void draw_cursor_line(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout) {
  const float y = layout.axis.place(scene.session.cursor().at);
  list.AddLine({layout.from.x, y}, {layout.to.x, y}, scene.theme.accent, 2 * scene.scale);
}

void draw_cursor_flag(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float left) {
  const Time at = scene.session.cursor().at;
  if (at < layout.axis.from || at > layout.axis.to) return;
  const float y = layout.axis.place(at), size = size_of(scene.fonts.text), u = scene.scale;
  const std::string text = time_text(at);
  const float top = std::clamp(y - size / 2 - 2 * u, layout.from.y, layout.to.y - size - 4 * u);
  const float wide = width_of(scene.fonts.text, text) + 8 * u;
  list.AddLine({left + wide - 4 * u, y}, {layout.from.x, y}, scene.theme.accent, 2 * u);
  list.AddRectFilled({left - 4 * u, top}, {left - 4 * u + wide, top + size + 4 * u}, scene.theme.accent, 3 * u);
  draw_text(list, scene.fonts.text, size, {left, top + 2 * u}, scene.theme.on_accent, text);
}

Legend space_time_legend(const Scene& scene, bool hovering) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto kind = [&t, u](RecordKind k) {
    return [&t, u, k](ImDrawList& list, ImVec2 c, float) { shape(list, k, c, 5 * u, t.faint, t.panel, 1.5f * u); };
  };
  if (hovering)
    return {{"this event",
             [&t, u](ImDrawList& list, ImVec2 c, float) {
               list.AddCircleFilled(c, 4 * u, t.focus), list.AddCircle(c, 7 * u, t.focus, 0, 1.25f * u);
             }},
            {"past: could have led to it",
             [&t, u](ImDrawList& list, ImVec2 c, float) { list.AddCircleFilled(c, 5 * u, t.mark.action); }},
            {"future: could know of it",
             [&t, u](ImDrawList& list, ImVec2 c, float) {
               list.AddCircleFilled(c, 4 * u, t.mark.partition),
                   list.AddCircle(c, 7 * u, t.mark.partition, 0, 1.25f * u);
             }},
            {"concurrent: neither",
             [&t, u](ImDrawList& list, ImVec2 c, float) { list.AddCircle(c, 5 * u, t.faint, 0, u); }}};
  Legend legend{{"message arrives", kind(RecordKind::kDeliver)},
                {"timer", kind(RecordKind::kTimer)},
                {"start", kind(RecordKind::kStart)},
                {"write is durable", kind(RecordKind::kWritten)},
                {"disk is done", kind(RecordKind::kDone)},
                {"learns of a death", kind(RecordKind::kDown)},
                {"message lost",
                 [&t, u](ImDrawList& list, ImVec2 c, float h) {
                   list.AddLine({c.x - h, c.y}, c, t.faint, 1.25f * u),
                       cross(list, {c.x + h / 2, c.y}, 4 * u, t.mark.drop, 2 * u);
                 }},
                {"×3: several events in one mark", [&t, u](ImDrawList& list, ImVec2 c, float) {
                   capsule(list, {c.x, c.y - 3 * u}, c.y + 3 * u, 4 * u, t.faint);
                 }}};
  if (!scene.run().reigns().empty())
    legend.push_back({"leads, with its term", [&t](ImDrawList& list, ImVec2 c, float h) {
                        list.AddRectFilled({c.x - h * 0.7f, c.y - h}, {c.x + h * 0.7f, c.y + h}, term_fill(t, 1));
                      }});
  return legend;
}

}  // namespace twice::ui

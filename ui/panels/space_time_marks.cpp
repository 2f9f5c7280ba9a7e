// Moments and dense stretches of the space-time view.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/draw/contrast.h"
#include "ui/panels/space_time_drawing.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Moment;
using playback::MomentKind;

constexpr float kWidestBar = 0.26f;  // to each side, in columns: tags stand beside

struct Tag {
  std::string text;
  ImU32 colour;
};

// What is told beside a column; the arrows show losses and copies already.
std::optional<Tag> tag_of(const Theme& theme, const Moment& moment) {
  switch (moment.kind) {
    case MomentKind::kCrash:
      return Tag{"✗ dies", theme.mark.crash};
    case MomentKind::kAttempt:
      return Tag{"attempt", theme.text};
    case MomentKind::kRetry:
      return Tag{"retry", theme.text};
    case MomentKind::kOk:
      return Tag{"✓ told ok", theme.verdict.good};
    case MomentKind::kGaveUp:
      return Tag{"✗ gave up", theme.verdict.bad};
    case MomentKind::kCommit:
      return Tag{"◆ commit", theme.mark.commit};
    case MomentKind::kReading:
      return Tag{"reading", theme.faint};
    case MomentKind::kSuspect:
      return Tag{"⚠ suspicion", theme.verdict.unsure};
    case MomentKind::kTrust:
      return Tag{"✓ trust", theme.verdict.good};
    case MomentKind::kElected:
      return Tag{moment.text, theme.text};
    case MomentKind::kSteppedDown:
      return Tag{moment.text, theme.faint};
    case MomentKind::kDecided:
      return Tag{"● decided", theme.mark.commit};
    case MomentKind::kBroken:
      return Tag{"⚠ " + moment.text.substr(0, moment.text.find(':')), theme.verdict.bad};
    case MomentKind::kStep:
    case MomentKind::kLost:
    case MomentKind::kDuplicated:
      return std::nullopt;
  }
  return std::nullopt;
}

void draw_tag(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, const Moment& moment,
              std::size_t column, const Tag& tag, FreeSpace& space) {
  const float u = scene.scale, size = size_of(scene.fonts.text), wide = width_of(scene.fonts.text, tag.text) + 4 * u;
  const ImVec2 at{layout.x(column), layout.axis.place(moment.at)};
  if (moment.kind == MomentKind::kCrash) {
    list.AddLine({at.x - 7 * u, at.y - 7 * u}, {at.x + 7 * u, at.y + 7 * u}, tag.colour, 3 * u);
    list.AddLine({at.x - 7 * u, at.y + 7 * u}, {at.x + 7 * u, at.y - 7 * u}, tag.colour, 3 * u);
  }
  const bool dense = scene.pictures.space_time->is_dense;
  const float aside = dense ? layout.column_width * kWidestBar + 6 * u : 12 * u;
  if (wide > layout.column_width * (dense ? 1 - 2 * kWidestBar : 1) - 12 * u) return;
  // Right of the column; left of it where the picture ends.
  const bool left = at.x + aside + wide > layout.to.x;
  const ImVec2 from{left ? at.x - aside - wide : at.x + aside, at.y - size / 2};
  if (from.y < layout.from.y || from.y + size > layout.to.y) return;
  if (!space.take(from, {from.x + wide, from.y + size})) return;
  list.AddRectFilled(from, {from.x + wide, from.y + size}, faded(scene.theme.panel, 0.85f), 3 * u);
  draw_text(list, scene.fonts.text, size, {from.x + 2 * u, from.y}, tag.colour, tag.text);
}

}  // namespace

void draw_moments(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  for (const Moment& moment : view.moments)
    if (moment.kind == MomentKind::kStep) {
      const float y = layout.axis.place(moment.at), u = scene.scale;
      dashed_line(list, {layout.from.x, y}, {layout.to.x, y}, scene.theme.mark.partition, 1.5f * u, 6 * u);
    }
  // Rare ones first, so that frequent ones do not take their place; a tag a line is all that can be read.
  for (const bool frequent : {false, true}) {
    std::vector<float> lowest(view.nodes.size(), -1e9f);
    for (const Moment& moment : view.moments) {
      const bool often = moment.kind == MomentKind::kCommit || moment.kind == MomentKind::kReading;
      const auto column = column_of(view, moment.node);
      const auto tag = tag_of(scene.theme, moment);
      if (often != frequent || !column || !tag) continue;
      const float y = layout.axis.place(moment.at);
      if (y - lowest[*column] < 4 * scene.scale && moment.kind != MomentKind::kCrash) continue;
      lowest[*column] = y;
      draw_tag(list, scene, layout, moment, *column, *tag, space);
    }
  }
}

std::uint32_t most_of_a_slice(const playback::SpaceTimeView& view) {
  const auto most = std::max_element(view.density.begin(), view.density.end());
  return most == view.density.end() ? 0 : *most;
}

void draw_density(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const std::uint32_t most = most_of_a_slice(view);
  if (most == 0 || view.slices == 0) return;
  const float high = (layout.to.y - layout.from.y) / static_cast<float>(view.slices);
  const float widest = layout.column_width * kWidestBar;
  for (std::size_t slice = 0; slice < view.slices; ++slice)
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      const std::uint32_t count = view.density[slice * view.nodes.size() + i];
      if (count == 0) continue;
      const float share = static_cast<float>(count) / static_cast<float>(most);
      const float half = std::max(1.5f * scene.scale, widest * share);
      const float y = layout.from.y + static_cast<float>(slice) * high;
      list.AddRectFilled({layout.x(i) - half, y}, {layout.x(i) + half, y + high},
                         faded(scene.theme.identity(i), 0.35f + 0.65f * share));
    }
}

Legend density_legend(const Scene& scene, std::string_view most, std::string_view slice, float one) {
  const Theme& t = scene.theme;
  const auto bar = [&t](float share) {
    return [&t, share](ImDrawList& list, ImVec2 c, float h) {
      const float half = std::max(1.5f, h * share);
      list.AddRectFilled({c.x - half, c.y - h * 0.6f}, {c.x + half, c.y + h * 0.6f},
                         faded(t.identity(0), 0.35f + 0.65f * share));
    };
  };
  return {{slice, {}},
          {"1", bar(one)},
          {most, bar(1)},
          {"Too many events to draw one by one: turn the wheel to zoom in", {}}};
}

}  // namespace twice::ui

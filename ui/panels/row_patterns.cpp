#include "ui/panels/row_patterns.h"

#include <algorithm>
#include <cmath>

#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::RowState;

ImU32 fill_of(const Theme& theme, RowState state) {
  switch (state) {
    case RowState::kEmpty:
      return theme.row.empty;
    case RowState::kUncommitted:
      return theme.row.uncommitted;
    case RowState::kLoaded:
      return theme.row.loaded;
    case RowState::kChanged:
      return theme.row.changed;
    case RowState::kDuplicated:
      return theme.row.duplicated;
    case RowState::kMissing:
      return theme.row.missing;
  }
  return theme.row.empty;
}

// Diagonals that lie on one set of lines across the whole picture; `rising`: from the lower left.
void diagonals(ImDrawList& list, const Rect& area, ImU32 colour, float step, float thickness, bool rising) {
  list.PushClipRect(area.from, area.to, true);
  const float height = area.to.y - area.from.y;
  const float sum = rising ? area.from.x + area.from.y : area.from.x - area.to.y;
  const float last = sum + (area.to.x - area.from.x) + height;
  for (float at = std::floor(sum / step) * step; at <= last; at += step) {
    const float top = rising ? at - area.from.y : at + area.from.y;
    const float bottom = rising ? at - area.to.y : at + area.to.y;
    list.AddLine({top, area.from.y}, {bottom, area.to.y}, colour, thickness);
  }
  list.PopClipRect();
}

void uprights(ImDrawList& list, const Rect& area, ImU32 colour, float step, float thickness) {
  for (float x = std::ceil(area.from.x / step) * step; x < area.to.x; x += step)
    list.AddRectFilled({std::floor(x), area.from.y}, {std::floor(x) + thickness, area.to.y}, colour);
}

}  // namespace

void draw_row_fill(const Scene& scene, ImDrawList& list, Rect square, RowState state) {
  const ImU32 fill = fill_of(scene.theme, state);
  list.AddRectFilled(square.from, square.to, state == RowState::kUncommitted ? faded(fill, 0.35f) : fill);
}

void draw_row_square(const Scene& scene, ImDrawList& list, Rect square, RowState state) {
  draw_row_fill(scene, list, square, state);
  const float thick = std::max(1.0f, scene.scale);
  const auto [from, to] = square;
  if (state == RowState::kUncommitted) dashed_rect(list, from, to, scene.theme.row.uncommitted, thick, 2 * scene.scale);
  if (state == RowState::kDuplicated) hatch(list, from, to, scene.theme.panel, 4 * scene.scale, thick);
  if (state == RowState::kMissing) {
    list.AddLine(from, to, scene.theme.panel, thick);
    list.AddLine({from.x, to.y}, {to.x, from.y}, scene.theme.panel, thick);
  }
  if (state == RowState::kChanged) {
    const float x = std::floor((from.x + to.x - thick) / 2);
    list.AddRectFilled({x, from.y}, {x + thick, to.y}, scene.theme.panel);
  }
}

void draw_row_pattern(const Scene& scene, ImDrawList& list, Rect area, RowState state) {
  const float thick = std::max(1.0f, scene.scale);
  const ImU32 over = scene.theme.panel;
  switch (state) {
    case RowState::kUncommitted:
      return dashed_rect(list, area.from, area.to, scene.theme.row.uncommitted, thick, 2 * scene.scale);
    case RowState::kDuplicated:
      return diagonals(list, area, over, 6 * scene.scale, thick, true);
    case RowState::kMissing:
      diagonals(list, area, over, 9 * scene.scale, thick, true);
      return diagonals(list, area, over, 9 * scene.scale, thick, false);
    case RowState::kChanged:
      return uprights(list, area, over, 6 * scene.scale, thick);
    case RowState::kEmpty:
    case RowState::kLoaded:
      return;
  }
}

std::vector<GridPart> parts_of_run(std::size_t first, std::size_t last, std::size_t columns) {
  std::vector<GridPart> parts;
  if (columns == 0) return parts;
  while (first < last) {
    const std::size_t column = first % columns, line = first / columns;
    const std::size_t whole = column == 0 ? (last - first) / columns : 0;
    if (whole > 0) {
      parts.push_back({0, line, columns, whole});
      first += whole * columns;
    } else {
      const std::size_t many = std::min(columns - column, last - first);
      parts.push_back({column, line, many, 1});
      first += many;
    }
  }
  return parts;
}

}  // namespace twice::ui

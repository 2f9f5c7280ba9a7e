#include "ui/panels/row_grid.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/row_patterns.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Cell;
using playback::RowState;

constexpr std::size_t kMostSquares = 2'500;
constexpr float kOwnPattern = 7;  // a smaller square shares its pattern with its neighbours

int badness(RowState state) {
  switch (state) {
    case RowState::kLoaded:
      return 0;
    case RowState::kEmpty:
      return 1;
    case RowState::kUncommitted:
      return 2;
    case RowState::kChanged:
      return 3;
    case RowState::kMissing:
      return 4;
    case RowState::kDuplicated:
      return 5;
  }
  return 0;
}

float step_of(std::size_t squares, std::size_t columns, ImVec2 size) {
  const std::size_t lines = (squares + columns - 1) / columns;
  return std::min(size.x / static_cast<float>(columns), size.y / static_cast<float>(lines));
}

// The widest square at which all of them fit, in lines of a round number; a last line that is full is worth a little.
std::size_t best_columns(std::size_t squares, ImVec2 size) {
  std::size_t best = 10;
  float most = 0;
  for (std::size_t columns = 5; columns <= 400; columns += 5) {
    const float step = step_of(squares, columns, size) * (squares % columns == 0 ? 1.15f : 1.0f);
    if (step > most) most = step, best = columns;
  }
  return best;
}

void square_tip(const playback::LoaderView& view, std::size_t first, std::size_t last) {
  const Cell& cell = view.cells[first];
  if (last - first == 1)
    tip(fmt::format("row {}: {}{}", lab::grouped(first + 1), name_of(cell.state),
                    cell.copies > 1 ? fmt::format(" (×{})", cell.copies) : ""));
  else
    tip(fmt::format("rows {} to {}", lab::grouped(first + 1), lab::grouped(last)));
}

/// Where the squares lie.
struct Grid {
  ImVec2 origin;
  std::size_t rows, share, squares, columns;
  float step, gap;

  Rect rect(const GridPart& part) const {
    const ImVec2 from{std::floor(origin.x + static_cast<float>(part.column) * step),
                      std::floor(origin.y + static_cast<float>(part.line) * step)};
    const float right = std::floor(origin.x + static_cast<float>(part.column + part.columns) * step - gap);
    const float bottom = std::floor(origin.y + static_cast<float>(part.line + part.lines) * step - gap);
    return {from, {std::max(from.x + 1, right), std::max(from.y + 1, bottom)}};
  }
  Rect rect(std::size_t square) const { return rect(GridPart{square % columns, square / columns, 1, 1}); }
};

Grid grid_of(const Scene& scene, std::size_t rows, ImVec2 origin, ImVec2 size) {
  Grid grid{origin, rows, (rows + kMostSquares - 1) / kMostSquares, 0, 0, 0, 0};
  grid.squares = (rows + grid.share - 1) / grid.share;
  grid.columns = best_columns(grid.squares, size);
  grid.step = step_of(grid.squares, grid.columns, size);
  grid.gap = grid.step > 6 * scene.scale ? scene.scale * 1.5f : grid.step > 3 ? 1.0f : 0.0f;
  return grid;
}

std::vector<RowState> states_of(const playback::LoaderView& view, const Grid& grid) {
  std::vector<RowState> states;
  for (std::size_t first = 0; first < grid.rows; first += grid.share) {
    RowState worst = view.cells[first].state;
    for (std::size_t r = first; r < std::min(grid.rows, first + grid.share); ++r)
      if (badness(view.cells[r].state) > badness(worst)) worst = view.cells[r].state;
    states.push_back(worst);
  }
  return states;
}

void draw_squares(const Scene& scene, const Grid& grid, const std::vector<RowState>& states) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool own = grid.step >= kOwnPattern * scene.scale;
  for (std::size_t s = 0; s < states.size(); ++s)
    own ? draw_row_square(scene, list, grid.rect(s), states[s]) : draw_row_fill(scene, list, grid.rect(s), states[s]);
  if (own) return;
  for (std::size_t first = 0, last = 0; first < states.size(); first = last) {
    while (last < states.size() && states[last] == states[first]) ++last;
    for (const GridPart& part : parts_of_run(first, last, grid.columns))
      draw_row_pattern(scene, list, grid.rect(part), states[first]);
  }
}

}  // namespace

std::optional<std::size_t> draw_row_grid(const Scene& scene, const playback::LoaderView& view, ImVec2 size,
                                         std::optional<std::size_t> selected) {
  ImGui::InvisibleButton("rows", {std::max(1.0f, size.x), std::max(1.0f, size.y)});
  if (view.cells.empty()) return std::nullopt;
  const Grid grid = grid_of(scene, view.cells.size(), ImGui::GetItemRectMin(), size);
  draw_squares(scene, grid, states_of(view, grid));
  if (selected && *selected < grid.rows) {
    const auto [from, to] = grid.rect(*selected / grid.share);
    ImGui::GetWindowDrawList()->AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, scene.theme.focus, 0, 0,
                                        2 * scene.scale);
  }
  if (!ImGui::IsItemHovered() || grid.step <= 0) return std::nullopt;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto column = static_cast<std::size_t>(std::max(0.0f, (mouse.x - grid.origin.x) / grid.step));
  const auto line = static_cast<std::size_t>(std::max(0.0f, (mouse.y - grid.origin.y) / grid.step));
  const std::size_t square = line * grid.columns + column;
  if (column >= grid.columns || square >= grid.squares) return std::nullopt;
  square_tip(view, square * grid.share, std::min(grid.rows, (square + 1) * grid.share));
  return ImGui::IsItemClicked() ? std::optional(square * grid.share) : std::nullopt;
}

RowLegend present_rows(const Scene& scene) {
  RowLegend present;
  for (std::size_t lane = 0; lane < std::min(scene.lanes(), scene.pictures.lanes.size()); ++lane) {
    const playback::LoaderView* view = scene.pictures.lanes[lane].loader;
    if (!view) continue;
    present.duplicated |= view->duplicated > 0;
    present.missing |= view->missing > 0;
    present.changed |= view->changed > 0;
  }
  return present;
}

void draw_row_legend(const Scene& scene, bool with_results) {
  draw_row_legend(scene, with_results ? RowLegend{true, true, true} : present_rows(scene));
}

void draw_row_legend(const Scene& scene, RowLegend named) {
  struct Entry {
    RowState state;
    std::string_view word;
    bool shown;
  };
  const Entry entries[] = {{RowState::kEmpty, "not yet", true},
                           {RowState::kUncommitted, "sent, not committed", true},
                           {RowState::kLoaded, "loaded", true},
                           {RowState::kDuplicated, "twice or more", named.duplicated},
                           {RowState::kMissing, "missing", named.missing},
                           {RowState::kChanged, "wrong values", named.changed}};
  const float side = std::floor(ImGui::GetFontSize() * 0.8f), inner = side * 0.4f;
  bool first = true;
  for (const Entry& entry : entries) {
    if (!entry.shown) continue;
    const std::string_view word = entry.word;
    const float width = side + inner + ImGui::CalcTextSize(word.data(), word.data() + word.size()).x;
    if (!first) {
      ImGui::SameLine(0, ImGui::GetFontSize() * 0.6f);
      if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
    }
    first = false;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float top = std::floor(at.y + (ImGui::GetTextLineHeight() - side) / 2);
    draw_row_square(scene, *ImGui::GetWindowDrawList(), {{at.x, top}, {at.x + side, top + side}}, entry.state);
    ImGui::Dummy({side, ImGui::GetTextLineHeight()});
    ImGui::SameLine(0, inner);
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
    ImGui::TextUnformatted(word.data(), word.data() + word.size());
    ImGui::PopStyleColor();
  }
}

}  // namespace twice::ui

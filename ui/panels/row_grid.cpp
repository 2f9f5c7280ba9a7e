#include "ui/panels/row_grid.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Cell;
using playback::RowState;

constexpr std::size_t kMostSquares = 2'500;

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

void draw_square(const Scene& scene, ImDrawList& list, ImVec2 from, ImVec2 to, RowState state) {
  const float side = to.x - from.x;
  const bool large = side >= 5 * scene.scale;
  if (state == RowState::kUncommitted) {
    list.AddRectFilled(from, to, faded(scene.theme.row.uncommitted, 0.35f));
    if (large)
      dashed_rect(list, from, to, scene.theme.row.uncommitted, std::max(1.0f, scene.scale), 2 * scene.scale);
    else
      list.AddRect(from, to, scene.theme.row.uncommitted);
    return;
  }
  list.AddRectFilled(from, to, fill_of(scene.theme, state));
  if (state == RowState::kDuplicated && large)
    hatch(list, from, to, scene.theme.panel, 4 * scene.scale, std::max(1.0f, scene.scale));
  if (state == RowState::kMissing && large) {
    list.AddLine(from, to, scene.theme.panel, scene.scale);
    list.AddLine({from.x, to.y}, {to.x, from.y}, scene.theme.panel, scene.scale);
  }
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

}  // namespace

std::optional<std::size_t> draw_row_grid(const Scene& scene, const playback::LoaderView& view, ImVec2 size,
                                         std::optional<std::size_t> selected) {
  const std::size_t rows = view.cells.size();
  ImGui::InvisibleButton("rows", {std::max(1.0f, size.x), std::max(1.0f, size.y)});
  if (rows == 0) return std::nullopt;
  const ImVec2 origin = ImGui::GetItemRectMin();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::size_t share = (rows + kMostSquares - 1) / kMostSquares;
  const std::size_t squares = (rows + share - 1) / share;
  const std::size_t columns = best_columns(squares, size);
  const float step = step_of(squares, columns, size);
  const float gap = step > 6 * scene.scale ? scene.scale * 1.5f : step > 3 ? 1.0f : 0.0f;
  const auto corner = [&](std::size_t square) {
    return ImVec2(std::floor(origin.x + static_cast<float>(square % columns) * step),
                  std::floor(origin.y + static_cast<float>(square / columns) * step));
  };
  for (std::size_t s = 0; s < squares; ++s) {
    RowState worst = view.cells[s * share].state;
    for (std::size_t r = s * share; r < std::min(rows, (s + 1) * share); ++r)
      if (badness(view.cells[r].state) > badness(worst)) worst = view.cells[r].state;
    const ImVec2 from = corner(s);
    const ImVec2 to{std::max(from.x + 1, std::floor(from.x + step - gap)),
                    std::max(from.y + 1, std::floor(from.y + step - gap))};
    draw_square(scene, list, from, to, worst);
    if (selected && *selected / share == s)
      list.AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, scene.theme.focus, 0, 0, 2 * scene.scale);
  }
  if (!ImGui::IsItemHovered() || step <= 0) return std::nullopt;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto column = static_cast<std::size_t>(std::max(0.0f, (mouse.x - origin.x) / step));
  const auto line = static_cast<std::size_t>(std::max(0.0f, (mouse.y - origin.y) / step));
  const std::size_t square = line * columns + column;
  if (column >= columns || square >= squares) return std::nullopt;
  square_tip(view, square * share, std::min(rows, (square + 1) * share));
  return ImGui::IsItemClicked() ? std::optional(square * share) : std::nullopt;
}

void draw_row_legend(const Scene& scene, bool with_results) {
  constexpr RowState kAll[] = {RowState::kEmpty,      RowState::kUncommitted, RowState::kLoaded,
                               RowState::kDuplicated, RowState::kMissing,     RowState::kChanged};
  const float side = ImGui::GetFontSize() * 0.8f;
  bool first = true;
  for (const RowState state : kAll) {
    const bool result = state == RowState::kDuplicated || state == RowState::kMissing || state == RowState::kChanged;
    if (result && !with_results) continue;
    const std::string_view word = name_of(state);
    const float width =
        side + ImGui::GetStyle().ItemInnerSpacing.x + ImGui::CalcTextSize(word.data(), word.data() + word.size()).x;
    if (!first) {
      ImGui::SameLine(0, ImGui::GetFontSize());
      if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
    }
    first = false;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float top = at.y + (ImGui::GetTextLineHeight() - side) / 2;
    draw_square(scene, *ImGui::GetWindowDrawList(), {at.x, top}, {at.x + side, top + side}, state);
    ImGui::Dummy({side, ImGui::GetTextLineHeight()});
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
    ImGui::TextUnformatted(word.data(), word.data() + word.size());
    ImGui::PopStyleColor();
  }
}

}  // namespace twice::ui

#pragma once
#include <cstddef>
#include <optional>

#include "ui/panels/scene.h"

namespace twice::ui {

/// One square a wanted row. Very large tables share squares: the worst of its rows decides.
/// Returns the row that was clicked.
std::optional<std::size_t> draw_row_grid(const Scene& scene, const playback::LoaderView& view, ImVec2 size,
                                         std::optional<std::size_t> selected);

/// States that are named only when there is reason to.
struct RowLegend {
  bool duplicated = false, missing = false, changed = false;
};
/// Those that are on the grids now.
RowLegend present_rows(const Scene& scene);
/// What the squares mean, in one line where there is room.
void draw_row_legend(const Scene& scene, RowLegend named);
/// `with_results`: all of it; otherwise what is on the grids and the states of any load, so that nothing is given away
/// before an answer.
void draw_row_legend(const Scene& scene, bool with_results);

}  // namespace twice::ui

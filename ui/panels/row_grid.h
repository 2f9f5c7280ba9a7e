#pragma once
#include <cstddef>
#include <optional>

#include "ui/panels/scene.h"

namespace twice::ui {

/// One square a wanted row. Very large tables share squares: the worst of its rows decides.
/// Returns the row that was clicked.
std::optional<std::size_t> draw_row_grid(const Scene& scene, const playback::LoaderView& view, ImVec2 size,
                                         std::optional<std::size_t> selected);
/// What the squares mean; only states that can occur before an answer is given are named while it is asked.
void draw_row_legend(const Scene& scene, bool with_results);

}  // namespace twice::ui

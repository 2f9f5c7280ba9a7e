#pragma once
// How the state of a row looks: a colour and a pattern, so that neither is needed to tell states apart.
#include <vector>

#include "ui/panels/scene.h"

namespace twice::ui {

struct Rect {
  ImVec2 from, to;
};

/// A square large enough for a pattern of its own.
void draw_row_square(const Scene& scene, ImDrawList& list, Rect square, playback::RowState state);
/// The fill of a square that shares its pattern with its neighbours.
void draw_row_fill(const Scene& scene, ImDrawList& list, Rect square, playback::RowState state);
/// The pattern over neighbouring squares of one state; seamless from one rectangle to the next.
void draw_row_pattern(const Scene& scene, ImDrawList& list, Rect area, playback::RowState state);

/// Squares `first` up to `last` of a grid read line by line: at most three rectangles, counted in squares.
struct GridPart {
  std::size_t column, line, columns, lines;
};
std::vector<GridPart> parts_of_run(std::size_t first, std::size_t last, std::size_t columns);

}  // namespace twice::ui

#pragma once
// A sweep's results in words.
#include <string>

#include "ui/panels/scene.h"
#include "ui/panels/sweep_columns.h"

namespace twice::ui {

/// "2,738 of 3,041 crash points: duplicates · 303: exactly once, readers saw a part", the worst first.
std::string counts_of(const SweptPoints& points);
/// The colours in use, one of each, in one line; every wrong outcome has one colour.
void draw_sweep_legend(const Scene& scene, const playback::SweepOutput& output);

}  // namespace twice::ui

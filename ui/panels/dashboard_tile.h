#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// What somebody at a dashboard sees: the count now, the other columns, and the readings over time.
/// `with_expected`: also what it should be, and by how much it is off.
void draw_dashboard_tile(const Scene& scene, const playback::LanePicture& lane, Time end, ImVec2 size,
                         bool with_expected);

}  // namespace twice::ui

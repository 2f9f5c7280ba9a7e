#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// The final count for every crash point of every lane: flat is good, a ramp is not. A click goes there.
Requests draw_sweep_strips(const Scene& scene, float height);

}  // namespace twice::ui

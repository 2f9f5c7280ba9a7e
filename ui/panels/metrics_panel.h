#pragma once
// A row a lane: how long answers took, how they ended over time, how stale reads were. All lanes have the same axes.
#include "ui/panels/scene.h"

namespace twice::ui {

Requests draw_metrics(const Scene& scene);

}  // namespace twice::ui

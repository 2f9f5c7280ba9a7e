#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// Four loaders against three faults.
Requests draw_whole_idea(const Scene& scene);

}  // namespace twice::ui

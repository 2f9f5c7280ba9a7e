#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// What the cursor's event changed, and the state of the selected node.
Requests draw_inspector(const Scene& scene);

}  // namespace twice::ui

#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// The rows of the focused lane that are not simply there once.
Requests draw_rows_table(const Scene& scene);

}  // namespace twice::ui

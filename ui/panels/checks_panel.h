#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// What the run was expected to show: ✓ held, ✗ failed, ? unknown, each with its reason, and the way to where it broke.
Requests draw_checks(const Scene& scene);

}  // namespace twice::ui

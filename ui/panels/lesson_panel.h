#pragma once
// The card on the left: the question and its answers on the first screen, the scenario's own words after it.
#include "ui/panels/scene.h"

namespace twice::ui {

Requests draw_lesson(const Scene& scene);

}  // namespace twice::ui

#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// Where the loader dies: after a row (a slider), or at one of the load's statements (a list).
class CrashSlider {
 public:
  Requests draw(const Scene& scene);

 private:
  int row_ = -1;  // as dragged; -1: as the branch says
};

}  // namespace twice::ui

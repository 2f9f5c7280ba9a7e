#pragma once
#include "ui/panels/crash_slider.h"
#include "ui/panels/scene.h"

namespace twice::ui {

/// The loader lab: every lane under the same faults, then the crash to move, the strip, and the rows worth a look.
class LoaderPanel {
 public:
  Requests draw(const Scene& scene);

 private:
  void draw_lanes(const Scene& scene, float height, Requests& requests);
  CrashSlider slider_;
  bool shows_rows_ = false;  // the tab below: rows, not crash points
};

}  // namespace twice::ui

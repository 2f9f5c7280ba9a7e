#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// The bottom of the window: transport, the painted timeline with a band a lane and a line a branch, and the event at
/// the cursor in words.
class TimelinePanel {
 public:
  Requests draw(const Scene& scene);

 private:
  bool dragging_ = false;
};

}  // namespace twice::ui

#pragma once
#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"

namespace twice::ui {

/// The bottom of the window: transport, the painted timeline with a band a lane and a line a branch, times, and the
/// event at the cursor in words.
class TimelinePanel {
 public:
  Requests draw(const Scene& scene);

 private:
  void drag(const Scene& scene, const TimeAxis& axis, Requests& requests);
  bool dragging_ = false;
};

}  // namespace twice::ui

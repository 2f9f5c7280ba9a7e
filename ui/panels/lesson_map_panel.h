#pragma once
// All lessons at a glance, in a window over the lab.
#include <string>

#include "ui/panels/scene.h"
#include "ui/playback/lesson_map.h"

namespace twice::ui {

class LessonMapPanel {
 public:
  /// REQUIRES a scene with a map.
  Requests draw(const Scene& scene);

 private:
  std::string name_, seen_;  // of the learner, as typed and as the lab last had it
  std::size_t chosen_ = ~std::size_t{0};
};

}  // namespace twice::ui

#pragma once
// The card on the left: the question and its answers on the first screen, the scenario's own words after it.
#include "ui/panels/scene.h"

namespace twice::ui {

class StoryPanel {
 public:
  Requests draw(const Scene& scene);

 private:
  void draw_outline(const Scene& scene, Requests& requests);
  void draw_branches(const Scene& scene, Requests& requests);

  std::string name_, named_as_;  // of the branch: while it is being written, and before
  std::size_t named_ = ~std::size_t{0};
};

}  // namespace twice::ui

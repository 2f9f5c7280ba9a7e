#pragma once
// Which consistency models the clients' histories fit, from strong to eventual, a column a lane; why not, in words;
// and the operations around the cursor.
#include <optional>
#include <string>
#include <utility>

#include "check/models.h"
#include "ui/panels/operation_bars.h"
#include "ui/panels/scene.h"

namespace twice::ui {

class SpectrumPanel {
 public:
  Requests draw(const Scene& scene);

 private:
  struct Ladder {
    float left = 0, top = 0, models = 0, column = 0, row = 0;
    std::size_t first = 0, lanes = 0;  // that fit
  };
  Ladder ladder_of(const Scene& scene, float width) const;
  void draw_ladder(const Scene& scene, const Ladder& ladder, Requests& requests);
  void draw_cell(const Scene& scene, const Ladder& ladder, std::size_t lane, check::Model model, Requests& requests);
  void draw_words(const Scene& scene, Requests& requests) const;
  check::Model chosen(const Scene& scene) const;

  std::optional<check::Model> model_;  // by hand
  OperationBars bars_;
};

}  // namespace twice::ui

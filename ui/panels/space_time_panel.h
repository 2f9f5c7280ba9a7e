#pragma once
// Nodes side by side, time downwards, messages as arrows: who could have known what, and when.
#include <optional>
#include <string>
#include <tuple>

#include "ui/panels/scene.h"
#include "ui/panels/space_time_drawing.h"
#include "ui/panels/space_time_layout.h"

namespace twice::ui {

class SpaceTimePanel {
 public:
  Requests draw(const Scene& scene);

 private:
  void draw_toolbar(const Scene& scene, Requests& requests) const;
  void lay_out(const Scene& scene, ImVec2 from, ImVec2 to);
  void draw_canvas(const Scene& scene, float left, float top);
  void take_input(const Scene& scene, bool hovered, Requests& requests);
  void drag(const Scene& scene, bool hovered, Requests& requests);
  void click(const Scene& scene, Requests& requests) const;
  void hover(const Scene& scene, bool hovered);
  void show_tip(const Scene& scene);
  void show_margin_tip(const Scene& scene) const;

  struct Drag {
    float y;
    std::pair<Time, Time> span;
    bool moved = false;
  };
  using LaidOut =
      std::tuple<const playback::Recording*, Time, Time, Sequence, Sequence, std::size_t, float, float, float, float>;

  SpaceTimeLayout layout_;
  RunHistory history_;
  LaidOut laid_out_{};
  std::optional<Sequence> hovered_;  // event
  std::optional<std::size_t> over_;  // cluster
  Relations relations_;              // of the hovered event
  std::string tip_;
  std::size_t tip_of_ = ~std::size_t{0};  // cluster
  std::optional<Drag> drag_;
};

}  // namespace twice::ui

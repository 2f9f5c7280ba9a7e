#pragma once
// What each client asked, from call to return, around the cursor.
#include <cstdint>
#include <optional>

#include "ui/panels/labels.h"
#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"

namespace twice::ui {

class OperationBars {
 public:
  /// Of the lane in focus, in a room of this height. `marked`: the operation that a verdict is about.
  void draw(const Scene& scene, const playback::LaneClients& lane, std::optional<std::size_t> marked, float height,
            Requests& requests);
  /// Axis and rows of so many clients, without scrolling.
  static float height_for(const Scene& scene, std::size_t clients);

 private:
  struct Row {
    float left = 0, top = 0, right = 0, bottom = 0;
  };
  void choose_span(const playback::Recording& run, const playback::ClientsMetrics& metrics);
  void draw_axis(ImDrawList& list, const Scene& scene, ImVec2 from, ImVec2 to) const;
  void draw_rows(const Scene& scene, const playback::LaneClients& lane, std::optional<std::size_t> marked, float left,
                 Requests& requests);
  void draw_row(ImDrawList& list, const Scene& scene, const playback::LaneClients& lane, std::uint32_t client,
                const Row& row, std::optional<std::size_t> marked, Requests& requests) const;
  void draw_bar(ImDrawList& list, const Scene& scene, const playback::LaneClients& lane,
                const playback::OperationBar& bar, const Row& row, bool marked, Requests& requests) const;

  std::uint64_t run_ = 0;
  Duration span_{};
  TimeAxis axis_;
};

Legend operation_legend(const Scene& scene);

}  // namespace twice::ui

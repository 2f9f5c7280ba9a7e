#pragma once
// Two runs on one time axis, and where they begin to differ.
#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ui/panels/compare_moments.h"
#include "ui/panels/compare_rows.h"
#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"

namespace twice::ui {

class ComparePanel {
 public:
  Requests draw(const Scene& scene);

 private:
  using Seen = std::tuple<const playback::Recording*, const playback::Recording*, Sequence, Sequence, std::uint64_t,
                          std::optional<Sequence>, ThemeName>;

  void draw_choice(const Scene& scene, Requests& requests) const;
  void draw_nothing(const Scene& scene, Requests& requests) const;
  void refresh(const Scene& scene);
  void find_lines(const Scene& scene);
  void draw_bands(const Scene& scene, Requests& requests) const;
  void draw_band(const Scene& scene, const playback::Recording& run, std::string_view name, const TimeAxis& axis,
                 float top, float bottom) const;
  void draw_axis(const Scene& scene, const TimeAxis& axis, float bottom) const;
  void draw_difference(const Scene& scene, const TimeAxis& axis, ImVec2 from, float bottom, float width) const;
  void draw_facts(const Scene& scene) const;
  void draw_logs(const Scene& scene, Requests& requests);
  void draw_log_row(const Scene& scene, const ComparedRow& row, bool first, Requests& requests) const;

  Seen seen_{};
  std::optional<Time> difference_at_;
  std::vector<ComparedRow> rows_;
  std::optional<std::size_t> first_row_;  // the first that differs
  std::vector<ComparedFact> facts_;
  std::array<std::size_t, kMomentLines> line_of_{};  // where a line of marks stands; those that no run has take no room
  std::size_t lines_ = 0;
  bool follow_ = true;
};

}  // namespace twice::ui

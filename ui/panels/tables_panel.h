#pragma once
// The warehouse's tables as a reader sees them, and the run's log around the cursor.
#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "ui/panels/scene.h"

namespace twice::ui {

class TablesPanel {
 public:
  Requests draw(const Scene& scene);

 private:
  using Moment = std::tuple<const playback::Session*, std::uint64_t, std::size_t, std::size_t, Sequence>;

  void refresh(const Scene& scene);
  void refresh_lines(const Scene& scene);
  void draw_tables(const Scene& scene, ImVec2 size);
  void draw_table(const Scene& scene, std::size_t table);
  void draw_row(const Scene& scene, std::size_t table, std::size_t row) const;
  void draw_log(const Scene& scene, ImVec2 size, Requests& requests);
  void draw_filter(const Scene& scene);
  void draw_lines(const Scene& scene, Requests& requests);
  void draw_line(const Scene& scene, const playback::LogLine& line, bool current, Requests& requests) const;

  Moment seen_{};
  std::vector<std::vector<std::uint32_t>> copies_;  // by table and row: how often this very row is there
  std::vector<std::size_t> duplicated_;             // by table: rows that are there more than once
  std::vector<std::size_t> lines_;                  // of the log, that pass the filter
  std::array<char, 128> filter_{};
  std::string filtered_;
  bool one_node_ = false, filtered_node_ = false;
  std::optional<NodeId> node_;
  bool follow_ = true;  // the cursor's line comes into view with the next frame
};

}  // namespace twice::ui

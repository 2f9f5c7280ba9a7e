#pragma once
// Columns, merged events and the times at which a node is away: geometry only, no drawing.
#include <cstddef>
#include <optional>
#include <vector>

#include <imgui.h>

#include "ui/panels/network_layout.h"
#include "ui/panels/run_history.h"
#include "ui/panels/time_axis.h"
#include "ui/playback/space_time_view.h"

namespace twice::ui {

/// Events of one node that would be drawn on top of each other.
struct Cluster {
  std::size_t column = 0;
  float y = 0, last = 0;            // of its first and its last event
  std::vector<std::size_t> events;  // by index in the view
};

/// The node is down, or not started yet.
struct Absence {
  std::size_t column = 0;
  Time from, to;
};

struct SpaceTimeLayout {
  ImVec2 from, to;  // of the canvas, the axis not included
  float lane = 0;   // left edge of the room for the steps' texts, between axis and canvas
  TimeAxis axis;
  float column_width = 1;
  std::vector<Cluster> clusters;
  std::vector<Absence> absences;

  float x(std::size_t column) const { return from.x + (static_cast<float>(column) + 0.5f) * column_width; }
  std::optional<std::size_t> cluster_of(Sequence event, const playback::SpaceTimeView& view) const;
  /// The nearest within `reach`.
  std::optional<std::size_t> cluster_at(ImVec2 place, float reach) const;
};

std::optional<std::size_t> column_of(const playback::SpaceTimeView& view, NodeId node);
std::vector<Cluster> merge_events(const playback::SpaceTimeView& view, const TimeAxis& axis, float apart);
std::vector<Absence> absences_of(const playback::SpaceTimeView& view, const playback::Recording& run,
                                 const RunHistory& history);

}  // namespace twice::ui

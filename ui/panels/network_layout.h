#pragma once
// Where nodes and messages stand on the screen: geometry only, no drawing.
#include <cstddef>
#include <utility>
#include <vector>

#include <imgui.h>

#include "ui/playback/network_view.h"

namespace twice::ui {

/// A ring of circles in pixels of the screen; node i stands at the same place whatever happens to it.
struct NetworkLayout {
  ImVec2 centre;
  float radius = 0;    // of a node's circle
  bool inside = true;  // its text fits into the circle; otherwise the text stands below
  std::vector<ImVec2> nodes;
};

NetworkLayout place_nodes(std::size_t count, ImVec2 from, ImVec2 to, float scale);

/// The straight way of one direction of a link, from circle to circle, a little to its right-hand side.
struct Way {
  ImVec2 from, to;
  ImVec2 at(float progress) const { return {from.x + (to.x - from.x) * progress, from.y + (to.y - from.y) * progress}; }
  ImVec2 direction() const;
  float length() const;
};
Way way_between(const NetworkLayout& layout, std::size_t from, std::size_t to, float apart);

/// Messages that would be drawn on top of each other.
struct FlightGroup {
  std::size_t from = 0, to = 0;  // nodes by index
  Way way;
  float progress = 0;
  std::vector<std::size_t> flights;  // by index in the view
};
/// `still`: all messages stand in the middle of their way. Flights between nodes that are not shown are left out.
std::vector<FlightGroup> group_flights(const playback::NetworkView& view, const NetworkLayout& layout, Time now,
                                       bool still, float scale);

float distance(ImVec2 a, ImVec2 b);
/// Even-odd rule; `polygon` is closed by itself.
bool is_inside(const std::vector<ImVec2>& polygon, ImVec2 point);

}  // namespace twice::ui

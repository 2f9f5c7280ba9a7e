#pragma once
// Where nodes and messages stand on the screen: geometry only, no drawing.
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <imgui.h>

#include "ui/playback/network_view.h"

namespace twice::ui {

inline constexpr float kPi = 3.14159265f;

/// What there is to place, and where: pixels of the screen.
struct NetworkRoom {
  std::size_t count = 0;
  float left = 0, top = 0, right = 0, bottom = 0;
  float scale = 1;
  float name_width = 0;  // of the widest name, broken where it may be
  float line_height = 0;
  std::size_t lines = 2;                             // of a node's text
  std::vector<std::optional<std::size_t>> beside{};  // by node: drawn small beside this one; empty: none is
  float beside_width = 0;                            // of the texts of small ones
  bool operator==(const NetworkRoom&) const = default;
};

/// A ring of circles; node i stands at the same place whatever happens to it. Neither circles nor their texts overlap
/// as long as there is any way to place them so.
struct NetworkLayout {
  ImVec2 centre;
  float radius = 0;      // of a node's circle
  bool crowded = false;  // too many for all their texts
  bool inside = true;    // its text fits into the circle; otherwise the text stands above or below
  float name_width = 0;  // names up to this width are not broken
  float text_width = 0;  // room for a line of text, if not inside
  std::vector<ImVec2> nodes;
  /// Of a small one: how many it stands for, itself included; 0: another one stands for it. Empty: there are none.
  std::vector<std::optional<std::size_t>> small{};
  float small_radius = 0;

  bool is_small(std::size_t node) const { return node < small.size() && small[node].has_value(); }
  bool is_hidden(std::size_t node) const { return is_small(node) && *small[node] == 0; }
  float radius_of(std::size_t node) const { return is_small(node) ? small_radius : radius; }
};

NetworkLayout place_nodes(const NetworkRoom& room);

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

/// In the upper half of the ring: what belongs to the node stands above it.
bool stands_above(ImVec2 node, ImVec2 centre);
float distance(ImVec2 a, ImVec2 b);
float distance_to_way(const Way& way, ImVec2 point);
/// Even-odd rule; `polygon` is closed by itself.
bool is_inside(const std::vector<ImVec2>& polygon, ImVec2 point);

}  // namespace twice::ui

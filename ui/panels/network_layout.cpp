#include "ui/panels/network_layout.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace twice::ui {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kLargest = 56, kSmallest = 9;
constexpr float kBesideWithText = 66;
constexpr float kSmallestWithText = 40;
constexpr float kApart = 2.7f;  // neighbours, in radii
constexpr float kBeside = 34;   // room for the strip or the text beside a circle
constexpr float kOverlap = 24;  // messages of one way that are closer are one group

void place_on_ring(NetworkLayout& layout, std::size_t count, float width, float height, float scale) {
  const bool below = layout.radius < kSmallestWithText * scale;
  const float beside = layout.radius + (below ? kBesideWithText : kBeside) * scale;
  const float ry = count < 2 ? 0 : std::max(0.0f, height / 2 - beside);
  const float rx = count < 2 ? 0 : std::max(0.0f, std::min(width / 2 - beside, std::max(1.55f * ry, width / 4)));
  layout.nodes.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const float angle = 2 * kPi * static_cast<float>(i) / static_cast<float>(count) - kPi / 2;
    layout.nodes.push_back({layout.centre.x + rx * std::cos(angle), layout.centre.y + ry * std::sin(angle)});
  }
}

}  // namespace

float distance(ImVec2 a, ImVec2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

NetworkLayout place_nodes(std::size_t count, ImVec2 from, ImVec2 to, float scale) {
  NetworkLayout layout;
  const float width = to.x - from.x, height = to.y - from.y;
  layout.centre = {(from.x + to.x) / 2, (from.y + to.y) / 2};
  layout.radius = std::clamp(std::min(width, height) / 7, kSmallest * scale, kLargest * scale);
  // Smaller circles until neighbours leave room for their arrows; a smaller circle makes the ring larger.
  for (int round = 0; round < 4; ++round) {
    place_on_ring(layout, count, width, height, scale);
    float nearest = FLT_MAX;
    for (std::size_t i = 1; i < count; ++i) nearest = std::min(nearest, distance(layout.nodes[i - 1], layout.nodes[i]));
    if (nearest >= kApart * layout.radius) break;
    layout.radius = std::max(kSmallest * scale, nearest / kApart);
  }
  layout.inside = layout.radius >= kSmallestWithText * scale;
  return layout;
}

float Way::length() const { return distance(from, to); }

ImVec2 Way::direction() const {
  const float all = length();
  return all > 0 ? ImVec2{(to.x - from.x) / all, (to.y - from.y) / all} : ImVec2{1, 0};
}

Way way_between(const NetworkLayout& layout, std::size_t from, std::size_t to, float apart) {
  const Way middle{layout.nodes[from], layout.nodes[to]};
  const ImVec2 along = middle.direction();
  const ImVec2 side{-along.y * apart, along.x * apart};
  const float gap = std::min(layout.radius + 2 * apart, middle.length() / 2);
  return {{middle.from.x + along.x * gap + side.x, middle.from.y + along.y * gap + side.y},
          {middle.to.x - along.x * gap + side.x, middle.to.y - along.y * gap + side.y}};
}

std::vector<FlightGroup> group_flights(const playback::NetworkView& view, const NetworkLayout& layout, Time now,
                                       bool still, float scale) {
  std::vector<FlightGroup> groups;
  std::map<NodeId, std::size_t> index;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) index.emplace(view.nodes[i].node, i);
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> of_way;
  for (std::size_t i = 0; i < view.flights.size(); ++i) {
    const auto from = index.find(view.flights[i].from), to = index.find(view.flights[i].to);
    if (from == index.end() || to == index.end()) continue;
    const auto place = static_cast<float>(view.flights[i].progress(now));
    const float progress = still ? 0.5f : place;
    std::vector<std::size_t>& mine = of_way[{from->second, to->second}];
    const auto near = std::find_if(mine.begin(), mine.end(), [&](std::size_t g) {
      return std::abs(groups[g].progress - progress) * groups[g].way.length() < kOverlap * scale;
    });
    if (near != mine.end()) {
      groups[*near].flights.push_back(i);
      continue;
    }
    mine.push_back(groups.size());
    groups.push_back(
        {from->second, to->second, way_between(layout, from->second, to->second, 6 * scale), progress, {i}});
  }
  return groups;
}

bool is_inside(const std::vector<ImVec2>& polygon, ImVec2 point) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const ImVec2 a = polygon[i], b = polygon[j];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

}  // namespace twice::ui

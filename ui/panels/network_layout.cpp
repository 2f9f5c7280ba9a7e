#include "ui/panels/network_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace twice::ui {
namespace {

// In units.
constexpr float kLargest = 56, kSmallest = 9;
constexpr float kStrip = 30;     // room for one line of a strip, beyond circle and text
constexpr float kMargin = 6;     // to the edge, the ring of a selected node included
constexpr float kLinkRoom = 24;  // of a link between two circles, at least
constexpr float kOverlap = 24;   // messages of one way that are closer are one group
constexpr std::size_t kMostWithText = 40, kMostClear = 12;
constexpr int kSamples = 180;
constexpr float kSmall = 11, kBesideGap = 16;  // a small node and the gap to the one it stands beside
constexpr std::size_t kMostBeside = 4;

// A way to place circles: their size, where the text goes, how much room it gets.
struct Try {
  float radius = 0;
  bool inside = true;
  float out = 0;      // what stands beyond the circle, outwards
  float half = 0;     // half the width of circle and text
  float gap = 0;      // to the one beside it
  bool clear = true;  // no link passes behind a third circle
};

// Between an ellipse (2) and a rectangle; `turn`: the first node stands half a step beside the top.
struct Shape {
  float power, most_stretch;
  bool turn;
};
constexpr std::array kShapes{Shape{2, 2.4f, false}, Shape{2, 1.55f, false}, Shape{2, 9, false},
                             Shape{2, 9, true},     Shape{3.2f, 9, false},  Shape{3.2f, 9, true}};

ImVec2 on_curve(float angle, float rx, float ry, float power) {
  const auto bent = [&](float x) { return std::copysign(std::pow(std::abs(x), 2 / power), x); };
  return {rx * bent(std::cos(angle)), ry * bent(std::sin(angle))};
}

// At equal distances along the curve, clockwise from the top.
std::vector<ImVec2> along_curve(std::size_t count, ImVec2 centre, float rx, float ry, const Shape& shape) {
  std::vector<ImVec2> points(kSamples + 1);
  std::vector<float> way(kSamples + 1, 0.0f);
  for (int i = 0; i <= kSamples; ++i) {
    const auto n = static_cast<std::size_t>(i);
    points[n] = on_curve(2 * kPi * static_cast<float>(i) / kSamples - kPi / 2, rx, ry, shape.power);
    if (i > 0) way[n] = way[n - 1] + distance(points[n - 1], points[n]);
  }
  std::vector<ImVec2> nodes;
  std::size_t next = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const float share = (static_cast<float>(i) + (shape.turn ? 0.5f : 0.0f)) / static_cast<float>(count);
    const float goal = share * way.back();
    while (next < kSamples && way[next] < goal) ++next;
    const float step = way[next] - way[next - 1], part = step > 0 ? (goal - way[next - 1]) / step : 0;
    const ImVec2 a = points[next - 1], b = points[next];
    nodes.push_back({centre.x + a.x + (b.x - a.x) * part, centre.y + a.y + (b.y - a.y) * part});
  }
  return nodes;
}

// Circle, text and strip of a node: above the circle in the upper half of the ring, below in the lower.
std::pair<float, float> rows_of(const Try& how, ImVec2 node, ImVec2 centre) {
  const bool above = stands_above(node, centre);
  return {node.y - how.radius - (above ? how.out : 0), node.y + how.radius + (above ? 0 : how.out)};
}

bool all_apart(const std::vector<ImVec2>& nodes, ImVec2 centre, const Try& how, float scale) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (distance(nodes[i], nodes[j]) < 2 * how.radius + kLinkRoom * scale) return false;
      if (std::abs(nodes[i].x - nodes[j].x) >= 2 * how.half + how.gap) continue;
      const auto [top, bottom] = rows_of(how, nodes[i], centre);
      const auto [other_top, other_bottom] = rows_of(how, nodes[j], centre);
      if (top < other_bottom && bottom > other_top) return false;
    }
  return true;
}

bool all_clear(const std::vector<ImVec2>& nodes, const Try& how, float scale) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      for (std::size_t k = 0; k < nodes.size(); ++k)
        if (k != i && k != j && distance_to_way({nodes[i], nodes[j]}, nodes[k]) < how.radius + 4 * scale) return false;
  return true;
}

// The best first.
std::vector<Try> tries_of(const NetworkRoom& room) {
  const float u = room.scale;
  std::vector<Try> tries;
  // Three lines of text inside; the name is the first of them, where the circle is narrow.
  const float reach = 1.5f * room.line_height * 0.9f;
  const float least = std::max(40 * u, std::hypot(room.name_width / 2 + 4 * u, reach));
  for (const bool clear : {true, false})
    for (float r = kLargest * u; r >= least; r -= 2 * u) tries.push_back({r, true, kStrip * u, r, 12 * u, clear});
  // The last line of the text may be a strip, which is a little higher.
  const float text = static_cast<float>(room.lines) * room.line_height + 8 * u;
  const float half = std::clamp(room.name_width / 2, 56 * u, 66 * u);
  for (const auto& [more, clear] : {std::pair{12.0f, true}, {0.0f, true}, {12.0f, false}, {0.0f, false}})
    for (float r = 26 * u; r >= 14 * u; r -= 3 * u) tries.push_back({r, false, text + more * u, half, 6 * u, clear});
  return tries;
}

bool place(const NetworkRoom& room, const Try& how, NetworkLayout& layout) {
  const float rx = (room.right - room.left) / 2 - how.half - kMargin * room.scale;
  const float ry = (room.bottom - room.top) / 2 - how.radius - how.out - kMargin * room.scale;
  if (room.count == 1 && rx >= 0 && ry >= 0) {
    layout.nodes = {layout.centre};
    return true;
  }
  if (rx <= 0 || ry <= 0) return false;
  return std::any_of(kShapes.begin(), kShapes.end(), [&](const Shape& shape) {
    layout.nodes = along_curve(room.count, layout.centre, std::min(rx, shape.most_stretch * ry), ry, shape);
    return all_apart(layout.nodes, layout.centre, how, room.scale) &&
           (!how.clear || room.count > kMostClear || all_clear(layout.nodes, how, room.scale));
  });
}

// Too many for texts that all can be read.
void place_small(const NetworkRoom& room, NetworkLayout& layout) {
  const float u = room.scale, width = room.right - room.left, height = room.bottom - room.top;
  const float beside = std::min(22 * u + 2 * room.line_height, height / 2.5f);
  const float rx = std::max(0.0f, width / 2 - beside), ry = std::max(0.0f, height / 2 - beside);
  layout.nodes = along_curve(room.count, layout.centre, rx, ry, {2, 9, false});
  float nearest = room.count > 1 ? FLT_MAX : 0;
  for (std::size_t i = 1; i < layout.nodes.size(); ++i)
    nearest = std::min(nearest, distance(layout.nodes[i - 1], layout.nodes[i]));
  layout.radius = std::clamp(nearest / 2.7f, kSmallest * u, 14 * u), layout.inside = false;
}

// Up to the next text of the same height, and to the edge.
float room_for_text(const NetworkRoom& room, const NetworkLayout& layout, const Try& how) {
  float most = 220 * room.scale;
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    const ImVec2 a = layout.nodes[i];
    most = std::min({most, 2 * (a.x - room.left), 2 * (room.right - a.x)});
    const auto [top, bottom] = rows_of(how, a, layout.centre);
    for (std::size_t j = 0; j < i; ++j) {
      const auto [other_top, other_bottom] = rows_of(how, layout.nodes[j], layout.centre);
      if (top < other_bottom && bottom > other_top)
        most = std::min(most, std::abs(a.x - layout.nodes[j].x) - 6 * room.scale);
    }
  }
  return std::max(most, 2 * how.half);
}

}  // namespace

float distance(ImVec2 a, ImVec2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

float distance_to_way(const Way& way, ImVec2 point) {
  const ImVec2 along = way.direction();
  const float there = (point.x - way.from.x) * along.x + (point.y - way.from.y) * along.y, all = way.length();
  return distance(way.at(all > 0 ? std::clamp(there / all, 0.0f, 1.0f) : 0), point);
}

bool stands_above(ImVec2 node, ImVec2 centre) { return node.y < centre.y - 1; }

namespace {

NetworkLayout place_ring(const NetworkRoom& room) {
  NetworkLayout layout;
  layout.centre = {(room.left + room.right) / 2, (room.top + room.bottom) / 2};
  layout.name_width = room.name_width;
  if (room.count <= kMostWithText)
    for (const Try& how : tries_of(room)) {
      if (!place(room, how, layout)) continue;
      layout.radius = how.radius, layout.inside = how.inside;
      layout.text_width = room_for_text(room, layout, how);
      return layout;
    }
  layout.crowded = true;
  place_small(room, layout);
  layout.text_width = 4 * layout.radius + 40 * room.scale;
  return layout;
}

// Away from the middle, one above the other; the last one stands for those that find no room.
void place_beside(const NetworkRoom& room, std::size_t anchor, const std::vector<std::size_t>& nodes,
                  NetworkLayout& layout) {
  const float u = room.scale, pitch = std::max(2 * layout.small_radius + 6 * u, 2 * room.line_height + 2 * u);
  const ImVec2 at = layout.nodes[anchor];
  const float side = at.x < layout.centre.x - 1 ? -1.0f : 1.0f;
  const std::size_t shown = std::min(nodes.size(), kMostBeside);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto row = static_cast<float>(std::min(i, shown - 1)) - static_cast<float>(shown - 1) / 2;
    layout.nodes[nodes[i]] = {at.x + side * (layout.radius + kBesideGap * u + layout.small_radius), at.y + row * pitch};
    layout.small[nodes[i]] = i + 1 < shown ? 1 : i + 1 == shown ? nodes.size() - i : 0;
  }
}

}  // namespace

NetworkLayout place_nodes(const NetworkRoom& room) {
  const auto small = [&](std::size_t i) { return i < room.beside.size() && room.beside[i].has_value(); };
  std::vector<std::size_t> large;
  for (std::size_t i = 0; i < room.count; ++i)
    if (!small(i)) large.push_back(i);
  if (large.size() == room.count) return place_ring(room);
  NetworkRoom ring = room;
  ring.count = large.size();
  const float side = (2 * kSmall + kBesideGap + 6) * room.scale + room.beside_width;
  ring.left += side, ring.right -= side;
  NetworkLayout layout = place_ring(ring);
  const std::vector<ImVec2> placed = layout.nodes;
  layout.nodes.assign(room.count, layout.centre);
  for (std::size_t i = 0; i < large.size(); ++i) layout.nodes[large[i]] = placed[i];
  layout.small.resize(room.count);
  layout.small_radius = std::min(kSmall * room.scale, layout.radius * 0.6f);
  for (const std::size_t anchor : large) {
    std::vector<std::size_t> nodes;
    for (std::size_t i = 0; i < room.count; ++i)
      if (small(i) && room.beside[i] == anchor) nodes.push_back(i);
    place_beside(room, anchor, nodes, layout);
  }
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
  const float first = std::min(layout.radius_of(from) + 2 * apart, middle.length() / 2);
  const float last = std::min(layout.radius_of(to) + 2 * apart, middle.length() / 2);
  return {{middle.from.x + along.x * first + side.x, middle.from.y + along.y * first + side.y},
          {middle.to.x - along.x * last + side.x, middle.to.y - along.y * last + side.y}};
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

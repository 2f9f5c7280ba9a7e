#include "ui/panels/network_drawing.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "ui/draw/contrast.h"
#include "ui/panels/term_colours.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr std::size_t kCellsOfALine = 6, kMostCells = 12;

// Of a node's face.
struct Told {
  bool role, line;
};

struct Line {
  const ImFont* font;
  ImU32 colour;
  std::string text;
};

// At a blank, when the whole does not fit into the circle.
std::pair<std::string, std::string> broken(const Scene& scene, const std::string& text, const NetworkLayout& layout) {
  const std::size_t blank = text.rfind(' ', text.size() * 2 / 3);
  const float most = layout.inside ? 1.7f * layout.radius : layout.text_width;
  const bool fits = width_of(scene.fonts.text, text) < most;
  if (fits || blank == std::string::npos) return {text, {}};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

std::vector<Line> lines_of(const Scene& scene, const playback::NodePicture& node, NodeState state,
                           const NetworkLayout& layout, Told what) {
  const Theme& theme = scene.theme;
  const bool up = state == NodeState::kUp || state == NodeState::kPaused;
  const ImU32 ink = up ? theme.text : theme.faint;
  const float most = layout.inside ? layout.name_width : std::max(layout.name_width, layout.text_width);
  const bool breaks = width_of(scene.fonts.bold, node.name) > most + 1;
  const auto [name, rest] = breaks ? broken_name(node.name) : std::pair{node.name, std::string()};
  std::vector<Line> lines{{scene.fonts.bold, ink, name}};
  if (layout.crowded) return lines;
  if (!rest.empty()) lines.push_back({scene.fonts.bold, ink, rest});
  const auto add = [&](ImU32 colour, std::string text) {
    lines.push_back({scene.fonts.text, colour, std::move(text)});
  };
  // "loader-1" says its role already; beside a circle there is no room for what the tip tells.
  if (what.role && layout.inside && node.name.compare(0, node.face.role.size(), node.face.role) != 0)
    add(theme.faint, node.face.role);
  switch (state) {
    case NodeState::kPaused:
      add(theme.verdict.unsure, "⏸ paused");
      break;
    case NodeState::kDown:
      add(theme.verdict.bad, "✗ down");
      break;
    case NodeState::kNotStarted:
      add(theme.faint, "not started");
      break;
    case NodeState::kEnded:
      add(theme.faint, "■ ended");
      break;
    case NodeState::kUp:
      break;
  }
  // Beside a circle there is room for one of them: a strip tells more.
  const bool told = !layout.inside && (!node.strip.empty() || state == NodeState::kPaused);
  if (what.line && !node.face.line.empty() && up && !told) {
    const auto [one, other] = broken(scene, node.face.line, layout);
    add(theme.text, one);
    if (!other.empty()) add(theme.text, other);
  }
  return lines;
}

// Room for a line whose top is `y` below the middle of a circle.
float chord_of(const NetworkLayout& layout, float y, float size) {
  const float reach = std::max(std::abs(y), std::abs(y + size)) * 0.9f;
  return 2 * std::sqrt(std::max(0.0f, layout.radius * layout.radius - reach * reach)) - 6;
}

bool fit_inside(const NetworkLayout& layout, const std::vector<Line>& lines) {
  float y = 0;
  for (const Line& line : lines) y -= size_of(line.font) / 2;
  for (const Line& line : lines) {
    if (width_of(line.font, line.text) > chord_of(layout, y, size_of(line.font))) return false;
    y += size_of(line.font);
  }
  return true;
}

void draw_lines(ImDrawList& list, const NetworkLayout& layout, ImVec2 centre, const std::vector<Line>& lines,
                float top) {
  float y = top;
  for (const Line& line : lines) {
    const float size = size_of(line.font), chord = chord_of(layout, y - centre.y, size);
    const std::string text = fitted(line.font, size, line.text, layout.inside ? chord : layout.text_width);
    draw_centred(list, line.font, {centre.x, y + size / 2}, line.colour, text);
    y += size;
  }
}

float height_of_lines(const std::vector<Line>& lines) {
  float height = 0;
  for (const Line& line : lines) height += size_of(line.font);
  return height;
}

// Links may pass behind a text that stands beside its circle.
void draw_backdrop(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, ImVec2 top,
                   const std::vector<Line>& lines, FreeSpace& space) {
  float wide = 0;
  for (const Line& line : lines) wide = std::max(wide, width_of(line.font, line.text));
  const float half = std::min(wide, layout.text_width) / 2 + 2 * scene.scale;
  const ImVec2 from{top.x - half, top.y}, to{top.x + half, top.y + height_of_lines(lines)};
  list.AddRectFilled(from, to, faded(scene.theme.panel, 0.85f), 3 * scene.scale);
  space.take({from.x, from.y + 1}, {to.x, to.y - 1});  // it touches the circle's room
}

void draw_cell(ImDrawList& list, const Scene& scene, const playback::StripCell& cell, ImVec2 from, ImVec2 to,
               std::string_view text) {
  using Look = playback::StripCell::Look;
  const Theme& theme = scene.theme;
  const bool alarm = cell.look == Look::kAlarm;
  const ImU32 fill = alarm       ? mixed(theme.verdict.bad, theme.panel, 40)
                     : cell.term ? term_fill(theme, *cell.term)
                                 : theme.raised;
  list.AddRectFilled(from, to, fill, 3 * scene.scale);
  const ImU32 edge = alarm ? theme.verdict.bad : cell.term ? theme.text : theme.faint;
  if (cell.look == Look::kDashed)
    dashed_rect(list, from, to, edge, scene.scale, 4 * scene.scale);
  else
    list.AddRect(from, to, edge, 3 * scene.scale, 0, (alarm ? 2.0f : 1.0f) * scene.scale);
  draw_centred(list, scene.fonts.text, {(from.x + to.x) / 2, (from.y + to.y) / 2},
               alarm ? theme.verdict.bad : theme.text, text);
}

std::string text_of(const playback::StripCell& cell) {
  return cell.look == playback::StripCell::Look::kAlarm ? "! " + cell.text : cell.text;
}

float height_of_strip(const Scene& scene, std::size_t cells) {
  const std::size_t lines = (std::min(cells, kMostCells) + kCellsOfALine - 1) / kCellsOfALine + (cells > kMostCells);
  return static_cast<float>(lines) * (size_of(scene.fonts.text) + 7 * scene.scale);
}

// Beside clients there is room for one line that is not much wider than the circle: the rest is one cell more. Of a log
// the newest entries are shown.
std::vector<playback::StripCell> one_line(const Scene& scene, std::vector<playback::StripCell> strip, float room) {
  const bool is_log = std::any_of(strip.begin(), strip.end(), [](const auto& cell) { return cell.term.has_value(); });
  if (is_log) std::reverse(strip.begin(), strip.end());
  std::vector<playback::StripCell> shown;
  float used = 0;
  for (std::size_t i = 0; i < strip.size(); ++i) {
    used += width_of(scene.fonts.text, text_of(strip[i])) + 13 * scene.scale;
    const bool last = i + 1 == strip.size();
    if (!shown.empty() && used + (last ? 0 : width_of(scene.fonts.text, "+99") + 13 * scene.scale) > room) {
      playback::StripCell rest{fmt::format("+{}", strip.size() - i), playback::StripCell::Look::kSolid, {}};
      for (std::size_t j = i; j < strip.size(); ++j) rest.tip += (j > i ? ", " : "") + strip[j].text;
      shown.push_back(std::move(rest));
      break;
    }
    shown.push_back(strip[i]);
  }
  if (is_log) std::reverse(shown.begin(), shown.end());
  return shown;
}

// Cells in centred lines below `top`.
void draw_strip(ImDrawList& list, const Scene& scene, const std::vector<playback::StripCell>& strip, ImVec2 top,
                std::vector<DrawnCell>& cells) {
  const float gap = 3 * scene.scale, high = size_of(scene.fonts.text) + 4 * scene.scale;
  const std::size_t shown = std::min(strip.size(), kMostCells);
  float y = top.y;
  for (std::size_t begin = 0; begin < shown; begin += kCellsOfALine) {
    const std::size_t end = std::min(begin + kCellsOfALine, shown);
    float all = -gap;
    for (std::size_t i = begin; i < end; ++i)
      all += width_of(scene.fonts.text, text_of(strip[i])) + 10 * scene.scale + gap;
    float x = top.x - all / 2;
    for (std::size_t i = begin; i < end; ++i) {
      const std::string text = text_of(strip[i]);
      const ImVec2 from{std::floor(x), std::floor(y)};
      const ImVec2 to{from.x + width_of(scene.fonts.text, text) + 10 * scene.scale, from.y + high};
      draw_cell(list, scene, strip[i], from, to, text);
      cells.push_back({from, to, strip[i].tip});
      x = to.x + gap;
    }
    y += high + gap;
  }
  if (shown < strip.size()) {
    draw_centred(list, scene.fonts.text, {top.x, y + high / 2}, scene.theme.faint,
                 fmt::format("+{} more", strip.size() - shown));
  }
}

// Dashes and gaps of the same length, about `dash` long.
void dashed_circle(ImDrawList& list, ImVec2 at, float r, ImU32 colour, float thickness, float dash) {
  const int dashes = std::max(4, static_cast<int>(kPi * r / dash));
  const float step = kPi / static_cast<float>(dashes);
  for (int i = 0; i < dashes; ++i) {
    const float from = 2 * step * static_cast<float>(i);
    list.PathArcTo(at, r, from, from + step, 6);
    list.PathStroke(colour, 0, thickness);
  }
}

void small_cross(ImDrawList& list, ImVec2 at, float half, ImU32 colour, float thickness) {
  list.AddLine({at.x - half, at.y - half}, {at.x + half, at.y + half}, colour, thickness);
  list.AddLine({at.x - half, at.y + half}, {at.x + half, at.y - half}, colour, thickness);
}

// Yes is full, no is crossed, nothing is hollow: a shape each, not a colour.
void draw_ballot(ImDrawList& list, const Theme& theme, playback::Ballot::Said said, ImVec2 at, float r) {
  using Said = playback::Ballot::Said;
  if (said == Said::kYes) return list.AddCircleFilled(at, r, theme.text);
  list.AddCircleFilled(at, r, theme.panel);
  list.AddCircle(at, r, theme.text, 0, r * 0.35f);
  if (said == Said::kNo) small_cross(list, at, r * 0.6f, theme.text, r * 0.4f);
}

// On the rim, at the foot of the circle.
void draw_ballots(ImDrawList& list, const Scene& scene, const std::vector<playback::Ballot>& ballots, ImVec2 at,
                  float r) {
  const float dot = 4.5f * scene.scale, apart = 3.0f * dot / r;
  const auto n = static_cast<float>(ballots.size());
  for (std::size_t i = 0; i < ballots.size(); ++i) {
    const float angle = kPi / 2 - (static_cast<float>(i) - (n - 1) / 2) * apart;
    draw_ballot(list, scene.theme, ballots[i].said, {at.x + r * std::cos(angle), at.y + r * std::sin(angle)}, dot);
  }
}

void draw_ring(ImDrawList& list, ImVec2 at, float r, double share, ImU32 colour, float thickness) {
  const float angle = 2 * kPi * static_cast<float>(std::clamp(share, 0.0, 1.0));
  list.PathArcTo(at, r, -kPi / 2, -kPi / 2 + angle, 64);
  list.PathStroke(colour, 0, thickness);
}

void draw_circle(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t node,
                 const NodeLook& look) {
  const Theme& theme = scene.theme;
  const ImVec2 at = layout.nodes[node];
  const float u = scene.scale, r = layout.radius_of(node);
  const bool up = look.state == NodeState::kUp || look.state == NodeState::kPaused;
  const ImU32 hue = theme.identity(node), dim = mixed(theme.faint, theme.panel, 120);
  if (look.chosen) list.AddCircleFilled(at, r + 9 * u, mixed(theme.accent, theme.panel, 70));
  const auto& face = scene.pictures.network.nodes[node].face;
  const ImU32 plain = up && face.term ? term_fill(theme, *face.term) : up ? theme.raised : theme.panel;
  list.AddCircleFilled(at, r, look.hovered ? mixed(theme.accent, plain, 36) : plain);
  const bool ring = (face.filled || face.countdown) && up;
  if (!up)
    dashed_circle(list, at, r, dim, 1.5f * u, 5 * u);
  else if (!face.votes)
    dashed_circle(list, at, r, hue, 2.5f * u, 5 * u);
  else
    list.AddCircle(at, r, ring ? dim : hue, 0, (ring ? 5.0f : 2.5f) * u);
  if (up && face.filled) draw_ring(list, at, r, *face.filled, hue, 5 * u);
  if (up && face.countdown) draw_ring(list, at, r, face.countdown->left(scene.session.cursor().at), hue, 5 * u);
  if (up && face.leads) list.AddCircle(at, r - 5 * u, hue, 0, 2.5f * u);
  if (up) draw_ballots(list, scene, face.ballots, at, r);
  if (up && face.term && !layout.inside)
    draw_centred(list, scene.fonts.bold, at, theme.text, fmt::format("{}", *face.term));
  if (look.state == NodeState::kPaused) list.AddCircle(at, r - 5 * u, theme.verdict.unsure, 0, 1.5f * u);
  if (look.selected) list.AddCircle(at, r + 5 * u, theme.focus, 0, 2.5f * u);
  if (!look.chosen) return;
  const ImVec2 badge{at.x - r * 0.78f, at.y - r * 0.78f};
  list.AddCircleFilled(badge, 11 * u, theme.accent);
  draw_centred(list, scene.fonts.bold, badge, theme.on_accent, "✓");
}

bool meets_a_circle(const NetworkLayout& layout, ImVec2 from, ImVec2 to) {
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    const ImVec2 at = layout.nodes[i];
    const ImVec2 nearest{std::clamp(at.x, from.x, to.x), std::clamp(at.y, from.y, to.y)};
    if (!layout.is_small(i) && distance(at, nearest) < layout.radius) return true;
  }
  return false;
}

// A circle, and outwards its name and what it waits for.
void draw_small_node(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t node,
                     const NodeLook& look, FreeSpace& space) {
  const playback::NodePicture& picture = scene.pictures.network.nodes[node];
  const Theme& theme = scene.theme;
  const float u = scene.scale, r = layout.small_radius;
  draw_circle(list, scene, layout, node, look);
  const ImVec2 at = layout.nodes[node];
  const bool left = at.x < layout.centre.x - 1;
  std::vector<Line> lines{{scene.fonts.text, theme.text, picture.name}};
  const std::size_t others = *layout.small[node] - 1;
  if (others > 0)
    lines.push_back({scene.fonts.text, theme.faint, fmt::format("and {} more", others)});
  else if (look.state == NodeState::kDown)
    lines.push_back({scene.fonts.text, theme.verdict.bad, "✗ down"});
  else if (look.state == NodeState::kPaused)
    lines.push_back({scene.fonts.text, theme.verdict.unsure, "⏸ paused"});
  else if (!picture.strip.empty())
    lines.push_back({scene.fonts.text, theme.faint, picture.strip.front().text});
  float wide = 0, y = at.y - height_of_lines(lines) / 2;
  for (const Line& line : lines) wide = std::max(wide, width_of(line.font, line.text));
  const float x = left ? at.x - r - 5 * u - wide : at.x + r + 5 * u;
  space.take({std::min(x, at.x - r), y}, {std::max(x + wide, at.x + r), y + height_of_lines(lines)});
  const ImVec2 from{x, y}, to{x + wide, y + height_of_lines(lines)};
  if (layout.crowded || meets_a_circle(layout, from, to)) return;  // the tip says it too
  for (const Line& line : lines) {
    const float shift = left ? wide - width_of(line.font, line.text) : 0;
    draw_text(list, line.font, size_of(line.font), {x + shift, y}, line.colour, line.text);
    y += size_of(line.font);
  }
}

void arrow_head(ImDrawList& list, ImVec2 tip, ImVec2 along, float size, ImU32 colour) {
  const ImVec2 back{tip.x - along.x * size, tip.y - along.y * size};
  const ImVec2 side{-along.y * size * 0.5f, along.x * size * 0.5f};
  list.AddTriangleFilled(tip, {back.x + side.x, back.y + side.y}, {back.x - side.x, back.y - side.y}, colour);
}

}  // namespace

void draw_node(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t node,
               const NodeLook& look, FreeSpace& space, std::vector<DrawnCell>& cells) {
  if (layout.is_hidden(node)) return;
  if (layout.is_small(node)) return draw_small_node(list, scene, layout, node, look, space);
  const playback::NodePicture& picture = scene.pictures.network.nodes[node];
  const ImVec2 at = layout.nodes[node];
  const float r = layout.radius;
  draw_circle(list, scene, layout, node, look);
  std::vector<Line> lines = lines_of(scene, picture, look.state, layout, {true, true});
  // What it does at the moment matters more than what it is; a word that is cut says neither.
  for (const Told told : {Told{false, true}, Told{true, false}})
    if (layout.inside && !fit_inside(layout, lines)) lines = lines_of(scene, picture, look.state, layout, told);
  const float high = height_of_lines(lines), gap = 8 * scene.scale;
  if (!layout.crowded) space.take({at.x - r - gap, at.y - r - gap}, {at.x + r + gap, at.y + r + gap});
  // Outwards, where no link passes: above in the upper half of the ring, below in the lower.
  const bool above = stands_above(at, layout.centre);
  const float text_top = layout.inside ? at.y - high / 2 : above ? at.y - r - gap - high : at.y + r + gap;
  if (layout.crowded) {
    // First come, first named; the tip names them all.
    const float wide =
        std::min(width_of(scene.fonts.bold, lines.front().text), layout.text_width) / 2 + 3 * scene.scale;
    const bool wanted = look.hovered || look.selected || look.chosen;
    if (space.take({at.x - wide, text_top}, {at.x + wide, text_top + high}) || wanted)
      draw_lines(list, layout, at, lines, text_top);
    return;
  }
  if (!layout.inside) draw_backdrop(list, scene, layout, {at.x, text_top}, lines, space);
  draw_lines(list, layout, at, lines, text_top);
  const bool up = look.state == NodeState::kUp || look.state == NodeState::kPaused;
  if (!up || picture.strip.empty()) return;
  const bool narrow = !layout.small.empty();
  const auto strip = narrow ? one_line(scene, picture.strip, 2 * r + 60 * scene.scale) : picture.strip;
  const float out = r + gap + (layout.inside ? 0 : high + 3 * scene.scale);
  const float tall = height_of_strip(scene, strip.size());
  const float top = above ? at.y - out - tall : at.y + out;
  draw_strip(list, scene, strip, {at.x, top}, cells);
  const float half = layout.inside ? 1.6f * r : layout.text_width / 2;
  space.take({at.x - half, top + 1}, {at.x + half, top + tall - 1});
}

void draw_link(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t from, std::size_t to) {
  const Way way = way_between(layout, from, to, 0);
  list.AddLine(way.from, way.to, mixed(scene.theme.faint, scene.theme.panel, 90), scene.scale);
}

void draw_cut(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t from, std::size_t to,
              bool both) {
  const Theme& theme = scene.theme;
  const float u = scene.scale;
  const Way way = way_between(layout, from, to, both ? 0 : 6 * u);
  const ImVec2 middle = way.at(0.5f);
  const float gap = std::min(0.4f, 12 * u / std::max(1.0f, way.length()));
  dashed_line(list, way.from, way.at(0.5f - gap), theme.mark.partition, 1.5f * u, 5 * u);
  dashed_line(list, way.at(0.5f + gap), way.to, theme.mark.partition, 1.5f * u, 5 * u);
  if (!both) arrow_head(list, way.to, way.direction(), 9 * u, theme.mark.partition);
  small_cross(list, middle, 5 * u, theme.mark.partition, 2.5f * u);
}

void draw_flight(ImDrawList& list, const Scene& scene, const FlightGroup& group, bool marked) {
  const float u = scene.scale;
  const ImU32 hue = scene.theme.identity(group.from);
  const ImVec2 along = group.way.direction();
  const float all = std::max(1.0f, group.way.length()), place = group.progress * all;
  if (scene.reduced_motion) {
    list.AddLine(group.way.from, group.way.at(1 - 8 * u / all), hue, 1.5f * u);
    arrow_head(list, group.way.to, along, 11 * u, hue);
    if (marked) list.AddCircle(group.way.to, 11 * u, scene.theme.focus, 0, 2.5f * u);
    return;
  }
  const float tail = std::max(0.0f, place - 46 * u);
  for (int piece = 0; piece < 4; ++piece) {
    const float a = tail + (place - tail) * static_cast<float>(piece) / 4, b = a + (place - tail) / 4;
    list.AddLine(group.way.at(a / all), group.way.at(b / all), faded(hue, 0.15f + 0.2f * static_cast<float>(piece)),
                 2 * u);
  }
  const ImVec2 at = group.way.at(group.progress);
  const ImVec2 tip{at.x + along.x * 7 * u, at.y + along.y * 7 * u};
  arrow_head(list, tip, along, 14 * u, hue);
  if (marked) list.AddCircle(at, 13 * u, scene.theme.focus, 0, 2.5f * u);
}

void draw_flight_label(ImDrawList& list, const Scene& scene, const FlightGroup& group, FreeSpace& space) {
  const auto& flights = scene.pictures.network.flights;
  std::string text = flights[group.flights.front()].what;
  const bool alike =
      std::all_of(group.flights.begin(), group.flights.end(), [&](std::size_t i) { return flights[i].what == text; });
  if (!alike) text = "messages";
  if (group.flights.size() > 1) text += fmt::format(" ×{}", group.flights.size());
  const float u = scene.scale, high = size_of(scene.fonts.text), wide = width_of(scene.fonts.text, text);
  const ImVec2 along = group.way.direction(), at = group.way.at(group.progress);
  for (const float side : {1.0f, -1.0f}) {
    const ImVec2 away{-along.y * side, along.x * side};
    const ImVec2 centre{at.x + away.x * (wide / 2 + 12 * u), at.y + away.y * (high / 2 + 12 * u)};
    const ImVec2 from{centre.x - wide / 2 - 2 * u, centre.y - high / 2},
        to{centre.x + wide / 2 + 2 * u, centre.y + high / 2};
    if (!space.take(from, to)) continue;
    list.AddRectFilled(from, to, faded(scene.theme.panel, 0.85f), 3 * u);
    draw_text(list, scene.fonts.text, high, {from.x + 2 * u, from.y}, scene.theme.text, text);
    return;
  }
}

std::pair<std::string, std::string> broken_name(const std::string& name) {
  std::size_t best = std::string::npos;
  const auto off = [&](std::size_t at) { return at > name.size() / 2 ? at - name.size() / 2 : name.size() / 2 - at; };
  for (std::size_t at = name.find('-'); at != std::string::npos; at = name.find('-', at + 1))
    if (at > 0 && at + 1 < name.size() && (best == std::string::npos || off(at) < off(best))) best = at;
  if (best == std::string::npos) return {name, {}};
  return {name.substr(0, best + 1), name.substr(best + 1)};
}

void add_vote(Legend& legend, const Theme& t, std::string_view words, playback::Ballot::Said said) {
  legend.push_back(
      {words, [&t, said](ImDrawList& list, ImVec2 c, float h) { draw_ballot(list, t, said, c, h * 0.6f); }});
}

// What a server of a consensus protocol shows.
void add_consensus(Legend& legend, const Scene& scene) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto& nodes = scene.pictures.network.nodes;
  const auto any = [&](auto&& is) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const auto& node) { return is(node.face); });
  };
  const bool rounds = any([](const playback::Face& face) { return face.era == "round"; });
  const bool elects = any([](const playback::Face& face) { return face.countdown || face.leads; });
  legend.push_back(
      {rounds ? "fill and number: the round" : "fill and number: the term", [&t](ImDrawList& list, ImVec2 c, float h) {
         list.AddCircleFilled({c.x - h * 0.4f, c.y}, h * 0.7f, term_fill(t, 1));
         list.AddCircleFilled({c.x + h * 0.4f, c.y}, h * 0.7f, term_fill(t, 2));
       }});
  if (elects)
    legend.push_back({"leader", [&t, u](ImDrawList& list, ImVec2 c, float h) {
                        list.AddCircle(c, h, t.faint, 0, 1.5f * u);
                        list.AddCircle(c, h - 3.5f * u, t.faint, 0, 1.5f * u);
                      }});
  if (elects)
    legend.push_back({"election timer", [&t, u](ImDrawList& list, ImVec2 c, float h) {
                        list.AddCircle(c, h * 0.85f, mixed(t.faint, t.panel, 90), 0, 3 * u);
                        draw_ring(list, c, h * 0.85f, 0.35, t.text, 3 * u);
                      }});
  add_vote(legend, t, rounds ? "has promised or accepted" : "votes yes", playback::Ballot::Said::kYes);
  if (!rounds) add_vote(legend, t, "no", playback::Ballot::Said::kNo);
  add_vote(legend, t, "not answered", playback::Ballot::Said::kNothing);
  const auto entry = [&](std::string_view words, bool committed) {
    legend.push_back({words, [&t, u, committed](ImDrawList& list, ImVec2 c, float h) {
                        const ImVec2 from{c.x - h, c.y - h * 0.8f}, to{c.x + h, c.y + h * 0.8f};
                        list.AddRectFilled(from, to, term_fill(t, 1), 3 * u);
                        if (committed)
                          list.AddRect(from, to, t.text, 3 * u, 0, u);
                        else
                          dashed_rect(list, from, to, t.text, u, 3 * u);
                      }});
  };
  entry(rounds ? "chosen" : "entry, committed", true);
  entry(rounds ? "accepted" : "not yet", false);
}

Legend network_legend(const Scene& scene) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto& nodes = scene.pictures.network.nodes;
  const bool consensus = std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return node.face.term; });
  Legend legend;
  if (consensus) add_consensus(legend, scene);
  if (!consensus && std::any_of(nodes.begin(), nodes.end(), [](const auto& n) { return !n.face.ballots.empty(); })) {
    add_vote(legend, t, "votes yes", playback::Ballot::Said::kYes);
    add_vote(legend, t, "not answered", playback::Ballot::Said::kNothing);
  }
  Legend common{
      {"message, in its sender's colour",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         arrow_head(list, {c.x + h, c.y}, {1, 0}, 13 * u, t.faint);
       }},
      {"link",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         list.AddLine({c.x - h, c.y}, {c.x + h, c.y}, mixed(t.faint, t.panel, 120), 1.5f * u);
       }},
      {"link is cut",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         dashed_line(list, {c.x - h, c.y}, {c.x + h, c.y}, t.mark.partition, 1.5f * u, 3 * u);
         small_cross(list, c, h * 0.5f, t.mark.partition, 2 * u);
       }},
      {"selected",
       [&t, u](ImDrawList& list, ImVec2 c, float h) { list.AddCircle(c, h * 0.85f, t.focus, 0, 2.5f * u); }},
      {"not running",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         dashed_circle(list, c, h * 0.85f, mixed(t.faint, t.panel, 120), 1.5f * u, 3 * u);
       }},
      {"! alarm",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         list.AddRect({c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, t.verdict.bad, 3 * u, 0, 2 * u);
       }},
      {"not certain yet",
       [&t, u](ImDrawList& list, ImVec2 c, float h) {
         dashed_rect(list, {c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, t.faint, u, 3 * u);
       }},
      {"Shift+click or draw around nodes: choose one side of a partition", {}},
  };
  for (LegendItem& item : common)
    // An entry says it of itself, and Raft has no other alarm than its checks.
    if (!consensus || (item.text != "not certain yet" && item.text != "! alarm")) legend.push_back(std::move(item));
  return legend;
}

}  // namespace twice::ui

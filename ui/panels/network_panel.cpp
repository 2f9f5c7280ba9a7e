#include "ui/panels/network_panel.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr float kReach = 16;       // units of the mouse around a message
constexpr float kTouch = 9;        // the same where a node is nearer
constexpr float kWidestName = 92;  // units; a longer one is broken at a hyphen
constexpr float kLowRoom = 20;     // ems; below this the buttons give way to a menu
constexpr float kNarrow = 560;     // units; below this clients only say their names
constexpr std::size_t kMostLinks = 300;
constexpr float kLeastCanvas = 260;  // below this the legend gives way

std::optional<std::size_t> index_of(const std::vector<playback::NodePicture>& nodes, NodeId node) {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const playback::NodePicture& n) { return n.node == node; });
  return found == nodes.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - nodes.begin()));
}

MessageName name_of(const playback::Flight& flight) { return {flight.from, flight.to, flight.ordinal}; }

// A menu is about this moment.
void hold(const Scene& scene, Requests& requests) {
  if (scene.session.cursor().playing) push(requests, playback::Pause{});
}

void show(const std::string& text) {
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 28);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace

Requests NetworkPanel::draw(const Scene& scene) {
  Requests requests;
  if (!scene.run().error().empty()) {
    paragraph(scene.run().error());
    return requests;
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  Legend legend = network_legend(scene);
  const bool low = room.y < kLowRoom * ImGui::GetFontSize();
  const float bar = (low ? ImGui::GetFrameHeight() : bar_height(scene)) + ImGui::GetStyle().ItemSpacing.y;
  float below = bar + height_of(scene, legend, room.x) + ImGui::GetStyle().ItemSpacing.y;
  if (room.y - below < kLeastCanvas * scene.scale) legend.clear(), below = bar;
  const ImVec2 size{std::max(room.x, 60.0f), std::max(room.y - below, 120 * scene.scale)};
  Canvas canvas{ImGui::GetCursorScreenPos(), {}, false};
  canvas.to = {canvas.from.x + size.x, canvas.from.y + size.y};
  ImGui::InvisibleButton("ring", size, ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  canvas.hovered = ImGui::IsItemHovered();
  if (close_menus_) lasso_.clear();
  lay_out(scene, canvas);
  find_hovered(scene, canvas);
  take_input(scene, canvas, requests);
  draw_canvas(scene, canvas);
  if (canvas.hovered && lasso_.empty()) show_tip(scene);
  low ? draw_low_bar(scene) : draw_bar(scene, requests);
  if (!legend.empty()) draw_legend(scene, legend);
  draw_node_menu(scene, requests);
  draw_message_menu(scene, requests);
  open_node_menu_ = open_message_menu_ = open_cut_menu_ = close_menus_ = false;
  return requests;
}

void NetworkPanel::lay_out(const Scene& scene, const Canvas& canvas) {
  const playback::NetworkView& view = scene.pictures.network;
  const float u = scene.scale;
  NetworkRoom room{.count = view.nodes.size(),
                   .left = canvas.from.x,
                   .top = canvas.from.y,
                   .right = canvas.to.x,
                   .bottom = canvas.to.y - size_of(scene.fonts.text) - 4 * u,  // the hint stands there
                   .scale = u,
                   .line_height = size_of(scene.fonts.bold)};
  find_small(scene, room);
  for (const playback::NodePicture& node : view.nodes) {
    const auto i = static_cast<std::size_t>(&node - view.nodes.data());
    if (i < room.beside.size() && room.beside[i]) continue;
    float wide = width_of(scene.fonts.bold, node.name);
    if (const auto [one, other] = broken_name(node.name); wide > kWidestName * u && !other.empty())
      wide = std::max(width_of(scene.fonts.bold, one), width_of(scene.fonts.bold, other)), room.lines = 3;
    room.name_width = std::max(room.name_width, wide);
  }
  if (room != laid_out_) layout_ = place_nodes(room), laid_out_ = room;
  groups_ = group_flights(view, layout_, scene.session.cursor().at, scene.reduced_motion, scene.scale);
}

// Clients, when who they stand beside is there.
void NetworkPanel::find_small(const Scene& scene, NetworkRoom& room) const {
  const auto& nodes = scene.pictures.network.nodes;
  const bool narrow = room.right - room.left < kNarrow * scene.scale;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto anchor = index_of(nodes, nodes[i].beside);
    if (!anchor || nodes[*anchor].beside != kNobody) continue;
    room.beside.resize(nodes.size());
    room.beside[i] = anchor;
    // Room for what it waits for as well, so that nothing moves when that changes.
    const float name = width_of(scene.fonts.text, nodes[i].name);
    const float least = narrow ? 0 : width_of(scene.fonts.text, "w k0 00·0000");
    room.beside_width = std::max({room.beside_width, name, least});
  }
}

// --- what the run tells

NodeState NetworkPanel::state_of(const Scene& scene, const playback::NodePicture& node) const {
  if (node.up) return node.paused ? NodeState::kPaused : NodeState::kUp;
  switch (actions_.history(scene).presence(scene.run(), node.node, scene.session.cursor().event[scene.lane()])) {
    case RunHistory::Presence::kNotStarted:
      return NodeState::kNotStarted;
    case RunHistory::Presence::kCrashed:
      return NodeState::kDown;
    case RunHistory::Presence::kStarted:
      return NodeState::kEnded;
  }
  return NodeState::kEnded;
}

// --- drawing

void NetworkPanel::draw_canvas(const Scene& scene, const Canvas& canvas) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(canvas.from, canvas.to, true);
  FreeSpace space;
  draw_links(list, scene);
  draw_nodes(list, scene, space);
  draw_flights(list, scene, space);
  draw_hint(list, scene, canvas);
  if (lasso_.size() > 1)
    list.AddPolyline(lasso_.data(), static_cast<int>(lasso_.size()), scene.theme.accent, ImDrawFlags_Closed,
                     1.5f * scene.scale);
  list.PopClipRect();
}

// Below the ring, where room is kept for it.
void NetworkPanel::draw_hint(ImDrawList& list, const Scene& scene, const Canvas& canvas) const {
  const playback::NetworkView& view = scene.pictures.network;
  std::string text;
  if (view.flights.empty())
    text = "No message is on its way at this moment: press Space or →";
  else if (actions_.history(scene).links().size() > kMostLinks)
    text = "Select a node to see its links";
  else if (view.flights_in_all > view.flights.size())
    text = fmt::format("{} of {} messages are drawn", view.flights.size(), view.flights_in_all);
  const ImFont* font = scene.fonts.text;
  text = fitted(font, size_of(font), text, canvas.to.x - canvas.from.x);
  draw_centred(list, font, {layout_.centre.x, canvas.to.y - size_of(font) / 2 - scene.scale}, scene.theme.faint, text);
}

void NetworkPanel::draw_links(ImDrawList& list, const Scene& scene) {
  const playback::NetworkView& view = scene.pictures.network;
  const auto is_cut = [&](NodeId from, NodeId to) {
    return std::any_of(view.cuts.begin(), view.cuts.end(),
                       [&](const playback::CutLink& cut) { return cut.from == from && cut.to == to; });
  };
  // So many links would be a grey surface: then only those of one node are drawn.
  const auto& links = actions_.history(scene).links();
  const std::optional<NodeId> only =
      hovered_node_ ? std::optional(view.nodes[*hovered_node_].node) : scene.session.selection().node;
  for (const auto& [a, b] : links) {
    if (links.size() > kMostLinks && a != only && b != only) continue;
    const auto from = index_of(view.nodes, a), to = index_of(view.nodes, b);
    if (from && to && !(is_cut(a, b) && is_cut(b, a))) draw_link(list, scene, layout_, *from, *to);
  }
  for (const playback::CutLink& cut : view.cuts) {
    const auto from = index_of(view.nodes, cut.from), to = index_of(view.nodes, cut.to);
    const bool both = is_cut(cut.to, cut.from);
    if (from && to && (!both || *from < *to)) draw_cut(list, scene, layout_, *from, *to, both);
  }
}

void NetworkPanel::draw_nodes(ImDrawList& list, const Scene& scene, FreeSpace& space) {
  const auto& nodes = scene.pictures.network.nodes;
  cells_.clear();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    NodeLook look;
    look.state = state_of(scene, nodes[i]);
    look.selected = scene.session.selection().node == nodes[i].node;
    look.chosen = std::find(actions_.chosen.begin(), actions_.chosen.end(), nodes[i].node) != actions_.chosen.end();
    look.hovered = hovered_node_ == i;
    draw_node(list, scene, layout_, i, look, space, cells_);
  }
  // Where names had to give way to each other, those of messages give way to circles too.
  const float r = layout_.radius;
  for (const ImVec2 at : layout_.nodes)
    if (layout_.crowded) space.take({at.x - r, at.y - r}, {at.x + r, at.y + r});
}

bool NetworkPanel::is_marked(const Scene& scene, const FlightGroup& group) const {
  const auto& flights = scene.pictures.network.flights;
  return actions_.message && std::any_of(group.flights.begin(), group.flights.end(),
                                         [&](std::size_t i) { return name_of(flights[i]) == *actions_.message; });
}

void NetworkPanel::draw_flights(ImDrawList& list, const Scene& scene, FreeSpace& space) const {
  for (std::size_t i = 0; i < groups_.size(); ++i)
    draw_flight(list, scene, groups_[i], hovered_group_ == i || is_marked(scene, groups_[i]));
  for (const FlightGroup& group : groups_) {
    const ImVec2 at = group.way.at(group.progress);
    const float half = 6 * scene.scale;
    space.take({at.x - half, at.y - half}, {at.x + half, at.y + half});
  }
  for (const FlightGroup& group : groups_) draw_flight_label(list, scene, group, space);
}

// With reduced motion a message is its whole way.
float NetworkPanel::off_flight(const FlightGroup& group, ImVec2 mouse, bool still) const {
  return still ? distance_to_way(group.way, mouse) : distance(group.way.at(group.progress), mouse);
}

void NetworkPanel::find_hovered(const Scene& scene, const Canvas& canvas) {
  hovered_node_.reset(), hovered_group_.reset(), hovered_cell_.reset();
  if (!canvas.hovered) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (std::size_t i = 0; i < layout_.nodes.size(); ++i)
    if (!layout_.is_hidden(i) && distance(layout_.nodes[i], mouse) <= layout_.radius_of(i)) hovered_node_ = i;
  float nearest = (hovered_node_ ? kTouch : kReach) * scene.scale;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const float off = off_flight(groups_[i], mouse, scene.reduced_motion);
    if (off < nearest) nearest = off, hovered_group_ = i;
  }
  if (hovered_group_) hovered_node_.reset();
  for (std::size_t i = 0; i < cells_.size() && !hovered_group_; ++i)
    if (mouse.x >= cells_[i].from.x && mouse.x < cells_[i].to.x && mouse.y >= cells_[i].from.y &&
        mouse.y < cells_[i].to.y)
      hovered_cell_ = i;
}

void NetworkPanel::show_tip(const Scene& scene) const {
  const playback::NetworkView& view = scene.pictures.network;
  if (hovered_group_) {
    const FlightGroup& group = groups_[*hovered_group_];
    std::string text;
    for (std::size_t i = 0; i < group.flights.size() && i < 6; ++i) {
      const playback::Flight& f = view.flights[group.flights[i]];
      text += fmt::format("{}: {} → {}, message {} of this link\nsent {}, {}\n", f.what, view.nodes[group.from].name,
                          view.nodes[group.to].name, f.ordinal, time_text(f.sent),
                          f.ever_arrives() ? "arrives " + time_text(f.arrives) : "waits: the schedule passes it over");
    }
    if (group.flights.size() > 6) text += fmt::format("… and {} more\n", group.flights.size() - 6);
    show(text + "Click: drop, duplicate or delay it");
  } else if (hovered_cell_ && *hovered_cell_ < cells_.size() && !cells_[*hovered_cell_].tip.empty()) {
    show(cells_[*hovered_cell_].tip);
  } else if (hovered_node_) {
    const playback::NodePicture& node = view.nodes[*hovered_node_];
    show(fmt::format("{} ({}){}{}\nClick: select it. Right click: what can be done to it.", node.name, node.face.role,
                     node.face.line.empty() ? "" : ": ", node.face.line));
  }
}

// --- input

void NetworkPanel::take_input(const Scene& scene, const Canvas& canvas, Requests& requests) {
  const auto& nodes = scene.pictures.network.nodes;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (canvas.hovered) {
    const bool node = hovered_node_.has_value();
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
      if (hovered_group_)
        press_on_flights(scene, groups_[*hovered_group_], requests);
      else if (node)
        press_on_node(scene, nodes[*hovered_node_].node, requests);
      else if (!hovered_cell_)
        lasso_ = {mouse};
    }
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
      if (node) press_on_node(scene, nodes[*hovered_node_].node, requests);
      menu_node_ = node ? std::optional(nodes[*hovered_node_].node) : scene.session.selection().node;
      open_menu(scene, open_node_menu_);
      hold(scene, requests);
    }
  }
  if (lasso_.empty()) return;
  if (distance(lasso_.back(), mouse) > 3) lasso_.push_back(mouse);
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) end_lasso(scene, requests);
}

void NetworkPanel::press_on_node(const Scene& scene, NodeId node, Requests& requests) {
  playback::Selection what = scene.session.selection();
  std::vector<NodeId>& chosen = actions_.chosen;
  if (ImGui::GetIO().KeyShift) {
    if (chosen.empty() && what.node && *what.node != node) chosen.push_back(*what.node);
    const auto known = std::find(chosen.begin(), chosen.end(), node);
    known == chosen.end() ? chosen.push_back(node) : static_cast<void>(chosen.erase(known));
  } else if (std::find(chosen.begin(), chosen.end(), node) == chosen.end()) {
    chosen.clear();
  }
  what.node = node;
  push(requests, playback::Select{what});
}

void NetworkPanel::press_on_flights(const Scene& scene, const FlightGroup& group, Requests& requests) {
  const auto& flights = scene.pictures.network.flights;
  menu_messages_.clear();
  for (const std::size_t i : group.flights) menu_messages_.emplace_back(name_of(flights[i]), flights[i].what);
  // Of several one is chosen in the menu.
  const bool one = menu_messages_.size() == 1;
  if (one || !is_marked(scene, group)) actions_.message = one ? std::optional(menu_messages_[0].first) : std::nullopt;
  open_menu(scene, open_message_menu_);
  hold(scene, requests);
}

void NetworkPanel::end_lasso(const Scene& scene, Requests& requests) {
  const auto& nodes = scene.pictures.network.nodes;
  actions_.chosen.clear();
  if (lasso_.size() < 4) {  // a click: nothing is selected any more
    actions_.message.reset();
    playback::Selection what = scene.session.selection();
    if (std::exchange(what.node, std::nullopt)) push(requests, playback::Select{what});
  } else {
    for (std::size_t i = 0; i < nodes.size() && i < layout_.nodes.size(); ++i)
      if (is_inside(lasso_, layout_.nodes[i])) actions_.chosen.push_back(nodes[i].node);
  }
  lasso_.clear();
}

}  // namespace twice::ui

// The network panel's buttons and menus.
#include <algorithm>

#include <fmt/format.h>

#include "ui/panels/network_panel.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr std::size_t kMostOfAMenu = 12;
constexpr const char *kCrash = "✗ Crash", *kRestart = "↻ Restart", *kPause = "⏸ Pause", *kResume = "▶ Resume",
                     *kCut = "Cut link to …", *kHeal = "Heal all";
constexpr const char* kNoNode = "select a node first: click one";
constexpr const char* kNoSide = "choose one side first: draw around some nodes, or hold Shift and click them";

struct NodeActions {
  std::optional<world::Action> crash, restart, pause, resume;
};
NodeActions actions_on(const Scene& scene, std::optional<NodeId> node) {
  if (!node || node->index >= scene.session.world(scene.lane()).size()) return {};
  const std::string name = name_of(scene, *node);
  return {world::Crash{name}, world::Restart{name}, world::Pause{name}, world::Resume{name}};
}

// The side of a partition: what was chosen, else the selected node.
std::string side_label(const Scene& scene, std::vector<NodeId> chosen) {
  const std::optional<NodeId> selected = scene.session.selection().node;
  if (chosen.empty() && selected && selected->index < scene.session.world(scene.lane()).size()) chosen = {*selected};
  if (chosen.empty()) return "one side";
  std::string names;
  for (std::size_t i = 0; i < chosen.size() && i < 3; ++i) names += (i ? ", " : "") + name_of(scene, chosen[i]);
  return chosen.size() > 3 ? names + " …" : names;
}

std::string partition_label(const Scene& scene, const std::vector<NodeId>& chosen) {
  if (chosen.empty()) return "Partition";
  return fmt::format("Partition: {} | others", side_label(scene, chosen));
}

std::optional<world::Action> action_of(std::optional<world::Partition> split) {
  if (!split) return std::nullopt;
  return world::Action{std::move(*split)};
}

}  // namespace

// A dry run copies the world, so while the cursor plays only what the picture shows is consulted.
std::string NetworkPanel::why_not_now(const Scene& scene, const world::Action& action) const {
  return scene.session.cursor().playing ? actions_.why_pointless(scene, action) : actions_.why_not(scene, action);
}

NetworkPanel::MenuMoment NetworkPanel::moment_of(const Scene& scene) {
  const std::size_t lane = scene.lane();
  return {&scene.session, scene.session.branch(), lane, scene.session.cursor().event[lane]};
}

void NetworkPanel::open_menu(const Scene& scene, bool& which) {
  which = true;
  menu_moment_ = moment_of(scene);
}

// A menu is about one moment: whatever was done in it or by a key, it has nothing more to say.
bool NetworkPanel::menu_is_over(const Scene& scene, bool just_opened) const {
  return !just_opened && (close_menus_ || menu_moment_ != moment_of(scene));
}

float NetworkPanel::bar_height(const Scene& scene) const {
  const ImGuiStyle& style = ImGui::GetStyle();
  const float room = ImGui::GetContentRegionAvail().x;
  float x = ImGui::CalcTextSize(bar_title(scene).c_str()).x;
  int lines = 1;
  const std::string split = partition_label(scene, actions_.chosen);
  for (const char* label : {kCrash, kRestart, kPause, kResume, kCut, split.c_str(), kHeal}) {
    const float wide = ImGui::CalcTextSize(label).x + 2 * style.FramePadding.x;
    x += style.ItemSpacing.x + wide;
    if (x > room) x = wide, ++lines;
  }
  return static_cast<float>(lines) * ImGui::GetFrameHeightWithSpacing();
}

std::string NetworkPanel::bar_title(const Scene& scene) const {
  const std::optional<NodeId> node = scene.session.selection().node;
  return actions_on(scene, node).crash ? name_of(scene, *node) + ":" : "No node is selected:";
}

void NetworkPanel::act_button(const Scene& scene, const char* label, const std::optional<world::Action>& action,
                              const std::string& without, Requests& requests) const {
  next_button(label);
  if (button(label, action ? why_not_now(scene, *action) : without) && action)
    push(requests, actions_.at_cursor(scene, *action));
}

void NetworkPanel::draw_bar(const Scene& scene, Requests& requests) {
  const std::optional<NodeId> node = scene.session.selection().node;
  const NodeActions on = actions_on(scene, node);
  ImGui::AlignTextToFramePadding();
  ImGui::PushStyleColor(ImGuiCol_Text, on.crash ? scene.theme.text : scene.theme.faint);
  ImGui::TextUnformatted(bar_title(scene).c_str());
  ImGui::PopStyleColor();
  act_button(scene, kCrash, on.crash, kNoNode, requests);
  act_button(scene, kRestart, on.restart, kNoNode, requests);
  act_button(scene, kPause, on.pause, kNoNode, requests);
  act_button(scene, kResume, on.resume, kNoNode, requests);
  next_button(kCut);
  if (button(kCut, on.crash ? "" : kNoNode)) {
    ImGui::OpenPopup("cut");
    open_menu(scene, open_cut_menu_);
  }
  if (ImGui::BeginPopup("cut")) {
    if (menu_is_over(scene, open_cut_menu_)) ImGui::CloseCurrentPopup();
    if (node) cut_items(scene, *node, requests);
    ImGui::EndPopup();
  }
  const std::string split = partition_label(scene, actions_.chosen);
  act_button(scene, split.c_str(), action_of(actions_.partition(scene)), kNoSide, requests);
  act_button(scene, kHeal, world::Action{world::Heal{}}, {}, requests);
}

// The same as a menu, where there is no room for buttons.
void NetworkPanel::draw_low_bar(const Scene& scene) {
  const std::optional<NodeId> node = scene.session.selection().node;
  const bool chosen = actions_on(scene, node).crash.has_value();
  ImGui::AlignTextToFramePadding();
  ImGui::PushStyleColor(ImGuiCol_Text, chosen ? scene.theme.text : scene.theme.faint);
  ImGui::TextUnformatted(bar_title(scene).c_str());
  ImGui::PopStyleColor();
  next_button("What to do ▾");
  if (!ImGui::Button("What to do ▾")) return;
  menu_node_ = node;
  open_menu(scene, open_node_menu_);
}

void NetworkPanel::act_item(const Scene& scene, const char* label, const char* key,
                            const std::optional<world::Action>& action, const std::string& without,
                            Requests& requests) const {
  const std::string why = action ? actions_.why_not(scene, *action) : without;
  if (ImGui::MenuItem(label, key, false, why.empty()) && action) push(requests, actions_.at_cursor(scene, *action));
  tip(why);
}

void NetworkPanel::cut_items(const Scene& scene, NodeId node, Requests& requests) const {
  const auto& nodes = scene.pictures.network.nodes;
  const std::string name = name_of(scene, node);
  for (const playback::NodePicture& other : nodes)
    if (other.node != node)
      act_item(scene, fmt::format("{} → {}", name, other.name).c_str(), nullptr,
               world::Action{world::Cut{name, other.name}}, {}, requests);
}

void NetworkPanel::draw_node_menu(const Scene& scene, Requests& requests) const {
  if (open_node_menu_) ImGui::OpenPopup("node");
  if (!ImGui::BeginPopup("node")) return;
  if (menu_is_over(scene, open_node_menu_)) ImGui::CloseCurrentPopup();
  const NodeActions on = actions_on(scene, menu_node_);
  if (on.crash) {
    const bool up = scene.session.world(scene.lane()).is_up(*menu_node_);
    const bool paused = scene.session.world(scene.lane()).is_paused(*menu_node_);
    heading(scene, name_of(scene, *menu_node_));
    ImGui::Separator();
    act_item(scene, kCrash, up ? "X" : nullptr, on.crash, kNoNode, requests);
    act_item(scene, kRestart, up ? nullptr : "X", on.restart, kNoNode, requests);
    act_item(scene, kPause, nullptr, paused ? std::nullopt : on.pause, "paused already", requests);
    act_item(scene, kResume, nullptr, on.resume, kNoNode, requests);
    if (ImGui::BeginMenu(kCut)) {
      cut_items(scene, *menu_node_, requests);
      ImGui::EndMenu();
    }
    const std::string name = name_of(scene, *menu_node_);
    act_item(scene, "Isolate it", "I", world::Action{world::Isolate{name}}, {}, requests);
    act_item(scene, "Bridge: only it reaches both halves", nullptr, world::Action{actions_.bridge(scene, *menu_node_)},
             {}, requests);
    act_item(scene, "Heal its links", nullptr, world::Action{world::Heal{{name}}}, {}, requests);
    ImGui::Separator();
  }
  act_item(scene, partition_label(scene, actions_.chosen).c_str(), "P", action_of(actions_.partition(scene)), kNoSide,
           requests);
  const auto one_way = [&](bool inwards, const char* key) {
    const auto cut = actions_.one_way(scene, inwards);
    const std::string side = side_label(scene, actions_.chosen);
    const std::string label =
        inwards ? fmt::format("One way: others → {} stops", side) : fmt::format("One way: {} → others stops", side);
    act_item(scene, label.c_str(), key, cut ? std::optional(world::Action{*cut}) : std::nullopt, kNoSide, requests);
  };
  one_way(false, "O");
  one_way(true, nullptr);
  act_item(scene, kHeal, "H", world::Action{world::Heal{}}, {}, requests);
  ImGui::EndPopup();
}

void NetworkPanel::fate_items(const Scene& scene, const MessageName& message, Requests& requests) {
  actions_.message = message;  // the keys beside the items act on what the menu is about
  const std::string why = actions_.why_not(scene, message);
  const auto item = [&](const char* label, const char* key, world::Action fate) {
    if (ImGui::MenuItem(label, key, false, why.empty()))
      push(requests, actions_.to_message(scene, message, std::move(fate)));
    tip(why);
  };
  item("Drop", "D", world::Drop{});
  item("Duplicate", "U", world::Duplicate{});
  item("Delay by 1 s", "L", world::Delay{seconds(1)});
}

void NetworkPanel::draw_message_menu(const Scene& scene, Requests& requests) {
  if (open_message_menu_) ImGui::OpenPopup("message");
  if (!ImGui::BeginPopup("message")) return;
  if (menu_is_over(scene, open_message_menu_)) ImGui::CloseCurrentPopup();
  const auto title = [&](const MessageName& m, const std::string& what) {
    return fmt::format("{}: {} → {} #{}", what, name_of(scene, m.from), name_of(scene, m.to), m.ordinal);
  };
  if (menu_messages_.size() == 1) {
    heading(scene, title(menu_messages_.front().first, menu_messages_.front().second));
    ImGui::Separator();
    fate_items(scene, menu_messages_.front().first, requests);
  }
  for (std::size_t i = 0; menu_messages_.size() > 1 && i < std::min(menu_messages_.size(), kMostOfAMenu); ++i) {
    const auto& [message, what] = menu_messages_[i];
    if (!ImGui::BeginMenu(title(message, what).c_str())) continue;
    fate_items(scene, message, requests);
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

}  // namespace twice::ui

#pragma once
// The nodes in a ring, what is on its way between them, and everything that can be done to both.
#include <optional>
#include <string>
#include <vector>

#include "ui/panels/network_actions.h"
#include "ui/panels/network_drawing.h"
#include "ui/panels/network_layout.h"
#include "ui/panels/run_history.h"
#include "ui/panels/scene.h"

namespace twice::ui {

class NetworkPanel {
 public:
  Requests draw(const Scene& scene);

  // For the app's keys; both work while another view is shown.
  std::optional<playback::Command> command_for(const Scene& scene, Act act) const {
    return actions_.command_for(scene, act);
  }
  std::string why_not(const Scene& scene, Act act) const { return actions_.why_not(scene, act); }

 private:
  struct Canvas {
    ImVec2 from, to;
    bool hovered = false;
  };
  NodeState state_of(const Scene& scene, const playback::NodePicture& node) const;
  void draw_canvas(const Scene& scene, const Canvas& canvas);
  void draw_empty(ImDrawList& list, const Scene& scene) const;
  void draw_links(ImDrawList& list, const Scene& scene) const;
  void draw_nodes(ImDrawList& list, const Scene& scene, FreeSpace& space);
  void draw_flights(ImDrawList& list, const Scene& scene, FreeSpace& space) const;
  bool is_marked(const Scene& scene, const FlightGroup& group) const;
  void find_hovered(const Canvas& canvas);
  void show_tip(const Scene& scene) const;

  void take_input(const Scene& scene, const Canvas& canvas, Requests& requests);
  void press_on_node(const Scene& scene, NodeId node, Requests& requests);
  void press_on_flights(const Scene& scene, const FlightGroup& group, Requests& requests);
  void end_lasso(const Scene& scene, Requests& requests);

  // network_menus.cpp
  float bar_height(const Scene& scene) const;
  void draw_bar(const Scene& scene, Requests& requests);
  void act_button(const Scene& scene, const char* label, const std::optional<world::Action>& action,
                  const std::string& without, Requests& requests) const;
  void act_item(const Scene& scene, const char* label, const char* key, const std::optional<world::Action>& action,
                const std::string& without, Requests& requests) const;
  void cut_items(const Scene& scene, NodeId node, Requests& requests) const;
  void draw_node_menu(const Scene& scene, Requests& requests) const;
  void draw_message_menu(const Scene& scene, Requests& requests) const;
  void fate_items(const Scene& scene, const MessageName& message, Requests& requests) const;
  std::string why_not_now(const Scene& scene, const world::Action& action) const;

  NetworkActions actions_;
  NetworkLayout layout_;
  std::vector<FlightGroup> groups_;
  std::vector<DrawnCell> cells_;
  std::optional<std::size_t> hovered_node_, hovered_group_, hovered_cell_;
  std::vector<ImVec2> lasso_;
  std::optional<NodeId> menu_node_;
  std::vector<std::pair<MessageName, std::string>> menu_messages_;  // with their names
  bool open_node_menu_ = false, open_message_menu_ = false;
  RunHistory history_;
};

}  // namespace twice::ui

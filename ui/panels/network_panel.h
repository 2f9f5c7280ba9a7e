#pragma once
// The nodes in a ring, what is on its way between them, and everything that can be done to both.
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ui/panels/network_actions.h"
#include "ui/panels/network_drawing.h"
#include "ui/panels/network_layout.h"
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
  /// For Escape: the menus are gone with the next frame, and what was being drawn around nodes too.
  void close_menus() { close_menus_ = true; }

 private:
  struct Canvas {
    ImVec2 from, to;
    bool hovered = false;
  };
  using MenuMoment = std::tuple<const playback::Session*, std::size_t, std::size_t, Sequence>;
  static MenuMoment moment_of(const Scene& scene);
  NodeState state_of(const Scene& scene, const playback::NodePicture& node) const;
  void draw_canvas(const Scene& scene, const Canvas& canvas);
  void draw_hint(ImDrawList& list, const Scene& scene, const Canvas& canvas) const;
  void draw_links(ImDrawList& list, const Scene& scene);
  void draw_nodes(ImDrawList& list, const Scene& scene, FreeSpace& space);
  void draw_flights(ImDrawList& list, const Scene& scene, FreeSpace& space) const;
  bool is_marked(const Scene& scene, const FlightGroup& group) const;
  void find_small(const Scene& scene, NetworkRoom& room) const;
  void lay_out(const Scene& scene, const Canvas& canvas);
  float off_flight(const FlightGroup& group, ImVec2 mouse, bool still) const;
  void find_hovered(const Scene& scene, const Canvas& canvas);
  void show_tip(const Scene& scene) const;

  void take_input(const Scene& scene, const Canvas& canvas, Requests& requests);
  void press_on_node(const Scene& scene, NodeId node, Requests& requests);
  void press_on_flights(const Scene& scene, const FlightGroup& group, Requests& requests);
  void end_lasso(const Scene& scene, Requests& requests);

  // network_menus.cpp
  std::string bar_title(const Scene& scene) const;
  float bar_height(const Scene& scene) const;
  void draw_bar(const Scene& scene, Requests& requests);
  void draw_low_bar(const Scene& scene);
  void act_button(const Scene& scene, const char* label, const std::optional<world::Action>& action,
                  const std::string& without, Requests& requests) const;
  void act_item(const Scene& scene, const char* label, const char* key, const std::optional<world::Action>& action,
                const std::string& without, Requests& requests) const;
  void cut_items(const Scene& scene, NodeId node, Requests& requests) const;
  void draw_node_menu(const Scene& scene, Requests& requests) const;
  void draw_message_menu(const Scene& scene, Requests& requests);
  void fate_items(const Scene& scene, const MessageName& message, Requests& requests);
  void open_menu(const Scene& scene, bool& which);
  bool menu_is_over(const Scene& scene, bool just_opened) const;
  std::string why_not_now(const Scene& scene, const world::Action& action) const;

  NetworkActions actions_;
  NetworkLayout layout_;
  NetworkRoom laid_out_{};
  std::vector<FlightGroup> groups_;
  std::vector<DrawnCell> cells_;
  std::optional<std::size_t> hovered_node_, hovered_group_, hovered_cell_;
  std::vector<ImVec2> lasso_;
  std::optional<NodeId> menu_node_;
  std::vector<std::pair<MessageName, std::string>> menu_messages_;  // with their names
  bool open_node_menu_ = false, open_message_menu_ = false, open_cut_menu_ = false;
  bool close_menus_ = false;
  MenuMoment menu_moment_{};
};

}  // namespace twice::ui

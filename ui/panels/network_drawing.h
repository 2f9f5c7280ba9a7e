#pragma once
// How nodes, links and messages look.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/panels/labels.h"
#include "ui/panels/network_layout.h"
#include "ui/panels/scene.h"

namespace twice::ui {

enum class NodeState : std::uint8_t { kUp, kPaused, kDown, kNotStarted, kEnded };

struct NodeLook {
  NodeState state = NodeState::kUp;
  bool selected = false, chosen = false, hovered = false;
};

/// A cell of a node's strip, where it was drawn.
struct DrawnCell {
  ImVec2 from, to;
  std::string tip;
};

/// Takes the room of circle and strip from `space`, adds the strip's cells to `cells`.
void draw_node(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t node,
               const NodeLook& look, FreeSpace& space, std::vector<DrawnCell>& cells);
void draw_link(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t from, std::size_t to);
/// `both`: the way back is cut as well.
void draw_cut(ImDrawList& list, const Scene& scene, const NetworkLayout& layout, std::size_t from, std::size_t to,
              bool both);
void draw_flight(ImDrawList& list, const Scene& scene, const FlightGroup& group, bool marked);
/// Its name, where there is room.
void draw_flight_label(ImDrawList& list, const Scene& scene, const FlightGroup& group, FreeSpace& space);
/// A name at the hyphen nearest to its middle; the second part is empty when it has none.
std::pair<std::string, std::string> broken_name(const std::string& name);
Legend network_legend(const Scene& scene);

}  // namespace twice::ui

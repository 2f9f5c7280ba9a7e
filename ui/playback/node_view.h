#pragma once
// What a kind of node shows of itself in pictures. A new protocol adds one NodeView to the table in node_view.cpp and
// appears in every view; no view knows a protocol.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/node.h"
#include "world/world.h"

namespace twice::playback {

/// In the circle.
struct Face {
  std::string role;              // "loader", "leader": one word
  std::string line;              // the one fact that matters now: "row 431", "term 3"
  std::optional<double> filled;  // 0..1: a ring that fills or depletes
};

/// One cell of the strip beside the circle (a log entry, a peer, a session).
struct StripCell {
  std::string text;
  enum class Look : std::uint8_t { kSolid, kDashed, kAlarm } look = Look::kSolid;
  std::string tip;
};

class NodeView {
 public:
  virtual ~NodeView() = default;
  virtual bool knows(const Node& node) const = 0;
  virtual Face face(const world::World& world, NodeId node) const = 0;
  virtual std::vector<StripCell> strip(const world::World& world, NodeId node) const = 0;
  /// A client is drawn small beside the server it asks first. kNobody: the node stands by itself.
  virtual NodeId beside(const world::World&, NodeId) const { return kNobody; }
};

/// The first view that knows the node; there is always one.
const NodeView& view_of(const Node& node);

}  // namespace twice::playback

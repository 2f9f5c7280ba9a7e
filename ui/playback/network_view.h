#pragma once
// Nodes, links and messages on their way at one moment.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ui/playback/node_view.h"
#include "ui/playback/recording.h"

namespace twice::playback {

struct NodePicture {
  NodeId node;
  std::string name;
  bool up = false, paused = false;
  Face face;
  std::vector<StripCell> strip;
  NodeId beside = kNobody;  // drawn small beside this one
};

/// A message between its sender and its receiver.
struct Flight {
  NodeId from, to;
  std::string what;           // the message's name
  std::uint32_t ordinal = 0;  // on its link: with it, a step names this message
  Time sent, arrives;
  Sequence cause = 0;
  bool ever_arrives() const { return arrives != kEndOfTime; }
  /// 0 at the sender, 1 at the receiver.
  double progress(Time now) const;
};

struct CutLink {
  NodeId from, to;
};

struct NetworkView {
  std::vector<NodePicture> nodes;  // the order of every picture
  std::vector<Flight> flights;     // by arrival; at most kMostFlights
  std::size_t flights_in_all = 0;
  std::vector<CutLink> cuts;
  static constexpr std::size_t kMostFlights = 300;
};

struct LogPicture {
  NodeId node;
  std::string name;
  bool up = false;
  Face face;
  ServerLog log;
};
/// Of the nodes that replicate a log, in the order of every picture.
std::vector<LogPicture> look_at_logs(const Recording& recording, const world::World& world);

NetworkView look_at_network(const Recording& recording, const world::World& world);

}  // namespace twice::playback

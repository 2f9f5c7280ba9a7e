#pragma once
// A failure detector by heartbeats. See README.md.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "world/world.h"

namespace twice::protocols {

struct HeartbeatParameters {
  Duration interval = milliseconds(100);  // between two heartbeats of one node
  Duration timeout = milliseconds(500);   // without news for this long, a peer is suspected
};

/// "I am here", in this life of mine.
struct Heartbeat {
  static constexpr std::string_view kName = "Heartbeat";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("incarnation", self.incarnation), v("round", self.round);
  }
  std::uint32_t incarnation = 0;
  std::uint64_t round = 0;
};

/// What survives a crash.
struct Incarnation {
  static constexpr std::string_view kName = "Incarnation";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint32_t number = 0;
};

/// One node of the group. Marks: "suspect" and "trust"; value = the peer, scope = the node itself, both counted from 1.
struct HeartbeatNode {
  static constexpr std::string_view kName = "heartbeat";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("incarnation", self.incarnation), v("announced_after", self.announced_after), v("round", self.round),
        v("peers", self.peers);
    v("suspicions", self.suspicions), v("wrong_suspicions", self.wrong_suspicions);
  }
  void step(Time now, const Input& input, Effects& effects);

  struct Peer {
    static constexpr std::string_view kName = "peer";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("node", self.node), v("heard", self.heard), v("incarnation", self.incarnation), v("round", self.round),
          v("suspected", self.suspected);
    }
    NodeId node;
    Time heard{};                   // on this node's clock
    std::uint32_t incarnation = 0;  // the newest heard of; 0: never heard
    std::uint64_t round = 0;        // the newest of that incarnation
    bool suspected = false;
  };

  // Fixed.
  HeartbeatParameters parameters;
  NodeId self;
  // Volatile: a restart begins anew.
  std::vector<Peer> peers;
  std::uint32_t incarnation = 0;
  WriteToken announced_after = 0;  // no heartbeat leaves before this incarnation's number is durable
  std::uint64_t round = 0;
  std::uint64_t suspicions = 0;
  std::uint64_t wrong_suspicions = 0;  // the same incarnation was heard again: it had been alive all the time

 private:
  void begin(Time now, const Start& start, Effects& effects);
  void beat(Effects& effects);
  void hear(Time now, NodeId from, const Heartbeat& heartbeat, Effects& effects);
  void check(Time now, Effects& effects);
};

/// Nodes 0..n-1 of a world, in the order of their names.
std::vector<world::NodeSetup> make_heartbeat_cluster(const std::vector<std::string>& names,
                                                     const HeartbeatParameters& parameters);

}  // namespace twice::protocols

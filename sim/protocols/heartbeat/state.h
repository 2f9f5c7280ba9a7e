#pragma once
// A failure detector by heartbeats and timeouts; README.md says where it comes from and what it promises.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/heartbeat/messages.h"
#include "world/world.h"

namespace twice::heartbeat {

struct HeartbeatParameters {
  Duration interval = milliseconds(100);  // between two heartbeats of a node
  Duration timeout = milliseconds(300);   // without news of a peer, until it is suspected
};

/// What one node believes of another.
struct Peer {
  static constexpr std::string_view kName = "Peer";
  template <class Self, class V>
  static void visit(Self& self, V& v) { v("suspected", self.suspected), v("incarnation", self.incarnation), v("round", self.round); }
  bool suspected = false;
  std::uint32_t incarnation = 0;  // the newest heard of; 0 = never heard
  std::uint32_t round = 0;        // the newest of that incarnation
};

class Detector {
 public:
  static constexpr std::string_view kName = "heartbeat detector";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("self", self.self_), v("interval", self.parameters_.interval), v("timeout", self.parameters_.timeout);
    v("incarnation", self.incarnation_), v("announced_after", self.announced_after_), v("round", self.round_);
    v("peers", self.peers_), v("suspicions", self.suspicions_), v("wrong_suspicions", self.wrong_suspicions_);
  }

  /// `size`: nodes in the cluster, at most 255; they are nodes 0 .. size-1 of the world.
  Detector(NodeId self, std::size_t size, HeartbeatParameters parameters);
  void step(Time now, const Input& input, Effects& effects);

  bool suspects(NodeId peer) const { return peers_[peer.index].suspected; }
  const Peer& peer(NodeId peer) const { return peers_[peer.index]; }
  std::uint32_t incarnation() const { return incarnation_; }
  /// Suspicions since the start of this incarnation.
  std::uint64_t suspicions() const { return suspicions_; }
  /// Those that a heartbeat of the same incarnation proved wrong: the peer had been alive all the time.
  std::uint64_t wrong_suspicions() const { return wrong_suspicions_; }

 private:
  void start(const std::vector<Record>& durable, Effects& effects);
  void beat(Effects& effects);
  void hear(NodeId from, const Heartbeat& heartbeat, Effects& effects);
  void suspect(NodeId peer, Effects& effects);

  NodeId self_;
  HeartbeatParameters parameters_;
  std::uint32_t incarnation_ = 0;
  WriteToken announced_after_ = 0;  // no heartbeat leaves before this incarnation's number is durable
  std::uint32_t round_ = 0;
  std::vector<Peer> peers_;  // by node; the own place stays unused
  std::uint64_t suspicions_ = 0;
  std::uint64_t wrong_suspicions_ = 0;
};

/// One detector a name, each watching all others. Marks: "suspect" and "trust", value = the peer's index + 1, scope =
/// the watching node's index + 1.
std::vector<world::NodeSetup> make_heartbeat_cluster(const std::vector<std::string>& names, const HeartbeatParameters& parameters);

}  // namespace twice::heartbeat

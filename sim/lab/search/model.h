#pragma once
// What is searched: nodes as they run in the simulator, what may happen to them, and what must hold.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "world/world.h"

namespace twice::lab::search {

/// What becomes of messages on their way.
enum class NetworkKind : std::uint8_t {
  kSet,       // every message stays: it may arrive never, late, or many times
  kMultiset,  // every message arrives once at most, in any order
  kFifo,      // the same, in order on each link
};
std::string_view name_of(NetworkKind kind);  // set, multiset, fifo

/// When a node's writes are durable.
enum class DiskKind : std::uint8_t {
  kAtOnce,  // with the step that makes them
  kLater,   // when the scheduler says so; a crash before that loses them
};

/// One node as the search sees it: everything that decides what it does next, but for its messages.
struct Local {
  struct Unsynced {
    WriteToken token;
    WriteToken batch;  // one sync makes all writes of a step durable
    Record record;
  };
  Cloned<Node> node;            // of a node that is down: as before its first start
  std::vector<Record> durable;  // ordered by key
  std::vector<Unsynced> unsynced;
  std::vector<Send> waiting;  // for a write
  std::uint64_t timers = 0;   // bit t: timer t is armed
  bool up = false;
};

/// A node in the eyes of a property: its state, and what the property's own `fact` says of it.
struct Seen {
  const Local* local;
  std::uint64_t fact;
};

struct Property {
  enum class Kind : std::uint8_t {
    kAlways,      // in every state that can be reached
    kSometimes,   // in one of them; the shortest way there is the witness
    kEventually,  // every run comes to such a state: none ends before, none goes in a circle for ever before
  };
  std::string name;
  Kind kind = Kind::kAlways;
  /// Judges a state. Asked once a distinct state.
  std::function<bool(std::span<const Seen>)> holds{};
  /// What `holds` wants to know of one node; asked once a distinct local state. May be left out.
  std::function<std::uint64_t(NodeId, const Local&)> fact{};
  /// Instead of `holds`: judges marks; always = all that are ever set, sometimes = one of them.
  std::function<bool(NodeId, const Mark&)> mark{};
};
std::string_view name_of(Property::Kind kind);

/// What may happen. Bounds are part of what is searched: a verdict holds within them.
struct Options {
  NetworkKind network = NetworkKind::kSet;
  DiskKind disk = DiskKind::kAtOnce;
  std::uint32_t crashes = 0;              // of all nodes together; a node that is down may start again
  std::uint32_t drops = 0;                // messages lost; a set needs none: it never has to deliver
  std::optional<std::uint32_t> timers{};  // how many timers fire; nullopt: any number
  std::uint32_t max_depth = 0;            // levels, the first state is one; 0: without limit
  std::uint32_t max_states = 0;           // 0: without limit
  std::uint64_t memory = 2'000'000'000;   // bytes
  bool symmetry = false;                  // states that differ in names only count once
  bool keep_going = false;                // after the first state that must not be
};

/// A permutation of the nodes: `to[i]` is the new name of node i.
struct Renaming {
  std::vector<NodeId> to;
  NodeId operator()(NodeId node) const { return node == kNobody ? node : to[node.index]; }
};

/// Nodes that do the same work and may swap names. Made by make_symmetry (renaming.h).
struct Symmetry {
  std::vector<NodeId> members;  // ascending
  /// `from` renamed, with the fixed parts of `at`, whose place it takes.
  std::function<std::unique_ptr<Node>(const Node& from, const Node& at, const Renaming&)> rename_node{};
  std::function<Payload(const Payload&, const Renaming&)> rename_body{};
  /// Digests in which `self` is told from all other members, and they are not told from each other.
  std::function<std::uint64_t(const Node&, const std::vector<bool>& is_member, NodeId self)> node_digest{};
  std::function<std::uint64_t(const Payload&, const std::vector<bool>& is_member, NodeId self)> body_digest{};
};

struct InFlight {
  NodeId from, to;
  Payload body;
};

/// The whole question. Without `locals` every node is about to start, in the order of their ids.
struct Model {
  std::vector<Cloned<Node>> nodes;
  std::vector<std::string> names;
  std::vector<Property> properties;
  Options options;
  std::optional<Symmetry> symmetry{};
  /// A timer in words: "prepares". May be left out.
  std::function<std::string(const Node&, std::uint8_t)> timer_name{};
  // A state in the middle of a run; see lift.
  std::vector<Local> locals{};
  std::vector<InFlight> in_flight{};
  std::vector<Time> local_now{};  // stands still; empty: zero
};

/// Takes over a simulated state: nodes, disks, armed timers and messages on their way. A message that waits at a
/// clogged link or a paused node is on its way; a partition is over.
void lift(const world::World& world, Model& model);

}  // namespace twice::lab::search

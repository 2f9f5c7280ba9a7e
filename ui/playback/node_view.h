#pragma once
// What a kind of node shows of itself in pictures. A new protocol adds one NodeView to the table in node_view.cpp and
// appears in every view; no view knows a protocol.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "world/world.h"

namespace twice::playback {

/// A ring that empties until something is due; it is full when `whole` is left.
struct Countdown {
  Time due;
  Duration whole;
  double left(Time now) const;  // 1 full, 0 due
};

/// Somebody's vote on what the node asks for.
struct Ballot {
  std::string voter;
  enum class Said : std::uint8_t { kYes, kNo, kNothing } said = Said::kNothing;
};

/// In the circle.
struct Face {
  std::string role;                      // "loader", "leader": one word
  std::string line;                      // the one fact that matters now: "row 431", "term 3"
  std::optional<double> filled{};        // 0..1: a ring that fills or depletes
  std::optional<std::uint64_t> term{};   // the reign it lives in: colours the circle
  std::string_view era = "term";         // what the protocol calls that
  std::optional<Countdown> countdown{};  // the ring empties by itself
  std::vector<Ballot> ballots{};         // while it stands for election
  bool leads = false;
  bool votes = true;  // no: a dashed circle
};

/// One cell of the strip beside the circle (a log entry, a peer, a session).
struct StripCell {
  std::string text;
  enum class Look : std::uint8_t { kSolid, kDashed, kAlarm } look = Look::kSolid;
  std::string tip;
  std::optional<std::uint64_t> term{};  // of a log entry: its colour
};

/// A server's log, and how far it knows its entries to be committed.
struct ServerLog {
  struct Entry {
    std::uint64_t index = 0, term = 0;
    bool committed = false;
    std::string what;  // "write k3 = 7"
  };
  struct Follower {
    NodeId node;
    std::uint64_t match = 0, next = 0;
    std::string sending;  // "replicate"
  };
  static constexpr std::size_t kMostEntries = 200;

  std::uint64_t base = 0;  // entries up to here are in its snapshot
  std::uint64_t last = 0, commit = 0;
  std::optional<std::uint64_t> durable;  // where the log is written in order
  std::vector<Entry> entries;            // the newest ones after `base`, oldest first; there may be holes
  std::vector<Follower> followers;       // of a leader: what it knows of the others
  std::string configuration;             // who votes, who learns
};

class NodeView {
 public:
  virtual ~NodeView() = default;
  virtual bool knows(const Node& node) const = 0;
  virtual Face face(const world::World& world, NodeId node) const = 0;
  virtual std::vector<StripCell> strip(const world::World& world, NodeId node) const = 0;
  /// A client is drawn small beside the server it asks first. kNobody: the node stands by itself.
  virtual NodeId beside(const world::World&, NodeId) const { return kNobody; }
  virtual std::optional<ServerLog> log(const world::World&, NodeId) const { return std::nullopt; }
  /// What an operator tells the node so that its election timer ends after `place` of `of` steps through the range
  /// that it is drawn from; empty: it has no such timer, or it does not run.
  virtual std::string told_to_wait(const world::World&, NodeId, std::size_t /*place*/, std::size_t /*of*/) const {
    return {};
  }
};

/// The first view that knows the node; there is always one.
const NodeView& view_of(const Node& node);

}  // namespace twice::playback

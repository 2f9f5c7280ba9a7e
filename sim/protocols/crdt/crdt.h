#pragma once
// Replicas that answer everything at once and gossip their states. See README.md.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/server.h"
#include "protocols/client/session.h"
#include "protocols/crdt/types.h"
#include "world/world.h"

namespace twice::protocols {

/// What a gossip carries.
enum class Ship : std::uint8_t {
  kFull,     // every key
  kChanged,  // keys that changed since the receiver last confirmed
};
std::string_view name_of(Ship ship);  // full, changed

struct CrdtParameters {
  Persist persist = Persist::kBeforeAnswer;
  Duration gossip = milliseconds(50);  // between two gossips of one replica
  bool to_all = false;                 // false: to one peer, each in turn
  Ship ship = Ship::kChanged;
  bool sessions = true;      // one replica does not do one request twice; two replicas may
  bool incarnations = true;  // false: a restarted replica goes on under its old name, whatever it forgot
  bool contexts = true;      // false: merging sets is a union
};

struct CrdtGossip {
  static constexpr std::string_view kName = "Gossip";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("incarnation", self.incarnation), v("version", self.version), v("cells", self.cells);
  }
  std::uint32_t incarnation = 0;
  std::uint64_t version = 0;  // of the sender's state: it confirms all changes up to here
  std::vector<std::pair<std::uint32_t, Block<CrdtCell>>> cells;
};
struct CrdtConfirm {
  static constexpr std::string_view kName = "Confirm";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("incarnation", self.incarnation), v("version", self.version), v("own", self.own);
  }
  std::uint32_t incarnation = 0;  // of the gossip's sender
  std::uint64_t version = 0;
  std::uint32_t own = 0;  // the confirmer's incarnation
};

/// A key with the requests that changed it here: one record, so that a crash keeps both or neither.
struct CrdtRecord {
  static constexpr std::string_view kName = "cell";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("key", self.key), v("cell", self.cell), v("sessions", self.sessions);
  }
  std::uint32_t key = 0;
  Block<CrdtCell> cell;
  Sessions sessions;
};
struct CrdtLife {
  static constexpr std::string_view kName = "incarnation";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint32_t number = 0;
};

/// Mark: "merge" when a gossip brought news; value = keys changed by gossip so far, scope = the node from 1.
struct CrdtNode {
  static constexpr std::string_view kName = "crdt";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("incarnation", self.incarnation), v("keys", self.keys), v("peers", self.peers), v("version", self.version),
        v("round", self.round), v("merged", self.merged), v("shipped", self.shipped),
        v("announced_after", self.announced_after), v("newest_write", self.newest_write);
  }
  void step(Time now, const Input& input, Effects& effects);
  /// What a read of `key` gives here.
  Cell read(std::uint32_t key) const;

  struct Key {
    static constexpr std::string_view kName = "key";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("cell", self.cell), v("version", self.version), v("sessions", self.sessions);
    }
    Block<CrdtCell> cell;
    std::uint64_t version = 0;  // of the replica's state, when the key last changed
    Sessions sessions;
  };
  struct Peer {
    static constexpr std::string_view kName = "peer";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("node", self.node), v("incarnation", self.incarnation), v("confirmed", self.confirmed);
    }
    NodeId node;
    std::uint32_t incarnation = 0;  // the newest heard of: a later one may have forgotten what it confirmed
    std::uint64_t confirmed = 0;    // version
  };

  // Fixed.
  CrdtParameters parameters;
  NodeId self;
  // Durable.
  std::uint32_t incarnation = 0;
  std::map<std::uint32_t, Key> keys;
  // Volatile.
  std::vector<Peer> peers;
  std::uint64_t version = 1;
  std::uint64_t round = 0;
  std::uint64_t merged = 0;        // keys changed by gossip
  std::uint64_t shipped = 0;       // keys sent in gossips
  WriteToken announced_after = 0;  // nothing leaves before this incarnation's number is durable
  WriteToken newest_write = 0;

 private:
  void begin(const Start& start, Effects& effects);
  void gossip(Effects& effects);
  void gossip_to(const Peer& peer, Effects& effects);
  void on(NodeId from, const Request& request, Effects& effects);
  void on(NodeId from, const CrdtGossip& message, Effects& effects);
  void on(NodeId from, const CrdtConfirm& message, Effects& effects);
  Reply apply(const Request& request, Effects& effects);
  void changed(std::uint32_t key, CrdtCell cell, Effects& effects);
  void hear_of(NodeId node, std::uint32_t life);
  WriteToken after() const { return parameters.persist == Persist::kBeforeAnswer ? newest_write : announced_after; }
};

/// Replicas 0..n-1 in the order of their names.
std::vector<world::NodeSetup> make_crdt(const std::vector<std::string>& names, const CrdtParameters& parameters,
                                        Duration sync_cost = milliseconds(2));

}  // namespace twice::protocols

#pragma once
// Replicas without a leader: any node coordinates, a write counts when W replicas have it, a read asks R. See
// README.md.
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/server.h"
#include "protocols/quorum/versions.h"
#include "world/world.h"

namespace twice::protocols {

/// What a read does about replicas that answered with less than it knows in the end.
enum class ReadRepair : std::uint8_t {
  kOff,
  kAsync,         // sends them the newest after the client has its answer
  kBeforeAnswer,  // writes the newest back to W replicas before the client gets it
};
std::string_view name_of(ReadRepair repair);  // off, async, before-answer

struct QuorumParameters {
  std::uint32_t n = 3, r = 2, w = 2;  // replicas of a key; answers a read waits for; a write
  Conflict conflict = Conflict::kLastWriterWins;
  ReadRepair repair = ReadRepair::kAsync;
  bool sloppy = false;                   // a write goes on to the next nodes when replicas are silent
  Duration handoff = seconds(1);         // how often what was taken for another is offered to it
  Duration anti_entropy{};               // how often two replicas compare what they have; zero: never
  Duration timeout = milliseconds(500);  // of one round of questions to the replicas
  Persist persist = Persist::kBeforeAnswer;
};

// Coordinator to replica and back. The names are those of the WARS model: write, acknowledge, read, send.
struct StoreWrite {
  static constexpr std::string_view kName = "StoreWrite";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("op", self.op), v("key", self.key), v("state", self.state), v("kept_for", self.kept_for);
  }
  std::uint32_t op = 0;  // 0: nobody waits for an answer
  std::uint32_t key = 0;
  Block<KeyState> state;
  NodeId kept_for = kNobody;  // a hint: hand it to this node when it is back
};
struct StoreAck {
  static constexpr std::string_view kName = "StoreAck";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("op", self.op);
  }
  std::uint32_t op = 0;
};
struct StoreRead {
  static constexpr std::string_view kName = "StoreRead";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("op", self.op), v("key", self.key);
  }
  std::uint32_t op = 0, key = 0;
};
struct StoreValue {
  static constexpr std::string_view kName = "StoreValue";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("op", self.op), v("state", self.state);
  }
  std::uint32_t op = 0;
  Block<KeyState> state;  // none: never written there
};
/// What was taken for this node while it was silent, and its answer.
struct Handoff {
  static constexpr std::string_view kName = "Handoff";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("hint", self.hint), v("key", self.key), v("state", self.state);
  }
  std::uint64_t hint = 0;
  std::uint32_t key = 0;
  Block<KeyState> state;
};
struct HandoffTaken {
  static constexpr std::string_view kName = "HandoffTaken";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("hint", self.hint);
  }
  std::uint64_t hint = 0;
};
/// Anti-entropy: hashes of the keys in each bucket, then the keys of the buckets that differ.
struct CompareBuckets {
  static constexpr std::string_view kName = "CompareBuckets";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("hashes", self.hashes);
  }
  std::vector<std::uint64_t> hashes;
};
struct ExchangeKeys {
  static constexpr std::string_view kName = "ExchangeKeys";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("buckets", self.buckets), v("keys", self.keys), v("reply", self.reply);
  }
  std::vector<std::uint32_t> buckets;
  std::vector<std::pair<std::uint32_t, Block<KeyState>>> keys;
  bool reply = false;  // the other side's half
};

/// Durable: a key, a hint, and how often this node has started.
struct KeyRecord {
  static constexpr std::string_view kName = "key record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("key", self.key), v("state", self.state);
  }
  std::uint32_t key = 0;
  Block<KeyState> state;
};
struct Hint {
  static constexpr std::string_view kName = "hint";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("node", self.node), v("key", self.key), v("state", self.state);
  }
  std::uint64_t number = 0;
  NodeId node;
  std::uint32_t key = 0;
  Block<KeyState> state;
};
struct LifeRecord {
  static constexpr std::string_view kName = "life";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint32_t number = 0;
};

/// Which nodes hold a key: the n replicas first, then who stands in for them.
struct ReplicaPlacement {
  std::size_t members = 1;
  NodeId preferred(std::uint32_t key, std::size_t place) const {
    return {static_cast<std::uint16_t>((mix(key) % members + place) % members)};
  }
};

/// Marks: "hint" when a write is kept for another node (value = that node, from 1), "handed" when it has it,
/// "repair" when a read repairs (value = key), "sync" when two replicas differed (value = keys sent).
struct QuorumNode {
  static constexpr std::string_view kName = "quorum";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("keys", self.keys), v("hints", self.hints), v("pending", self.pending),
        v("silent", self.silent), v("last_stamp", self.last_stamp), v("writes", self.writes);
  }
  void step(Time now, const Input& input, Effects& effects);
  bool coordinates_only() const { return self.index >= placement.members; }

  /// An operation this node coordinates.
  struct Pending {
    static constexpr std::string_view kName = "coordinated";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("op", self.op), v("id", self.id), v("command", self.command), v("phase", self.phase), v("asked", self.asked),
          v("found", self.found), v("answers", self.answers), v("due", self.due);
    }
    enum class Phase : std::uint8_t { kReading, kWriting, kWritingBack, kRepairing };
    struct Target {
      static constexpr std::string_view kName = "target";
      template <class Self, class V>
      static void visit(Self& self, V& v) {
        v("node", self.node), v("answered", self.answered), v("current", self.current);
      }
      NodeId node;
      bool answered = false;
      bool current = false;  // its answer held all that was found
    };
    std::uint32_t op = 0;
    RequestId id;
    Command command;
    VersionVector context;
    Phase phase = Phase::kReading;
    std::vector<Target> asked;
    KeyState found;
    std::vector<std::pair<NodeId, Block<KeyState>>> values;  // as they came, while a repair may need them
    std::uint32_t answers = 0;
    std::uint32_t next_place = 0;  // of the next stand-in
    bool stood_in = false;
    Block<KeyState> writing;
    Time due{};
  };
  struct Silent {
    static constexpr std::string_view kName = "silent";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("node", self.node), v("until", self.until);
    }
    NodeId node;
    Time until;  // then it is tried again
  };

  // Fixed.
  QuorumParameters parameters;
  NodeId self;
  ReplicaPlacement placement;
  // Durable.
  std::uint32_t life = 0;
  std::map<std::uint32_t, Block<KeyState>> keys;
  std::vector<Hint> hints;
  // Volatile.
  std::vector<Pending> pending;
  std::vector<Silent> silent;
  std::uint32_t last_op = 0;
  std::uint64_t last_hint = 0;
  std::uint64_t writes = 0;  // of this life: numbers its versions
  Time last_stamp{};
  Time armed = kEndOfTime;
  WriteToken newest_write = 0;
  WriteToken life_token = 0;  // no version leaves before its life is durable
  std::uint32_t sync_with = 0;

 private:
  void begin(Time now, const Start& start, Effects& effects);
  void on(Time now, NodeId from, const Payload& body, Effects& effects);
  void coordinate(Time now, const Request& request, Effects& effects);
  void ask_replicas(Time now, Pending& op, Effects& effects);
  void send_write(Pending& op, NodeId to, NodeId kept_for, Effects& effects);
  void write_phase(Time now, Pending& op, Effects& effects);
  void heard_value(Time now, NodeId from, const StoreValue& value, Effects& effects);
  void heard_ack(NodeId from, std::uint32_t op, Effects& effects);
  void read_done(Time now, std::size_t index, Effects& effects);
  void repair(Pending& op, Effects& effects);
  void due(Time now, Effects& effects);
  bool stand_ins(Time now, Pending& op, Effects& effects);
  void handed_over(NodeId to, std::uint64_t number, Effects& effects);
  void offer_hints(Effects& effects);
  void compare_with_next(Effects& effects);
  void on_compare(NodeId from, const CompareBuckets& theirs, Effects& effects);
  void on_exchange(NodeId from, const ExchangeKeys& theirs, Effects& effects);
  bool keep(std::uint32_t key, const KeyState& state, Effects& effects);
  void keep_hint(NodeId node, std::uint32_t key, const Block<KeyState>& state, Effects& effects);
  bool holds(std::uint32_t key, NodeId node) const;
  bool is_silent(Time now, NodeId node) const;
  std::vector<std::uint64_t> bucket_hashes() const;
  void arm(Time now, Effects& effects);
  WriteToken after() const { return parameters.persist == Persist::kBeforeAnswer ? newest_write : 0; }
};

/// Nodes 0..n-1 of a world hold data, in the order of their names; router-1, … after them only coordinate.
std::vector<world::NodeSetup> make_quorum(const std::vector<std::string>& names, std::uint32_t routers,
                                          const QuorumParameters& parameters);

}  // namespace twice::protocols

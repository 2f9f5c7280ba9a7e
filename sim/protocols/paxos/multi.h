#pragma once
// Multi-Paxos: one instance of Paxos a log entry, and one phase 1 for all of them (Lamport 2001, §3; van Renesse &
// Altinbuken, "Paxos Made Moderately Complex", 2015). The log's entries and the state machine behind it are Raft's.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/paxos/ballot.h"
#include "protocols/raft/machine.h"
#include "world/world.h"

namespace twice::protocols::paxos {

using raft::Entry;
using raft::Index;

/// Its timers: until it wants to lead, and between a leader's signs of life.
enum : std::uint8_t { kElection, kHeartbeat };

struct MultiPaxosParameters {
  DurationRange election{milliseconds(150), milliseconds(300)};  // silence after which a server wants to lead
  Duration heartbeat = milliseconds(50);
  bool sessions = true;
  Bug bug = Bug::kNone;
};

/// What an acceptor knows of one entry.
struct Slot {
  static constexpr std::string_view kName = "slot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("index", self.index), v("ballot", self.ballot), v("entry", self.entry), v("chosen", self.chosen);
  }
  Index index = 0;
  Ballot ballot;  // under which it was accepted
  Block<Entry> entry;
  bool chosen = false;
};

// --- messages
struct PrepareAll {  // 1a of every entry from `from` on
  static constexpr std::string_view kName = "Prepare";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("from", self.from);
  }
  Ballot ballot;
  Index from = 1;
};
struct PromiseAll {  // 1b
  static constexpr std::string_view kName = "Promise";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("slots", self.slots);
  }
  Ballot ballot;
  std::vector<Slot> slots;
};
struct AcceptSlot {  // 2a
  static constexpr std::string_view kName = "Accept";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("index", self.index), v("entry", self.entry);
  }
  Ballot ballot;
  Index index = 0;
  Block<Entry> entry;
};
struct AcceptedSlot {  // 2b
  static constexpr std::string_view kName = "Accepted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("index", self.index);
  }
  Ballot ballot;
  Index index = 0;
};
struct Overtaken {
  static constexpr std::string_view kName = "Nack";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("promised", self.promised);
  }
  Ballot ballot, promised;
};
struct LeaderAlive {
  static constexpr std::string_view kName = "LeaderAlive";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("chosen", self.chosen);
  }
  Ballot ballot;
  Index chosen = 0;  // all entries up to here
};
struct Learned {  // what a follower lacks nothing of
  static constexpr std::string_view kName = "Learned";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("chosen", self.chosen);
  }
  Ballot ballot;
  Index chosen = 0;
};
struct Learn {  // entries that were chosen
  static constexpr std::string_view kName = "Learn";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("entries", self.entries);
  }
  std::vector<Block<Entry>> entries;
};

// --- what is on the disk
struct PromisedRecord {
  static constexpr std::string_view kName = "promised";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot);
  }
  Ballot ballot;
};
struct SlotRecord {
  static constexpr std::string_view kName = "accepted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("slot", self.slot);
  }
  Slot slot;
};

/// An entry on its way to being chosen.
struct Proposed {
  static constexpr std::string_view kName = "proposed";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("entry", self.entry), v("voices", self.voices);
  }
  Block<Entry> entry;
  std::vector<NodeId> voices;  // who has accepted it
};

/// A leader's own book.
struct Leading {
  static constexpr std::string_view kName = "leading";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("promised", self.promised), v("told", self.told), v("established", self.established),
        v("next", self.next), v("proposed", self.proposed), v("waiting", self.waiting);
  }
  Ballot ballot;
  std::vector<NodeId> promised;
  std::map<Index, Slot> told;                        // the newest accepted of each entry, by the promises
  bool established = false;                          // phase 1 is done
  Index next = 1;                                    // the entry to propose next
  std::map<Index, Proposed> proposed;                // and not chosen yet
  std::vector<std::pair<Index, RequestId>> waiting;  // clients, in the order of their entries
};

/// Marks: "proposes" (wants to lead), "leader", "overtaken" with the round; scope = the node from 1.
struct MultiPaxosNode {
  static constexpr std::string_view kName = "multi-paxos";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("promised", self.promised), v("slots", self.slots), v("leading", self.leading), v("leader", self.leader),
        v("chosen", self.chosen), v("machine", self.machine), v("newest round", self.newest_round);
  }
  void step(Time now, const Input& input, Effects& effects);
  bool leads() const { return leading && leading->established; }

  // Fixed.
  MultiPaxosParameters parameters;
  NodeId self;
  std::uint16_t servers = 1;
  // Durable.
  Ballot promised;
  std::map<Index, Slot> slots;
  // Volatile.
  std::optional<Leading> leading;
  NodeId leader = kNobody;
  Index chosen = 0;  // every entry up to here is chosen; more may be
  raft::Machine machine;
  std::uint64_t newest_round = 0;

 private:
  bool is_majority(const std::vector<NodeId>& voices) const { return voices.size() > servers / 2u; }
  raft::Parameters machine_parameters() const;
  void begin(const Start& start, Effects& effects);
  void wait_for_leader(Effects& effects);
  void stand(Effects& effects);
  void establish(Time now, Effects& effects);
  void propose(Index index, Block<Entry> entry, Effects& effects);
  void beat(Effects& effects);
  void yield_to(Ballot newer, Effects& effects);
  bool accept(Ballot ballot, NodeId from, Effects& effects);
  void choose(Index index, const Block<Entry>& entry);
  void apply(Effects& effects);
  template <class Message>
  void send_all(const Message& message, Effects& effects, WriteToken after = {});
  WriteToken save_promise(Effects& effects);
  void on(Time now, NodeId from, const Request& request, Effects& effects);
  void on(Time now, NodeId from, const PrepareAll& message, Effects& effects);
  void on(Time now, NodeId from, const PromiseAll& message, Effects& effects);
  void on(Time now, NodeId from, const AcceptSlot& message, Effects& effects);
  void on(Time now, NodeId from, const AcceptedSlot& message, Effects& effects);
  void on(Time now, NodeId from, const Overtaken& message, Effects& effects);
  void on(Time now, NodeId from, const LeaderAlive& message, Effects& effects);
  void on(Time now, NodeId from, const Learned& message, Effects& effects);
  void on(Time now, NodeId from, const Learn& message, Effects& effects);
};

std::vector<world::NodeSetup> make_multi_paxos(const std::vector<std::string>& names,
                                               const MultiPaxosParameters& parameters);

}  // namespace twice::protocols::paxos

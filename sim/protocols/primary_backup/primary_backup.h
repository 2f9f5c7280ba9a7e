#pragma once
// One primary orders all writes, the others follow. How long it waits for them, and who may answer reads, are
// parameters: that is where designs of this family differ. See README.md.
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/journal.h"
#include "protocols/client/server.h"
#include "world/world.h"

namespace twice::protocols {

/// When the primary answers a write.
enum class Acknowledge : std::uint8_t {
  kAsync,     // when it has it itself
  kSemiSync,  // when one other has it
  kSync,      // when all others have it
};
std::string_view name_of(Acknowledge acknowledge);  // async, semi-sync, sync

/// Who answers a read, and after what.
enum class ReadFrom : std::uint8_t {
  kPrimary,    // whoever believes to be the primary, at once
  kConfirmed,  // the primary, when as many others as a write needs still follow it
  kAny,        // every replica from what it has
};
std::string_view name_of(ReadFrom reads);  // primary, confirmed, any

struct PrimaryBackupParameters {
  Acknowledge acknowledge = Acknowledge::kAsync;
  ReadFrom reads = ReadFrom::kPrimary;
  Persist persist = Persist::kBeforeAnswer;
  bool failover = true;
  bool sessions = true;
  Duration heartbeat = milliseconds(50);
  Duration detect = milliseconds(250);  // silence after which the next in line takes over; the one after it waits twice
};

/// Views number the reigns: the primary of view v is replica v mod n.
struct Replicate {
  static constexpr std::string_view kName = "Replicate";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view), v("index", self.index), v("request", self.request);
  }
  std::uint64_t view = 0, index = 0;
  Block<Request> request;
};
struct Replicated {
  static constexpr std::string_view kName = "Replicated";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view), v("joined", self.joined), v("index", self.index), v("round", self.round);
  }
  std::uint64_t view = 0;
  bool joined = false;      // has the store of this view …
  std::uint64_t index = 0;  // … and all its writes up to here
  std::uint64_t round = 0;  // the newest heartbeat heard
};
struct PrimaryAlive {
  static constexpr std::string_view kName = "PrimaryAlive";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view), v("index", self.index), v("round", self.round);
  }
  std::uint64_t view = 0, index = 0, round = 0;
};
/// The whole store, for a follower of another view or one too far behind.
struct StoreCopy {
  static constexpr std::string_view kName = "StoreCopy";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view), v("index", self.index), v("store", self.store);
  }
  std::uint64_t view = 0, index = 0;
  Block<Store> store;
};

/// What survives a crash besides the journal, whose history is the view its writes were made in.
struct ViewRecord {
  static constexpr std::string_view kName = "newest view";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view);
  }
  std::uint64_t view = 0;
};

/// A snapshot of the store on other media: no replication reaches it, and no crash.
struct SnapshotRecord {
  static constexpr std::string_view kName = "snapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("store", self.store);
  }
  Block<Store> store;
};

/// What an operator may say.
inline constexpr std::array<std::string_view, 3> kOperatorWords{"snapshot", "delete", "restore"};

/// An operator may tell the primary "snapshot", "delete" (every key: replicated like any write) and "restore".
/// Marks: "primary" with the view's number, scope = the node from 1; "behind" when a follower is sent a whole store.
struct PrimaryBackupNode {
  static constexpr std::string_view kName = "primary-backup";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("view", self.view), v("data_view", self.data_view), v("index", self.index), v("reigns", self.reigns);
    v("store", self.store), v("peers", self.peers), v("waiting", self.waiting), v("round", self.round),
        v("snapshot", self.snapshot), v("told", self.told);
    v("early", self.early), v("journal", self.journal);
  }
  void step(Time now, const Input& input, Effects& effects);
  bool is_primary() const { return reigns; }
  NodeId primary_of(std::uint64_t of_view) const {
    return {static_cast<std::uint16_t>(first.index + of_view % members)};
  }

  struct Peer {
    static constexpr std::string_view kName = "peer";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("node", self.node), v("joined", self.joined), v("index", self.index), v("round", self.round);
    }
    NodeId node;
    bool joined = false;      // has the store of this view …
    std::uint64_t index = 0;  // … and its writes up to here
    std::uint64_t round = 0;  // the newest heartbeat it has answered
  };
  /// An answer that waits for followers.
  struct Waiting {
    static constexpr std::string_view kName = "waiting";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("id", self.id), v("index", self.index), v("round", self.round), v("reply", self.reply);
    }
    RequestId id;
    std::uint64_t index = 0;  // the write it tells of; 0: needs nobody
    std::uint64_t round = 0;  // of a confirmed read: a heartbeat that left after it came
    Reply reply;
    WriteToken token = 0;
  };

  // Fixed.
  PrimaryBackupParameters parameters;
  NodeId self, first;  // members are first, first + 1, …
  std::size_t members = 1;
  // Durable.
  std::uint64_t view = 0;       // the newest heard of
  std::uint64_t data_view = 0;  // the view whose writes the store holds
  std::uint64_t index = 0;      // writes in it
  Store store;
  Journal journal;
  Block<Store> snapshot;
  // Volatile.
  std::uint32_t told = 0;  // writes of its own, for an operator
  bool reigns = false;     // acts as the primary of `view`
  std::vector<Peer> peers;
  std::deque<Block<Request>> log;                 // the newest writes of this view, up to `index`
  std::map<std::uint64_t, Block<Request>> early;  // writes that overtook others
  std::vector<Waiting> waiting;
  std::uint64_t round = 0;
  std::uint64_t heard_round = 0;
  WriteToken newest_write = 0;
  WriteToken view_token = 0;  // the view is durable: nothing of it leaves before

 private:
  void begin(const Start& start, Effects& effects);
  void obey(std::string_view words, Effects& effects);
  void own_write(Verb verb, std::uint32_t key, std::int64_t value, Effects& effects);
  void take_over(Effects& effects);
  void reign(Effects& effects);
  void follow(std::uint64_t new_view, Effects& effects);
  void on(NodeId from, const Request& request, Effects& effects);
  void on(NodeId from, const Replicate& message, Effects& effects);
  void on(NodeId from, const Replicated& message, Effects& effects);
  void on(NodeId from, const PrimaryAlive& message, Effects& effects);
  void on(NodeId from, const StoreCopy& message, Effects& effects);
  void accept_write(const Request& request, Effects& effects);
  void accept_read(const Request& request, Effects& effects);
  void beat(Effects& effects);
  void catch_up(Peer& peer, Effects& effects);
  void answer_ready(Effects& effects);
  void acknowledge(NodeId to, Effects& effects);
  void watch_primary(Effects& effects);
  void apply(const Block<Request>& request, Effects& effects);
  void save_view(Effects& effects);
  std::size_t needed() const;
};

/// Nodes 0..n-1 of a world, in the order of their names; the first begins as the primary.
std::vector<world::NodeSetup> make_primary_backup(const std::vector<std::string>& names,
                                                  const PrimaryBackupParameters& parameters);

}  // namespace twice::protocols

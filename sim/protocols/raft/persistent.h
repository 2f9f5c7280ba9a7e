#pragma once
// What a server must find again after a crash (paper, fig. 2: "persistent state on all servers"), and how it gets to
// the disk. A crash may keep any part of what was not yet durable; what recovers is always something that was true.
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/raft/machine.h"

namespace twice::protocols::raft {

struct VoteRecord {
  static constexpr std::string_view kName = "term and vote";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("vote", self.vote);
  }
  Term term = 0;
  NodeId vote = kNobody;
};
/// `before` names the log that the entry continues: one left over from another log does not fit.
struct EntryRecord {
  static constexpr std::string_view kName = "log entry";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("before", self.before), v("entry", self.entry);
  }
  std::uint64_t before = 0;
  Block<Entry> entry;
};
/// The machine took the place of one that was lost: nobody knows what that one had promised.
struct NewDiskRecord {
  static constexpr std::string_view kName = "new disk";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
struct SnapshotRecord {
  static constexpr std::string_view kName = "snapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("snapshot", self.snapshot);
  }
  Block<Snapshot> snapshot;
};

// Keys of the record disk; entry i is at kEntryRecords + i.
constexpr std::uint64_t kVoteRecord = 1, kSnapshotRecord = 2, kNewDiskRecord = 3;
constexpr std::uint64_t kEntryRecords = std::uint64_t{5} << 40;

struct Persistent {
  static constexpr std::string_view kName = "persistent state";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("vote", self.vote), v("log", self.log), v("snapshot", self.snapshot),
        v("durable", self.durable), v("on a new disk", self.on_new_disk);
  }
  void recover(const std::vector<Record>& records, Bug bug, Effects& effects);
  void begin_on_new_disk(Effects& effects);
  /// A new term has no vote yet; `vote` may follow in the same step.
  void save_term_and_vote(Bug bug, Effects& effects);
  void append(Block<Entry> entry, Effects& effects);
  void truncate_from(Index index, Effects& effects);
  /// The log up to `taken.index` gives way to the snapshot; what of it is on the disk goes when that is durable.
  /// `keep_rest`: the log continues the snapshot, else nothing of it counts.
  void install(Block<Snapshot> taken, bool keep_rest, Effects& effects);
  /// To be told of everything that became durable.
  void written(WriteToken token, Effects& effects);
  /// The oldest write under way for this place of the log, whatever entry it holds; 0: none. Only a bug asks.
  WriteToken first_write_at(Index index) const;

  Term term = 0;
  NodeId vote = kNobody;
  Log log;
  Block<Snapshot> snapshot;  // empty: none yet; else log.base() is its index
  bool on_new_disk = false;  // it lost the votes it gave, so it gives no more, and never leads

  Index durable = 0;            // entries up to here are on the disk
  WriteToken newest_write = 0;  // when this is durable, all that is known is
  WriteToken vote_token = 0;    // … term and vote are

 private:
  /// A write of entries that is under way, with the newest entry in it.
  struct Appended {
    WriteToken token;
    Index index;
    Term term;
  };
  std::vector<Appended> appended_;
  Index first_on_disk_ = 1;        // entries before it are gone from the disk
  WriteToken snapshot_token_ = 0;  // entries that the snapshot covers go when this is durable; 0: they went
};

}  // namespace twice::protocols::raft

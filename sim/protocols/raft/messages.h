#pragma once
// The messages of Raft. Every one carries its sender's term, and leaves only when that term is durable.
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "protocols/raft/log.h"
#include "protocols/raft/machine.h"

namespace twice::protocols::raft {

/// Would you vote for me in term `proposed`? Raises nobody's term (thesis §9.6).
struct PreVote {
  static constexpr std::string_view kName = "PreVote";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("proposed", self.proposed), v("last index", self.last_index),
        v("last term", self.last_term);
  }
  Term term = 0, proposed = 0;
  Index last_index = 0;
  Term last_term = 0;
};
struct PreVoteReply {
  static constexpr std::string_view kName = "PreVoteReply";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("proposed", self.proposed), v("granted", self.granted);
  }
  Term term = 0, proposed = 0;
  bool granted = false;
};

/// Paper, fig. 2. `asked` by the old leader in a transfer: then nobody's leader is disturbed (thesis §4.2.3).
struct RequestVote {
  static constexpr std::string_view kName = "RequestVote";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("last index", self.last_index), v("last term", self.last_term), v("asked", self.asked);
  }
  Term term = 0;
  Index last_index = 0;
  Term last_term = 0;
  bool asked = false;
};
struct Vote {
  static constexpr std::string_view kName = "Vote";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("granted", self.granted);
  }
  Term term = 0;
  bool granted = false;
};

/// Paper, fig. 2. Without entries it is a heartbeat. `round` numbers the leader's calls for everybody's attention.
struct AppendEntries {
  static constexpr std::string_view kName = "AppendEntries";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("prev index", self.prev_index), v("prev term", self.prev_term), v("commit", self.commit),
        v("round", self.round), v("entries", self.entries);
  }
  Term term = 0;
  Index prev_index = 0;
  Term prev_term = 0;
  Index commit = 0;
  std::uint64_t round = 0;
  std::vector<Block<Entry>> entries{};
};
/// Accepted: the follower's log is the leader's up to `index`. Rejected: `index` is the `prev_index` that did not
/// match, and at or before `hint_index` the follower has nothing newer than `hint_term`.
struct AppendReply {
  static constexpr std::string_view kName = "AppendReply";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("accepted", self.accepted), v("index", self.index), v("hint index", self.hint_index),
        v("hint term", self.hint_term), v("round", self.round);
  }
  Term term = 0;
  bool accepted = false;
  Index index = 0;
  Index hint_index = 0;
  Term hint_term = 0;
  std::uint64_t round = 0;
};

/// One part of a snapshot (paper, fig. 13); offsets count keys. All parts name the whole.
struct InstallSnapshot {
  static constexpr std::string_view kName = "InstallSnapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("last index", self.last_index), v("last term", self.last_term), v("offset", self.offset),
        v("cells", self.cells), v("rest", self.rest), v("round", self.round);
  }
  Term term = 0;
  Index last_index = 0;
  Term last_term = 0;
  std::uint32_t offset = 0;
  std::map<std::uint32_t, Cell> cells{};
  Block<Snapshot> rest{};  // with the last part: everything but the cells
  std::uint64_t round = 0;
};
/// `offset`: what the follower has of it; `done`: all, and it is durable.
struct SnapshotReply {
  static constexpr std::string_view kName = "SnapshotReply";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("last index", self.last_index), v("offset", self.offset), v("done", self.done),
        v("round", self.round);
  }
  Term term = 0;
  Index last_index = 0;
  std::uint32_t offset = 0;
  bool done = false;
  std::uint64_t round = 0;
};

/// Stand for election now: the old leader wants you to succeed it (thesis §3.10).
struct TimeoutNow {
  static constexpr std::string_view kName = "TimeoutNow";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term);
  }
  Term term = 0;
};

/// A follower asks up to which entry it must have applied before it may answer the reads of `batch` (thesis §6.4).
struct ReadIndex {
  static constexpr std::string_view kName = "ReadIndex";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("batch", self.batch);
  }
  Term term = 0;
  std::uint64_t batch = 0;
};
struct ReadIndexReply {
  static constexpr std::string_view kName = "ReadIndexReply";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("batch", self.batch), v("index", self.index);
  }
  Term term = 0;
  std::uint64_t batch = 0;
  Index index = 0;
};

}  // namespace twice::protocols::raft

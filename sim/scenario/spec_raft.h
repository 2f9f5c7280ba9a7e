#pragma once
// Raft in a scenario file.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/field.h"
#include "scenario/protocol_words.h"

namespace twice::scenario {

struct RaftSpec {
  static constexpr std::string_view kName = "raft";
  static constexpr std::string_view kDoc =
      "A leader, elected by a majority, orders everything in a log; what is committed is never lost: a majority has "
      "stored it, and an entry of the leader's own term at or after it.";
  protocols::raft::Parameters p;
  DrawnWait election{p.election};
  std::vector<Spanned<std::string>> priority;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "election-timeout", .doc = "How long a server waits for its leader before it stands for election."},
      self.election);
    v(Field{.name = "heartbeat", .doc = "How often a leader speaks to all others.", .min = 1}, self.p.heartbeat);
    v(Field{.name = "pre-vote", .doc = "A server asks whether it would win before it raises the term."},
      self.p.pre_vote);
    v(Field{.name = "check-quorum",
            .doc = "A leader that reaches no majority steps down, and a server that hears a leader does not vote."},
      self.p.check_quorum);
    v(Field{.name = "reads", .doc = "How a read is answered."}, self.p.reads);
    v(Field{.name = "drift-bound",
            .doc = "Of leases: how much clocks may run apart, in millionths.",
            .unit = "ppm",
            .max = 400'000},
      self.p.drift_ppm);
    v(Field{.name = "membership", .doc = "How servers are added and removed (\"tell n1 add n4\")."}, self.p.membership);
    v(Field{.name = "voters", .doc = "The first so many nodes vote at the start; 0: all.", .unit = "nodes"},
      self.p.voters);
    v(Field{.name = "learners",
            .doc = "So many nodes after the voters receive the log without a vote; the rest wait to be added.",
            .unit = "nodes"},
      self.p.learners);
    v(Field{.name = "batch",
            .doc = "Entries of one AppendEntries at most.",
            .unit = "entries",
            .min = 1,
            .max = 100'000},
      self.p.batch);
    v(Field{.name = "window",
            .doc = "AppendEntries on their way to a follower at once; 1: the next waits for the answer.",
            .unit = "messages",
            .min = 1,
            .max = 10'000},
      self.p.window);
    v(Field{.name = "parallel-writes", .doc = "A leader sends entries while its own disk still writes them."},
      self.p.parallel_writes);
    v(Field{.name = "snapshot-every",
            .doc = "Entries after which a server takes a snapshot and forgets the log before it; 0: never.",
            .unit = "entries"},
      self.p.snapshot_every);
    v(Field{.name = "chunk",
            .doc = "Keys in one part of a snapshot on its way.",
            .unit = "keys",
            .min = 1,
            .max = 100'000},
      self.p.chunk);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
    v(Field{.name = "session-expiry", .doc = "Clients silent for this long are forgotten; \"0s\": never.", .min = 0},
      self.p.session_expiry);
    v(Field{.name = "priority",
            .doc = "Nodes that should lead, the first one most: each other waits a minimum time-out longer.",
            .example = "[\"n1\", \"n2\"]"},
      self.priority);
    v(Field{.name = "bug", .doc = "A mistake to build in: see docs/bug-zoo.md."}, self.p.bug);
  }
};

}  // namespace twice::scenario

#pragma once
// The protocols a cluster can run, and the parameters of each.
#include <cstdint>
#include <string_view>
#include <variant>

#include "scenario/field.h"
#include "scenario/protocol_words.h"
#include "scenario/spec_paxos.h"
#include "scenario/spec_raft.h"
#include "scenario/spec_store.h"
#include "scenario/spec_stream.h"

namespace twice::scenario {

/// A failure detector that says "I am here" and suspects who does not.
struct HeartbeatSpec {
  static constexpr std::string_view kName = "heartbeat";
  static constexpr std::string_view kDoc =
      "Every node tells every other that it is alive, and suspects those it has not heard from.";
  Duration interval = milliseconds(100);
  Duration timeout = milliseconds(500);

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "interval", .doc = "How often a node tells the others that it is alive.", .min = 1}, self.interval);
    v(Field{.name = "timeout", .doc = "A node that has not been heard from for this long is suspected.", .min = 1},
      self.timeout);
  }
};

struct SingleSpec {
  static constexpr std::string_view kName = "single";
  static constexpr std::string_view kDoc = "One server and no replica: what every design is measured against.";
  protocols::SingleParameters p;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
  }
};

struct PrimaryBackupSpec {
  static constexpr std::string_view kName = "primary-backup";
  static constexpr std::string_view kDoc = "One node orders all writes and sends them to the others.";
  protocols::PrimaryBackupParameters p;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "acknowledge", .doc = "Who must have a write before its client is told."}, self.p.acknowledge);
    v(Field{.name = "reads", .doc = "Who answers a read."}, self.p.reads);
    v(Field{.name = "failover", .doc = "The next in line takes over when the primary is silent."}, self.p.failover);
    v(Field{.name = "heartbeat", .doc = "How often the primary tells the others that it is alive.", .min = 1},
      self.p.heartbeat);
    v(Field{.name = "detect",
            .doc = "Silence after which the next in line takes over; the one after it waits twice as long.",
            .min = 1},
      self.p.detect);
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
  }
};

struct QuorumSpec {
  static constexpr std::string_view kName = "quorum";
  static constexpr std::string_view kDoc =
      "No leader: any node coordinates; a write counts when W of a key's N replicas have it, a read asks R.";
  protocols::QuorumParameters p;
  std::uint32_t routers = 0;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "n", .doc = "Replicas of a key.", .unit = "nodes", .min = 1, .max = 1000}, self.p.n);
    v(Field{.name = "r", .doc = "Answers a read waits for.", .unit = "nodes", .min = 1, .max = 1000}, self.p.r);
    v(Field{.name = "w", .doc = "Replicas that must have a write.", .unit = "nodes", .min = 1, .max = 1000}, self.p.w);
    v(Field{.name = "conflict", .doc = "How writes that do not know of each other are settled."}, self.p.conflict);
    v(Field{.name = "read-repair", .doc = "What a read does about replicas that lag."}, self.p.repair);
    v(Field{.name = "sloppy", .doc = "Writes go on to the next nodes when replicas are silent, as hints for them."},
      self.p.sloppy);
    v(Field{.name = "handoff", .doc = "How often hints are offered to the node they are for.", .min = 1},
      self.p.handoff);
    v(Field{.name = "anti-entropy", .doc = "How often two replicas compare what they have; \"0s\": never.", .min = 0},
      self.p.anti_entropy);
    v(Field{.name = "timeout", .doc = "How long a coordinator waits for replicas.", .min = 1}, self.p.timeout);
    v(Field{.name = "routers",
            .doc = "Nodes beside the replicas that coordinate and hold no data (router-1, …); clients ask them.",
            .unit = "nodes",
            .min = 0,
            .max = 100},
      self.routers);
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
  }
};

struct ChainSpec {
  static constexpr std::string_view kName = "chain";
  static constexpr std::string_view kDoc =
      "Writes enter at the head and go down a chain; the tail answers. A node \"master\" keeps the chain in order.";
  protocols::ChainParameters p;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "heartbeat", .doc = "How often a member tells the master that it is alive.", .min = 1},
      self.p.heartbeat);
    v(Field{.name = "detect", .doc = "Silence after which the master takes a member out of the chain.", .min = 1},
      self.p.detect);
    v(Field{.name = "lease",
            .doc = "A member that the master has not answered for this long stops answering; \"0s\": it goes on.",
            .min = 0},
      self.p.lease);
    v(Field{.name = "resend", .doc = "What was not acknowledged is sent again after this long.", .min = 1},
      self.p.resend);
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
  }
};

struct CrdtSpec {
  static constexpr std::string_view kName = "crdt";
  static constexpr std::string_view kDoc =
      "Counters and sets that every replica changes at once and gossips about: whatever the order, all end alike.";
  protocols::CrdtParameters p;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "gossip", .doc = "How often a replica tells another what it has.", .min = 1}, self.p.gossip);
    v(Field{.name = "to-all", .doc = "It tells all others, not one after the other."}, self.p.to_all);
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
    v(Field{.name = "sessions", .doc = "A replica does not do a request twice that comes again under the same id."},
      self.p.sessions);
  }
};

struct ShardingSpec {
  static constexpr std::string_view kName = "sharding";
  static constexpr std::string_view kDoc =
      "Rows are split over the nodes; a node \"router\" knows where they are, and moves them when a shard joins.";
  protocols::ShardingParameters p;
  std::uint32_t active = 0, batch = 20;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "by", .doc = "What decides where a row is."}, self.p.partitioning);
    v(Field{.name = "virtual-nodes",
            .doc = "Of \"ring\": places of each shard on the circle.",
            .min = 1,
            .max = 10'000},
      self.p.virtual_nodes);
    v(Field{.name = "rows", .doc = "Rows that are there from the start.", .unit = "rows", .min = 1, .max = 1'000'000},
      self.p.table.rows);
    v(Field{.name = "row-bytes", .doc = "Bytes of a row.", .unit = "bytes", .min = 1, .max = 1'000'000},
      self.p.table.row_bytes);
    v(Field{.name = "dates", .doc = "Dates the rows are spread over.", .unit = "dates", .min = 1, .max = 100'000},
      self.p.table.dates);
    v(Field{.name = "hot", .doc = "Percent of all rows that have the last date.", .unit = "percent", .max = 100},
      self.p.table.hot_percent);
    v(Field{.name = "active",
            .doc = "Shards that hold rows at first; the others wait for \"add-shard\". 0: all.",
            .unit = "shards"},
      self.active);
    v(Field{.name = "pruning", .doc = "A scan reads only the partitions of the dates it asks for."}, self.p.pruning);
    v(Field{.name = "batch", .doc = "Rows moved at once.", .unit = "rows", .min = 1, .max = 1'000'000}, self.batch);
    v(Field{.name = "while-moving", .doc = "What becomes of a request for a row that is on its way."}, self.p.moving);
    v(Field{.name = "persist", .doc = "When an answer that tells of a write may leave."}, self.p.persist);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
  }
};

struct TwoPhaseCommitSpec {
  static constexpr std::string_view kName = "two-phase-commit";
  static constexpr std::string_view kDoc =
      "All nodes commit or all abort: a node \"coordinator\" asks for their votes and tells them the outcome.";
  protocols::TwoPhaseCommitParameters p;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "prepare", .doc = "A participant votes yes within this time.", .min = 0}, self.p.prepare);
    v(Field{.name = "refuse", .doc = "A participant that has not voted by then aborts by itself.", .min = 0},
      self.p.refuse);
    v(Field{.name = "decide", .doc = "The coordinator commits within this time after the last vote.", .min = 0},
      self.p.decide);
    v(Field{.name = "give-up", .doc = "The coordinator aborts when it has not decided by then.", .min = 0},
      self.p.give_up);
    v(Field{.name = "resend", .doc = "How often a participant in doubt asks for the outcome; \"0s\": never.", .min = 0},
      self.p.resend);
    v(Field{.name = "needed",
            .doc = "Votes that the coordinator commits with; 0: all. Anything less is a mistake to look at.",
            .unit = "votes"},
      self.p.needed);
    v(Field{.name = "persist", .doc = "When a vote or an outcome may leave."}, self.p.persist);
  }
};

/// Every protocol a file can name: its parameters are the table [cluster.<kName>]. One line adds one.
using ProtocolSpec =
    std::variant<HeartbeatSpec, SingleSpec, PrimaryBackupSpec, QuorumSpec, ChainSpec, CrdtSpec, ShardingSpec, RaftSpec,
                 PaxosSpec, MultiPaxosSpec, TwoPhaseCommitSpec, StreamSpec, ObjectStoreSpec>;

}  // namespace twice::scenario

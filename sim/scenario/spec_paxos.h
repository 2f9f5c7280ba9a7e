#pragma once
// Paxos in a scenario file.
#include <string_view>

#include "scenario/field.h"
#include "scenario/protocol_words.h"

namespace twice::scenario {

struct PaxosSpec {
  static constexpr std::string_view kName = "paxos";
  static constexpr std::string_view kDoc =
      "Single-decree Paxos: the servers agree on one value for ever, a register that is written once.";
  protocols::paxos::SingleDecreeParameters p;
  DrawnWait backoff{p.backoff};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "timeout", .doc = "A proposer without a majority's answer begins again after this.", .min = 1},
      self.p.timeout);
    v(Field{.name = "backoff", .doc = "How long a proposer that was overtaken waits before it tries again."},
      self.backoff);
    v(Field{.name = "bug", .doc = "A mistake to build in."}, self.p.bug);
  }
};

struct MultiPaxosSpec {
  static constexpr std::string_view kName = "multi-paxos";
  static constexpr std::string_view kDoc =
      "A log of Paxos instances behind one leader: Raft's interface, Paxos' rules.";
  protocols::paxos::MultiPaxosParameters p;
  DrawnWait election{p.election};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "election-timeout", .doc = "How long a server waits for its leader before it wants to lead."},
      self.election);
    v(Field{.name = "heartbeat", .doc = "How often a leader speaks to all others.", .min = 1}, self.p.heartbeat);
    v(Field{.name = "sessions", .doc = "A request that comes again under the same id is answered as the first time."},
      self.p.sessions);
    v(Field{.name = "bug", .doc = "A mistake to build in."}, self.p.bug);
  }
};

}  // namespace twice::scenario

#pragma once
// What members of a chain and their master say to each other, and what survives a crash.
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/server.h"

namespace twice::protocols {

struct ChainParameters {
  Persist persist = Persist::kBeforeAnswer;
  bool sessions = true;
  Duration heartbeat = milliseconds(50);  // from members to the master
  Duration detect = milliseconds(300);    // silence after which the master removes a member
  /// A member stops answering this long, on its clock, after it sent the newest heartbeat that the master answered.
  /// Safe while it is shorter than `detect`; 0: it never stops.
  Duration lease = milliseconds(200);
  Duration resend = milliseconds(50);  // what is not acknowledged is sent again
};

/// To the master: "I live". Times are the member's own; the master only gives them back.
struct ChainAlive {
  static constexpr std::string_view kName = "Alive";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("started", self.started), v("sent", self.sent), v("forgets", self.forgets);
  }
  Time started{}, sent{};
  bool forgets = false;  // what it answered before it started may be lost
};
/// From the master: the chain from now on.
struct Configure {
  static constexpr std::string_view kName = "Configure";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("chain", self.chain), v("joining", self.joining), v("echo", self.echo);
  }
  std::uint64_t number = 0;
  std::vector<NodeId> chain;  // head first; never empty
  NodeId joining = kNobody;   // is being brought up to date by the tail
  Time echo{};                // `sent` of the newest heartbeat heard from the receiver
};
/// Down the chain, in order.
struct ChainUpdate {
  static constexpr std::string_view kName = "Update";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("sequence", self.sequence), v("request", self.request);
  }
  std::uint64_t number = 0, sequence = 0;
  Block<Request> request;
};
/// Up the chain: the tail has all updates up to here.
struct ChainStable {
  static constexpr std::string_view kName = "Stable";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("sequence", self.sequence);
  }
  std::uint64_t number = 0, sequence = 0;
};
/// From the tail to the member that joins.
struct ChainCopy {
  static constexpr std::string_view kName = "StoreCopy";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("sequence", self.sequence), v("store", self.store);
  }
  std::uint64_t number = 0, sequence = 0;
  Block<Store> store;
};
/// From the member that joins to the tail.
struct ChainProgress {
  static constexpr std::string_view kName = "Progress";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("copied", self.copied), v("applied", self.applied);
  }
  std::uint64_t number = 0;
  bool copied = false;  // has a copy made in this configuration …
  std::uint64_t applied = 0;
};
/// From the tail to the member that joins: "I answer nothing any more, and answered nothing beyond `sequence`".
struct Handover {
  static constexpr std::string_view kName = "Handover";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("sequence", self.sequence);
  }
  std::uint64_t number = 0, sequence = 0;
};
/// From the member that joins to the master: it has everything the tail ever answered.
struct CaughtUp {
  static constexpr std::string_view kName = "CaughtUp";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint64_t number = 0;
};

// --- records
/// One update. A record of another life is left over from a history that was given up.
struct ChainLogRecord {
  static constexpr std::string_view kName = "update";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("sequence", self.sequence), v("request", self.request);
  }
  std::uint64_t life = 0, sequence = 0;
  Block<Request> request;
};
/// All updates up to `sequence` at once: one record, so that a crash keeps it whole or not at all.
struct ChainCheckpoint {
  static constexpr std::string_view kName = "checkpoint";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("sequence", self.sequence), v("store", self.store);
  }
  std::uint64_t life = 0, sequence = 0;
  Block<Store> store;
};
/// "In this configuration I hand over."
struct SealRecord {
  static constexpr std::string_view kName = "seal";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint64_t number = 0;
};
struct ChainRecord {
  static constexpr std::string_view kName = "configuration";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("chain", self.chain), v("joining", self.joining);
  }
  std::uint64_t number = 0;
  std::vector<NodeId> chain;
  NodeId joining = kNobody;
};

}  // namespace twice::protocols

#pragma once
// What can be chosen about a Raft cluster, and the ways in which it can be built wrongly.
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "protocols/raft/bug.h"

namespace twice::protocols::raft {

/// How a read is answered (Ongaro's thesis §6.4).
enum class Reads : std::uint8_t {
  kLog,        // as an entry of the log, like a write
  kReadIndex,  // by a leader that has just heard from a majority
  kLease,      // by a leader at once, as long as no other can have been elected
  kFollower,   // by any server that has caught up with what its leader confirmed
  kLocal,      // by whoever believes to be the leader, at once: unsafe
};
std::string_view name_of(Reads reads);  // log, read-index, lease, follower, local

/// How the set of servers changes (thesis ch. 4).
enum class Membership : std::uint8_t {
  kSingleServer,    // one server at a time, after an entry of the leader's own term (Ongaro 2015)
  kJointConsensus,  // any set to any other, through a phase in which both must agree
};
std::string_view name_of(Membership membership);  // single-server, joint-consensus

struct Parameters {
  DurationRange election{milliseconds(150), milliseconds(300)};  // a fresh timeout is drawn each time
  Duration heartbeat = milliseconds(50);
  bool pre_vote = false;      // asks whether it would win before it raises the term (thesis §9.6)
  bool check_quorum = false;  // a leader without a majority steps down; who hears a leader does not vote (§4.2.3, §6.2)
  Reads reads = Reads::kReadIndex;
  std::uint32_t drift_ppm = 10'000;  // of a lease: clocks differ by no more
  Membership membership = Membership::kSingleServer;
  std::uint32_t voters = 0;     // at first: the first so many nodes; 0: all
  std::uint32_t learners = 0;   // … and the next so many learn without a vote; the rest wait to be added
  std::uint32_t batch = 64;     // entries of one AppendEntries
  std::uint32_t window = 8;     // AppendEntries on their way to a follower that were not answered; 1: no pipelining
  bool parallel_writes = true;  // a leader sends entries while its own disk still writes them (thesis §10.2.1)
  std::uint32_t snapshot_every = 0;     // entries applied between two snapshots; 0: the log is never compacted
  std::uint32_t chunk = 16;             // keys in one InstallSnapshot
  bool sessions = true;                 // a request that comes again is answered, not executed
  Duration session_expiry{};            // a client silent for this long (in the log's time) is forgotten; 0: never
  std::vector<std::uint32_t> priority;  // by node; a server waits one more minimum timeout for each step below the top
  Bug bug = Bug::kNone;
};

}  // namespace twice::protocols::raft

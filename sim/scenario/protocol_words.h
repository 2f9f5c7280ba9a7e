#pragma once
// Words of the replication designs and of their clients.
#include "protocols/chain/messages.h"
#include "protocols/client/client.h"
#include "protocols/crdt/crdt.h"
#include "protocols/primary_backup/primary_backup.h"
#include "protocols/quorum/quorum.h"
#include "protocols/raft/parameters.h"
#include "protocols/sharding/messages.h"
#include "protocols/single/single.h"
#include "protocols/two_phase_commit/two_phase_commit.h"
#include "scenario/words.h"

namespace twice::scenario {

const std::vector<Word<protocols::Workload>>& words(protocols::Workload);
const std::vector<Word<protocols::RetryPolicy>>& words(protocols::RetryPolicy);
const std::vector<Word<protocols::Route>>& words(protocols::Route);
const std::vector<Word<protocols::Persist>>& words(protocols::Persist);
const std::vector<Word<protocols::Acknowledge>>& words(protocols::Acknowledge);
const std::vector<Word<protocols::ReadFrom>>& words(protocols::ReadFrom);
const std::vector<Word<protocols::Conflict>>& words(protocols::Conflict);
const std::vector<Word<protocols::ReadRepair>>& words(protocols::ReadRepair);
const std::vector<Word<protocols::Partitioning>>& words(protocols::Partitioning);
const std::vector<Word<protocols::WhileMoving>>& words(protocols::WhileMoving);
const std::vector<Word<protocols::raft::Reads>>& words(protocols::raft::Reads);
const std::vector<Word<protocols::raft::Membership>>& words(protocols::raft::Membership);
const std::vector<Word<protocols::raft::Bug>>& words(protocols::raft::Bug);

/// How often a client asks: "20/s", "600/min".
struct Rate {
  Duration interval{};  // between two requests; zero: never
  bool operator==(const Rate&) const = default;
};
std::optional<Rate> parse_rate(std::string_view text);
std::string to_text(const Rate& rate);

/// A wait that is drawn anew each time: "150ms..300ms"; "150ms": always the same.
struct DrawnWait {
  DurationRange range{};
  bool operator==(const DrawnWait&) const = default;
};
std::optional<DrawnWait> parse_drawn_wait(std::string_view text);
std::string to_text(const DrawnWait& wait);

}  // namespace twice::scenario

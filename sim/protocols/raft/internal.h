#pragma once
// What the files of this folder share.
#include <cstdint>

namespace twice::protocols::raft {

enum : std::uint8_t { kElectionTimer, kHeartbeatTimer };

}  // namespace twice::protocols::raft

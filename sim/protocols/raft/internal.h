#pragma once
// What the files of this folder share.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/ids.h"

namespace twice::protocols::raft {

enum : std::uint8_t { kElectionTimer, kHeartbeatTimer };

inline bool is_in(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace twice::protocols::raft

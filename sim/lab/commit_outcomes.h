#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/node.h"
#include "protocols/two_phase_commit/two_phase_commit.h"
#include "world/world.h"

namespace twice::lab {

/// Where a participant of two-phase commit stands; of one that is down the disk tells. nullopt: another kind of node.
std::optional<protocols::Phase> phase_of(const Node& node, bool up, const std::vector<Record>& durable);

/// How many participants stand where.
struct CommitOutcomes {
  std::uint32_t working = 0, in_doubt = 0, committed = 0, aborted = 0;
  bool atomic() const { return committed == 0 || aborted == 0; }
  bool decided() const { return working == 0 && in_doubt == 0; }
};
CommitOutcomes commit_outcomes(const world::World& world);

}  // namespace twice::lab

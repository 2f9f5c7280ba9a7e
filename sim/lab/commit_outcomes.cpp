#include "lab/commit_outcomes.h"

namespace twice::lab {

using protocols::Phase;

std::optional<Phase> phase_of(const Node& node, bool up, const std::vector<Record>& durable) {
  const auto* participant = state_of<protocols::ParticipantNode>(node);
  if (!participant) return std::nullopt;
  if (up) return participant->phase;
  Phase phase = Phase::kWorking;
  for (const Record& record : durable)
    if (const auto* kept = record.value.get<protocols::ParticipantRecord>()) phase = kept->phase;
  return phase;
}

CommitOutcomes commit_outcomes(const world::World& world) {
  CommitOutcomes sum;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const auto phase = phase_of(world.node({i}), world.is_up({i}), world.disk({i}).durable());
    if (!phase) continue;
    sum.working += *phase == Phase::kWorking;
    sum.in_doubt += *phase == Phase::kPrepared;
    sum.committed += *phase == Phase::kCommitted;
    sum.aborted += *phase == Phase::kAborted;
  }
  return sum;
}

}  // namespace twice::lab

// How two-phase commit looks: whose votes the coordinator has, and who is in doubt.
#include <fmt/format.h>

#include "protocols/two_phase_commit/two_phase_commit.h"
#include "ui/playback/node_view_of.h"

namespace twice::playback {
namespace {

using namespace protocols;
using Look = StripCell::Look;
using Cells = std::vector<StripCell>;

class CoordinatorView final : public ViewOf<CoordinatorNode> {
  Face face_of(const CoordinatorNode& node, const world::World& world, NodeId) const override {
    Face face{"coordinator", {}};
    if (node.outcome != Outcome::kOpen) {
      face.line = node.outcome == Outcome::kCommitted ? "decided: commit" : "decided: abort";
      return face;
    }
    face.line = fmt::format("{} of {} votes", node.prepared.size(), node.participants);
    std::vector<NodeId> voters, granted;
    for (std::uint16_t i = 0; i < node.participants; ++i) voters.push_back({i});
    for (const auto& [voter, voted] : node.prepared)
      if (voted) granted.push_back(voter);
    face.ballots = ballots_of(world, voters, granted);
    return face;
  }

  Cells strip_of(const CoordinatorNode& node, const world::World&) const override {
    if (node.parameters.needed == 0 || node.parameters.needed >= node.participants) return {};
    return {{fmt::format("{} suffice", node.parameters.needed), Look::kAlarm,
             "it commits without some of the votes: that is not atomic"}};
  }
};

class ParticipantView final : public ViewOf<ParticipantNode> {
  Face face_of(const ParticipantNode& node, const world::World&, NodeId) const override {
    return {"participant", std::string(name_of(node.phase))};
  }

  Cells strip_of(const ParticipantNode& node, const world::World& world) const override {
    if (node.phase != Phase::kPrepared) return {};
    return {{"in doubt", Look::kDashed,
             "it has promised to do as it is told, and may decide nothing by itself before it hears of " +
                 world.name(node.coordinator)}};
  }
};

}  // namespace

void add_two_phase_commit_views(std::vector<std::unique_ptr<NodeView>>& views) {
  views.push_back(std::make_unique<CoordinatorView>());
  views.push_back(std::make_unique<ParticipantView>());
}

}  // namespace twice::playback

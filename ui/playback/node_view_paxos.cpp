// How the servers of Paxos look: their ballot, who has promised or accepted, what they know to be chosen.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"
#include "ui/playback/node_view_of.h"
#include "ui/playback/value_text.h"

namespace twice::playback {
namespace {

using namespace protocols;
using namespace protocols::paxos;
using Look = StripCell::Look;
using Cells = std::vector<StripCell>;

constexpr std::size_t kSlotsShown = 4;  // beside the circle

std::vector<NodeId> first_nodes(std::uint16_t count) {
  std::vector<NodeId> nodes;
  for (std::uint16_t i = 0; i < count; ++i) nodes.push_back({i});
  return nodes;
}

std::string round_of(const paxos::Ballot& ballot, const world::World& world) {
  return fmt::format("round {} of {}", ballot.round, world.name(ballot.node));
}

class SingleDecreeView final : public ViewOf<SingleDecreeNode> {
  Face face_of(const SingleDecreeNode& node, const world::World& world, NodeId) const override {
    const Proposal* proposal = node.proposal ? &*node.proposal : nullptr;
    Face face{proposal ? "proposer" : node.learned ? "learner" : "acceptor", {}};
    face.term = proposal ? proposal->ballot.round : node.acceptor.promised.round;
    face.era = "round";
    face.line = *face.term == 0 ? "no round yet" : fmt::format("round {}", *face.term);
    if (proposal)
      face.ballots =
          ballots_of(world, first_nodes(node.servers), proposal->value ? proposal->accepted : proposal->promised);
    return face;
  }

  Cells strip_of(const SingleDecreeNode& node, const world::World& world) const override {
    Cells cells;
    if (node.learned) {
      cells.push_back({value_text(*node.learned) + " chosen", Look::kSolid, "what all servers have agreed on"});
    } else if (const auto& accepted = node.acceptor.accepted) {
      cells.push_back(
          {value_text(accepted->value), Look::kDashed,
           fmt::format("accepted in {}; it does not know whether a majority has", round_of(accepted->ballot, world))});
      cells.back().term = accepted->ballot.round;
    }
    if (node.proposal && node.proposal->value && !node.learned)
      cells.push_back({"asks for " + value_text(*node.proposal->value), Look::kDashed,
                       "it has a majority's promises, and asks all to accept this"});
    if (!node.waiting.empty())
      cells.push_back({fmt::format("{} wait", node.waiting.size()), Look::kDashed,
                       lab::counted(node.waiting.size(), "client") + " without an answer"});
    return cells;
  }
};

class MultiPaxosView final : public ViewOf<MultiPaxosNode> {
 public:
  std::optional<ServerLog> log(const world::World& world, NodeId id) const override {
    const auto& node = *state_of<MultiPaxosNode>(world.node(id));
    ServerLog log;
    log.commit = node.chosen;
    if (node.slots.empty()) return log;
    log.last = node.slots.rbegin()->first;
    const std::size_t skipped = node.slots.size() - std::min(node.slots.size(), ServerLog::kMostEntries);
    for (auto at = std::next(node.slots.begin(), static_cast<std::ptrdiff_t>(skipped)); at != node.slots.end(); ++at)
      log.entries.push_back({at->first, at->second.ballot.round, at->second.chosen || at->first <= node.chosen,
                             words_of(at->second.entry->content, world)});
    return log;
  }

 private:
  Face face_of(const MultiPaxosNode& node, const world::World& world, NodeId id) const override {
    Face face{node.leads() ? "leader" : node.leading ? "proposer" : "acceptor", {}};
    face.term = node.leading ? node.leading->ballot.round : node.promised.round;
    face.era = "round";
    face.line = fmt::format("round {}", *face.term);
    face.leads = node.leads();
    if (node.leading && !node.leading->established)
      face.ballots = ballots_of(world, first_nodes(node.servers), node.leading->promised);
    if (const auto due = timer_is_due(world, id, kElection); due && !face.leads)
      face.countdown = Countdown{*due, node.parameters.election.high};
    return face;
  }

  Cells strip_of(const MultiPaxosNode& node, const world::World& world) const override {
    Cells cells;
    const std::size_t shown = std::min(node.slots.size(), kSlotsShown);
    for (auto at = std::prev(node.slots.end(), static_cast<std::ptrdiff_t>(shown)); at != node.slots.end(); ++at) {
      const Slot& slot = at->second;
      const bool chosen = slot.chosen || at->first <= node.chosen;
      StripCell cell{
          fmt::format("{}", at->first), chosen ? Look::kSolid : Look::kDashed,
          fmt::format("entry {}, accepted in {}: {}, {}", at->first, round_of(slot.ballot, world),
                      words_of(slot.entry->content, world), chosen ? "chosen" : "not chosen as far as it knows")};
      cell.term = slot.ballot.round;
      cells.push_back(std::move(cell));
    }
    return cells;
  }
};

}  // namespace

void add_paxos_views(std::vector<std::unique_ptr<NodeView>>& views) {
  views.push_back(std::make_unique<SingleDecreeView>());
  views.push_back(std::make_unique<MultiPaxosView>());
}

}  // namespace twice::playback

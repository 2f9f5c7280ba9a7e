#include "lab/search/models.h"

#include <algorithm>

#include "core/overload.h"
#include "lab/cluster_world.h"
#include "lab/commit_outcomes.h"
#include "lab/search/paxos_properties.h"
#include "lab/search/raft_properties.h"
#include "lab/search/renaming.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"
#include "protocols/raft/raft.h"
#include "protocols/two_phase_commit/two_phase_commit.h"

namespace twice::lab::search {
namespace {

using protocols::CoordinatorNode;
using protocols::ParticipantNode;
using protocols::Phase;

std::uint64_t phase_fact(NodeId, const Local& local) {
  return static_cast<std::uint64_t>(phase_of(*local.node, local.up, local.durable).value_or(Phase::kWorking));
}

bool any(std::span<const Seen> nodes, Phase phase) {
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Seen& node) { return node.fact == static_cast<std::uint64_t>(phase); });
}

// The coordinator's fact is "working", so it takes no part in counts of outcomes.
bool all_participants(std::span<const Seen> nodes, Phase phase) {
  const auto count = std::count_if(nodes.begin(), nodes.end(),
                                   [&](const Seen& node) { return node.fact == static_cast<std::uint64_t>(phase); });
  return count + 1 == static_cast<std::ptrdiff_t>(nodes.size());
}

void add(const scenario::TwoPhaseCommitSpec&, Model& model) {
  const auto add = [&](std::string name, Property::Kind kind, std::function<bool(std::span<const Seen>)> holds) {
    model.properties.push_back({std::move(name), kind, std::move(holds), phase_fact});
  };
  add("atomic", Property::Kind::kAlways,
      [](auto nodes) { return !(any(nodes, Phase::kCommitted) && any(nodes, Phase::kAborted)); });
  add("all commit", Property::Kind::kSometimes, [](auto nodes) { return all_participants(nodes, Phase::kCommitted); });
  add("all abort", Property::Kind::kSometimes, [](auto nodes) { return all_participants(nodes, Phase::kAborted); });
  model.timer_name = [](const Node& node, std::uint8_t timer) -> std::string {
    if (node.kind() == CoordinatorNode::kName) return timer == 0 ? "decides to commit" : "gives up";
    return timer == 0 ? "prepares" : timer == 1 ? "refuses" : "asks again";
  };
  std::vector<NodeId> members;
  for (std::uint16_t i = 0; i + 1u < model.nodes.size(); ++i) members.push_back({i});
  model.symmetry = make_symmetry(std::move(members), States<CoordinatorNode, ParticipantNode>{},
                                 Bodies<protocols::Prepared, protocols::Commit, protocols::Abort,
                                        protocols::CoordinatorRecord, protocols::ParticipantRecord>{});
}

// No symmetry: configurations name their servers in the order of ids, and a renamed one would be another.
void add(const scenario::RaftSpec&, Model& model) {
  model.properties = raft_properties();
  model.timer_name = [](const Node& node, std::uint8_t timer) -> std::string {
    if (node.kind() != protocols::raft::RaftNode::kName) return "acts";
    return timer == 0 ? "stands for election" : "sends heartbeats";
  };
}

std::string paxos_timer(const Node& node, std::uint8_t timer) {
  if (node.kind() == protocols::paxos::SingleDecreeNode::kName) return "proposes again";
  if (node.kind() != protocols::paxos::MultiPaxosNode::kName) return "acts";
  return timer == protocols::paxos::kHeartbeat ? "sends heartbeats" : "wants to lead";
}

void add(const scenario::PaxosSpec&, Model& model) {
  model.properties = paxos_properties();
  model.timer_name = paxos_timer;
}

void add(const scenario::MultiPaxosSpec&, Model& model) {
  model.properties = paxos_properties();
  model.timer_name = paxos_timer;
}

}  // namespace

Model model_of(const world::World& world, const scenario::ProtocolSpec& protocol, const Options& options) {
  Model model;
  model.options = options;
  lift(world, model);
  std::visit(Overload{[&](const scenario::TwoPhaseCommitSpec& spec) { add(spec, model); },
                      [&](const scenario::RaftSpec& spec) { add(spec, model); },
                      [&](const scenario::PaxosSpec& spec) { add(spec, model); },
                      [&](const scenario::MultiPaxosSpec& spec) { add(spec, model); }, [](const auto&) {}},
             protocol);
  return model;
}

Model model_of(const scenario::Spec& spec, std::uint64_t seed, const Options& options) {
  return model_of(build_cluster(spec, seed, Trace::Keep::kNothing), spec.cluster->protocol, options);
}

}  // namespace twice::lab::search

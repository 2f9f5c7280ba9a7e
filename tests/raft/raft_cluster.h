#pragma once
// Raft clusters with clients, drawn faults and the invariants looked at after every event.
#include <memory>

#include "check/raft_invariants.h"
#include "protocols/cluster.h"
#include "protocols/raft/raft.h"

namespace twice::protocols {

/// Listens for the clients and watches the invariants.
class RaftWatch final : public world::Observer {
 public:
  void event(const world::World& w, const Event& event, const std::vector<Effect>& effects) override {
    listener.event(w, event, effects);
    invariants.event(w, event);
  }
  Listener listener;
  check::RaftInvariants invariants;
};

inline const raft::RaftNode& raft_at(const world::World& w, std::uint16_t node) {
  return *state_of<raft::RaftNode>(w.node({node}));
}

/// Who leads the newest term; nullptr: nobody.
inline const raft::RaftNode* leader_of(const world::World& w) {
  const raft::RaftNode* leader = nullptr;
  for (std::uint16_t i = 0; i < w.size(); ++i)
    if (const auto* node = state_of<raft::RaftNode>(w.node({i})); node && w.is_up({i}) && node->leading())
      if (!leader || leader->term() < node->term()) leader = node;
  return leader;
}

struct RaftRun {
  raft::Parameters parameters;
  std::size_t servers = 5;
  std::uint32_t clients = 3;
  ClientParameters client{.workload = Workload::kAppend,
                          .keys = 2,
                          .reads = {400'000'000},
                          .think = milliseconds(20),
                          .to = Time{} + seconds(5),
                          .timeout = milliseconds(400),
                          .retry = RetryPolicy::kRetrySameId,
                          .attempts = 8};
  physics::LinkProfile link = rough_link(3, 2);
  std::string faults{};               // in the grammar of steps
  bool drawn = true;                  // faults drawn from the seed as well
  Time until = Time{} + seconds(16);  // the last retry of a client is long over
};

struct RaftOutcome {
  world::World world;
  std::unique_ptr<RaftWatch> watch;
};

inline RaftOutcome run_raft(std::uint64_t seed, const RaftRun& run) {
  const auto names = node_names(run.servers);
  std::vector<world::NodeSetup> nodes = raft::make_raft(names, run.parameters);
  add_clients(nodes, seed, run.clients, run.client, node_ids(run.servers));
  RaftOutcome outcome{world::World(seed, std::move(nodes), run.link, Trace::Keep::kNothing),
                      std::make_unique<RaftWatch>()};
  if (run.drawn) plan(outcome.world, drawn_faults(seed, names, seconds(4)));
  if (!run.faults.empty()) plan(outcome.world, run.faults);
  outcome.world.run(run.until, ~Sequence{0}, outcome.watch.get());
  return outcome;
}

}  // namespace twice::protocols

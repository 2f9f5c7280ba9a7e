// Raft under drawn crashes, partitions, losses and duplicates: nothing breaks, with every switch.
#include "raft_cluster.h"

namespace twice::protocols {
namespace {

using raft::Membership;
using raft::Reads;

#ifdef TWICE_SANITIZED
constexpr std::uint64_t kSeeds = 4;
#else
constexpr std::uint64_t kSeeds = 60;
#endif

void expect_clean(const RaftRun& run, std::uint64_t seeds = kSeeds) {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    const RaftOutcome outcome = run_raft(seed, run);
    for (const check::RaftViolation& v : outcome.watch->invariants.violations())
      FAIL_CHECK(name_of(v.invariant) << " at event " << v.event << ": " << v.words);
    const raft::RaftNode* leader = leader_of(outcome.world);
    REQUIRE(leader);
    CHECK(leader->commit == leader->log().last());
    for (const NodeId other : leader->configuration().others(leader->self)) {
      const raft::RaftNode& follower = raft_at(outcome.world, other.index);
      CHECK(follower.commit == leader->commit);
      CHECK(follower.log().prefix(follower.log().last()) == leader->log().prefix(leader->log().last()));
    }
    std::map<std::uint32_t, Cell> cells;
    raft::Index applied = 0;
    for (std::uint16_t i = 0; i < run.servers; ++i)
      if (const auto& node = raft_at(outcome.world, i); node.applied() > applied)
        applied = node.applied(), cells = node.machine.store.cells;
    const Appends judged = judge_appends(outcome.watch->listener.told, cells);
    acknowledged += judged.acknowledged;
    CHECK(judged.lost == 0);
    CHECK(judged.doubled == 0);
    CHECK(judged.invented == 0);
    if (run.parameters.reads != Reads::kLocal) CHECK(judged.stale_reads == 0);
    if (outcome.watch->invariants.violations().size() + judged.lost + judged.doubled + judged.stale_reads > 0) return;
  }
  CHECK(acknowledged > 10 * seeds);
}

RaftRun with(void (*change)(raft::Parameters&)) {
  RaftRun run;
  change(run.parameters);
  return run;
}

TEST_CASE("every invariant holds under drawn faults, and no acknowledged append is lost or done twice", "[raft]") {
  expect_clean({});
}

TEST_CASE("so with PreVote and CheckQuorum", "[raft]") {
  expect_clean(with([](raft::Parameters& p) { p.pre_vote = p.check_quorum = true; }));
}

TEST_CASE("so with reads through the log", "[raft]") {
  expect_clean(with([](raft::Parameters& p) { p.reads = Reads::kLog; }));
}

TEST_CASE("so with leases", "[raft]") {
  expect_clean(with([](raft::Parameters& p) {
    p.reads = Reads::kLease;
    p.check_quorum = true;
  }));
}

TEST_CASE("so with reads from followers", "[raft]") {
  RaftRun run = with([](raft::Parameters& p) { p.reads = Reads::kFollower; });
  run.client.route = Route::kRoundRobin;
  expect_clean(run);
}

TEST_CASE("so with snapshots in small chunks", "[raft]") {
  RaftRun run = with([](raft::Parameters& p) {
    p.snapshot_every = 5;
    p.chunk = 1;
  });
  run.client.keys = 4;
  expect_clean(run);
}

TEST_CASE("so with a window of one message and writes before sending", "[raft]") {
  expect_clean(with([](raft::Parameters& p) {
    p.window = 1;
    p.batch = 1;
    p.parallel_writes = false;
  }));
}

TEST_CASE("so while servers are added and removed one at a time", "[raft]") {
  RaftRun run = with([](raft::Parameters& p) {
    p.voters = 3;
    p.snapshot_every = 20;
    p.pre_vote = p.check_quorum = true;
  });
  int when = 600;
  for (const char* what : {"add n4", "remove n1", "add n5", "remove n2", "add n1", "transfer n4", "remove n3"}) {
    for (int i = 1; i <= 5; ++i)
      run.faults += fmt::format("{}tell n{} {} @{}ms", run.faults.empty() ? "" : "; ", i, what, when + i);
    when += 400;
  }
  expect_clean(run);
}

}  // namespace
}  // namespace twice::protocols

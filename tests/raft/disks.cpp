// Disks that are lost, disks that fail, and state machines that only seem to be alike.
#include "raft_cluster.h"

namespace twice::protocols {
namespace {

RaftRun three_servers(std::string faults) {
  RaftRun run;
  run.servers = 3;
  run.drawn = false;
  run.parameters.priority = {1, 0, 0};
  run.faults = std::move(faults);
  run.until = Time{} + seconds(9);
  return run;
}

TEST_CASE("a server on a new disk fills its log, does not vote and never leads", "[raft]") {
  const RaftOutcome alone =
      run_raft(1, three_servers("crash n2 lose all @2s; restart n2 @2.1s; crash n1 @4s; tell n2 campaign @6s"));
  CHECK(alone.watch->invariants.violations().empty());
  CHECK(leader_of(alone.world) == nullptr);  // n3 needs a vote, and n2's counts no more
  const raft::RaftNode& n2 = raft_at(alone.world, 1);
  CHECK(n2.persistent.on_new_disk);
  const RaftOutcome healthy = run_raft(1, three_servers("crash n2 @2s; restart n2 @2.1s; crash n1 @4s"));
  CHECK(leader_of(healthy.world));
  const RaftOutcome back = run_raft(
      1,
      three_servers("crash n2 lose all @2s; restart n2 @2.1s; crash n1 @4s; restart n1 @6s; crash n2 @7s; restart n2 "
                    "@7.2s"));
  CHECK(back.watch->invariants.violations().empty());
  REQUIRE(leader_of(back.world));
  CHECK(leader_of(back.world)->self != NodeId{1});
  CHECK(raft_at(back.world, 1).persistent.on_new_disk);  // it knows after a restart, too
  CHECK(raft_at(back.world, 1).commit == leader_of(back.world)->commit);
}

TEST_CASE("a machine that is lost with its disk breaks nothing, under drawn faults", "[raft]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    RaftRun run;
    run.parameters.pre_vote = run.parameters.check_quorum = seed % 2 == 0;
    run.parameters.snapshot_every = seed % 3 == 0 ? 20 : 0;
    run.faults = fmt::format("crash n{0} lose all @{1}ms; restart n{0} @{2}ms", 1 + seed % 5, 1000 + 70 * seed,
                             1200 + 70 * seed);
    const RaftOutcome outcome = run_raft(seed, run);
    for (const check::RaftViolation& v : outcome.watch->invariants.violations())
      FAIL_CHECK(name_of(v.invariant) << " at event " << v.event << ": " << v.words);
    CHECK(leader_of(outcome.world));
  }
}

TEST_CASE("a server whose disk fails stops; one that goes on is found out", "[raft]") {
  RaftRun run = three_servers("fail n2 io-error @2s");
  const RaftOutcome right = run_raft(1, run);
  CHECK_FALSE(right.world.is_up({1}));
  CHECK(right.watch->invariants.violations().empty());
  run.parameters.bug = raft::Bug::kPersistErrorIgnored;
  run.faults = "isolate n3 @1.9s; " + run.faults;
  const RaftOutcome wrong = run_raft(1, run);
  CHECK(wrong.world.is_up({1}));
  CHECK(wrong.watch->invariants.first(check::RaftInvariant::kCommitDurable));
}

TEST_CASE("a repetition done twice shows in the machine's history, though it is answered as the first time", "[raft]") {
  const auto entry = [](raft::Index index) {
    Request add;
    add.id = {NodeId{7}, 1};
    add.command = {.verb = Verb::kAdd, .key = 1, .value = 1};
    return raft::make_entry(1, index, Time{}, add);
  };
  raft::Machine one, other;
  one.apply(*entry(1), {}, Time{});
  other.apply(*entry(1), {}, Time{});
  CHECK(one.history == other.history);
  other.store.sessions.clear();
  CHECK(hash_of(one.apply(*entry(2), {}, Time{})) == hash_of(other.apply(*entry(2), {}, Time{})));
  CHECK(one.history != other.history);
}

}  // namespace
}  // namespace twice::protocols

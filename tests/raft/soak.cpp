// A hundred thousand seeds of the default mix of faults. `test_raft "[soak]"`; the halves may run side by side.
#include <cstdio>

#include "raft_cluster.h"

namespace twice::protocols {
namespace {

struct Sum {
  std::uint64_t seeds = 0, events = 0, committed = 0, leaders = 0, acknowledged = 0, wrong = 0;
};

/// How many things are wrong with the end of a run: broken invariants, logs that differ, appends lost or done twice.
std::uint64_t wrong_in(const RaftOutcome& outcome, const RaftRun& run, Sum& sum) {
  const check::RaftInvariants& invariants = outcome.watch->invariants;
  std::uint64_t wrong = invariants.violations().size();
  const raft::RaftNode* leader = leader_of(outcome.world);
  if (!leader) return wrong + 1;
  for (std::uint16_t i = 0; i < run.servers; ++i) {
    const raft::RaftNode& node = raft_at(outcome.world, i);
    wrong += node.commit != leader->log().last() || node.log().last() != leader->log().last() ||
             node.log().prefix(node.log().last()) != leader->log().prefix(leader->log().last());
  }
  std::vector<Told> writes;  // stale reads are looked for in safety.cpp, with fewer seeds
  for (const Told& told : outcome.watch->listener.told)
    if (told.asked.command.writes()) writes.push_back(told);
  const Appends judged = judge_appends(writes, leader->machine.store.cells);
  sum.events += outcome.world.events();
  sum.committed += invariants.committed();
  sum.leaders += invariants.leaders();
  sum.acknowledged += judged.acknowledged;
  return wrong + judged.lost + judged.doubled + judged.invented;
}

void soak(std::uint64_t from, std::uint64_t to) {
  const RaftRun run;
  Sum sum;
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    const std::uint64_t wrong = wrong_in(run_raft(seed, run), run, sum);
    if (wrong > 0) FAIL_CHECK("seed " << seed << ": " << wrong << " wrong");
    sum.wrong += wrong;
    ++sum.seeds;
  }
  const auto print = [](const char* what, std::uint64_t n) {
    std::printf(" %llu %s", static_cast<unsigned long long>(n), what);
  };
  std::printf("seeds %llu to %llu:", static_cast<unsigned long long>(from), static_cast<unsigned long long>(to));
  print("runs,", sum.seeds), print("events,", sum.events), print("leaders,", sum.leaders);
  print("committed,", sum.committed), print("appends acknowledged,", sum.acknowledged), print("wrong\n", sum.wrong);
}

}  // namespace

TEST_CASE("the first fifty thousand seeds are clean", "[.][soak]") { soak(1, 50'000); }
TEST_CASE("the second fifty thousand seeds are clean", "[.][soak]") { soak(50'001, 100'000); }

}  // namespace twice::protocols

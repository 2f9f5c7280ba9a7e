// A hundred thousand seeds of the default mix of faults. `test_raft "[soak]"`; the halves may run side by side.
#include <fmt/format.h>

#include "raft_cluster.h"

namespace twice::protocols {
namespace {

struct Sum {
  std::uint64_t seeds = 0, events = 0, committed = 0, leaders = 0, acknowledged = 0, wrong = 0;
};

/// What is wrong with the end of a run, in words: broken invariants, logs that differ, appends lost or done twice.
std::string wrong_in(const RaftOutcome& outcome, const RaftRun& run, Sum& sum) {
  const check::RaftInvariants& invariants = outcome.watch->invariants;
  std::string wrong;
  for (const check::RaftViolation& v : invariants.violations())
    wrong += fmt::format("\n{} at event {}: {}", name_of(v.invariant), v.event, v.words);
  const raft::RaftNode* leader = leader_of(outcome.world);
  if (!leader) return wrong + "\nnobody leads";
  const raft::Index last = leader->log().last();
  for (std::uint16_t i = 0; i < run.servers; ++i) {
    const raft::RaftNode& node = raft_at(outcome.world, i);
    if (node.commit != last || node.log().last() != last || node.log().prefix(last) != leader->log().prefix(last))
      wrong +=
          fmt::format("\nn{}: commit {}, last {}; its leader's last {}", i + 1, node.commit, node.log().last(), last);
  }
  std::vector<Told> writes;  // stale reads are looked for in safety.cpp, with fewer seeds
  for (const Told& told : outcome.watch->listener.told)
    if (told.asked.command.writes()) writes.push_back(told);
  const Appends judged = judge_appends(writes, leader->machine.store.cells);
  if (judged.lost + judged.doubled + judged.invented > 0)
    wrong += fmt::format("\nappends lost {}, done twice {}, refused and done {}", judged.lost, judged.doubled,
                         judged.invented);
  sum.events += outcome.world.events();
  sum.committed += invariants.committed();
  sum.leaders += invariants.leaders();
  sum.acknowledged += judged.acknowledged;
  return wrong;
}

void soak(std::uint64_t from, std::uint64_t to) {
  const RaftRun run;
  Sum sum;
  for (std::uint64_t seed = from; seed <= to; ++seed, ++sum.seeds) {
    RaftOutcome outcome = run_raft(seed, run);
    // The network still loses messages, so that a leader may fall at any time: now it is quiet.
    outcome.world.set_all_links(rough_link(0, 0));
    outcome.world.run(run.until + seconds(2), ~Sequence{0}, outcome.watch.get());
    const std::string wrong = wrong_in(outcome, run, sum);
    if (wrong.empty()) continue;
    ++sum.wrong;
    FAIL_CHECK("seed " << seed << wrong);
  }
  fmt::print(
      "seeds {} to {}: {} runs, {} events, {} leaders, {} entries committed, {} appends acknowledged, {} runs wrong\n",
      from, to, sum.seeds, sum.events, sum.leaders, sum.committed, sum.acknowledged, sum.wrong);
}

}  // namespace

TEST_CASE("the first fifty thousand seeds are clean", "[.][soak]") { soak(1, 50'000); }
TEST_CASE("the second fifty thousand seeds are clean", "[.][soak]") { soak(50'001, 100'000); }

}  // namespace twice::protocols

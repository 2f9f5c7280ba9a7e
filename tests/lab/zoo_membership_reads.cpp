// The bug zoo's second half: membership, elections that stand still, reads, sessions, disks. Each mistake is found by
// the check that should find it, and by nothing but the mistake.
#include "lab/shipped.h"

namespace twice::lab {
namespace {

using protocols::raft::Bug;

struct Mistake {
  Bug bug;
  std::vector<std::string> found_by;  // names of findings
};
const std::vector<Mistake>& mistakes() {
  static const std::vector<Mistake> kMistakes{
      {Bug::kReconfigBeforeNoop, {"always not election-safety", "always not quorums-overlap"}},
      {Bug::kMultiServerChangeDirect, {"always not election-safety"}},
      {Bug::kConfigAtApplyWithoutGuard, {"always not election-safety"}},
      {Bug::kWipedMemberSameId, {"always not leader-completeness", "always not state-machine-safety"}},
      {Bug::kRemovedServerDisrupts, {"metric reigns"}},
      {Bug::kPrevoteGrantsOnLivenessOnly, {"metric elections"}},
      {Bug::kPrevoteTermDeadlock, {"finally not leader-elected"}},
      {Bug::kLearnerCannotVote, {"finally not leader-elected"}},
      {Bug::kLeaderHeartbeatBlocksBridge, {"finally not logs-converged"}},
      {Bug::kNoCheckQuorum, {"finally not linearizable"}},
      {Bug::kLocalReadWithoutQuorum, {"finally not linearizable"}},
      {Bug::kReadindexBeforeNoop, {"finally not linearizable"}},
      {Bug::kReadindexContextReuse, {"finally not linearizable"}},
      {Bug::kLeaseIgnoresDrift, {"always not one-lease", "finally not linearizable"}},
      {Bug::kLeaseKeptOnTransfer, {"always not one-lease", "finally not linearizable"}},
      {Bug::kLeaseFromAckReceipt, {"always not one-lease", "finally not linearizable"}},
      {Bug::kFollowerReadWithoutWait, {"finally not linearizable", "finally sequential"}},
      {Bug::kNoDedupOnRetry, {"finally not totals"}},
      {Bug::kDedupTableNotInSnapshot, {"always not state-machine-safety", "finally not totals"}},
      {Bug::kSessionExpiryByLocalClock, {"always not state-machine-safety"}},
      {Bug::kTransferBeforeCaughtUp, {"metric elections"}},
      {Bug::kInitNextAfterProposals, {"always not log-matching"}},
      {Bug::kAsyncAppendAba, {"always not leader-completeness"}},
      {Bug::kPersistErrorIgnored, {"always not commit-durable", "always not leader-completeness"}},
      {Bug::kNoRandomisation, {"finally not leader-elected"}}};
  return kMistakes;
}

protocols::raft::Parameters& raft_of(scenario::Variant& variant) {
  return std::get<scenario::RaftSpec>(variant.spec.cluster->protocol).p;
}

bool is_found(const RunReport& run, const std::string& name) {
  return std::any_of(run.findings.begin(), run.findings.end(), [&](const Finding& f) { return f.name == name; });
}

TEST_CASE("each mistake of the second half of the zoo is found by the check that should find it") {
  for (const Mistake& mistake : mistakes()) {
    const std::string flag(name_of(mistake.bug));
    INFO(flag);
    scenario::Scenario s = shipped("zoo/" + flag + ".toml");
    REQUIRE(s.variants.size() == 2);
    CHECK(s.variants[0].name == "as the paper says");
    CHECK(s.variants[1].name == flag);
    CHECK(raft_of(s.variants[0]).bug == Bug::kNone);
    CHECK(raft_of(s.variants[1]).bug == mistake.bug);
    const RunReport right = run(s.variants[0], 1, {}), wrong = run(s.variants[1], 1, {});
    CHECK(complaints(right) == "");
    CHECK(complaints(wrong) == "");
    for (const std::string& name : mistake.found_by) {
      INFO(name);
      CHECK(is_found(wrong, name));
    }
  }
}

TEST_CASE("it is the mistake that is found: without it, the same faults break nothing") {
  for (const Mistake& mistake : mistakes()) {
    const std::string flag(name_of(mistake.bug));
    INFO(flag);
    scenario::Scenario s = shipped("zoo/" + flag + ".toml");
    REQUIRE(s.variants.size() == 2);
    raft_of(s.variants[1]).bug = Bug::kNone;
    CHECK(run(s.variants[1], 1, {}).held() == Held::kNo);
  }
}

}  // namespace
}  // namespace twice::lab

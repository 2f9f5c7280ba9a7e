// What a server finds again after a crash that kept only a part of what was under way.
#include "raft_cluster.h"

namespace twice::protocols {

using raft::Bug;

TEST_CASE("a log entry that a crash kept without its term brings the term back, durably and without a vote", "[raft]") {
  raft::Log log;
  const auto entry = raft::make_entry(8, 1, {}, raft::Nothing{});
  const std::vector<Record> records{
      {raft::kVoteRecord, Payload(raft::VoteRecord{7, {2}})},
      {raft::kEntryRecords + 1, Payload(raft::EntryRecord{*log.prefix(0), entry})},
  };
  raft::Persistent persistent;
  Effects effects;
  persistent.recover(records, Bug::kNone, effects);
  CHECK(persistent.log.last() == 1);
  CHECK(persistent.term == 8);
  CHECK(persistent.vote == kNobody);
  REQUIRE(effects.list().size() == 1);
  CHECK(std::get<Write>(effects.list().front()).record.key == raft::kVoteRecord);
  CHECK(persistent.vote_token == effects.last_token());
}

TEST_CASE("a vote of the log's own term is kept", "[raft]") {
  raft::Log log;
  const auto entry = raft::make_entry(7, 1, {}, raft::Nothing{});
  raft::Persistent persistent;
  Effects effects;
  persistent.recover({{raft::kVoteRecord, Payload(raft::VoteRecord{7, {2}})},
                      {raft::kEntryRecords + 1, Payload(raft::EntryRecord{*log.prefix(0), entry})}},
                     Bug::kNone, effects);
  CHECK(persistent.vote == NodeId{2});
  CHECK(effects.list().empty());
}

TEST_CASE("a seed in which a crash parts an entry from its term is clean", "[raft]") {
  const RaftOutcome outcome = run_raft(72'647, {});  // found by soak.cpp
  for (const check::RaftViolation& v : outcome.watch->invariants.violations()) FAIL_CHECK(v.words);
  CHECK(outcome.watch->invariants.committed() > 0);
}

}  // namespace twice::protocols

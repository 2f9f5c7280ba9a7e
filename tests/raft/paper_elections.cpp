// The paper, §5.1 (terms), §5.2 (elections), §5.4.1 (who may be elected), §5.5 (crashes): a test per rule.
#include "one_server.h"
#include "raft_cluster.h"

namespace twice::protocols::raft {
namespace {

AppendEntries heartbeat_of(Term term) { return {.term = term}; }

// --- §5.1

TEST_CASE("§5.1: a server that hears of a newer term takes it over and follows, whatever it was", "[raft]") {
  for (const int role : {0, 1, 2}) {
    OneServer server(3);
    if (role == 1) server.election_timeout();
    if (role == 2) server.win();
    server.receive(kN2, heartbeat_of(7));
    CHECK(server.node().term() == 7);
    CHECK(std::holds_alternative<Follower>(server.node().role));
    CHECK(server.node().leader == kN2);
    CHECK(server.node().persistent.vote == kNobody);
  }
}

TEST_CASE("§5.1: every message of a newer term is such news", "[raft]") {
  const auto heard = [](auto message) {
    OneServer server(3);
    server.win();
    server.receive(kN2, std::move(message));
    return server.node().term() == 9 && !server.node().leading();
  };
  CHECK(heard(AppendEntries{.term = 9}));
  CHECK(heard(AppendReply{.term = 9}));
  CHECK(heard(RequestVote{.term = 9}));
  CHECK(heard(Vote{.term = 9}));
  CHECK(heard(InstallSnapshot{.term = 9, .last_index = 1}));
  CHECK(heard(SnapshotReply{.term = 9}));
}

TEST_CASE("§5.1: a message of an old term changes nothing, and its sender is told the newer one", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(5, kN3, {1, 2}));
  const std::uint64_t before = hash_of(server.node());
  server.receive(kN2, AppendEntries{.term = 4, .prev_index = 2, .prev_term = 2, .entries = entries_of({4}, 3)});
  REQUIRE(server.to<AppendReply>(kN2));
  CHECK_FALSE(server.to<AppendReply>(kN2)->accepted);
  CHECK(server.to<AppendReply>(kN2)->term == 5);
  server.receive(kN2, RequestVote{.term = 4, .last_index = 9, .last_term = 4});
  REQUIRE(server.to<Vote>(kN2));
  CHECK_FALSE(server.to<Vote>(kN2)->granted);
  CHECK(server.to<Vote>(kN2)->term == 5);
  server.receive(kN2, AppendReply{.term = 4, .accepted = true, .index = 2});
  server.receive(kN2, Vote{.term = 4, .granted = true});
  CHECK(hash_of(server.node()) == before);
}

// --- §5.2

TEST_CASE("§5.2: a server starts as a follower, and waits", "[raft]") {
  const OneServer server(3);
  CHECK(std::holds_alternative<Follower>(server.node().role));
  CHECK(server.node().term() == 0);
  CHECK(server.sent.empty());
  REQUIRE(server.timer(kElectionTimer));
  CHECK_FALSE(server.timer(kHeartbeatTimer));
}

TEST_CASE("§5.2: a leader speaks to all others as soon as it leads, and every heartbeat", "[raft]") {
  OneServer server(3);
  server.win();
  for (const NodeId other : {kN2, kN3}) CHECK(server.to<AppendEntries>(other));
  CHECK_FALSE(server.timer(kElectionTimer));
  for (int i = 0; i < 3; ++i) {
    server.heartbeat_timeout();
    for (const NodeId other : {kN2, kN3}) CHECK(server.to<AppendEntries>(other));
    CHECK(server.timer(kHeartbeatTimer)->low == server.node().parameters.heartbeat);
  }
}

TEST_CASE("§5.2: followers and candidates stand when they hear nobody: new term, own vote, a request to each other",
          "[raft]") {
  OneServer server(3);
  for (const Term term : {1u, 2u}) {  // first as a follower, then as a candidate
    server.election_timeout();
    CHECK(std::holds_alternative<Candidate>(server.node().role));
    CHECK(server.node().term() == term);
    CHECK(server.node().persistent.vote == kN1);
    for (const NodeId other : {kN2, kN3}) {
      REQUIRE(server.to<RequestVote>(other));
      CHECK(server.to<RequestVote>(other)->term == term);
    }
    CHECK(server.timer(kElectionTimer));
  }
}

TEST_CASE("§5.2: a candidate with the votes of a majority leads, and not one vote earlier", "[raft]") {
  struct Case {
    std::size_t servers;
    std::vector<bool> votes;  // of n2, n3, …
    bool leads;
  };
  const Case cases[] = {
      {1, {}, true},
      {3, {}, false},
      {3, {true}, true},
      {3, {false}, false},
      {3, {false, true}, true},
      {3, {false, false}, false},
      {5, {true}, false},
      {5, {true, true}, true},
      {5, {false, false, true, true}, true},
      {5, {false, false, false, true}, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.servers, c.votes.size(), c.leads);
    OneServer server(c.servers);
    server.election_timeout();
    for (std::uint16_t i = 0; i < c.votes.size(); ++i)
      server.receive(NodeId{static_cast<std::uint16_t>(i + 1)}, Vote{1, c.votes[i]});
    CHECK((server.node().leading() != nullptr) == c.leads);
    CHECK(server.node().term() == 1);
  }
}

TEST_CASE("§5.2: one vote that comes twice is one vote", "[raft]") {
  OneServer server(5);
  server.election_timeout();
  for (int i = 0; i < 3; ++i) server.receive(kN2, Vote{1, true});
  CHECK_FALSE(server.node().leading());
}

TEST_CASE("§5.2: votes of an earlier term do not count", "[raft]") {
  OneServer server(3);
  server.election_timeout();
  server.election_timeout();
  server.receive(kN2, Vote{1, true});
  CHECK_FALSE(server.node().leading());
}

TEST_CASE("§5.2: a follower votes once a term, for the first who asks", "[raft]") {
  OneServer server(3);
  server.receive(kN2, RequestVote{.term = 1});
  CHECK(server.to<Vote>(kN2)->granted);
  server.receive(kN3, RequestVote{.term = 1});
  CHECK_FALSE(server.to<Vote>(kN3)->granted);
  server.receive(kN2, RequestVote{.term = 1});  // the answer was lost
  CHECK(server.to<Vote>(kN2)->granted);
  server.receive(kN3, RequestVote{.term = 2});
  CHECK(server.to<Vote>(kN3)->granted);
}

TEST_CASE("§5.2: a vote given starts the wait anew, a vote refused does not", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(1, kNobody, {1}));
  std::size_t resets = server.election_resets;
  server.receive(kN2, RequestVote{.term = 2, .last_index = 1, .last_term = 1});
  CHECK(server.election_resets == resets + 1);
  resets = server.election_resets;
  server.receive(kN3, RequestVote{.term = 3, .last_index = 0, .last_term = 0});
  CHECK(server.election_resets == resets);
}

TEST_CASE("§5.2: a candidate that hears the leader of its term follows", "[raft]") {
  for (const Term term : {1u, 2u}) {  // of its own, and of a newer one
    OneServer server(3);
    server.election_timeout();
    server.receive(kN3, heartbeat_of(term));
    CHECK(std::holds_alternative<Follower>(server.node().role));
    CHECK(server.node().term() == term);
    CHECK(server.node().leader == kN3);
  }
}

TEST_CASE("§5.2: a candidate does not follow the leader of an earlier term", "[raft]") {
  OneServer server(3);
  server.election_timeout();
  server.election_timeout();
  server.receive(kN3, heartbeat_of(1));
  CHECK(std::holds_alternative<Candidate>(server.node().role));
}

TEST_CASE("§5.2: a follower stays one as long as it hears its leader", "[raft]") {
  OneServer server(3);
  for (int i = 0; i < 5; ++i) {
    const std::size_t resets = server.election_resets;
    server.receive(kN2, heartbeat_of(1));
    CHECK(server.election_resets == resets + 1);
  }
  CHECK(std::holds_alternative<Follower>(server.node().role));
}

TEST_CASE("§5.2: every wait is drawn anew from the whole range", "[raft]") {
  OneServer server(3);
  for (int i = 0; i < 4; ++i) {
    server.election_timeout();
    CHECK(server.timer(kElectionTimer)->low == server.node().parameters.election.low);
    CHECK(server.timer(kElectionTimer)->high == server.node().parameters.election.high);
  }
}

TEST_CASE("§5.2: drawn waits differ, so that most elections have one candidate, and votes that split are cast again",
          "[raft]") {
  int split = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    RaftRun run;
    run.clients = 0, run.drawn = false, run.until = at(seconds(4));
    const RaftOutcome outcome = run_raft(seed, run);
    const RaftNode* leader = leader_of(outcome.world);
    REQUIRE(leader);
    split += leader->term() > 1;
  }
  CHECK(split > 0);
  CHECK(split < 50);
}

// --- §5.4.1

TEST_CASE("§5.4.1: a request for a vote says how new the candidate's log is", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(4, kNobody, {1, 1, 3}));
  server.election_timeout();
  REQUIRE(server.to<RequestVote>(kN2));
  CHECK(server.to<RequestVote>(kN2)->last_index == 3);
  CHECK(server.to<RequestVote>(kN2)->last_term == 3);
}

TEST_CASE("§5.4.1: a vote goes only to a log that is at least as new: by its last term, then by its length", "[raft]") {
  struct Case {
    std::vector<Term> mine;
    Term last_term;
    Index last_index;
    bool granted;
  };
  const Case cases[] = {
      {{1}, 1, 1, true},     {{1}, 1, 2, true},  {{1, 1}, 1, 1, false}, {{1}, 2, 1, true},
      {{1, 1}, 2, 1, true},  {{2}, 1, 1, false}, {{2}, 1, 2, false},    {{2}, 1, 99, false},
      {{2, 2}, 1, 1, false}, {{}, 0, 0, true},   {{1}, 0, 0, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.mine, c.last_term, c.last_index);
    OneServer server(3, {}, kN1, disk_of(2, kNobody, c.mine));
    server.receive(kN2, RequestVote{.term = 3, .last_index = c.last_index, .last_term = c.last_term});
    REQUIRE(server.to<Vote>(kN2));
    CHECK(server.to<Vote>(kN2)->granted == c.granted);
    CHECK(server.node().term() == 3);
  }
}

// --- §5.5 and figure 2, "persistent state"

TEST_CASE("fig. 2: a vote leaves when it is durable, and a request for votes too", "[raft]") {
  OneServer voter(3, {}, kN1, {}, false);
  voter.receive(kN2, RequestVote{.term = 1});
  REQUIRE(voter.sent.size() == 1);
  CHECK(voter.sent[0].after > voter.durable());
  OneServer candidate(3, {}, kN1, {}, false);
  candidate.election_timeout();
  REQUIRE(candidate.sent.size() == 2);
  for (const Send& send : candidate.sent) CHECK(send.after > candidate.durable());
}

TEST_CASE("fig. 2: after a crash term, vote and log are as they were, and nothing else is", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(6, kN3, {1, 4, 6}));
  CHECK(server.node().term() == 6);
  CHECK(server.node().persistent.vote == kN3);
  CHECK(terms_of(server.node().log()) == std::vector<Term>{1, 4, 6});
  CHECK(server.node().commit == 0);
  CHECK(server.node().applied() == 0);
  CHECK(server.node().leader == kNobody);
  server.receive(kN2, RequestVote{.term = 6, .last_index = 9, .last_term = 6});
  CHECK_FALSE(server.to<Vote>(kN2)->granted);
}

TEST_CASE("§5.5: a request that comes again does no harm", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(1, kNobody, {1}));
  const AppendEntries message{
      .term = 2, .prev_index = 1, .prev_term = 1, .commit = 2, .entries = entries_of({2, 2}, 2)};
  server.receive(kN2, message);
  const std::uint64_t once = hash_of(server.node());
  server.receive(kN2, message);
  CHECK(hash_of(server.node()) == once);
  REQUIRE(server.to<AppendReply>(kN2));
  CHECK(server.to<AppendReply>(kN2)->accepted);
  CHECK(server.to<AppendReply>(kN2)->index == 3);
}

TEST_CASE("§5.5: what nobody answers is sent again with the next heartbeat", "[raft]") {
  OneServer server(3);
  server.win();
  server.receive(kClient, append_of(7));
  for (int i = 0; i < 3; ++i) {
    server.heartbeat_timeout();
    REQUIRE(server.to<AppendEntries>(kN2));
    CHECK(server.to<AppendEntries>(kN2)->entries.size() == 2);
  }
}

}  // namespace
}  // namespace twice::protocols::raft

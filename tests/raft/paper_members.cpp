// The thesis, §3.10 (transfer), ch. 4 (membership), §9.6 (PreVote): a test per rule.
#include "one_server.h"

namespace twice::protocols::raft {
namespace {

using Nodes = std::vector<NodeId>;

Parameters parameters_with(void (*change)(Parameters&)) {
  Parameters parameters;
  change(parameters);
  return parameters;
}

const Configuration& members(Servers& servers, NodeId node) { return servers[node].node().configuration(); }

// --- §9.6

TEST_CASE("thesis §9.6: PreVote raises nobody's term until a majority says yes", "[raft]") {
  OneServer server(5, parameters_with([](Parameters& p) { p.pre_vote = true; }));
  server.election_timeout();
  CHECK(std::holds_alternative<PreCandidate>(server.node().role));
  CHECK(server.node().term() == 0);
  CHECK(server.count<PreVote>() == 4);
  CHECK(server.count<RequestVote>() == 0);
  server.receive(kN2, PreVoteReply{0, 1, true});
  CHECK(server.node().term() == 0);
  server.receive(kN3, PreVoteReply{0, 1, false});
  CHECK(server.node().term() == 0);
  server.receive(kN4, PreVoteReply{0, 1, true});
  CHECK(server.node().term() == 1);
  CHECK(std::holds_alternative<Candidate>(server.node().role));
  CHECK(server.count<RequestVote>() == 4);
}

TEST_CASE("thesis §9.6: yes to a PreVote is no vote: nothing of the server changes", "[raft]") {
  OneServer server(3, parameters_with([](Parameters& p) { p.pre_vote = true; }), kN1, disk_of(2, kN3, {1}));
  server.now = at(seconds(1));
  const std::uint64_t before = hash_of(server.node());
  for (const NodeId other : {kN2, kN3}) {
    server.receive(other, PreVote{.term = 2, .proposed = 3, .last_index = 1, .last_term = 1});
    CHECK(server.to<PreVoteReply>(other)->granted);
  }
  CHECK(hash_of(server.node()) == before);
}

TEST_CASE("thesis §9.6: no from who hears a leader, and no to a log that could not win", "[raft]") {
  OneServer server(3, parameters_with([](Parameters& p) { p.pre_vote = true; }), kN1, disk_of(2, kNobody, {1, 2}));
  server.now = at(seconds(1));
  server.receive(kN2, PreVote{.term = 2, .proposed = 3, .last_index = 9, .last_term = 1});
  CHECK_FALSE(server.to<PreVoteReply>(kN2)->granted);
  server.receive(kN3, AppendEntries{.term = 2, .prev_index = 2, .prev_term = 2});
  server.receive(kN2, PreVote{.term = 2, .proposed = 3, .last_index = 9, .last_term = 2});
  CHECK_FALSE(server.to<PreVoteReply>(kN2)->granted);
  server.now = server.now + server.node().parameters.election.low;
  server.receive(kN2, PreVote{.term = 2, .proposed = 3, .last_index = 9, .last_term = 2});
  CHECK(server.to<PreVoteReply>(kN2)->granted);
}

TEST_CASE("thesis §9.6: who has fallen behind learns the term by the answer", "[raft]") {
  OneServer server(3, parameters_with([](Parameters& p) { p.pre_vote = true; }), kN1, disk_of(7, kNobody, {}));
  server.receive(kN2, PreVote{.term = 2, .proposed = 3});
  REQUIRE(server.to<PreVoteReply>(kN2));
  CHECK_FALSE(server.to<PreVoteReply>(kN2)->granted);
  CHECK(server.to<PreVoteReply>(kN2)->term == 7);
}

TEST_CASE("thesis §9.6: a server that was away unseats the leader when it returns, unless it asked first", "[raft]") {
  for (const bool pre_vote : {false, true}) {
    Parameters parameters;
    parameters.pre_vote = pre_vote;
    Servers servers(3, parameters);
    servers.pass_time(seconds(1));
    servers.election_timeout(kN1);
    servers.set_away({kN3});
    for (int i = 0; i < 5; ++i) servers.election_timeout(kN3);
    servers.set_away({});
    servers.heartbeat_timeout(kN1);
    CHECK((servers[kN1].node().leading() != nullptr) == pre_vote);
    CHECK(servers[kN1].node().term() == (pre_vote ? 1 : 6));
  }
}

// --- §3.10

TEST_CASE("thesis §3.10: a transfer brings the next leader up to date, then tells it to stand at once", "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.acknowledge(kN2);
  leader.receive(kClient, append_of(7));
  leader.tell("transfer n3");
  CHECK_FALSE(leader.to<TimeoutNow>(kN3));
  leader.acknowledge(kN3);
  CHECK(leader.to<TimeoutNow>(kN3));
  CHECK(leader.node().leading());  // until it hears of the newer term
}

TEST_CASE("thesis §3.10: meanwhile it takes nothing more in, and says whom to ask", "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.acknowledge(kN2);
  leader.tell("transfer n3");
  leader.receive(kClient, append_of(7));
  REQUIRE(leader.answer());
  CHECK(leader.answer()->reply.status == Status::kUnavailable);
  CHECK(leader.answer()->ask == kN3);
  CHECK(leader.node().log().last() == 1);
}

TEST_CASE("thesis §3.10: if the other has not taken over within a time-out the leader goes on", "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.acknowledge(kN2);
  leader.tell("transfer n3");
  leader.now = leader.now + leader.node().parameters.election.high;
  leader.heartbeat_timeout();
  CHECK_FALSE(leader.node().leading()->transfer);
  leader.receive(kClient, append_of(7));
  CHECK(leader.node().log().last() == 2);
}

TEST_CASE("thesis §3.10: whoever is told to stand does not ask beforehand, and is heard by all", "[raft]") {
  Servers servers(3, parameters_with([](Parameters& p) { p.pre_vote = p.check_quorum = true; }));
  servers.pass_time(seconds(1));
  servers.election_timeout(kN1);
  REQUIRE(servers[kN1].node().leading());
  servers.tell(kN1, "transfer n2");
  CHECK(servers[kN2].node().leading());
  CHECK(servers[kN2].node().term() == 2);
  CHECK(servers[kN3].node().leader == kN2);
  CHECK_FALSE(servers[kN1].node().leading());
}

TEST_CASE("thesis §3.10: leadership goes to voters only", "[raft]") {
  Servers servers(4, parameters_with([](Parameters& p) { p.learners = 1; }));
  servers.election_timeout(kN1);
  servers.tell(kN1, "transfer n4");
  CHECK_FALSE(servers[kN1].node().leading()->transfer);
  servers.tell(kN1, "transfer n1");
  CHECK_FALSE(servers[kN1].node().leading()->transfer);
}

// --- ch. 4

TEST_CASE("thesis §4.1: a configuration counts from the moment it is in the log", "[raft]") {
  OneServer leader(4);
  leader.win();
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.tell("remove n4");
  CHECK(leader.node().configuration().voters == Nodes{kN1, kN2, kN3});
  CHECK(leader.node().commit == 1);
  leader.acknowledge(kN2);  // two of three are enough now
  CHECK(leader.node().commit == 2);
}

TEST_CASE("thesis §4.1: a follower goes back to the older configuration when the newer one is overwritten", "[raft]") {
  OneServer follower(3);
  Configuration two;
  two.voters = {kN1, kN2};
  follower.receive(kN2, AppendEntries{.term = 1, .entries = {make_entry(1, 1, Time{}, two)}});
  CHECK(follower.node().configuration().voters == Nodes{kN1, kN2});
  follower.receive(kN3, AppendEntries{.term = 2, .entries = entries_of({2})});
  CHECK(follower.node().configuration().voters == Nodes{kN1, kN2, kN3});
}

TEST_CASE("thesis §4.1: one change at a time", "[raft]") {
  OneServer leader(5);
  leader.win();
  for (const NodeId other : {kN2, kN3, kN4, kN5}) leader.acknowledge(other);
  leader.tell("remove n5");
  leader.tell("remove n4");
  CHECK(leader.node().configuration().voters == Nodes{kN1, kN2, kN3, kN4});
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.tell("remove n4");
  CHECK(leader.node().configuration().voters == Nodes{kN1, kN2, kN3});
}

TEST_CASE("Ongaro 2015: no change before an entry of the leader's own term is committed", "[raft]") {
  OneServer leader(4);
  leader.win();
  leader.tell("remove n4");
  CHECK(leader.node().configuration().voters.size() == 4);
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.tell("remove n4");
  CHECK(leader.node().configuration().voters.size() == 3);
}

TEST_CASE("thesis §4.1: one server at a time: larger changes are refused", "[raft]") {
  Servers servers(5);
  servers.election_timeout(kN1);
  servers.tell(kN1, "members n1 n2 n3");
  CHECK(members(servers, kN1).voters.size() == 5);
}

TEST_CASE("thesis §4.2.1: a new server learns first and votes when it has caught up", "[raft]") {
  Servers servers(4, parameters_with([](Parameters& p) { p.voters = 3; }));
  servers.election_timeout(kN1);
  servers.receive(kN1, kClient, append_of(7));
  servers.set_away({kN4});
  servers.tell(kN1, "add n4");
  CHECK(members(servers, kN1).voters == Nodes{kN1, kN2, kN3});
  CHECK(members(servers, kN1).learners == Nodes{kN4});
  servers.set_away({});
  servers.heartbeat_timeout(kN1);
  servers.heartbeat_timeout(kN1);
  for (const NodeId node : {kN1, kN2, kN3, kN4}) {
    CHECK(members(servers, node).voters == Nodes{kN1, kN2, kN3, kN4});
    CHECK(members(servers, node).learners.empty());
  }
  CHECK(servers[kN4].node().machine.store.cells.at(0) == Cell{7});
}

TEST_CASE("thesis §4.2.1: a learner neither stands nor counts", "[raft]") {
  OneServer leader(4, parameters_with([](Parameters& p) { p.learners = 1; }));
  leader.win();
  leader.acknowledge(kN4);
  CHECK(leader.node().commit == 0);
  leader.acknowledge(kN2);
  CHECK(leader.node().commit == 1);
  OneServer learner(4, parameters_with([](Parameters& p) { p.learners = 1; }), kN4);
  CHECK_FALSE(learner.timer(kElectionTimer));
  learner.election_timeout();
  CHECK(learner.node().term() == 0);
}

TEST_CASE("thesis §4.2.2: a leader that removes itself leads until that is committed, without counting itself",
          "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.tell("remove n1");
  CHECK(leader.node().configuration().voters == Nodes{kN2, kN3});
  leader.acknowledge(kN2);
  CHECK(leader.node().leading());  // itself and n2 are no majority of n2 and n3
  CHECK(leader.node().commit == 1);
  leader.acknowledge(kN3);
  CHECK(leader.node().commit == 2);
  CHECK_FALSE(leader.node().leading());
}

TEST_CASE("thesis §4.2.3: a removed server cannot unseat a leader that the others hear", "[raft]") {
  for (const bool on : {false, true}) {
    Parameters parameters;
    parameters.check_quorum = on;
    Servers servers(4, parameters);
    servers.pass_time(seconds(1));
    servers.election_timeout(kN1);
    servers.set_away({kN4});
    servers.tell(kN1, "remove n4");
    servers.heartbeat_timeout(kN1);
    servers.set_away({});
    servers.election_timeout(kN4);
    CHECK((servers[kN1].node().leading() != nullptr) == on);
  }
}

TEST_CASE("thesis §4.3: in joint consensus both majorities elect and decide", "[raft]") {
  OneServer leader(5, parameters_with([](Parameters& p) {
                     p.voters = 3;
                     p.membership = Membership::kJointConsensus;
                   }));
  leader.win();
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.tell("members n1 n4 n5");
  REQUIRE(leader.node().configuration().is_joint());
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  CHECK(leader.node().commit == 1);  // all of the old, one of the new
  leader.acknowledge(kN4);
  CHECK(leader.node().commit == 2);
  CHECK_FALSE(leader.node().configuration().is_joint());  // the leader goes on to the new one by itself
  CHECK(leader.node().configuration().voters == Nodes{kN1, kN4, kN5});
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  CHECK(leader.node().commit == 2);  // the old ones count no more
  leader.acknowledge(kN5);
  CHECK(leader.node().commit == 3);
}

TEST_CASE("thesis §4.3: a candidate in joint consensus needs both majorities", "[raft]") {
  Configuration joint;
  joint.voters = {kN1, kN4, kN5}, joint.outgoing = {kN1, kN2, kN3};
  OneServer server(5);
  server.receive(kN2, AppendEntries{.term = 1, .entries = {make_entry(1, 1, Time{}, joint)}});
  server.election_timeout();
  CHECK(server.count<RequestVote>() == 4);
  server.receive(kN2, Vote{2, true}), server.receive(kN3, Vote{2, true});
  CHECK_FALSE(server.node().leading());
  server.receive(kN5, Vote{2, true});
  CHECK(server.node().leading());
}

TEST_CASE("thesis §4.3: all servers can be replaced at once", "[raft]") {
  Servers servers(5, parameters_with([](Parameters& p) {
                    p.voters = 2;
                    p.membership = Membership::kJointConsensus;
                  }));
  servers.election_timeout(kN1);
  servers.receive(kN1, kClient, append_of(7));
  servers.tell(kN1, "members n3 n4 n5");
  for (int i = 0; i < 4; ++i) servers.heartbeat_timeout(kN1);
  CHECK_FALSE(servers[kN1].node().leading());
  servers.set_away({kN1, kN2});
  servers.election_timeout(kN4);
  REQUIRE(servers[kN4].node().leading());
  CHECK(members(servers, kN4).voters == Nodes{kN3, kN4, kN5});
  CHECK(servers[kN4].node().machine.store.cells.at(0) == Cell{7});
}

}  // namespace
}  // namespace twice::protocols::raft

// The paper, §7 (snapshots), §8 (clients), and the thesis, §6.2 to §6.4 (routing, sessions, reads): a test per rule.
#include "one_server.h"

namespace twice::protocols::raft {
namespace {

Parameters with(void (*change)(Parameters&)) {
  Parameters parameters;
  change(parameters);
  return parameters;
}

// --- §7

TEST_CASE("§7: a snapshot takes the place of the log up to what was applied, and names its last entry", "[raft]") {
  OneServer server(3, with([](Parameters& p) { p.snapshot_every = 3; }));
  server.receive(kN2, AppendEntries{.term = 2, .commit = 3, .entries = entries_of({1, 1, 2, 2})});
  const Persistent& kept = server.node().persistent;
  REQUIRE(kept.snapshot);
  CHECK(kept.snapshot->index == 3);
  CHECK(kept.snapshot->term == 2);
  CHECK(kept.log.base() == 3);
  CHECK(terms_of(kept.log) == std::vector<Term>{2});  // the fourth is not committed
  CHECK(kept.snapshot->machine.store.cells.at(0).size() == 3);
  CHECK(kept.log.term(3) == 2u);  // the next message is compared with it
}

TEST_CASE("§7: a leader sends its snapshot to who lacks what is no longer in the log", "[raft]") {
  Servers servers(3, with([](Parameters& p) { p.snapshot_every = 4; }));
  servers.election_timeout(kN1);
  servers.set_away({kN3});
  for (std::uint32_t i = 1; i <= 9; ++i) servers.receive(kN1, kClient, append_of(i, i));
  REQUIRE(servers[kN1].node().log().base() > 1);
  servers.set_away({});
  servers.heartbeat_timeout(kN1);
  CHECK(servers[kN3].node().persistent.snapshot);
  CHECK(servers[kN3].node().machine.history == servers[kN1].node().machine.history);
  CHECK(servers[kN3].node().log().last() == servers[kN1].node().log().last());
}

TEST_CASE("fig. 13: a snapshot travels in parts, and counts when all are there", "[raft]") {
  Servers servers(3, with([](Parameters& p) { p.snapshot_every = 6, p.chunk = 1; }));
  servers.election_timeout(kN1);
  servers.set_away({kN3});
  for (std::uint32_t i = 1; i <= 6; ++i) {
    Request request = append_of(i, i);
    request.command.key = i;
    servers.receive(kN1, kClient, request);
  }
  servers.heartbeat_timeout(kN1);
  OneServer& leader = servers[kN1];
  leader.heartbeat_timeout();
  REQUIRE(leader.to<InstallSnapshot>(kN3));
  OneServer& follower = servers[kN3];
  std::size_t parts = 0;
  while (const InstallSnapshot* part = leader.to<InstallSnapshot>(kN3)) {
    REQUIRE(++parts < 20);
    CHECK(part->cells.size() <= 1);
    CHECK_FALSE(follower.node().persistent.snapshot);
    follower.receive(kN1, *part);
    REQUIRE(follower.to<SnapshotReply>(kN1));
    leader.receive(kN3, *follower.to<SnapshotReply>(kN1));
  }
  CHECK(parts >= 5);
  REQUIRE(follower.node().persistent.snapshot);
  CHECK(follower.node().machine.store.cells == follower.node().persistent.snapshot->machine.store.cells);
}

InstallSnapshot snapshot_of(Term term, Index index, Term last_term) {
  Snapshot rest;
  rest.index = index, rest.term = last_term;
  rest.configuration.voters = {kN1, kN2, kN3};
  rest.machine.applied = index;
  InstallSnapshot message{.term = term, .last_index = index, .last_term = last_term};
  message.cells[0] = {42};
  message.rest = Block<Snapshot>(std::move(rest));
  return message;
}

TEST_CASE("fig. 13, rules 6 and 7: entries after the snapshot stay if its last entry is in the log, else all go",
          "[raft]") {
  OneServer agrees(3, {}, kN1, disk_of(3, kNobody, {1, 1, 1}));
  agrees.receive(kN2, snapshot_of(3, 2, 1));
  CHECK(terms_of(agrees.node().log()) == std::vector<Term>{1});
  CHECK(agrees.node().log().last() == 3);
  OneServer differs(3, {}, kN1, disk_of(3, kNobody, {1, 1, 1}));
  differs.receive(kN2, snapshot_of(3, 2, 2));
  CHECK(differs.node().log().last() == 2);
  for (const OneServer* server : {&agrees, &differs}) {
    CHECK(server->node().commit == 2);
    CHECK(server->node().machine.store.cells.at(0) == Cell{42});
    CHECK(server->to<SnapshotReply>(kN2)->done);
  }
}

TEST_CASE("§7: a snapshot older than what is applied changes nothing", "[raft]") {
  OneServer server(3);
  server.receive(kN2, AppendEntries{.term = 1, .commit = 3, .entries = entries_of({1, 1, 1})});
  const Cell before = server.node().machine.store.cells.at(0);
  server.receive(kN2, snapshot_of(1, 2, 1));
  CHECK(server.node().machine.store.cells.at(0) == before);
  CHECK(server.node().commit == 3);
}

TEST_CASE("§7: a snapshot of an earlier term's leader is refused", "[raft]") {
  OneServer server(3, {}, kN1, disk_of(5, kNobody, {}));
  server.receive(kN2, snapshot_of(4, 2, 1));
  CHECK(server.node().commit == 0);
  REQUIRE(server.to<SnapshotReply>(kN2));
  CHECK(server.to<SnapshotReply>(kN2)->term == 5);
  CHECK_FALSE(server.to<SnapshotReply>(kN2)->done);
}

TEST_CASE("§7: after a crash a server begins with its snapshot", "[raft]") {
  Snapshot snapshot;
  snapshot.index = 4, snapshot.term = 2;
  snapshot.configuration.voters = {kN1, kN2};
  snapshot.machine.applied = 4;
  snapshot.machine.store.cells[0] = {1, 2};
  const std::vector<Record> disk{{kVoteRecord, Payload(VoteRecord{3, kNobody})},
                                 {kSnapshotRecord, Payload(SnapshotRecord{Block<Snapshot>(snapshot)})}};
  const OneServer server(3, {}, kN1, disk);
  CHECK(server.node().commit == 4);
  CHECK(server.node().applied() == 4);
  CHECK(server.node().log().last() == 4);
  CHECK(server.node().log().last_term() == 2);
  CHECK(server.node().configuration().voters == std::vector<NodeId>{kN1, kN2});
}

// --- §8 and thesis §6.3

TEST_CASE("§8: a request that comes again is answered as the first time and not executed again", "[raft]") {
  Servers servers(3);
  servers.election_timeout(kN1);
  for (int i = 0; i < 3; ++i) servers.receive(kN1, kClient, append_of(7));
  CHECK(servers[kN1].node().machine.store.cells.at(0) == Cell{7});
  REQUIRE(servers.answers.size() == 3);
  for (const Response& answer : servers.answers) CHECK(answer.reply.status == Status::kOk);
}

TEST_CASE("§8: … also by the next leader, who knows it from the log, and from a snapshot", "[raft]") {
  for (const std::uint32_t every : {0u, 1u}) {
    Parameters parameters;
    parameters.snapshot_every = every;
    Servers servers(3, parameters);
    servers.election_timeout(kN1);
    servers.receive(kN1, kClient, append_of(7));
    servers.set_away({kN1});  // dies before it answers
    servers.election_timeout(kN2);
    servers.receive(kN2, kClient, append_of(7));
    CHECK(servers[kN2].node().machine.store.cells.at(0) == Cell{7});
  }
}

TEST_CASE("§8: without sessions it is done twice", "[raft]") {
  Servers servers(3, with([](Parameters& p) { p.sessions = false; }));
  servers.election_timeout(kN1);
  servers.receive(kN1, kClient, append_of(7));
  servers.receive(kN1, kClient, append_of(7));
  CHECK(servers[kN1].node().machine.store.cells.at(0) == Cell{7, 7});
}

TEST_CASE("thesis §6.3: sessions expire by the time in the log, so alike on every server", "[raft]") {
  Servers servers(3, with([](Parameters& p) { p.session_expiry = seconds(1); }));
  servers.election_timeout(kN1);
  servers.receive(kN1, kClient, append_of(7, 1));
  servers[kN1].now = at(seconds(5));  // only the leader's clock moves
  servers.receive(kN1, kClient, append_of(8, 1, NodeId{8}));
  servers.heartbeat_timeout(kN1);
  for (const NodeId node : {kN1, kN2, kN3}) {
    CHECK(servers[node].node().machine.store.sessions.count(kClient) == 0);
    CHECK(servers[node].node().machine.history == servers[kN1].node().machine.history);
  }
  // The request that comes again now is neither done twice nor answered.
  servers.answers.clear();
  servers.receive(kN1, kClient, append_of(7, 1));
  CHECK(servers[kN1].node().machine.store.cells.at(0) == Cell{7, 8});
  CHECK(servers.answers.empty());
}

// --- §8 and thesis §6.4: reads

OneServer leader_with(Reads reads, bool check_quorum = false) {
  Parameters parameters;
  parameters.reads = reads;
  parameters.check_quorum = check_quorum;
  OneServer leader(3, parameters);
  leader.win();
  return leader;
}

TEST_CASE("thesis §6.4: a leader answers no read before an entry of its own term is committed", "[raft]") {
  for (const Reads reads : {Reads::kReadIndex, Reads::kLease}) {
    OneServer leader = leader_with(reads, true);
    leader.receive(kClient, read_of(1));
    const AppendReply only_the_round{.term = 1, .round = leader.node().leading()->round};
    leader.receive(kN2, only_the_round);
    CHECK_FALSE(leader.answer());
    leader.acknowledge(kN2);
    CHECK(leader.node().commit == 1);
    leader.heartbeat_timeout();
    leader.acknowledge(kN2);
    CHECK((leader.answer() || leader.node().leading()->reads.empty()));
  }
}

TEST_CASE("thesis §6.4: ReadIndex answers when a majority has answered a message sent after the read came", "[raft]") {
  OneServer leader = leader_with(Reads::kReadIndex);
  leader.acknowledge(kN2);
  const std::uint64_t before = leader.node().leading()->round;
  leader.receive(kClient, read_of(1));
  CHECK_FALSE(leader.answer());
  CHECK(leader.count<AppendEntries>() == 2);
  leader.receive(kN2, AppendReply{.term = 1, .accepted = true, .index = 1, .round = before});  // of an older message
  CHECK_FALSE(leader.answer());
  leader.acknowledge(kN3);
  REQUIRE(leader.answer());
  CHECK(leader.answer()->reply.status == Status::kOk);
}

TEST_CASE("thesis §6.4: one round of messages serves all reads that wait for it", "[raft]") {
  OneServer leader = leader_with(Reads::kReadIndex);
  leader.acknowledge(kN2);
  leader.receive(kClient, read_of(1));
  std::size_t sent = 0;
  for (std::uint32_t i = 2; i <= 5; ++i) leader.receive(kClient, read_of(i)), sent += leader.count<AppendEntries>();
  CHECK(sent == 0);
  leader.acknowledge(kN2);  // the first one's round; the others' begins
  CHECK(leader.count<Response>() == 1);
  leader.acknowledge(kN2);
  CHECK(leader.count<Response>() == 4);
}

TEST_CASE("thesis §6.4: a leader that was replaced answers no read", "[raft]") {
  OneServer leader = leader_with(Reads::kReadIndex);
  leader.acknowledge(kN2);
  leader.receive(kClient, read_of(1));
  leader.receive(kN3, AppendReply{.term = 2});
  CHECK_FALSE(leader.answer());
  leader.receive(kN2, AppendReply{.term = 1, .accepted = true, .index = 1, .round = 99});
  CHECK_FALSE(leader.answer());
}

TEST_CASE("thesis §6.4: read through the log, a read is an entry", "[raft]") {
  OneServer leader = leader_with(Reads::kLog);
  leader.acknowledge(kN2);
  leader.receive(kClient, read_of(1));
  CHECK(leader.node().log().last() == 2);
  CHECK_FALSE(leader.answer());
  leader.acknowledge(kN2);
  CHECK(leader.answer());
}

TEST_CASE("thesis §6.4.1: a lease answers at once, from when the message was sent, shorter by the drift", "[raft]") {
  OneServer leader = leader_with(Reads::kLease, true);
  leader.now = leader.now + milliseconds(40);
  leader.acknowledge(kN2);  // of a message sent at 0
  const Duration lease = leader.node().lease();
  CHECK(lease < leader.node().parameters.election.low);
  leader.now = Time{} + lease - Duration{1};
  leader.receive(kClient, read_of(1));
  CHECK(leader.answer());
  leader.now = Time{} + lease;
  leader.receive(kClient, read_of(2));
  CHECK_FALSE(leader.answer());
}

TEST_CASE("thesis §6.4.1: whom a leader asked to take over may stand late: no lease after a transfer that failed",
          "[raft]") {
  OneServer leader = leader_with(Reads::kLease, true);
  leader.acknowledge(kN2);
  leader.tell("transfer n2");
  REQUIRE(leader.to<TimeoutNow>(kN2));
  leader.now = leader.node().leading()->transfer->until;
  leader.heartbeat_timeout();
  REQUIRE(leader.node().leading());
  CHECK_FALSE(leader.node().leading()->transfer);
  leader.acknowledge(kN2);
  CHECK_FALSE(leader.node().has_lease(leader.now));
}

TEST_CASE("thesis §6.4.1: a lease holds because who hears a leader gives nobody else a vote", "[raft]") {
  OneServer follower(3, with([](Parameters& p) { p.reads = Reads::kLease, p.check_quorum = true; }));
  follower.now = at(milliseconds(500));
  follower.receive(kN2, AppendEntries{.term = 1});
  follower.now = at(milliseconds(500)) + follower.node().parameters.election.low - Duration{1};
  follower.receive(kN3, RequestVote{.term = 2});
  CHECK_FALSE(follower.to<Vote>(kN3));
  CHECK(follower.node().term() == 1);
  follower.now = follower.now + Duration{1};
  follower.receive(kN3, RequestVote{.term = 2});
  REQUIRE(follower.to<Vote>(kN3));
  CHECK(follower.to<Vote>(kN3)->granted);
}

TEST_CASE("thesis §6.4: a follower reads when it has applied what its leader confirmed", "[raft]") {
  OneServer follower(3, with([](Parameters& p) { p.reads = Reads::kFollower; }));
  follower.receive(kN2, AppendEntries{.term = 1, .commit = 1, .entries = entries_of({1, 1})});
  follower.receive(kClient, read_of(1));
  REQUIRE(follower.to<ReadIndex>(kN2));
  const std::uint64_t batch = follower.to<ReadIndex>(kN2)->batch;
  follower.receive(kN2, ReadIndexReply{1, batch, 2});
  CHECK_FALSE(follower.answer());  // entry 2 is not applied here
  follower.receive(kN2, AppendEntries{.term = 1, .prev_index = 2, .prev_term = 1, .commit = 2});
  REQUIRE(follower.answer());
  CHECK(follower.answer()->reply.value == Cell{101, 102});
}

TEST_CASE("thesis §6.2: a leader that reaches no majority steps down, if CheckQuorum is on", "[raft]") {
  for (const bool on : {false, true}) {
    OneServer leader = leader_with(Reads::kReadIndex, on);
    leader.acknowledge(kN2);
    leader.now = leader.now + leader.node().parameters.election.high;
    leader.heartbeat_timeout();
    CHECK(leader.node().leading());
    leader.now = leader.now + milliseconds(1);
    leader.heartbeat_timeout();
    CHECK((leader.node().leading() != nullptr) != on);
    CHECK(leader.node().term() == 1);
  }
}

TEST_CASE("thesis §6.2: … and one that a majority answers goes on", "[raft]") {
  OneServer leader = leader_with(Reads::kReadIndex, true);
  for (int i = 0; i < 20; ++i) {
    leader.now = leader.now + milliseconds(50);
    leader.heartbeat_timeout();
    REQUIRE(leader.node().leading());
    leader.acknowledge(i % 2 ? kN2 : kN3);
  }
}

}  // namespace
}  // namespace twice::protocols::raft

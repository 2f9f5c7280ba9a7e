// The paper, §5.3 (replication), §5.4.2 (what may be committed), §5.4.3: a test per rule.
#include "one_server.h"

namespace twice::protocols::raft {
namespace {

using Terms = std::vector<Term>;

AppendReply accepts(const OneServer& leader, Index index) {
  return {.term = leader.node().term(), .accepted = true, .index = index, .round = leader.node().leading()->round};
}

// --- §5.3

TEST_CASE("§5.3: a leader appends what it is asked and sends it to all others", "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.acknowledge(kN2), leader.acknowledge(kN3);
  leader.receive(kClient, append_of(7));
  CHECK(terms_of(leader.node().log()) == Terms{1, 1});
  for (const NodeId other : {kN2, kN3}) {
    REQUIRE(leader.to<AppendEntries>(other));
    const AppendEntries& message = *leader.to<AppendEntries>(other);
    CHECK(message.prev_index == 1);
    CHECK(message.prev_term == 1);
    REQUIRE(message.entries.size() == 1);
    CHECK(std::get<Request>(message.entries[0]->content).command.value == 7);
  }
  CHECK_FALSE(leader.answer());
}

TEST_CASE("§5.3: an entry is committed, applied and answered when a majority has it, and the next message says so",
          "[raft]") {
  struct Case {
    std::size_t servers;
    std::vector<NodeId> who;
    bool committed;
  };
  const Case cases[] = {
      {1, {}, true},         {3, {}, false},        {3, {kN2}, true},           {3, {kN2, kN3}, true},
      {5, {kN2}, false},     {5, {kN2, kN3}, true}, {5, {kN2, kN3, kN4}, true}, {4, {kN2}, false},
      {4, {kN2, kN4}, true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.servers, c.who.size());
    OneServer leader(c.servers);
    leader.win();
    for (std::uint16_t i = 1; i < c.servers; ++i) leader.acknowledge(NodeId{i});
    leader.receive(kClient, append_of(7));
    bool answered = leader.answer() != nullptr;
    for (const NodeId follower : c.who) leader.acknowledge(follower), answered = answered || leader.answer();
    CHECK((leader.node().commit == 2) == c.committed);
    CHECK((leader.node().applied() == 2) == c.committed);
    CHECK(answered == c.committed);
    leader.heartbeat_timeout();
    if (c.servers > 1) CHECK(leader.to<AppendEntries>(kN2)->commit == leader.node().commit);
  }
}

TEST_CASE("§5.3: an entry that a leader commits commits all before it, also those of earlier leaders", "[raft]") {
  for (const Terms& before : {Terms{}, Terms{1}, Terms{1, 2}, Terms{1, 1, 2, 2}}) {
    OneServer leader(3, {}, kN1, disk_of(2, kNobody, before));
    leader.win();
    CHECK(leader.node().commit == 0);
    leader.acknowledge(kN2);
    CHECK(leader.node().commit == before.size() + 1);
    CHECK(leader.node().applied() == before.size() + 1);
  }
}

TEST_CASE("§5.3: a follower applies what it learns to be committed, in order, and no further than its log", "[raft]") {
  for (const Index commit : {1u, 2u, 3u, 9u}) {
    OneServer follower(3);
    follower.receive(kN2, AppendEntries{.term = 1, .commit = commit, .entries = entries_of({1, 1, 1})});
    const Index wanted = std::min<Index>(commit, 3);
    CHECK(follower.node().commit == wanted);
    const Cell& cell = follower.node().machine.store.cells.at(0);
    REQUIRE(cell.size() == wanted);
    for (Index i = 1; i <= wanted; ++i) CHECK(cell[i - 1] == static_cast<std::int64_t>(100 + i));
  }
}

TEST_CASE("fig. 2, rule 5: a follower commits no further than the last entry it was just sent", "[raft]") {
  OneServer follower(3, {}, kN1, disk_of(2, kNobody, {1, 2, 2}));  // 2 and 3 are another leader's
  follower.receive(kN2, AppendEntries{.term = 3, .prev_index = 1, .prev_term = 1, .commit = 3});
  CHECK(follower.to<AppendReply>(kN2)->accepted);
  CHECK(follower.node().commit == 1);
}

TEST_CASE("§5.3: a follower refuses entries that do not continue its log, and says where to look", "[raft]") {
  struct Case {
    Index prev_index;
    Term prev_term;
    bool accepted;
    Index hint;
  };
  const Case cases[] = {
      {0, 0, true, 0}, {1, 1, true, 0}, {2, 2, true, 0}, {2, 1, false, 1}, {3, 3, false, 2}, {9, 1, false, 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.prev_index, c.prev_term);
    OneServer follower(3, {}, kN1, disk_of(2, kNobody, {1, 2}));
    follower.receive(kN2, AppendEntries{.term = 3, .prev_index = c.prev_index, .prev_term = c.prev_term});
    REQUIRE(follower.to<AppendReply>(kN2));
    const AppendReply& reply = *follower.to<AppendReply>(kN2);
    CHECK(reply.accepted == c.accepted);
    if (c.accepted) continue;
    CHECK(reply.index == c.prev_index);
    CHECK(reply.hint_index == c.hint);
    CHECK(terms_of(follower.node().log()) == Terms{1, 2});
  }
}

TEST_CASE("§5.3: where an entry differs it and all that follow it go, and the leader's take their place", "[raft]") {
  struct Case {
    Index prev_index;
    Term prev_term;
    Terms sent, log;
  };
  const Case cases[] = {
      {2, 2, {3}, {1, 2, 3}},       // adds
      {1, 1, {3, 4}, {1, 3, 4}},    // overwrites one, adds one
      {0, 0, {3, 3}, {3, 3}},       // overwrites all
      {0, 0, {1}, {1, 2}},          // what is there stays, and what follows it too
      {0, 0, {1, 2}, {1, 2}},       // nothing new
      {0, 0, {1, 3}, {1, 3}},       // only where it differs
      {1, 1, {}, {1, 2}},           // a heartbeat cuts nothing off
      {0, 0, {1, 2, 3}, {1, 2, 3}}  // overlaps
  };
  for (const Case& c : cases) {
    CAPTURE(c.prev_index, c.sent);
    OneServer follower(3, {}, kN1, disk_of(2, kNobody, {1, 2}));
    follower.receive(kN2, AppendEntries{.term = 4,
                                        .prev_index = c.prev_index,
                                        .prev_term = c.prev_term,
                                        .entries = entries_of(c.sent, c.prev_index + 1)});
    CHECK(terms_of(follower.node().log()) == c.log);
    REQUIRE(follower.to<AppendReply>(kN2));
    CHECK(follower.to<AppendReply>(kN2)->accepted);
    CHECK(follower.to<AppendReply>(kN2)->index == c.prev_index + c.sent.size());
  }
}

TEST_CASE("fig. 7: a leader brings every follower's log to its own: missing entries, extra ones, and both", "[raft]") {
  const Terms leaders{1, 1, 1, 4, 4, 5, 5, 6, 6, 6};
  const std::pair<char, Terms> followers[] = {
      {'a', {1, 1, 1, 4, 4, 5, 5, 6, 6}},
      {'b', {1, 1, 1, 4}},
      {'c', {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6}},
      {'d', {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7}},
      {'e', {1, 1, 1, 4, 4, 4, 4}},
      {'f', {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}},
  };
  for (const std::uint32_t batch : {1u, 64u})
    for (const auto& [name, log] : followers) {
      CAPTURE(name, batch);
      Parameters parameters;
      parameters.batch = batch;
      // n2 has little, so that n1 is elected by it whatever the follower has.
      Servers servers(3, parameters);
      servers.restart(kN1, disk_of(7, kNobody, leaders));
      servers.restart(kN3, disk_of(7, kNobody, log));
      servers.election_timeout(kN1);
      REQUIRE(servers[kN1].node().leading());
      servers.heartbeat_timeout(kN1);
      Terms wanted = leaders;
      wanted.push_back(8);
      for (const NodeId node : {kN2, kN3}) {
        const Log& theirs = servers[node].node().log();
        CHECK(terms_of(theirs) == wanted);
        CHECK(theirs.prefix(theirs.last()) == servers[kN1].node().log().prefix(wanted.size()));
        CHECK(servers[node].node().commit == wanted.size());
      }
    }
}

TEST_CASE("§5.3: a leader goes back a term at a time, not an entry at a time", "[raft]") {
  // The follower has a hundred entries of a term of which the leader has none.
  Terms mine(100, 3), theirs(100, 2);
  mine[0] = theirs[0] = 1;
  OneServer leader(3, {}, kN1, disk_of(3, kNobody, mine));
  OneServer follower(3, {}, kN2, disk_of(3, kNobody, theirs));
  leader.win();
  int refusals = 0;
  while (follower.node().log().last_term() != leader.node().term()) {
    REQUIRE(++refusals < 5);
    REQUIRE(leader.to<AppendEntries>(kN2));
    follower.receive(kN1, *leader.to<AppendEntries>(kN2));
    leader.receive(kN2, *follower.to<AppendReply>(kN1));
  }
  CHECK(refusals <= 4);
}

TEST_CASE("§5.3: a leader never overwrites or removes an entry of its own log", "[raft]") {
  OneServer leader(3, {}, kN1, disk_of(3, kNobody, {1, 2, 3}));
  leader.win();
  const Terms before = terms_of(leader.node().log());
  leader.receive(kN2, AppendReply{.term = 4, .index = 3, .hint_index = 1, .hint_term = 1});
  leader.receive(kN3, AppendEntries{.term = 2, .entries = entries_of({2})});
  CHECK(terms_of(leader.node().log()) == before);
}

TEST_CASE("§5.3: answers that come late or twice lower nothing a leader knows", "[raft]") {
  OneServer leader(3);
  leader.win();
  leader.receive(kClient, append_of(7));
  leader.receive(kN2, accepts(leader, 2));
  const Peer& peer = leader.node().leading()->peers[0];
  CHECK(peer.match == 2);
  leader.receive(kN2, accepts(leader, 1));
  leader.receive(kN2, AppendReply{.term = 1, .index = 1});
  CHECK(leader.node().leading()->peers[0].match == 2);
  CHECK(leader.node().leading()->peers[0].next == 3);
}

TEST_CASE("§5.3: a follower acknowledges an entry when its disk has it, and a leader counts itself no sooner",
          "[raft]") {
  OneServer follower(3, {}, kN1, {}, false);
  follower.written();
  follower.receive(kN2, AppendEntries{.term = 1, .entries = entries_of({1})});
  REQUIRE(follower.to<AppendReply>(kN2));
  CHECK(follower.sent.back().after > follower.durable());

  OneServer leader(3, {}, kN1, {}, false);
  leader.election_timeout();
  leader.written();
  leader.receive(kN2, Vote{1, true});
  leader.acknowledge(kN2);
  CHECK(leader.node().commit == 0);  // one follower and a leader whose disk is still writing
  leader.written();
  CHECK(leader.node().commit == 1);
}

TEST_CASE("thesis §10.2.1: two followers are a majority without the leader's disk", "[raft]") {
  OneServer leader(3, {}, kN1, {}, false);
  leader.election_timeout();
  leader.written();
  leader.receive(kN2, Vote{1, true});
  leader.acknowledge(kN2);
  leader.acknowledge(kN3);
  CHECK(leader.node().commit == 1);
}

TEST_CASE("§5.3: who does not lead says who does", "[raft]") {
  OneServer follower(3);
  follower.receive(kClient, append_of(7));
  REQUIRE(follower.answer());
  CHECK(follower.answer()->reply.status == Status::kUnavailable);
  CHECK(follower.answer()->ask == kNobody);
  follower.receive(kN3, AppendEntries{.term = 1});
  follower.receive(kClient, append_of(7));
  CHECK(follower.answer()->ask == kN3);
}

// --- §5.4

TEST_CASE("§5.4.2: a leader commits by counting only entries of its own term", "[raft]") {
  OneServer leader(3, {}, kN1, disk_of(2, kNobody, {1, 2}));
  leader.win();  // term 3, with its no-op as entry 3
  leader.receive(kN2, accepts(leader, 1));
  CHECK(leader.node().commit == 0);
  leader.receive(kN2, accepts(leader, 2));
  CHECK(leader.node().commit == 0);
  leader.receive(kN2, accepts(leader, 3));
  CHECK(leader.node().commit == 3);
}

TEST_CASE("fig. 8: an entry of an earlier term that a majority has is not committed, and may be overwritten",
          "[raft]") {
  // (c): n1 leads term 4, and n3 has taken entry 2 of term 2 over.
  OneServer leader(5, {}, kN1, disk_of(3, kNobody, {1, 2}));
  leader.win();
  leader.receive(kN2, accepts(leader, 2));
  leader.receive(kN3, accepts(leader, 2));
  CHECK(leader.node().commit == 0);
  // (d): n5 is elected with the votes of n3 and n4 and overwrites it.
  OneServer third(5, {}, kN3, disk_of(4, kN1, {1, 2}));
  third.receive(kN5, RequestVote{.term = 5, .last_index = 2, .last_term = 3});
  CHECK(third.to<Vote>(kN5)->granted);
  third.receive(kN5, AppendEntries{.term = 5, .prev_index = 1, .prev_term = 1, .entries = entries_of({3}, 2)});
  CHECK(terms_of(third.node().log()) == Terms{1, 3});
  // (e): had n1 passed on an entry of its own term, n5 could not have won.
  OneServer other(5, {}, kN3, disk_of(4, kN1, {1, 2, 4}));
  other.receive(kN5, RequestVote{.term = 5, .last_index = 2, .last_term = 3});
  CHECK_FALSE(other.to<Vote>(kN5)->granted);
}

TEST_CASE("§5.4.3: whoever is elected has every committed entry", "[raft]") {
  Servers servers(5);
  servers.election_timeout(kN1);
  servers.set_away({kN4, kN5});
  servers.receive(kN1, kClient, append_of(7));
  REQUIRE(servers[kN1].node().commit == 2);
  servers.set_away({kN1, kN2});  // n3 alone of the rest has it
  servers.election_timeout(kN4);
  CHECK_FALSE(servers[kN4].node().leading());
  servers.election_timeout(kN5);
  CHECK_FALSE(servers[kN5].node().leading());
  servers.election_timeout(kN3);
  REQUIRE(servers[kN3].node().leading());
  CHECK(servers[kN3].node().machine.store.cells.at(0) == Cell{7});
}

TEST_CASE("§5.4.3: a minority of servers decides nothing", "[raft]") {
  Servers servers(5);
  servers.election_timeout(kN1);
  servers.set_away({kN3, kN4, kN5});
  servers.answers.clear();
  servers.receive(kN1, kClient, append_of(7));
  servers.heartbeat_timeout(kN1);
  CHECK(servers[kN1].node().commit == 1);
  CHECK(servers.answers.empty());
}

}  // namespace
}  // namespace twice::protocols::raft

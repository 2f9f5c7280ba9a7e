// What the servers of Paxos and of two-phase commit show of themselves.
#include <algorithm>
#include <set>

#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/checks_view.h"
#include "ui/playback/log_view.h"
#include "ui/playback/pictures.h"

namespace twice::playback {
namespace {

std::ptrdiff_t yes(const NodePicture& node) {
  return std::count_if(node.face.ballots.begin(), node.face.ballots.end(),
                       [](const Ballot& b) { return b.said == Ballot::Said::kYes; });
}

/// Steps through the run and calls `look` after each event.
template <class Look>
void walk(Session& session, Look&& look) {
  session.apply(SeekTime{Time{}});
  for (Sequence i = 0; i < std::min<Sequence>(session.recording(0).events(), 1'500); ++i) {
    session.apply(StepEvents{1});
    for (const NodePicture& node : network(session).nodes) look(node);
  }
}

const Moment* first(const Recording& run, MomentKind kind) {
  for (const Moment& moment : run.moments())
    if (moment.kind == kind) return &moment;
  return nullptr;
}

}  // namespace

TEST_CASE("duelling proposers show their rounds, and never a majority of acceptances") {
  Session session =
      recorded(scenario::load_scenario("scenarios/consensus/paxos-duel.toml"), {"tries again after 2 ms"});
  std::set<std::string> proposers;
  std::set<std::uint64_t> rounds;
  std::ptrdiff_t most_promises = 0;
  walk(session, [&](const NodePicture& node) {
    if (!node.face.term || !node.up) return;
    CHECK(node.face.era == "round");
    if (node.face.role != "proposer") return;
    proposers.insert(node.name), rounds.insert(*node.face.term);
    CHECK(node.face.ballots.size() == 3);
    CHECK(node.face.line == "round " + std::to_string(*node.face.term));
    most_promises = std::max(most_promises, yes(node));
    for (const StripCell& cell : node.strip) CHECK(cell.look == StripCell::Look::kDashed);  // nothing is chosen
  });
  CHECK(proposers == std::set<std::string>{"n1", "n3"});
  CHECK(rounds.size() > 20);
  CHECK(most_promises >= 1);
  CHECK_FALSE(session.recording(0).shows(MomentKind::kDecided));
}

TEST_CASE("a chosen value is solid at whoever has learned it, and the moment of its choice is marked") {
  Session session = recorded(scenario::load_scenario("scenarios/consensus/paxos-duel.toml"), {"after 10 to 100 ms"});
  const Moment* decided = first(session.recording(0), MomentKind::kDecided);
  REQUIRE(decided);
  session.apply(SeekEvent{0, decided->event - 1});
  for (const NodePicture& node : network(session).nodes)
    for (const StripCell& cell : node.strip) CHECK(cell.look != StripCell::Look::kSolid);
  session.apply(SeekEvent{0, decided->event});
  std::size_t learners = 0;
  for (const NodePicture& node : network(session).nodes) learners += node.face.role == "learner";
  CHECK(learners == 1);
  session.apply(SeekEnd{});
  for (const NodePicture& node : network(session).nodes) {
    if (!node.face.term) continue;
    REQUIRE_FALSE(node.strip.empty());
    CHECK(node.strip.front().look == StripCell::Look::kSolid);
    CHECK(node.strip.front().text.ends_with(" chosen"));
  }
}

TEST_CASE("a leader of Multi-Paxos reigns in a round; its log has no followers' marks, and holes stay holes") {
  Session session =
      recorded(scenario::load_scenario("scenarios/consensus/multi-paxos-chaos.toml"), {"as the paper says"});
  const std::vector<Reign>& reigns = session.recording(0).reigns();
  REQUIRE_FALSE(reigns.empty());
  for (const Reign& reign : reigns) CHECK(reign.era == "round");
  session.apply(SeekTime{reigns.front().from});
  std::size_t leaders = 0;
  for (const NodePicture& node : network(session).nodes) leaders += node.face.leads;
  CHECK(leaders == 1);
  session.apply(SeekEnd{});
  const std::vector<LogPicture> logs = look_at_logs(session.recording(0), session.world(0));
  CHECK(logs.size() == 5);
  for (const LogPicture& log : logs) {
    CHECK(log.log.followers.empty());
    CHECK_FALSE(log.log.durable);
    for (std::size_t i = 0; i < log.log.entries.size(); ++i) {
      if (i > 0) CHECK(log.log.entries[i].index > log.log.entries[i - 1].index);
      if (log.log.entries[i].index <= log.log.commit) CHECK(log.log.entries[i].committed);
    }
  }
}

TEST_CASE("a server of Multi-Paxos that wants to lead shows who has promised, then its election timer is gone") {
  Session session = recorded(scenario::load_scenario("scenarios/consensus/multi-paxos-chaos.toml"), {"three servers"});
  std::ptrdiff_t most = 0;
  bool waited = false;
  walk(session, [&](const NodePicture& node) {
    if (!node.face.term || !node.up) return;
    if (node.face.role == "proposer") most = std::max(most, yes(node));
    waited = waited || (node.face.role == "acceptor" && node.face.countdown);
    if (node.face.leads) CHECK_FALSE(node.face.countdown);
  });
  CHECK(most == 1);  // the second promise of three makes it the leader
  CHECK(waited);
}

TEST_CASE("the coordinator counts votes; participants that have voted are in doubt until it decides") {
  Session session = recorded(scenario::load_scenario("scenarios/consensus/two-phase-commit-blocked.toml"), {"blocked"});
  std::ptrdiff_t most = 0;
  walk(session, [&](const NodePicture& node) {
    if (node.face.role == "coordinator" && node.up) most = std::max(most, yes(node));
  });
  CHECK(most >= 2);
  session.apply(SeekEnd{});
  std::size_t in_doubt = 0;
  for (const NodePicture& node : network(session).nodes) {
    if (node.face.role != "participant") continue;
    CHECK(node.face.line == "prepared");
    REQUIRE(node.strip.size() == 1);
    in_doubt += node.strip.front().text == "in doubt" && node.strip.front().look == StripCell::Look::kDashed;
  }
  CHECK(in_doubt == 3);
}

TEST_CASE("a commit without all votes is told where one has committed and another aborted") {
  Session session = recorded(scenario::load_scenario("scenarios/consensus/two-phase-commit-two-of-three.toml"), {}, 4);
  bool found = false;
  for (std::size_t lane = 0; lane < session.lanes().size(); ++lane)
    for (const Broken& broken : what_went_wrong(session, lane))
      if (broken.name == "atomic") {
        found = true;
        CHECK(broken.event > 0);
        CHECK(broken.event <= session.recording(lane).events());
      }
  CHECK(found);
}

TEST_CASE("what happens in Paxos and in two-phase commit is told in words") {
  Session duel = recorded(scenario::load_scenario("scenarios/consensus/paxos-duel.toml"), {"after 10 to 100 ms"});
  std::string all;
  for (const LogLine& line : log_around(duel.recording(0), 1, 400)) all += line.text + "\n";
  CHECK(all.find("begins round 1") != std::string::npos);
  CHECK(all.find("is overtaken") != std::string::npos);
  Session commit = recorded(scenario::load_scenario("scenarios/consensus/two-phase-commit.toml"), {});
  all.clear();
  for (const LogLine& line : log_around(commit.recording(0), 1, 400)) all += line.text + "\n";
  CHECK(all.find("has 3 votes") != std::string::npos);
  CHECK(all.find("decides: commit") != std::string::npos);
}

}  // namespace twice::playback

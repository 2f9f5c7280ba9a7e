// What servers of a Raft cluster show of themselves.
#include <algorithm>
#include <set>

#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/checks_view.h"
#include "ui/playback/pictures.h"

namespace twice::playback {
namespace {

Session open_raft(std::vector<std::string> lanes = {"as the paper says"}) {
  return recorded(scenario::load_scenario("tests/ui/raft.toml"), std::move(lanes));
}

bool is_server(const NodePicture& node) { return node.face.term.has_value(); }

/// The first moment after `from` at which a server is in this role.
const NodePicture* seek_role(Session& session, NetworkView& view, Time from, const std::string& role) {
  session.apply(SeekTime{from});
  for (int i = 0; i < 3'000; ++i) {
    session.apply(StepEvents{1});
    view = network(session);
    for (const NodePicture& node : view.nodes)
      if (node.up && node.face.role == role) return &node;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a leader shows its term and no election timer; each follower's timer empties") {
  Session session = open_raft();
  session.apply(SeekTime{Time{} + milliseconds(1'900)});
  const NetworkView view = network(session);
  const Time now = session.cursor().at;
  std::size_t leaders = 0, followers = 0;
  for (const NodePicture& node : view.nodes) {
    if (!is_server(node)) continue;
    CHECK(node.face.line == "term " + std::to_string(*node.face.term));
    leaders += node.face.leads, followers += node.face.role == "follower";
    CHECK(node.face.countdown.has_value() == !node.face.leads);
    if (!node.face.countdown) continue;
    CHECK(node.face.countdown->left(now) > 0);
    CHECK(node.face.countdown->left(now + milliseconds(1)) < node.face.countdown->left(now));
    CHECK(node.face.countdown->left(node.face.countdown->due) == 0);
  }
  CHECK(leaders == 1);
  CHECK(followers == 4);
}

TEST_CASE("the countdown of a follower ends with the event that ends its timer") {
  Session session = open_raft();
  REQUIRE(session.recording(0).reigns().size() >= 2);
  const Reign second = session.recording(0).reigns()[1];
  // The last event before the first candidate stood; the first leader of the file was told to.
  NetworkView view;
  const NodePicture* candidate = seek_role(session, view, Time{} + seconds(2), "candidate");
  REQUIRE(candidate);
  const NodeId who = candidate->node;
  const Time stood = session.cursor().at;
  CHECK(stood <= second.from);
  session.apply(StepEvents{-1});
  for (const NodePicture& node : network(session).nodes)
    if (node.node == who) {
      REQUIRE(node.face.countdown);
      CHECK(node.face.countdown->due == stood);
    }
}

TEST_CASE("a candidate shows what every voter said: at first its own vote, a majority when it wins") {
  Session session = open_raft();
  NetworkView view;
  const NodePicture* candidate = seek_role(session, view, Time{}, "candidate");
  REQUIRE(candidate);
  const auto yes = [](const NodePicture& node) {
    return std::count_if(node.face.ballots.begin(), node.face.ballots.end(),
                         [](const Ballot& b) { return b.said == Ballot::Said::kYes; });
  };
  CHECK(candidate->face.ballots.size() == 5);
  CHECK(yes(*candidate) == 1);
  const NodeId who = candidate->node;
  std::ptrdiff_t most = 1;
  bool leads = false;
  for (int i = 0; i < 400 && !leads; ++i) {
    session.apply(StepEvents{1});
    for (const NodePicture& node : network(session).nodes)
      if (node.node == who) most = std::max(most, yes(node)), leads = node.face.leads;
  }
  CHECK(leads);
  CHECK(most == 2);  // the third vote makes it the leader, who counts no votes any more
}

TEST_CASE("entries beside a server have their term, and are dashed until it knows that they are committed") {
  Session session = open_raft();
  session.apply(SeekTime{Time{} + milliseconds(1'000)});
  bool dashed = false;
  for (int i = 0; i < 300; ++i) {
    session.apply(StepEvents{1});
    const std::vector<LogPicture> logs = look_at_logs(session.recording(0), session.world(0));
    const NetworkView view = network(session);
    for (const LogPicture& log : logs) {
      const auto node =
          std::find_if(view.nodes.begin(), view.nodes.end(), [&](const NodePicture& n) { return n.node == log.node; });
      REQUIRE(node != view.nodes.end());
      for (const StripCell& cell : node->strip) {
        if (!cell.term) continue;
        const std::uint64_t index = std::stoull(cell.text);
        CHECK((cell.look == StripCell::Look::kSolid) == (index <= log.log.commit));
        dashed = dashed || cell.look == StripCell::Look::kDashed;
      }
    }
  }
  CHECK(dashed);
}

TEST_CASE("logs: the leader knows matches of all others, next lies after match, snapshots replace old entries") {
  Session session = open_raft();
  session.apply(SeekEnd{});
  const std::vector<LogPicture> logs = look_at_logs(session.recording(0), session.world(0));
  CHECK(logs.size() == 5);
  std::size_t leaders = 0;
  for (const LogPicture& log : logs) {
    CHECK(log.log.base > 0);
    CHECK(log.log.entries.size() == log.log.last - log.log.base);
    if (!log.log.entries.empty()) CHECK(log.log.entries.back().index == log.log.last);
    CHECK(log.log.configuration == "n1 n2 n3 n4 n5");
    if (!log.face.leads) continue;
    ++leaders;
    CHECK(log.log.followers.size() == 4);
    for (const auto& follower : log.log.followers) {
      CHECK(follower.next > follower.match);
      CHECK(follower.match <= log.log.last);
    }
  }
  CHECK(leaders == 1);
}

TEST_CASE("a reign begins with an election and ends when its leader dies or steps down") {
  Session session = open_raft();
  const std::vector<Reign>& reigns = session.recording(0).reigns();
  REQUIRE(reigns.size() >= 2);
  CHECK(reigns.front().to == Time{} + seconds(2));  // the crash of the file
  CHECK_FALSE(reigns.back().to);
  for (std::size_t i = 1; i < reigns.size(); ++i) CHECK(reigns[i].term > reigns[i - 1].term);
}

TEST_CASE("what a mistake broke is told oldest first: the cause, then its harm, each with its event") {
  Session session = open_raft({"vote-twice"});
  const std::vector<Broken> broken = what_went_wrong(session, 0);
  REQUIRE_FALSE(broken.empty());
  CHECK(broken.size() >= session.recording(0).broken().size());
  for (std::size_t i = 0; i < broken.size(); ++i) {
    CHECK(broken[i].event > 0);
    CHECK_FALSE(broken[i].words.empty());
    if (i > 0) CHECK(broken[i].event >= broken[i - 1].event);
  }
  const auto failure = first_failure(session);
  REQUIRE(failure);
  CHECK(failure->event == broken.front().event);
  CHECK(where_it_went_wrong(session, 0) == broken.front().event);
  CHECK_FALSE(first_failure(open_raft()));
  CHECK(what_went_wrong(open_raft(), 0).empty());
  // The timeline shows it, and Shift+→ stops there.
  const Recording& run = session.recording(0);
  const auto marked = std::find_if(run.moments().begin(), run.moments().end(),
                                   [](const Moment& moment) { return moment.kind == MomentKind::kBroken; });
  REQUIRE(marked != run.moments().end());
  CHECK(marked->event == broken.front().event);
  CHECK(run.shows(MomentKind::kBroken));
  CHECK_FALSE(open_raft().recording(0).shows(MomentKind::kBroken));
}

TEST_CASE("a server can be told when its election timer ends; a leader has none") {
  Session session = open_raft();
  session.apply(SeekTime{Time{} + milliseconds(1'900)});
  const world::World& world = session.world(0);
  std::set<std::string> aligned, spread;
  std::size_t silent = 0;
  for (std::uint16_t i = 0; i < 5; ++i) {
    const NodeView& view = view_of(world.node({i}));
    if (view.told_to_wait(world, {i}, 0, 1).empty()) {
      ++silent;
      continue;
    }
    aligned.insert(view.told_to_wait(world, {i}, 0, 1)), spread.insert(view.told_to_wait(world, {i}, i, 5));
  }
  CHECK(silent == 1);
  CHECK(aligned == std::set<std::string>{"wait 150ms"});
  CHECK(spread.size() == 4);
}

}  // namespace twice::playback

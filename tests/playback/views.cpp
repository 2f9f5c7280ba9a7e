// View models: what they say is what the run did.
#include <algorithm>
#include <memory>

#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/pictures.h"
#include "ui/playback/prologue.h"
#include "ui/playback/whole_idea.h"

namespace twice::playback {
namespace {

std::size_t count(const LoaderView& view, RowState state) {
  return static_cast<std::size_t>(
      std::count_if(view.cells.begin(), view.cells.end(), [&](const Cell& c) { return c.state == state; }));
}

}  // namespace

TEST_CASE("times in the inspector have the unit a person would choose, and lose no digit") {
  CHECK(readable(Duration{}) == "0\u00a0s");
  CHECK(readable(Duration{9'901'521'000}) == "9.901521\u00a0s");
  CHECK(readable(Duration{9'901'521'076}) == "9.901521076\u00a0s");
  CHECK(readable(minutes(3)) == "180\u00a0s");
  CHECK(readable(Duration{12'500'000}) == "12.5\u00a0ms");
  CHECK(readable(Duration{340'000}) == "340\u00a0µs");
  CHECK(readable(Duration{7}) == "7\u00a0ns");
  CHECK(readable(Duration{-1'500'000}) == "-1.5\u00a0ms");
}

TEST_CASE(
    "the grid shows 1,000 wanted rows: 800 there twice after the retry of an append, none after delete + insert") {
  Session session = recorded(scenario::load_scenario("scenarios/loaders/crash-at-800.toml"));
  Painter painter;
  session.apply(SeekEnd{});
  const Pictures& end = painter.look(session, {});
  REQUIRE(end.lanes[0].loader);
  CHECK(end.lanes[0].over);
  CHECK(end.lanes[0].loader->rows == 1'800);
  CHECK(count(*end.lanes[0].loader, RowState::kDuplicated) == 800);
  CHECK(count(*end.lanes[0].loader, RowState::kLoaded) == 200);
  CHECK(end.lanes[0].loader->duplicated == 800);
  CHECK(end.lanes[0].loader->interesting_in_all == 800);
  CHECK(count(*end.lanes[1].loader, RowState::kLoaded) == 1'000);
  CHECK(end.lanes[1].loader->interesting.empty());
  REQUIRE(end.lanes[0].dashboard);
  CHECK(to_text(end.lanes[0].dashboard->rows.front().front()) == "1800");
}

TEST_CASE("rows of an open transaction are sent, and no reader sees them") {
  Session session = recorded(scenario::load_scenario("scenarios/loaders/crash-at-800.toml"));
  Painter painter;
  session.apply(SeekTime{Time{seconds(8).ns}});
  const Pictures& now = painter.look(session, {});
  const LoaderView& once = *now.lanes[1].loader;
  CHECK(count(once, RowState::kUncommitted) > 100);
  CHECK(once.rows == 0);
  CHECK(count(*now.lanes[0].loader, RowState::kLoaded) % 100 == 0);
}

TEST_CASE("messages on their way lie between their ends, and the nodes are those that ever ran") {
  Session session = recorded(scenario::load_scenario("scenarios/cluster/lossy-links.toml"));
  session.apply(SeekEvent{0, session.recording(0).events() / 2});
  const NetworkView view = look_at_network(session.recording(0), session.world(0));
  CHECK(view.nodes.size() == 5);
  REQUIRE_FALSE(view.flights.empty());
  for (const Flight& flight : view.flights) {
    CHECK(flight.sent <= session.cursor().at);
    CHECK(flight.arrives >= session.cursor().at);
    CHECK(flight.ordinal > 0);
    const double progress = flight.progress(session.cursor().at);
    CHECK((progress >= 0 && progress <= 1));
  }
}

TEST_CASE("a space-time stretch lists its events and arrows, and counts them when there are too many") {
  Session session = recorded(scenario::load_scenario("scenarios/cluster/lossy-links.toml"));
  SpaceTimeLens lens;
  const SpaceTimeView& small = lens.look(session.recording(0), Time{}, Time{milliseconds(500).ns}, 100);
  CHECK_FALSE(small.is_dense);
  CHECK(small.events.size() == small.last - small.first + 1);
  CHECK_FALSE(small.arrows.empty());
  for (const Arrow& arrow : small.arrows) CHECK(arrow.left <= arrow.came);
  const std::size_t events = small.events.size();
  CHECK(events > 10);
  const SpaceTimeView& all = lens.look(session.recording(0), Time{}, session.end(), 100);
  if (all.is_dense) {
    std::uint64_t sum = 0;
    for (const std::uint32_t n : all.density) sum += n;
    CHECK(sum + 10 >= session.recording(0).events());  // steps of the timeline happen to no node
  }
}

TEST_CASE("the causal past of an event is what its arrows and its node's order lead back to") {
  Session session = recorded(scenario::load_scenario("scenarios/cluster/healthy.toml"));
  SpaceTimeLens lens;
  const SpaceTimeView& view = lens.look(session.recording(0), Time{}, Time{milliseconds(400).ns}, 100);
  REQUIRE_FALSE(view.arrows.empty());
  const Arrow& arrow = view.arrows.back();
  const auto relations = relations_to(view, arrow.effect);
  const auto at = [&](Sequence n) { return relations[static_cast<std::size_t>(n - view.first)]; };
  CHECK(at(arrow.effect) == Relation::kSelf);
  CHECK(at(arrow.cause) == Relation::kPast);
  CHECK(std::count(relations.begin(), relations.end(), Relation::kConcurrent) > 0);
  const auto back = relations_to(view, arrow.cause);
  CHECK(back[static_cast<std::size_t>(arrow.effect - view.first)] == Relation::kFuture);
}

TEST_CASE("the inspector shows what the cursor's event changed, and nothing else") {
  Session session = recorded(scenario::load_scenario("scenarios/cluster/crash-and-restart.toml"));
  Painter painter;
  session.apply(SeekEvent{0, 200});
  const Pictures& now = painter.look(session, {});
  CHECK(now.inspector.event == 200);
  REQUIRE_FALSE(now.inspector.fields.empty());
  for (const FieldChange& change : now.inspector.changes)
    if (change.kind == FieldChange::Kind::kChanged) CHECK(change.before != change.after);
}

TEST_CASE("a failed check leads to the event that broke it") {
  Session session = recorded(scenario::load_scenario("scenarios/cluster/timeout-too-short.toml"));
  bool jumped = false;
  for (const CheckLine& line : look_at_checks(session, 0)) {
    if (line.held == lab::Held::kNo) CHECK(line.event);
    jumped = jumped || line.event;
  }
  Session load = recorded(scenario::load_scenario("scenarios/loaders/crash-at-800.toml"));
  // As if somebody wanted append to be right: the first commit of the second attempt is where it is not.
  for (const CheckLine& line : look_at_checks(load, 0)) CHECK(line.held != lab::Held::kNo);
  const lab::RunReport* report = load.report(0);
  REQUIRE(report);
  CHECK(report->load->duplicated == 800);
}

TEST_CASE("nothing on the first screen gives the answer away before it is asked, and the answer comes from the run") {
  Session session =
      recorded(scenario::load_scenario("scenarios/loaders/crash-at-800.toml"), {"append", "delete + insert"});
  Prologue prologue;
  CHECK(prologue.lanes_shown() == 1);
  CHECK_FALSE(prologue.shows_results());
  CHECK_FALSE(prologue.shows_strip());
  CHECK(prologue.story(session).find("1,800") == std::string::npos);
  const auto choices = prologue.choices(session);
  REQUIRE(choices);
  CHECK(choices->values == std::vector<std::uint64_t>{800, 1'000, 1'800, 2'000});
  CHECK(choices->right == session.report(0)->load->rows);
  prologue.next(session);  // no answer, no run
  CHECK(prologue.act() == Act::kFirstQuestion);
  prologue.choose(1'000);
  prologue.next(session);
  CHECK(prologue.act() == Act::kFirstRun);
  CHECK(session.cursor().playing);
  while (prologue.act() == Act::kFirstRun) session.pass(0.1), prologue.watch(session);
  CHECK(prologue.act() == Act::kFirstAnswer);
  CHECK_FALSE(prologue.predicted_right(session));
  CHECK(prologue.story(session).find("1,800") != std::string::npos);
  prologue.next(session);
  CHECK(prologue.act() == Act::kSecondQuestion);
  CHECK(prologue.lanes_shown() == 2);
  CHECK_FALSE(prologue.chosen());
  prologue.choose(1'000);
  prologue.next(session);
  while (prologue.act() == Act::kSecondRun) session.pass(0.1), prologue.watch(session);
  CHECK(prologue.predicted_right(session));
  for (const Act act : {Act::kEveryCrash, Act::kWholeIdea, Act::kSandbox}) {
    prologue.next(session);
    CHECK(prologue.act() == act);
  }
}

TEST_CASE("the whole idea in four lines is what sixteen runs show") {
  std::vector<std::unique_ptr<Session>> sessions;
  for (const char* file : {"crash", "lost-reply", "second-run"})
    sessions.push_back(std::make_unique<Session>(
        recorded(scenario::load_scenario("scenarios/loaders/four-lines-" + std::string(file) + ".toml"))));
  WholeIdea idea({"crash", "lost reply", "second run"}, std::move(sessions));
  while (idea.work(10'000)) {
  }
  using Row = std::vector<std::uint64_t>;
  std::vector<Row> found;
  for (const WholeIdea::Row& row : idea.rows()) {
    found.emplace_back();
    for (const auto& rows : row.rows) found.back().push_back(rows.value_or(0));
  }
  CHECK(found ==
        std::vector<Row>{{1'800, 2'000, 2'000}, {1'000, 2'000, 2'000}, {1'000, 1'000, 1'000}, {1'000, 1'000, 1'000}});
  CHECK(idea.rows()[0].partial_seen == true);
  CHECK(idea.rows()[1].partial_seen == false);
  CHECK(idea.rows()[2].partial_seen == true);
  CHECK(idea.rows()[3].partial_seen == false);
  CHECK(idea.wanted() == 1'000);
}

}  // namespace twice::playback

// A way that an exhaustive search found, opened and stepped through event by event.
#include <algorithm>
#include <variant>

#include "core/overload.h"
#include "lab/search/witness.h"
#include "lab/zoo_search.h"
#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/checks_view.h"
#include "ui/playback/pictures.h"

namespace twice::playback {
namespace {

namespace choice = world::choice;

/// Two votes of one server, as the search saves them.
std::string vote_twice() {
  const scenario::Loaded loaded = scenario::load_scenario("scenarios/zoo/search.toml");
  REQUIRE(loaded.scenario);
  const auto report = lab::zoo::search_for(protocols::raft::Bug::kVoteTwice, *loaded.scenario, {});
  REQUIRE(report);
  for (const scenario::Variant& lane : loaded.scenario->variants)
    if (lane.name == report->lane) return std::get<0>(witness_of(*loaded.scenario, lane, *report)).text;
  FAIL("no such lane");
  return {};
}

Session open_witness(const std::string& text) { return recorded(scenario::parse_scenario("witness.toml", text, {})); }

/// The record is what the choice says.
bool is_it(const world::World& world, const Trace& trace, const world::Choice& what, const TraceRecord& record) {
  const auto is = [&](NodeId node, const std::string& name) { return node != kNobody && world.name(node) == name; };
  return std::visit(
      Overload{[&](const choice::Deliver& d) {
                 const auto sent = trace.record_of(record.cause);
                 return record.kind == RecordKind::kDeliver && sent && is(sent->node, d.from) && is(record.node, d.to);
               },
               [&](const choice::Drop&) { return record.kind == RecordKind::kLost; },
               [&](const choice::Fire& f) { return record.kind == RecordKind::kTimer && is(record.node, f.node); },
               [&](const choice::Sync& s) { return record.kind == RecordKind::kWritten && is(record.node, s.node); },
               [&](const choice::Crash& c) { return record.kind == RecordKind::kCrash && is(record.node, c.node); },
               [&](const choice::Restart& r) { return record.kind == RecordKind::kStart && is(record.node, r.node); }},
      what);
}

}  // namespace

TEST_CASE("a saved way opens, and its steps are the events that its story tells, one after the other") {
  Session session = open_witness(vote_twice());
  REQUIRE(session.recording(0).error().empty());
  const world::Schedule schedule = *session.recording(0).last_world().schedule();
  REQUIRE(schedule.choices.size() >= 4);
  session.apply(SeekTime{Time{}});
  std::size_t next = 0;
  for (Sequence i = 0; i < session.recording(0).events() && next < schedule.choices.size(); ++i) {
    session.apply(StepEvents{1});
    const Sequence event = session.cursor().event[0];
    if (session.cursor().at < schedule.at(next)) continue;
    CHECK(session.cursor().at == schedule.at(next));
    const auto record = session.recording(0).trace().record_of(event);
    REQUIRE(record);
    INFO(world::to_text(schedule.choices[next]) << " is event " << event);
    CHECK(is_it(session.world(0), session.recording(0).trace(), schedule.choices[next], *record));
    ++next;
  }
  CHECK(next == schedule.choices.size());
}

TEST_CASE("a saved way goes wrong at its last choice, where the lab opens it") {
  Session session = open_witness(vote_twice());
  const std::vector<Broken>& broken = session.recording(0).broken();
  REQUIRE_FALSE(broken.empty());
  CHECK(std::any_of(broken.begin(), broken.end(), [](const Broken& b) { return b.name == "election-safety"; }));
  const auto failure = first_failure(session);
  REQUIRE(failure);
  CHECK(failure->event == broken.front().event);
  const world::Schedule& schedule = *session.recording(0).last_world().schedule();
  CHECK(broken.front().at == schedule.at(schedule.choices.size() - 1));
}

TEST_CASE("a message that a schedule passes over is on its way for ever, and is shown so") {
  Session session = open_witness(vote_twice());
  session.apply(SeekEnd{});
  const NetworkView view = look_at_network(session.recording(0), session.world(0));
  const auto waits = std::find_if(view.flights.begin(), view.flights.end(),
                                  [](const Flight& flight) { return !flight.ever_arrives(); });
  REQUIRE(waits != view.flights.end());
  CHECK(waits->progress(session.cursor().at) < 0.001);
}

TEST_CASE("acting in a run that follows a schedule makes a branch; delaying a message is refused with a reason") {
  Session session = open_witness(vote_twice());
  session.apply(SeekEvent{0, 4});
  session.apply(Intervene{0, session.step_here(0, world::Crash{"n1"}), {}, {}});
  CHECK(session.branches().size() == 2);
  CHECK(session.complaint().empty());
  session.apply(Intervene{0, {world::AtMessage{"n1", "n2", 1}, world::Delay{seconds(1)}}, {}, {}});
  CHECK(session.complaint().find("means nothing here") != std::string::npos);
}

}  // namespace twice::playback

#include "ui/playback/session.h"

#include <algorithm>

#include "lab/run.h"
#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"

namespace twice::playback {
namespace {

const std::string kLoad = "scenarios/loaders/crash-at-800.toml";
const std::string kCluster = "scenarios/cluster/crash-and-restart.toml";

lab::RunReport headless(const Session& session, std::size_t lane, std::size_t branch) {
  lab::RunOptions options;
  options.steps = session.steps(branch, lane);
  options.timeline = session.branches()[branch].timeline;
  options.runs = session.branches()[branch].runs;
  return lab::run(*session.lanes()[lane].variant, session.seed(), options);
}

}  // namespace

TEST_CASE("what is recorded is the run of the command line, to the last bit") {
  for (const std::string& path : {kLoad, kCluster}) {
    Session session = session_of(scenario::load_scenario(path));
    record(session);
    for (std::size_t lane = 0; lane < session.lanes().size(); ++lane) {
      const lab::RunReport alone = headless(session, lane, 0);
      REQUIRE(session.report(lane));
      CHECK(session.report(lane)->hash == alone.hash);
      CHECK(session.report(lane)->events == alone.events);
      CHECK(session.report(lane)->findings.size() == alone.findings.size());
    }
  }
}

TEST_CASE("the frame rate never reaches the trace: slices and pauses of any size record the same run") {
  Session whole = session_of(scenario::load_scenario(kLoad));
  record(whole);
  Session pieces = session_of(scenario::load_scenario(kLoad));
  Sequence size = 1;
  pieces.apply(Play{});
  while (pieces.work(size)) {
    pieces.pass(0.001 * static_cast<double>(size % 7));
    size = size * 5 % 997 + 1;
  }
  for (std::size_t lane = 0; lane < whole.lanes().size(); ++lane)
    CHECK(pieces.report(lane)->hash == whole.report(lane)->hash);
}

TEST_CASE("any event that is sought shows the world of a run from zero") {
  Session session = session_of(scenario::load_scenario(kLoad));
  record(session);
  const Sequence last = session.recording(0).events();
  for (const Sequence n : {Sequence{0}, Sequence{1}, last / 3, last / 2, last / 3 + 1, last, Sequence{7}}) {
    session.apply(SeekEvent{0, n});
    lab::Built built =
        lab::build_world(*session.lanes()[0].ready, 1,
                         {.steps = {}, .narrate = true, .keep = Trace::Keep::kAll, .until = {}, .runs = {}});
    built.world->run(kEndOfTime, n);
    CHECK(session.world(0).events() == n);
    CHECK(session.world(0).digest() == built.world->digest());
  }
}

TEST_CASE("acting in the past forks: the branch is kept beside its parent, and equals the headless run of its repro") {
  Session session = session_of(scenario::load_scenario(kLoad));
  record(session);
  session.apply(SeekEvent{0, 500});
  const world::Step step = session.step_here(0, world::Crash{"loader"});
  session.apply(Intervene{0, step});
  CHECK(session.branches().size() == 2);
  CHECK(session.branch() == 1);
  // The crash is event 501 and happens as one with the event it stands before: seen at once.
  CHECK(session.cursor().event[0] == 502);
  CHECK(session.cursor().event[0] == session.world(0).events());
  CHECK_FALSE(session.world(0).is_up(*session.world(0).find("loader-1")));
  record(session);
  CHECK(session.report(0)->hash == headless(session, 0, 1).hash);
  CHECK(session.report(0)->hash != session.report(0, 0)->hash);
  // The other lanes did not change: they share the parent's run.
  CHECK(session.branches()[1].recording[1] == session.branches()[0].recording[1]);
  CHECK(session.repro(0) ==
        "twice run scenarios/loaders/crash-at-800.toml --seed 1 --only append --do 'crash loader "
        "@event:501'");
  const auto differs = first_difference(session.recording(0, 0).trace(), session.recording(1, 0).trace());
  REQUIRE(differs);
  CHECK(*differs == 501);
  session.apply(ShowBranch{0});
  CHECK(session.branch() == 0);
  CHECK(session.report(0)->hash == headless(session, 0, 0).hash);
}

TEST_CASE("a step that would change nothing is refused with a reason, and one that would is not") {
  Session session = session_of(scenario::load_scenario(kCluster));
  record(session);
  session.apply(SeekTime{Time{seconds(5).ns}});  // n3 died at 3 s
  CHECK(session.why_not(0, world::Crash{"n3"}).find("not running") != std::string::npos);
  CHECK(session.why_not(0, world::Restart{"n3"}).empty());
  CHECK(session.why_not(0, world::Crash{"n1"}).empty());
  CHECK_FALSE(session.why_not(0, world::Restart{"n1"}).empty());
  CHECK_FALSE(session.why_not(0, world::Heal{}).empty());
  CHECK_FALSE(session.why_not(0, world::Crash{"nobody"}).empty());
}

TEST_CASE("a crash point replaces the timeline in every lane, and the slider leaves one branch behind, not many") {
  Session session = session_of(scenario::load_scenario(kLoad));
  record(session);
  session.apply(SeekEnd{});
  session.apply(CrashAt{{lab::Stop::kAfterRow, 300}});
  record(session);
  CHECK(session.report(0)->load->rows == 1'300);
  CHECK(session.report(1)->load->rows == 1'000);
  CHECK(session.cursor().at == session.end());
  for (std::uint64_t row = 301; row < 340; ++row) session.apply(CrashAt{{lab::Stop::kAfterRow, row}});
  CHECK(session.branches().size() == 2);
  record(session);
  CHECK(session.report(0)->hash == headless(session, 0, session.branch()).hash);
  session.apply(CrashAt{{lab::Stop::kSecondRun, 1}});
  record(session);
  CHECK(session.report(0)->load->rows == 2'000);
}

TEST_CASE("next and previous interesting events are crashes, attempts, commits and the like") {
  Session session = session_of(scenario::load_scenario(kLoad));
  record(session);
  session.apply(SeekStart{});
  std::vector<MomentKind> kinds;
  for (int i = 0; i < 40; ++i) {
    const Sequence before = session.cursor().event[0];
    session.apply(StepInteresting{1});
    if (session.cursor().event[0] == before) break;
    for (const Moment& m : session.recording(0).moments())
      if (m.event == session.cursor().event[0]) kinds.push_back(m.kind);
  }
  CHECK(std::count(kinds.begin(), kinds.end(), MomentKind::kCrash) == 1);
  CHECK(std::count(kinds.begin(), kinds.end(), MomentKind::kAttempt) == 2);
  const Sequence end = session.cursor().event[0];
  session.apply(StepInteresting{-1});
  CHECK(session.cursor().event[0] < end);
}

TEST_CASE("playing reaches the end and stops there; lanes stand at the same moment") {
  Session session = session_of(scenario::load_scenario(kLoad));
  record(session);
  session.apply(Play{});
  for (int frame = 0; frame < 60 * 20 && session.cursor().playing; ++frame) {
    session.pass(1.0 / 60);
    for (std::size_t lane = 0; lane < session.lanes().size(); ++lane)
      REQUIRE(session.cursor().event[lane] == session.recording(lane).trace().events_until(session.cursor().at));
  }
  CHECK_FALSE(session.cursor().playing);
  CHECK(session.cursor().at == session.end());
}

TEST_CASE("another seed records every branch again") {
  Session session = session_of(scenario::load_scenario("scenarios/cluster/lossy-links.toml"));
  record(session);
  const std::uint64_t first = session.report(0)->hash;
  session.apply(SeekEvent{0, 100});
  session.apply(Intervene{0, session.step_here(0, world::Crash{"n2"})});
  session.apply(SetSeed{2});
  record(session);
  CHECK(session.branches().size() == 2);
  CHECK(session.report(1, 0)->hash == headless(session, 0, 1).hash);
  CHECK(session.report(0, 0)->hash != first);
}

}  // namespace twice::playback

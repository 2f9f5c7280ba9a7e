// A Raft cluster in the lab: keys, and where a found bug opens.
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "support/catch.h"
#include "ui/app/lab.h"
#include "ui/draw/headless.h"

namespace twice::ui {
namespace {

struct RaftDesk {
  explicit RaftDesk(const char* path) : lab(Settings{}, TWICE_PROGRAM), screen(1280, 800, 1) {
    REQUIRE(lab.open(path));
    record();
  }
  void record() {
    while (lab.session().work(10'000)) {
    }
    frame();
  }
  void frame() {
    lab.update(1.0 / 60, 5);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); });
  }
  void press(int key) {
    frame();
    lab.press({key, false, false, false, false});
    record();
  }
  /// When the election timers of the lane in focus end.
  std::multiset<Time> due() const {
    const std::size_t lane = lab.session().cursor().focus;
    std::multiset<Time> times;
    for (const auto& node : look_at_network(lab.session().recording(lane), lab.session().world(lane)).nodes)
      if (node.face.countdown) times.insert(node.face.countdown->due);
    return times;
  }

  Lab lab;
  Headless screen;
};

constexpr const char* kRaft = "tests/ui/raft.toml";

}  // namespace

TEST_CASE("A lets all election timers end at one moment, T one after the other; both are steps of a branch") {
  RaftDesk desk(kRaft);
  desk.lab.handle(playback::Command{playback::FocusLane{0}});
  desk.lab.handle(playback::Command{playback::SeekTime{Time{} + milliseconds(1'900)}});
  const std::multiset<Time> drawn = desk.due();
  CHECK(std::set<Time>(drawn.begin(), drawn.end()).size() > 1);
  desk.press('A');
  REQUIRE(desk.lab.session().branches().size() == 2);
  CHECK(desk.lab.session().branches()[1].name == "align election timers at 1.900 s");
  CHECK(desk.lab.session().branches()[1].did.size() == 4);  // everybody but the leader
  std::multiset<Time> due = desk.due();
  CHECK(due.size() == 4);
  CHECK(std::set<Time>(due.begin(), due.end()).size() == 1);
  CHECK(*due.begin() == desk.lab.session().world(0).now() + milliseconds(150));
  CHECK(desk.lab.session().repro(0).find("tell n") != std::string::npos);

  desk.press('T');
  due = desk.due();
  CHECK(due.size() == 4);
  CHECK(std::set<Time>(due.begin(), due.end()).size() == 4);
}

TEST_CASE("where nobody waits for an election, T and A say so") {
  RaftDesk desk("scenarios/cluster/partition-and-heal.toml");
  for (const int key : {'T', 'A'}) {
    desk.press(key);
    CHECK(desk.lab.said().find("no server here waits for an election") != std::string::npos);
    CHECK(desk.lab.session().branches().size() == 1);
  }
}

TEST_CASE("a scenario with a mistake opens where the first invariant breaks, unless somebody has moved already") {
  {
    RaftDesk desk(kRaft);
    const auto failure = playback::first_failure(desk.lab.session());
    REQUIRE(failure);
    CHECK(failure->lane == 1);  // the other one keeps all rules
    CHECK(desk.lab.session().cursor().focus == 1);
    CHECK(desk.lab.session().cursor().event[1] == failure->event);
  }
  Lab moved(Settings{}, TWICE_PROGRAM);
  REQUIRE(moved.open(kRaft));
  while (moved.session().work(10'000)) {
  }
  moved.handle(playback::Command{playback::SeekTime{Time{} + seconds(1)}});
  moved.update(0.1, 0);
  CHECK(moved.session().cursor().at == Time{} + seconds(1));
}

TEST_CASE("each animal of the bug zoo opens where it goes wrong first, with its story") {
  std::size_t at_an_invariant = 0, animals = 0;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios/zoo")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".toml") || name.ends_with("search.toml")) continue;  // those two are settings, no animals
    INFO(entry.path().string());
    RaftDesk desk(entry.path().c_str());
    ++animals;
    const std::size_t lane = desk.lab.session().cursor().focus;
    const auto story = playback::what_went_wrong(desk.lab.session(), lane);
    REQUIRE_FALSE(story.empty());
    CHECK(story.front().event > 0);
    const playback::Cursor opened = desk.lab.session().cursor();
    desk.lab.session().apply(playback::SeekEvent{lane, story.front().event});
    CHECK(desk.lab.session().cursor().event[lane] == opened.event[lane]);
    CHECK(opened.at == story.front().at);
    CHECK_FALSE(story.front().words.empty());
    CHECK(desk.lab.said().find(desk.lab.session().lanes()[lane].name()) != std::string::npos);
    at_an_invariant += !desk.lab.session().recording(lane).broken().empty();
    // The lane without the mistake has no such story.
    if (lane > 0) CHECK(desk.lab.session().recording(0).broken().empty());
#ifdef TWICE_SANITIZED
    if (animals == 6) break;
#endif
  }
  CHECK(animals >= 6);
  CHECK(at_an_invariant * 2 > animals);
}

TEST_CASE("R asks when a failure was inevitable; where nothing failed it says so") {
  RaftDesk desk("scenarios/zoo/vote-twice.toml");
  desk.lab.handle(playback::Command{playback::FocusLane{0}});
  desk.press('R');
  CHECK(desk.lab.said().find("nothing went wrong in this lane") != std::string::npos);
  CHECK_FALSE(desk.lab.inevitable().running());
  desk.lab.handle(playback::Command{playback::FocusLane{1}});
  desk.press('R');
  CHECK(desk.lab.inevitable().running());
  CHECK(desk.lab.animating());
  desk.frame();
  while (desk.lab.inevitable().running()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    desk.frame();
  }
  REQUIRE(desk.lab.inevitable().found({0, 1, 1}));
  CHECK(desk.lab.said().find("inevitable from") != std::string::npos);
  desk.frame();  // with the curve
  // It is known of this run only.
  desk.lab.handle(playback::Command{playback::SetSeed{2}});
  desk.record();
  CHECK_FALSE(desk.lab.inevitable().found({0, 1, desk.lab.session().seed()}));
  desk.press('R');
  desk.lab.handle(CancelNoReturn{});
  CHECK_FALSE(desk.lab.inevitable().running());
}

TEST_CASE("every view of a Raft cluster is drawn at every size and zoom") {
  for (const auto& [width, height, zoom] : {std::tuple{1280, 800, 1.0f}, {1280, 800, 2.0f}, {640, 480, 1.5f}}) {
    Lab lab(Settings{}, TWICE_PROGRAM);
    Headless screen(width, height, zoom);
    lab.handle(SetZoom{zoom});
    REQUIRE(lab.open(kRaft));
    for (const View view : {View::kNetwork, View::kSpaceTime, View::kTables, View::kCompare}) {
      lab.handle(ShowView{view});
      lab.update(1.0 / 60, 5);
      screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); });
      CHECK(lab.view() == view);
    }
  }
}

}  // namespace twice::ui

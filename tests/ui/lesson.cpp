// Lessons in the lab without a window: keys, what is hidden, what is kept, what an author sees.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "scenario/load.h"
#include "support/catch.h"
#include "ui/app/actions.h"
#include "ui/app/lab.h"
#include "ui/draw/headless.h"

namespace twice::ui {
namespace {

namespace fs = std::filesystem;
using lesson::StepPart;

const std::string kSmall = std::string(TWICE_SOURCE_DIR) + "/tests/lesson/small";

struct Folder {
  explicit Folder(const std::string& name) : path(fs::temp_directory_path() / name) { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

struct Classroom {
  explicit Classroom(const std::string& kept = {}, float zoom = 1, int width = 1280, int height = 800)
      : lab(Settings{}, TWICE_PROGRAM, kept), screen(width, height, zoom) {
    lab.handle(SetZoom{zoom});
  }
  void frame() {
    lab.update(1.0 / 60, 5);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); });
  }
  void key(int k, bool ctrl = false, bool shift = false) { lab.press({k, ctrl, shift, false, false}), frame(); }
  void settle() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    frame();
    while (lab.lesson() && lab.lesson()->busy() && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      lab.update(0.01);
    }
    while (lab.session().work(100'000)) {
    }
    frame(), frame();
  }
  const StepPart& step(const std::string& name) { return *lab.lesson()->session().lesson().step(name); }
  const lesson::Graded* result(const std::string& name) { return lab.lesson()->session().result(step(name)); }

  Lab lab;
  Headless screen;
};

void open_small(Classroom& room) {
  REQUIRE(room.lab.open(kSmall));
  room.settle();
}

}  // namespace

TEST_CASE("a lesson is taken with the keyboard alone") {
  Classroom room;
  open_small(room);
  room.key('N');  // not before the answer
  CHECK(room.lab.lesson()->session().at() == 0);
  room.key(keys::kDown), room.key(keys::kDown);
  CHECK(room.lab.lesson()->draft(room.step("predict")).choice == 2);
  room.key('.'), room.key('.');
  CHECK(room.lab.lesson()->draft(room.step("predict")).confidence == 50);
  room.key(keys::kEnter);
  room.settle();
  REQUIRE(room.result("predict"));
  CHECK(room.result("predict")->mark == lesson::Mark::kPassed);
  room.key('N');
  room.settle();
  room.key(keys::kF1 + 1);
  CHECK(room.lab.lesson()->draft(room.step("explain")).hints == std::vector<std::string>{"First."});
  room.key(keys::kDown), room.key(keys::kEnter);
  room.settle();
  CHECK(room.result("explain")->mark == lesson::Mark::kPassed);
  room.key(keys::kF1 + 3);  // into the field
  room.frame(), room.frame();
  CHECK(ImGui::GetIO().WantTextInput);
  room.screen.type("lane.mine.commit = \"once\"");
  room.frame(), room.frame();
  CHECK(room.lab.lesson()->draft(room.step("challenge")).edits == "lane.mine.commit = \"once\"");
  room.key(keys::kEnter, true);
  room.settle();
  REQUIRE(room.result("challenge"));
  CHECK(room.result("challenge")->mark == lesson::Mark::kFailed);
  room.key('N');
  CHECK(room.lab.lesson()->session().at() == 2);
  room.key('N', false, true);
  CHECK(room.lab.lesson()->session().at() == 1);
}

TEST_CASE("while a lesson's prediction is open time stands still and nothing on the screen gives the answer away") {
  Classroom room;
  open_small(room);
  room.lab.handle(ShowView{View::kCompare});
  room.frame();
  CHECK(room.lab.veil().future);
  CHECK(room.lab.veil().results);
  CHECK(room.lab.view() == View::kLoader);  // the other views know too much
  CHECK(room.lab.session().lanes().size() == 1);
  for (const char* id : {"time.play", "time.on", "time.next", "time.end"}) {
    const Action* action = action_named(id);
    REQUIRE(action);
    for (const KeyPress& key : action->keys) room.lab.press(key);
    room.settle();
  }
  room.lab.handle(playback::Command{playback::SeekEvent{0, 60}});
  room.lab.handle(playback::Command{playback::CrashAt{}});
  CHECK(room.lab.session().cursor().at == Time{});
  CHECK_FALSE(room.lab.session().cursor().playing);
  CHECK(room.lab.session().branches().size() == 1);
  CHECK(room.lab.window_title().find("crash") == std::string::npos);  // the scenario's title says what happens
  for (const char* id : {"act.sweep", "act.crash", "act.inevitable", "file.copy-schedule"}) {
    room.lab.press(action_named(id)->keys.front());
    CHECK(room.lab.said().find(action_named(id)->label) != std::string::npos);
    CHECK(room.lab.said().find("answer the question") != std::string::npos);
  }
  CHECK_FALSE(room.lab.sweep().running());
  room.lab.handle(playback::Choose{"predict", 1});
  room.lab.handle(playback::SetConfidence{"predict", 75});
  room.lab.handle(playback::SendAnswer{"predict"});
  room.settle();
  CHECK_FALSE(room.lab.veil().future);
  CHECK(room.lab.session().lanes().size() == 2);  // the run of this screen shows both
  room.key(keys::kEnd);
  CHECK(room.lab.session().cursor().at == room.lab.session().end());
}

TEST_CASE("answers and score are kept for each learner and come back when the lesson is opened again") {
  const Folder kept("twice-kept-answers");
  {
    Classroom room(kept.path.string());
    room.lab.handle(SetLearner{"Ada L."});
    open_small(room);
    room.lab.handle(playback::Choose{"predict", 2});
    room.lab.handle(playback::SetConfidence{"predict", 75});
    room.lab.handle(playback::SendAnswer{"predict"});
    room.settle();
    REQUIRE(room.result("predict"));
  }
  const fs::path file = kept.path / "Ada=20L=2e" / "small.toml";
  REQUIRE(fs::exists(file));
  const scenario::FileText text = scenario::read_text_file(file.string(), 1u << 20);
  const auto answers = lesson::read_answers(file.string(), std::get<std::string>(text));
  REQUIRE(std::holds_alternative<lesson::Answers>(answers));
  CHECK(std::get<lesson::Answers>(answers).learner == "Ada L.");  // as `twice lesson grade` wants it
  CHECK(KeptAnswers(kept.path.string()).scores("Ada L.").at("small").points == 1);
  Classroom later(kept.path.string());
  open_small(later);
  CHECK_FALSE(later.result("predict"));  // nobody in particular has not answered
  later.lab.handle(SetLearner{"Ada L."});
  later.settle();
  REQUIRE(later.result("predict"));
  CHECK(later.lab.lesson()->session().at() == 1);
  CHECK(later.lab.to_keep().learner == "Ada L.");
  // A damaged file is told and left alone.
  std::ofstream(file, std::ios::trunc) << "[[answer]]\nlesson = \"?\n";
  Classroom damaged(kept.path.string());
  damaged.lab.handle(SetLearner{"Ada L."});
  open_small(damaged);
  CHECK(damaged.lab.said().find("left alone") != std::string::npos);
  damaged.lab.handle(playback::Choose{"predict", 2});
  damaged.lab.handle(playback::SetConfidence{"predict", 75});
  damaged.lab.handle(playback::SendAnswer{"predict"});
  damaged.settle();
  CHECK(fs::file_size(file) == 23);
}

TEST_CASE("an author sees a change of the lesson in the open card, and errors with line and column") {
  const Folder own("twice-preview");
  fs::copy(kSmall, own.path);
  Classroom room;
  REQUIRE(room.lab.open(own.path.string()));
  room.settle();
  room.lab.look_at_files(1);
  std::ifstream in(own.path / "lesson.md");
  const std::string good((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::ofstream(own.path / "lesson.md", std::ios::trunc) << good << "\n## Four\n\nMore.\n";
  room.lab.look_at_files(1.1);
  CHECK(room.lab.lesson()->session().count() == 3);
  room.lab.look_at_files(2);
  CHECK(room.lab.lesson()->session().count() == 4);
  std::ofstream(own.path / "lesson.md", std::ios::trunc) << good << "\n```predict\nquestion = \n```\n";
  room.lab.look_at_files(3);
  room.frame();
  CHECK(room.lab.lesson()->session().count() == 4);
  REQUIRE_FALSE(room.lab.lesson()->problems().empty());
  CHECK(room.lab.lesson()->problems().front().span.begin.line > 80);
  std::ofstream(own.path / "lesson.md", std::ios::trunc) << good;
  room.lab.look_at_files(4);
  CHECK(room.lab.lesson()->session().count() == 3);
  CHECK(room.lab.lesson()->problems().empty());
}

TEST_CASE("a click on the timeline's step chooses the answer that names it") {
  Classroom room;
  open_small(room);
  room.lab.lesson()->go_to(1);
  room.settle();
  room.settle();
  const auto content = [&] { room.lab.draw(room.screen.fonts(), room.screen.theme(), 1); };
  const auto chosen = [&] { return room.lab.lesson()->draft(room.step("explain")).choice; };
  for (float y = 690; y < 780 && !chosen(); y += 8)
    for (float x = 60; x < 1270 && !chosen(); x += 9) room.screen.click(x, y, content);
  CHECK(chosen() == 1);
}

TEST_CASE("what was done in the lab becomes a schedule to paste: it gives the same run") {
  Classroom room;
  REQUIRE(room.lab.open("scenarios/cluster/healthy.toml"));
  room.settle();
  room.lab.handle(KeepSchedule{false});
  CHECK(room.lab.said().find("nothing was done") != std::string::npos);
  room.lab.handle(ShowView{View::kNetwork});
  room.lab.handle(playback::Command{playback::SeekTime{Time{seconds(2).ns}}});
  room.lab.handle(playback::Command{playback::Select{{NodeId{2}, std::nullopt, std::nullopt}}});
  room.frame();
  room.key('X');
  room.settle();
  room.key('Y', false, true);
  const std::string text = ImGui::GetClipboardText();
  CHECK(text.find("do = \"crash n3 @event:") != std::string::npos);
  const std::size_t from = text.find("timeline.steps=[");
  REQUIRE(from != std::string::npos);
  scenario::LoadOptions options;
  options.set = {text.substr(from, text.find("'''", from) - from)};
  const auto loaded = scenario::load_scenario("scenarios/cluster/healthy.toml", options);
  REQUIRE(loaded.scenario);
  CHECK(lab::run(loaded.scenario->variants.front(), 1, {}).hash == room.lab.session().report(0)->hash);
}

TEST_CASE("the map of lessons opens by key, is walked by keys and opens a lesson; the prologue leads to lesson 0") {
  Classroom room;
  room.lab.handle(OpenNextLesson{});
  room.settle();
  REQUIRE(room.lab.lesson());
  CHECK(room.lab.lesson()->session().lesson().front.number == 0);
  room.key('M');
  REQUIRE(room.lab.map());
  const std::size_t first = room.lab.map()->chosen();
  room.key(keys::kDown), room.key(keys::kDown), room.key(keys::kUp);
  CHECK(room.lab.map()->chosen() == first + 1);
  room.key(keys::kSpace);  // what stands behind the map does not move
  CHECK_FALSE(room.lab.session().cursor().playing);
  room.key(keys::kEnter);
  CHECK_FALSE(room.lab.map());
  CHECK(room.lab.lesson()->session().lesson().front.number == 1);
  room.key('M'), room.key(keys::kEscape);
  CHECK_FALSE(room.lab.map());
}

TEST_CASE("every screen of a lesson can be drawn from 75 to 300 percent, in small windows and large ones") {
  for (const auto& [width, height] : {std::pair{640, 400}, {1280, 800}, {2560, 1440}})
    for (const float zoom : {0.75f, 1.5f, 3.0f}) {
      Classroom room({}, zoom, width, height);
      open_small(room);
      for (std::size_t i = 0; i < room.lab.lesson()->session().count(); ++i) {
        room.lab.lesson()->go_to(i);
        room.frame(), room.frame();
      }
      room.lab.handle(ShowLessonMap{true});
      room.frame(), room.frame();
      CHECK(room.lab.lesson()->session().at() == 2);
    }
}

TEST_CASE("opening a scenario leaves the lesson; a lesson with errors is told and not opened") {
  Classroom room;
  open_small(room);
  CHECK_FALSE(room.lab.open(std::string(TWICE_SOURCE_DIR) + "/tests/lesson/bad/no_screen.md"));
  CHECK(room.lab.problems().find("no_screen.md:") != std::string::npos);
  CHECK(room.lab.lesson());
  REQUIRE(room.lab.open("scenarios/cluster/healthy.toml"));
  CHECK_FALSE(room.lab.lesson());
}

}  // namespace twice::ui

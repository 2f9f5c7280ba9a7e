// The lab without a window: keys, clicks and frames, and what comes of them.
#include "ui/app/lab.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "lab/run.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/app/actions.h"
#include "ui/app/screenshot.h"
#include "ui/draw/headless.h"

namespace twice::ui {
namespace {

using Stage = playback::Act;

/// A lab on a screen, driven as a person would.
struct Desk {
  explicit Desk(int width = 1280, int height = 800, float zoom = 1)
      : lab(Settings{}, TWICE_PROGRAM), screen(width, height, zoom) {
    lab.handle(SetZoom{zoom});
    record();
  }
  void record() {
    while (lab.session().work(10'000)) {
    }
  }
  void frame(double seconds = 1.0 / 60) {
    lab.update(seconds, 5);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); });
  }
  void key(int k, bool ctrl = false, bool shift = false) { lab.press({k, ctrl, shift, false, false}), frame(); }
  void play_to_end() {
    for (int i = 0; i < 2'000 && lab.session().cursor().playing; ++i) frame(0.1);
    frame();
  }

  Lab lab;
  Headless screen;
};

void open(Desk& desk, const std::string& path) {
  REQUIRE(desk.lab.open(path));
  desk.record();
  desk.frame();
}

}  // namespace

TEST_CASE("a newcomer gets from the question to 1,800 against 1,000, the strip and the four lines with Space and N") {
  Desk desk;
  desk.frame();
  CHECK(desk.lab.prologue().act() == Stage::kFirstQuestion);
  desk.key(keys::kSpace);  // no answer yet: nothing runs
  CHECK_FALSE(desk.lab.session().cursor().playing);
  desk.lab.handle(ChooseAnswer{1'000});
  desk.key(keys::kSpace);
  CHECK(desk.lab.session().cursor().playing);
  desk.play_to_end();
  CHECK(desk.lab.prologue().act() == Stage::kFirstAnswer);
  CHECK(desk.lab.session().report(0)->load->rows == 1'800);
  desk.key('N');
  desk.lab.handle(ChooseAnswer{1'000});
  desk.key(keys::kSpace);
  desk.play_to_end();
  CHECK(desk.lab.prologue().act() == Stage::kSecondAnswer);
  CHECK(desk.lab.session().report(1)->load->rows == 1'000);
  desk.key('N');
  CHECK(desk.lab.prologue().act() == Stage::kEveryCrash);
  CHECK((desk.lab.sweep().running() || desk.lab.sweep().output()));
  desk.key('N');
  desk.key('N');
  CHECK(desk.lab.prologue().over());
  CHECK(desk.lab.session().lanes().size() == 3);  // the whole scenario
}

TEST_CASE("a click on an answer chooses it") {
  Desk desk;
  desk.frame(), desk.frame();
  const auto content = [&] { desk.lab.draw(desk.screen.fonts(), desk.screen.theme(), 1); };
  for (float y = 200; y < 320 && !desk.lab.prologue().chosen(); y += 10)
    for (const float x : {100.0f, 290.0f}) desk.screen.click(x, y, content);
  CHECK(desk.lab.prologue().chosen());
}

TEST_CASE("every action has a name, a menu that exists and keys that no other action has") {
  std::vector<KeyPress> taken;
  for (const Action& action : actions()) {
    CHECK_FALSE(action.label.empty());
    CHECK(std::find(menus().begin(), menus().end(), action.menu) != menus().end());
    CHECK(action.act);
    for (const KeyPress& key : action.keys) {
      INFO(action.id << ": " << key_text(key));
      CHECK(std::find(taken.begin(), taken.end(), key) == taken.end());
      taken.push_back(key);
    }
  }
}

TEST_CASE("every action can be pressed in every view of a load and of a cluster, and nothing breaks") {
  for (const char* path : {"scenarios/loaders/crash-at-800.toml", "scenarios/cluster/partition-and-heal.toml"}) {
    Desk desk;
    open(desk, path);
    for (const View view : kViews) {
      desk.lab.handle(ShowView{view});
      desk.frame();
      desk.lab.handle(playback::Command{playback::SeekEvent{0, desk.lab.session().recording(0).events() / 3}});
      desk.lab.handle(playback::Command{playback::Select{{NodeId{1}, std::nullopt, std::nullopt}}});
      desk.frame();
      for (const Action& action : actions()) {
        if (action.id == "file.quit" || action.id == "file.save" || action.menu == "View" || action.menu == "Help" ||
            action.id == "act.sweep" || action.id == "lesson.map")
          continue;
        for (const KeyPress& key : action.keys) desk.lab.press(key);
        desk.record();
        desk.frame();
      }
    }
    CHECK(desk.lab.session().branches().size() > 1);
  }
}

TEST_CASE("a crash by key forks, and the copied repro gives the same hash headless") {
  Desk desk;
  open(desk, "scenarios/cluster/healthy.toml");
  desk.lab.handle(ShowView{View::kNetwork});
  desk.lab.handle(playback::Command{playback::SeekTime{Time{seconds(2).ns}}});
  desk.lab.handle(playback::Command{playback::Select{{NodeId{2}, std::nullopt, std::nullopt}}});
  desk.frame();
  desk.key('X');
  REQUIRE(desk.lab.session().branches().size() == 2);
  desk.record();
  const std::string repro = desk.lab.session().repro(0);
  CHECK(repro.find("--do 'crash n3 @event:") != std::string::npos);
  const std::size_t begin = repro.find("--do '") + 6;
  const auto steps = world::parse_steps(repro.substr(begin, repro.rfind('\'') - begin));
  REQUIRE(std::holds_alternative<std::vector<world::Step>>(steps));
  const auto loaded = scenario::load_scenario("scenarios/cluster/healthy.toml");
  lab::RunOptions options;
  options.steps = std::get<std::vector<world::Step>>(steps);
  const lab::RunReport alone = lab::run(loaded.scenario->variants.front(), 1, options);
  CHECK(alone.hash == desk.lab.session().report(0)->hash);
}

TEST_CASE("drawing never changes a run: two hundred frames of every view leave the hash as it was") {
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  const std::uint64_t hash = desk.lab.session().report(0)->hash;
  for (int i = 0; i < 200; ++i) {
    desk.lab.handle(ShowView{kViews[static_cast<std::size_t>(i) % kViews.size()]});
    desk.lab.handle(playback::Command{playback::SeekEvent{0, static_cast<Sequence>(i * 28)}});
    desk.frame(0.05);
  }
  const auto loaded = scenario::load_scenario("scenarios/loaders/crash-at-800.toml");
  CHECK(lab::run(loaded.scenario->variants.front(), 1, {}).hash == hash);
  CHECK(desk.lab.session().report(0)->hash == hash);
}

TEST_CASE("a scenario that cannot be read leaves the open one alone and says where it is wrong") {
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  CHECK_FALSE(desk.lab.open("no/such/file.toml"));
  CHECK(desk.lab.problems().find("no/such/file.toml") != std::string::npos);
  desk.frame();
  CHECK(desk.lab.session().lanes().size() == 3);
  desk.lab.handle(RunText{"scenario = 1\ntitle = \"x\"\nclutser = 3\n"});
  desk.frame();
  CHECK(desk.lab.session().lanes().size() == 3);
}

TEST_CASE("a scenario dropped on the window opens; one that cannot be read leaves an error text to copy") {
  namespace fs = std::filesystem;
  const fs::path bad = fs::temp_directory_path() / "twice-dropped.toml";
  std::ofstream(bad) << "scenario = 1\ntitle = \"x\"\nclutser = 3\n";
  Desk desk;
  desk.lab.drop({});
  CHECK_FALSE(desk.lab.prologue().over());
  desk.lab.drop({"scenarios/cluster/healthy.toml"});
  desk.record();
  desk.frame();
  CHECK(desk.lab.prologue().over());
  CHECK(desk.lab.session().scenario().path == "scenarios/cluster/healthy.toml");
  CHECK(desk.lab.problems().empty());
  desk.lab.drop({bad.string(), "scenarios/loaders/crash-at-800.toml"});
  desk.frame(), desk.frame();
  CHECK(desk.lab.session().scenario().path == "scenarios/cluster/healthy.toml");
  CHECK(desk.lab.problems().find("clutser") != std::string::npos);
  CHECK(desk.lab.said().find("was not opened") != std::string::npos);
  // Somewhere in the upper part of the centre is the button that copies it.
  ImGui::SetClipboardText("");
  const auto content = [&] { desk.lab.draw(desk.screen.fonts(), desk.screen.theme(), 1); };
  const auto copied = [] { return std::string_view(ImGui::GetClipboardText()).find("clutser") != std::string::npos; };
  for (float x = 280; x < 700 && !copied() && !desk.lab.problems().empty(); x += 12) desk.screen.click(x, 74, content);
  CHECK(copied());
  desk.lab.drop({"scenarios/loaders/crash-at-800.toml"});
  desk.frame();
  CHECK(desk.lab.problems().empty());
  CHECK(desk.lab.session().lanes().size() == 3);
  fs::remove(bad);
}

TEST_CASE("a hundred nodes are recorded and drawn in every view, and a frame of them does not hang") {
  namespace fs = std::filesystem;
  const fs::path file = fs::temp_directory_path() / "twice-hundred.toml";
  std::ofstream(file) << "scenario = 1\ntitle = \"a hundred\"\nuntil = \"2s\"\n[cluster]\nnodes = 100\nprotocol = "
                         "\"heartbeat\"\n[cluster.heartbeat]\ninterval = \"500ms\"\ntimeout = \"2s\"\n";
  Desk desk;
  open(desk, file.string());
  desk.lab.handle(playback::Command{playback::SeekTime{Time{seconds(1).ns}}});
  const auto begin = std::chrono::steady_clock::now();
  int frames = 0;
  for (const View view : kViews) {
    desk.lab.handle(ShowView{view});
    for (int i = 0; i < 3; ++i, ++frames) desk.frame();
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(frames));  // generous: some machines are slow
  CHECK(desk.lab.session().recording(0).nodes_seen().size() == 100);
  fs::remove(file);
}

TEST_CASE("every view can be drawn in windows from very small to very large, at every zoom") {
  for (const char* path : {"scenarios/loaders/crash-at-800.toml", "scenarios/cluster/partition-and-heal.toml"})
    for (const auto& [width, height] : {std::pair{320, 320}, {640, 400}, {1120, 700}, {2560, 1440}})
      for (const float zoom : {0.75f, 2.0f, 3.0f}) {
        Desk desk(width, height, zoom);
        open(desk, path);
        desk.lab.handle(playback::Command{playback::SeekEvent{0, 600}});
        for (const View view : kViews) {
          desk.lab.handle(ShowView{view});
          desk.frame(), desk.frame();
        }
        CHECK(desk.lab.view() == kViews.back());
      }
}

TEST_CASE("an edited scenario runs again and the cursor stays") {
  Desk desk;
  open(desk, "scenarios/cluster/healthy.toml");
  desk.lab.handle(playback::Command{playback::SeekTime{Time{seconds(3).ns}}});
  std::ifstream file("scenarios/cluster/healthy.toml");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  text.replace(text.find("nodes    = 5"), 12, "nodes    = 4");
  desk.lab.handle(RunText{text});
  desk.record();
  desk.frame();
  CHECK(desk.lab.session().recording(0).nodes_seen().size() == 4);
  CHECK(desk.lab.session().cursor().at == Time{seconds(3).ns});
}

TEST_CASE("one's own SQL runs against the open tables, and a mistake is shown at its line") {
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  desk.lab.handle(
      RunSql{"BEGIN;\nDELETE FROM daily_orders WHERE order_date = :day;\nINSERT INTO daily_orders SELECT * FROM "
             "stg_orders_2026_06_23;\nCOMMIT;\n"});
  desk.record();
  REQUIRE(desk.lab.session().lanes().size() == 1);
  REQUIRE(desk.lab.session().report(0)->load);
  CHECK(desk.lab.session().report(0)->load->rows == 1'000);
  desk.lab.handle(RunSql{"INSERT INTO nowhere SELECT 1;\n"});
  desk.frame();
  CHECK(desk.lab.session().report(0)->load->rows == 1'000);  // the last one that ran
}

TEST_CASE("a sweep that finds something opens at the event where it goes wrong first") {
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  desk.lab.handle(StartSweep{});
  while (desk.lab.sweep().running()) desk.lab.update(0, 0.05);
  REQUIRE(desk.lab.sweep().output());
  desk.record();
  desk.frame();
  const playback::Session& session = desk.lab.session();
  CHECK_FALSE(session.branches()[session.branch()].timeline);
  const Sequence here = session.cursor().event[0];
  CHECK(here < session.recording(0).events());
  const auto commit = std::find_if(session.recording(0).moments().begin(), session.recording(0).moments().end(),
                                   [&](const playback::Moment& m) { return m.event == here; });
  REQUIRE(commit != session.recording(0).moments().end());
  CHECK(commit->kind == playback::MomentKind::kCommit);
}

TEST_CASE("while a question is open, time stands: no key and no click leads to the answer") {
  Desk desk;
  desk.frame();
  const auto stands = [&] {
    for (const int k : {keys::kEnd, keys::kRight, ']' + 0}) desk.key(k);
    desk.lab.handle(playback::Command{playback::SeekTime{desk.lab.session().end()}});
    desk.lab.handle(playback::Command{playback::CrashAt{{lab::Stop::kAfterRow, 300}}});
    desk.frame();
    CHECK(desk.lab.session().cursor().at == Time{});
    CHECK(desk.lab.prologue().hides_future());
  };
  stands();
  desk.lab.handle(ChooseAnswer{1'000});
  desk.key(keys::kSpace);
  desk.play_to_end();
  desk.key('N');
  stands();
}

TEST_CASE("one's own SQL is saved as files that a sweep on the command line takes, and never as a broken scenario") {
  namespace fs = std::filesystem;
  const fs::path here = fs::current_path(), folder = fs::temp_directory_path() / "twice-sql-save-test";
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  desk.lab.handle(
      RunSql{"DELETE FROM daily_orders WHERE order_date = :day;\n"
             "INSERT INTO daily_orders SELECT * FROM stg_orders_2026_06_23;\n"});
  desk.record();
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::current_path(folder);
  desk.lab.handle(SaveScenario{});
  fs::current_path(here);
  CHECK(desk.lab.said().find("twice sweep your-load-1/your.sql") != std::string::npos);
  CHECK(fs::exists(folder / "your-load-1" / "your.sql"));
  CHECK(fs::exists(folder / "your-load-1" / "setup.sql"));
  fs::remove_all(folder);
}

TEST_CASE("SQL that does not run shows nothing that was measured on another text") {
  Desk desk;
  open(desk, "scenarios/loaders/crash-at-800.toml");
  desk.lab.handle(RunSql{"INSERT INTO daily_orders SELECT * FROM stg_orders_2026_06_23;\n"});
  desk.lab.handle(StartSweep{true});
  while (desk.lab.sweep().running()) desk.lab.update(0, 0.05);
  REQUIRE(desk.lab.sweep().output());
  CHECK(desk.lab.sweep().output()->verdict == "unsafe");
  desk.lab.handle(RunSql{"INSRT INTO daily_orders SELECT 1;\n"});
  desk.lab.handle(StartSweep{true});
  CHECK_FALSE(desk.lab.sweep().running());
  CHECK_FALSE(desk.lab.sweep().output());
}

TEST_CASE("the inspector shows the cursor's event again as soon as playing stops") {
  Desk desk;
  open(desk, "scenarios/cluster/healthy.toml");
  desk.key(keys::kSpace);
  for (int i = 0; i < 30; ++i) desk.frame(0.05);
  desk.key(keys::kSpace);
  CHECK_FALSE(desk.lab.session().cursor().playing);
  playback::Painter painter;
  CHECK(painter.look(desk.lab.session(), {}).inspector.event == desk.lab.session().cursor().event[0]);
}

TEST_CASE("a restored session stands where it stood, however long its run is") {
  Settings settings;
  settings.knows_prologue = true;
  settings.file = "scenarios/loaders/crash-at-800.toml";
  settings.seed = 1;
  settings.at_ns = seconds(65).ns;
  Lab lab(settings, TWICE_PROGRAM);
  lab.restore();
  for (int i = 0; i < 10'000 && !lab.session().complete(); ++i) lab.update(0, 0.001);
  CHECK(lab.session().cursor().at == Time{seconds(65).ns});
  for (std::size_t lane = 0; lane < lab.session().lanes().size(); ++lane)
    CHECK(lab.session().cursor().event[lane] ==
          lab.session().recording(lane).trace().events_until(lab.session().cursor().at));
}

TEST_CASE("settings and branches come back, and damaged settings are as none") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "twice-settings-test";
  fs::remove_all(folder);
  const std::string path = (folder / "lab.json").string();
  std::uint64_t hash = 0;
  {
    Desk desk;
    open(desk, "scenarios/cluster/healthy.toml");
    desk.lab.handle(SetTheme{ThemeName::kDark});
    desk.lab.handle(ShowView{View::kSpaceTime});
    desk.lab.handle(playback::Command{playback::SeekEvent{0, 300}});
    desk.lab.handle(playback::Command{playback::Intervene{0, desk.lab.session().step_here(0, world::Crash{"n2"})}});
    desk.record();
    hash = desk.lab.session().report(0)->hash;
    CHECK_FALSE(write_settings(path, desk.lab.to_keep()));
  }
  Lab again(read_settings(path), TWICE_PROGRAM);
  again.restore();
  while (again.session().work(10'000)) {
  }
  CHECK(again.settings().theme == ThemeName::kDark);
  CHECK(again.view() == View::kSpaceTime);
  REQUIRE(again.session().branches().size() == 2);
  CHECK(again.session().report(0)->hash == hash);
  std::ofstream(path) << "{ not json";
  CHECK(read_settings(path).file.empty());
  std::ofstream(path) << "{\"zoom\": \"large\"}";
  CHECK(read_settings(path).zoom == 1);
  fs::remove_all(folder);
}

TEST_CASE("a branch saved as a scenario gives the branch's run") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "twice-save-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::copy_file("scenarios/cluster/healthy.toml", folder / "healthy.toml");
  Desk desk;
  open(desk, (folder / "healthy.toml").string());
  desk.lab.handle(playback::Command{playback::SeekEvent{0, 300}});
  desk.lab.handle(playback::Command{playback::Intervene{0, desk.lab.session().step_here(0, world::Crash{"n2"})}});
  desk.record();
  desk.lab.handle(SaveScenario{});
  const std::string saved = (folder / "healthy-branch-1.toml").string();
  REQUIRE(fs::exists(saved));
  const auto loaded = scenario::load_scenario(saved);
  REQUIRE(loaded.scenario);
  CHECK(lab::run(loaded.scenario->variants.front(), 1, {}).hash == desk.lab.session().report(0)->hash);
  fs::remove_all(folder);
}

TEST_CASE("start options that make no sense are answered, not obeyed") {
  CHECK_FALSE(take_shot({.file = "no/such.toml"}, 640, 480, "", false).error.empty());
  CHECK_FALSE(
      take_shot({.file = "scenarios/cluster/healthy.toml", .lane = "nobody"}, 640, 480, "", false).error.empty());
  CHECK_FALSE(take_shot({.file = "scenarios/cluster/healthy.toml", .at = "soon"}, 640, 480, "", false).error.empty());
  CHECK_FALSE(
      take_shot({.file = "scenarios/cluster/healthy.toml", .steps = "crash"}, 640, 480, "", false).error.empty());
}

}  // namespace twice::ui

// Every view, drawn without a display and compared with the picture that was recorded. TWICE_RECORD=1 records; a
// failure leaves wanted | got | difference in build/…/golden-failures.
#include <cstdlib>
#include <filesystem>
#include <variant>

#include "support/catch.h"
#include "ui/app/screenshot.h"
#include "ui/draw/image_difference.h"
#include "ui/draw/png.h"

namespace twice::ui {
namespace {

namespace fs = std::filesystem;

struct Scenery {
  const char* name;
  StartOptions start;
  bool sweeps = false, overlay = false;
};

constexpr const char* kSql =
    "BEGIN;\nDELETE FROM daily_orders WHERE order_date = :day;\nCOMMIT;\nINSERT INTO daily_orders\n  SELECT * FROM "
    "stg_orders_2026_06_23;\n";

std::vector<Scenery> sceneries() {
  const std::string load = "scenarios/loaders/crash-at-800.toml", cluster = "scenarios/cluster/partition-and-heal.toml",
                    designs = "tests/ui/replication.toml", raft = "tests/ui/raft.toml", course = "tests/ui/course/";
  return {
      {"first-question", StartOptions{}},
      {"every-crash", {.act = 6}},
      {"loader", {.file = load, .at = "end", .view = View::kLoader}, true},
      {"network", {.file = cluster, .at = "event:900", .view = View::kNetwork}},
      {"pipeline", {.file = load, .at = "event:1200", .view = View::kNetwork}},
      {"space-time", {.file = cluster, .at = "event:900", .view = View::kSpaceTime}},
      {"tables", {.file = load, .at = "end", .view = View::kTables}},
      {"compare", {.file = cluster, .at = "event:900", .steps = "crash n2 @event:700", .view = View::kCompare}},
      {"replication", {.file = designs, .lane = "async", .at = "3s", .view = View::kNetwork}},
      {"raft", {.file = raft, .lane = "as the paper says", .at = "200ms", .view = View::kNetwork}},
      {"raft-logs", {.file = raft, .lane = "as the paper says", .at = "4.5s", .view = View::kTables}},
      {"raft-space-time",
       {.file = raft, .lane = "as the paper says", .at = "2.3s", .span = "1.9s..2.4s", .view = View::kSpaceTime}},
      {"bug", {.file = "scenarios/zoo/vote-twice.toml", .view = View::kNetwork}},
      {"paxos",
       {.file = "scenarios/consensus/paxos-duel.toml",
        .lane = "tries again after 2 ms",
        .at = "300ms",
        .view = View::kNetwork}},
      {"no-return",
       {.file = "scenarios/consensus/two-phase-commit-two-of-three.toml",
        .seed = 4,
        .lane = "two of three",
        .at = "end",
        .view = View::kNetwork,
        .then = {FindNoReturn{}}}},
      {"spectrum", {.file = designs, .lane = "async", .at = "4.02s", .view = View::kSpectrum}},
      {"metrics", {.file = designs, .lane = "async", .at = "2.6s", .view = View::kMetrics}},
      {"sql-editor",
       {.file = load, .at = "end", .view = View::kLoader, .then = {RunSql{kSql}, ShowSqlEditor{true}}},
       true,
       true},
      {"scenario-editor", {.file = load, .at = "end", .view = View::kLoader, .then = {ShowEditor{true}}}, false, true},
      {"palette",
       {.file = cluster, .at = "event:900", .view = View::kNetwork, .then = {ShowPalette{true}}},
       false,
       true},
      {"lesson-text", {.file = course + "01-a-crash", .screen = 1}},
      {"lesson-question",
       {.file = course + "01-a-crash",
        .screen = 2,
        .then = {playback::LessonCommand{playback::Choose{"predict", 2}},
                 playback::LessonCommand{playback::SetConfidence{"predict", 75}}}}},
      {"lesson-result", {.file = course + "01-a-crash", .at = "end", .screen = 2, .answers = course + "answers.toml"}},
      {"lesson-challenge",
       {.file = course + "01-a-crash", .at = "end", .screen = 3, .answers = course + "answers.toml"}},
      {"lesson-map", {.file = course + "01-a-crash", .then = {ShowLessonMap{true}}}, false, true},
      {"help", {.file = cluster, .at = "event:900", .view = View::kNetwork, .then = {ShowHelp{true}}}, false, true}};
}

// A system with other fonts draws other letters: then only the drawing itself is tested, not the picture.
bool has_the_recorded_fonts(const fs::path& golden) {
  Headless screen(200, 60);
  screen.frame([&] {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::Begin("fonts");
    ImGui::TextUnformatted("Twice 1,800 ✓");
    ImGui::End();
  });
  const Image now = screen.picture();
  const auto recorded = read_png((golden / "fonts.png").string());
  if (std::getenv("TWICE_RECORD")) (void)write_png((golden / "fonts.png").string(), now);
  const auto* was = std::get_if<Image>(&recorded);
  return std::getenv("TWICE_RECORD") || (was && difference_of(*was, now, 8).pixels == 0);
}

struct Looks {
  ThemeName theme;
  float zoom;
};

std::vector<Looks> looks() {
  std::vector<Looks> all;
  for (const ThemeName theme : kThemes) all.push_back({theme, 1.0f});
  all.push_back({ThemeName::kLight, 1.5f});
#ifdef TWICE_SANITIZED
  all.resize(1);  // one picture of each view has to do: each takes seconds
#endif
  return all;
}

/// Compares, or leaves a picture of the difference.
void compare(const Image& got, const fs::path& path, const fs::path& failures) {
  const auto wanted = read_png(path.string());
  REQUIRE(std::holds_alternative<Image>(wanted));
  const ImageDifference difference = difference_of(std::get<Image>(wanted), got, 8);
  CHECK(difference.pixels == 0);
  if (difference.pixels == 0) return;
  fs::create_directories(failures);
  (void)write_png((failures / path.filename()).string(), side_by_side(std::get<Image>(wanted), got, 8));
  WARN("see " << (failures / path.filename()).string());
}

}  // namespace

TEST_CASE("every view looks as it was recorded, in three themes and at two zooms") {
  const fs::path golden = fs::path(TWICE_SOURCE_DIR) / "tests/ui/golden";
  const bool records = std::getenv("TWICE_RECORD") != nullptr;
  if (records) fs::create_directories(golden);
  const bool same_fonts = has_the_recorded_fonts(golden);
  if (!same_fonts) WARN("other fonts than the recorded ones: pictures are drawn, not compared");
  const fs::path failures = fs::path(TWICE_PROGRAM).parent_path().parent_path() / "golden-failures";
  for (Scenery scenery : sceneries())
    for (const Looks& look : looks()) {
      if (scenery.overlay && look.theme == ThemeName::kHighContrast) continue;
      scenery.start.theme = look.theme, scenery.start.zoom = look.zoom;
      const std::string name = std::string(scenery.name) + "-" + std::string(word_of(look.theme)) +
                               (look.zoom > 1 ? "-150" : "-100") + ".png";
      INFO(name);
      const Shot shot = take_shot(scenery.start, static_cast<int>(1120 * look.zoom), static_cast<int>(700 * look.zoom),
                                  TWICE_PROGRAM, scenery.sweeps);
      REQUIRE(shot.error.empty());
      if (records) CHECK_FALSE(write_png((golden / name).string(), shot.image));
      if (!records && same_fonts) compare(shot.image, golden / name, failures);
    }
}

}  // namespace twice::ui

// The desktop lab: what a frame costs with a long run open, with our own drawing alone and in a window.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/bench.h"
#include "ui/app/lab.h"
#include "ui/app/screenshot.h"
#include "ui/draw/headless.h"
#ifdef TWICE_WITH_WINDOW
#include "ui/shell/lab_window.h"
#endif

namespace twice::bench {
namespace {

// About a million events of five nodes.
constexpr const char* kMillion = R"(scenario = 1
title = "a million events"
until = "71m"
[cluster]
nodes = 5
protocol = "heartbeat"
[cluster.heartbeat]
interval = "100ms"
timeout = "500ms"
[network]
latency = "1ms..10ms"
[timeline]
steps = [{ at = "30m", crash = "n2" }, { at = "40m", restart = "n2" }]
)";

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// A scenario file for as long as the bench runs.
class File {
 public:
  explicit File(const char* text) : path_(std::filesystem::temp_directory_path() / "twice-bench-million.toml") {
    std::ofstream(path_) << text;
  }
  ~File() {
    std::error_code error;
    std::filesystem::remove(path_, error);
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void frames_of(Report& report, ui::Lab& lab, ui::Headless& screen, ui::View view) {
  lab.handle(ui::ShowView{view});
  std::vector<double> costs;
  const Time end = lab.session().end();
  for (int i = 0; i < 120; ++i) {
    const double begin = seconds();
    lab.handle(playback::Command{playback::SeekTime{Time{end.ns / 150 * i}}});
    lab.update(1.0 / 60);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), 1); });
    if (i >= 20) costs.push_back(1e3 * (seconds() - begin));
  }
  report.add({.name = "frame while scrubbing, " + std::string(name_of(view)),
              .value = median(costs),
              .unit = "ms",
              .target = Target{Target::Of::kValueAtMost, 8}});
}

// Anywhere in ten million events, with everything the view shows of that moment.
void scrub_ten_million(Report& report) {
  ui::Lab lab(ui::Settings{}, "");
  if (!lab.open(ui::shipped_scenario("cluster/ten-million-events.toml"))) return;
  while (lab.session().work(1 << 18)) {
  }
  lab.handle(ui::ShowView{ui::View::kNetwork});
  ui::Headless screen(1280, 800);
  screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), 1); });
  const Sequence events = lab.session().recording(0).events();
  std::vector<double> costs;
  for (Sequence i = 0; i < 200; ++i) {
    const Sequence to = i * 7'919'573 % events;
    const double begin = seconds();
    lab.handle(playback::Command{playback::SeekEvent{0, to}});
    lab.update(0);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), 1); });
    costs.push_back(1e3 * (seconds() - begin));
  }
  report.add({.name = "scrub in 10 M events, slowest of 200 frames",
              .value = *std::max_element(costs.begin(), costs.end()),
              .unit = "ms",
              .target = Target{Target::Of::kValueAtMost, 33}});
}

#ifdef TWICE_WITH_WINDOW
void in_a_window(Report& report, const std::string& file) {
  const auto worst = [](std::vector<double> v) { return v.empty() ? 0 : *std::max_element(v.begin(), v.end()); };
  const auto still = ui::measure_lab_window({.file = file, .at = "end", .view = ui::View::kSpaceTime}, "", 200,
                                            ui::Meanwhile::kNothing);
  if (const auto* error = std::get_if<std::string>(&still)) {
    std::fprintf(stderr, "no window, so none is measured: %s\n", error->c_str());
    return;
  }
  const auto& times = std::get<ui::FrameTimes>(still);
  report.add({.name = "window, first frame",
              .value = 1e3 * times.first,
              .unit = "ms",
              .target = Target{Target::Of::kValueAtMost, 500}});
  // Processor time of all threads.
  report.add({.name = "window, cpu of a frame that nothing changed", .value = 1e3 * median(times.cpu), .unit = "ms"});
  for (const ui::View view : {ui::View::kNetwork, ui::View::kSpaceTime, ui::View::kTables}) {
    const auto scrubbed = ui::measure_lab_window({.file = file, .view = view}, "", 200, ui::Meanwhile::kScrubbing);
    if (const auto* changing = std::get_if<ui::FrameTimes>(&scrubbed))
      report.add({.name = "window, cpu of a changing frame, " + std::string(name_of(view)),
                  .value = 1e3 * median(changing->cpu),
                  .unit = "ms",
                  .target = Target{Target::Of::kValueAtMost, 8}});
  }
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "cli/twice";
  const std::string load = ui::shipped_scenario("loaders/ten-loaders.toml");
  const auto swept = ui::measure_lab_window({.file = load, .at = "end"}, program, 300, ui::Meanwhile::kSweep);
  if (const auto* while_sweeping = std::get_if<ui::FrameTimes>(&swept))
    report.add({.name = "window, slowest frame while a sweep runs",
                .value = 1e3 * worst(while_sweeping->whole),
                .unit = "ms",
                .target = Target{Target::Of::kValueAtMost, 50}});
}
#endif

}  // namespace

void run_desktop(Report& report) {
  const File file(kMillion);
  const double begin = seconds();
  ui::Lab lab(ui::Settings{}, "");
  ui::Headless screen(1280, 800);
  screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), 1); });
  report.add({.name = "first frame without a window", .value = 1e3 * (seconds() - begin), .unit = "ms"});
  if (!lab.open(file.path())) return;
  while (lab.session().work(1 << 16)) {
  }
  report.add({.name = "events of the open run",
              .value = static_cast<double>(lab.session().recording(0).events()),
              .unit = ""});
  for (const ui::View view : {ui::View::kNetwork, ui::View::kSpaceTime, ui::View::kTables})
    frames_of(report, lab, screen, view);
  scrub_ten_million(report);
#ifdef TWICE_WITH_WINDOW
  in_a_window(report, file.path());
#endif
}

}  // namespace twice::bench

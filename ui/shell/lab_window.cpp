#include "ui/shell/lab_window.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "ui/app/lab.h"
#include "ui/window/window.h"

namespace twice::ui {
namespace {

class Clock {
 public:
  /// Seconds since the last call; a pause of the whole program counts as little.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return std::min(seconds, 0.1);
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void take_input(Window& window, Lab& lab) {
  lab.drop(window.take_dropped_files());
  const bool types = ImGui::GetIO().WantTextInput;
  for (const KeyPress& key : window.take_keys())
    if (!types || key.ctrl || key.key == keys::kEscape) lab.press(key);
}

// One frame of the window's life.
void live(Window& window, Lab& lab, double seconds) {
  window.set_zoom(lab.settings().zoom);
  window.set_theme(lab.settings().theme);
  window.begin_frame();
  take_input(window, lab);
  lab.update(seconds);
  lab.draw(window.fonts(), window.theme(), window.scale());
  window.end_frame(window.theme().panel);
}

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::optional<std::string> run_lab_window(const StartOptions& options, const std::string& program) {
  const std::string kept = settings_path();
  Lab lab(read_settings(kept), program, answers_path(kept));
  if (options.file.empty()) lab.restore();
  if (auto error = go_there(lab, options, false)) return error;
  auto made = Window::make({.zoom = lab.settings().zoom, .theme = lab.settings().theme});
  if (auto* error = std::get_if<std::string>(&made)) return *error;
  Window& window = *std::get<0>(made);
  Clock clock;
  std::string title;
  while (window.open() && !lab.quits()) {
    window.set_animating(lab.animating());
    window.set_watching(lab.lesson() != nullptr);
    lab.look_at_files(wall_seconds());
    if (lab.window_title() != title) window.set_title(title = lab.window_title());
    live(window, lab, clock.lap());
  }
  (void)write_settings(kept, lab.to_keep());
  return std::nullopt;
}

std::variant<FrameTimes, std::string> measure_lab_window(const StartOptions& options, const std::string& program,
                                                         std::size_t frames, Meanwhile meanwhile, Image* image) {
  const double begin = wall_seconds();
  Lab lab(Settings{}, program);
  auto made = Window::make({.zoom = lab.settings().zoom, .theme = lab.settings().theme});
  if (auto* error = std::get_if<std::string>(&made)) return *error;
  Window& window = *std::get<0>(made);
  window.set_animating(true);
  FrameTimes times;
  live(window, lab, 0);
  times.first = wall_seconds() - begin;
  if (auto error = go_there(lab, options, true)) return *error;
  live(window, lab, 0);
  if (meanwhile == Meanwhile::kSweep) lab.handle(StartSweep{});
  for (std::size_t i = 0; i < frames && window.open(); ++i) {
    const double cpu = cpu_seconds(), wall = wall_seconds();
    if (meanwhile == Meanwhile::kScrubbing) {
      const std::int64_t share = static_cast<std::int64_t>(i * 7'919 % frames);
      lab.handle(playback::Command{
          playback::SeekTime{Time{lab.session().end().ns / static_cast<std::int64_t>(frames) * share}}});
    }
    live(window, lab, 1.0 / 60);
    times.cpu.push_back(cpu_seconds() - cpu);
    times.whole.push_back(wall_seconds() - wall);
  }
  if (image) *image = window.screenshot(window.theme().panel);
  return times;
}

}  // namespace twice::ui

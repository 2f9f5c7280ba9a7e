#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/shipped_files.h"
#include "ui/app/screenshot.h"
#include "ui/draw/png.h"
#ifdef TWICE_WITH_WINDOW
#include "ui/shell/lab_window.h"
#endif

namespace twice::cli {

namespace {

std::optional<std::pair<int, int>> size_of(const std::string& text) {
  constexpr int kSmallest = 320, kLargest = 8192;
  if (text.empty()) return std::pair(1280, 800);
  int width = 0, height = 0;
  const char* end = text.data() + text.size();
  const auto [cross, error] = std::from_chars(text.data(), end, width);
  if (error != std::errc{} || cross == end || *cross != 'x') return std::nullopt;
  const auto [last, wrong] = std::from_chars(cross + 1, end, height);
  const bool fits = width >= kSmallest && width <= kLargest && height >= kSmallest && height <= kLargest;
  if (wrong != std::errc{} || last != end || !fits) return std::nullopt;
  return std::pair(width, height);
}

std::optional<std::string> start_of(const UiArguments& arguments, ui::StartOptions& start) {
  start.file = here_or_shipped(arguments.file), start.lane = arguments.lane, start.at = arguments.at,
  start.steps = arguments.steps;
  start.span = arguments.span, start.screen = arguments.screen, start.answers = arguments.answers;
  start.seed = arguments.seed.value_or(0), start.act = arguments.act;
  if (!arguments.view.empty() && !(start.view = ui::view_named(arguments.view)))
    return fmt::format("--view {}: there are loader, network, space-time, tables, compare, spectrum and metrics",
                       arguments.view);
  if (!arguments.theme.empty() && !(start.theme = ui::theme_named(arguments.theme)))
    return fmt::format("--theme {}: there are light, dark and high-contrast", arguments.theme);
  const bool zooms = arguments.zoom != 0;
  if (zooms && !(arguments.zoom >= 0.75f && arguments.zoom <= 3.0f)) return "--zoom: give a factor from 0.75 to 3";
  start.zoom = arguments.zoom;
  return std::nullopt;
}

Exit make_picture(const UiArguments& arguments, const ui::StartOptions& start) {
  const auto size = size_of(arguments.size);
  if (!size) return refuse(Exit::kUsage, "--size: give width and height, 1280x800, each from 320 to 8192").code;
  if (auto error = cannot_write(arguments.screenshot)) return refuse(Exit::kUsage, *error).code;
  const ui::Shot shot = ui::take_shot(start, size->first, size->second, lab::running_program(), arguments.sweep);
  if (!shot.error.empty()) {
    tell(shot.error.ends_with('\n') ? shot.error : "twice: " + shot.error + "\n");
    return start.file.empty() ? Exit::kUsage : Exit::kBadScenario;
  }
  if (auto error = ui::write_png(arguments.screenshot, shot.image)) return refuse(Exit::kUsage, *error).code;
  return Exit::kMet;
}

#ifdef TWICE_WITH_WINDOW
std::string milliseconds_of(std::vector<double> seconds) {
  if (seconds.empty()) return "none";
  std::sort(seconds.begin(), seconds.end());
  return fmt::format("median {:.2f} ms, slowest {:.2f} ms", 1e3 * seconds[seconds.size() / 2], 1e3 * seconds.back());
}

Exit measure(const UiArguments& arguments, const ui::StartOptions& start) {
  const auto measured = ui::measure_lab_window(start, lab::running_program(), arguments.frames,
                                               arguments.sweep ? ui::Meanwhile::kSweep : ui::Meanwhile::kNothing);
  if (const auto* error = std::get_if<std::string>(&measured)) return refuse(Exit::kUsage, *error).code;
  const auto& times = std::get<ui::FrameTimes>(measured);
  print(fmt::format("first frame  {:.0f} ms\ncpu a frame  {}\nframe        {}\n", 1e3 * times.first,
                    milliseconds_of(times.cpu), milliseconds_of(times.whole)));
  return Exit::kMet;
}
#endif

}  // namespace

Exit execute(const UiArguments& arguments) {
  ui::StartOptions start;
  if (auto error = start_of(arguments, start)) return refuse(Exit::kUsage, *error).code;
  if (!arguments.screenshot.empty()) return make_picture(arguments, start);
#ifdef TWICE_WITH_WINDOW
  if (arguments.frames > 0) return measure(arguments, start);
  if (auto error = ui::run_lab_window(start, lab::running_program())) return refuse(Exit::kUsage, *error).code;
  return Exit::kMet;
#else
  return refuse(Exit::kUsage,
                "this program was built without GLFW: it makes pictures (--screenshot) and opens no window")
      .code;
#endif
}

}  // namespace twice::cli

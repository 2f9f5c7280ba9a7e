#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ui/app/screenshot.h"

namespace twice::ui {

/// What the frames of a window cost.
struct FrameTimes {
  double first = 0;                // seconds from the start of the program's work to the first frame on the screen
  std::vector<double> cpu, whole;  // of each frame: processor time of all threads, and time on the wall; seconds
};

/// Opens the lab in a window and returns when it was closed. The error says why there was none.
std::optional<std::string> run_lab_window(const StartOptions& options, const std::string& program);
/// What happens while frames are measured: nothing, so that all are alike; the cursor goes somewhere else with every
/// frame; or a sweep runs in the background.
enum class Meanwhile : std::uint8_t { kNothing, kScrubbing, kSweep };
/// The same for so many frames, as fast as they come, measured; settings are neither read nor kept. `image`, when
/// given, receives the last frame as OpenGL drew it.
std::variant<FrameTimes, std::string> measure_lab_window(const StartOptions& options, const std::string& program,
                                                         std::size_t frames, Meanwhile meanwhile,
                                                         Image* image = nullptr);

}  // namespace twice::ui

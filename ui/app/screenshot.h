#pragma once
// Pictures of the lab without a display, for documents and tests.
#include <cstdint>
#include <optional>
#include <string>

#include "ui/app/settings.h"
#include "ui/draw/headless.h"
#include "ui/draw/image.h"
#include "ui/playback/lesson_card.h"

namespace twice::ui {

class Lab;

/// What the lab starts with, in a window or in a picture.
struct StartOptions {
  std::string file{};      // empty: the first screen
  std::uint64_t seed = 0;  // 0: the scenario's first
  std::string lane{};      // in focus
  std::string at{};        // "12.5s", "event:801", "end"
  std::string span{};      // "9.9s..10.4s": what the space-time view shows
  std::string steps{};     // --do, in the lane in focus: a branch
  std::optional<View> view{};
  std::optional<ThemeName> theme{};
  float zoom = 0;            // 0: as in the settings
  std::uint32_t act = 0;     // of the first screen: how many steps further
  std::uint32_t screen = 0;  // of a lesson, from 1; 0: where it begins
  std::string answers{};     // of a lesson: a file with what was answered
  Requests then{};           // asked for when all that is done: an editor to open
};

/// Puts a lab where the options say; the error says what they get wrong. Records to the end first when `whole`.
std::optional<std::string> go_there(Lab& lab, const StartOptions& options, bool whole);

/// A picture of the lab; the error says what the options get wrong. `sweep_first`: waits for a sweep by `program`.
struct Shot {
  Image image;
  std::string error;
};
/// The same of one run of a lesson, at its end and without the lesson; in light colours, for a page.
Shot take_run_shot(playback::BesideRun run, int width, int height);
Shot take_shot(const StartOptions& options, int width, int height, const std::string& program, bool sweep_first);

}  // namespace twice::ui

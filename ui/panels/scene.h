#pragma once
// What a panel may read while it draws.
#include <optional>
#include <string>
#include <vector>

#include "ui/draw/fonts.h"
#include "ui/draw/theme.h"
#include "ui/panels/requests.h"
#include "ui/playback/background_inevitable.h"
#include "ui/playback/background_sweep.h"
#include "ui/playback/pictures.h"
#include "ui/playback/prologue.h"
#include "ui/playback/session.h"
#include "ui/playback/whole_idea.h"

namespace twice::playback {
class LessonCard;
class LessonMap;
}  // namespace twice::playback

namespace twice::ui {

class NetworkPanel;

/// A step of the timeline that an explanation's answer names.
struct PointAt {
  std::string name;  // "step 2"
  std::uint32_t choice = 0;
  bool chosen = false;
  std::size_t lane = 0;
  Time at;
};

struct Scene {
  const playback::Session& session;
  const playback::Pictures& pictures;
  const playback::Prologue& prologue;
  playback::Veil veil{};                         // of whatever question is open
  const playback::LessonCard* lesson = nullptr;  // the one that is taken
  const playback::LessonMap* map = nullptr;      // while it is open
  std::string learner{};
  const playback::BackgroundSweep& sweep;
  const playback::BackgroundInevitable& inevitable;
  const playback::WholeIdea* whole_idea = nullptr;  // once it is wanted
  const Theme& theme;
  const Fonts& fonts;
  float scale = 1;  // pixels of a unit: sizes of our own drawing are multiplied by it
  bool reduced_motion = false;
  double seconds = 0;  // for animation only, never for results
  View view = View::kLoader;
  std::optional<std::pair<Time, Time>> span;  // of the space-time view
  std::optional<std::size_t> compare_branch, compare_lane;
  float zoom = 1;                         // as the person chose it
  const NetworkPanel* network = nullptr;  // knows what is chosen among nodes and messages
  std::string sql_from{};                 // own SQL is open: the scenario it came from
  std::string said{};                     // what the lab has to say just now
  std::vector<PointAt> points{};          // on the timeline: what an explanation's answers name
  std::string pointed_out{};              // the one of them under the mouse

  const playback::Recording& run() const { return session.recording(session.cursor().focus); }
  /// Of the run in focus, once that was asked for and found.
  const playback::NoReturn* no_return() const {
    return inevitable.found({session.branch(), session.cursor().focus, session.seed()});
  }
  std::size_t lane() const { return session.cursor().focus; }
  /// Lanes that may be seen: the first screen hides what would give the answer away.
  std::size_t lanes() const { return std::min(session.lanes().size(), veil.lanes); }
};

}  // namespace twice::ui

#pragma once
// What the lab remembers from one start to the next.
#include <optional>
#include <string>
#include <vector>

#include "ui/draw/theme.h"
#include "ui/panels/requests.h"

namespace twice::ui {

/// Sizes of the parts of the window, in ems so that they follow the zoom.
struct Layout {
  float left = 14, right = 15.5f, bottom = 8.5f;
  bool operator==(const Layout&) const = default;
};

/// A branch as it can be written down.
struct SavedBranch {
  std::string name;
  std::optional<std::size_t> parent;
  bool timeline = true;
  std::vector<std::pair<std::optional<std::size_t>, std::string>> did;  // lane, step in the grammar of --do
};

struct Settings {
  ThemeName theme = ThemeName::kLight;
  float zoom = 1;
  bool reduced_motion = false;
  bool knows_prologue = false;
  Layout layout;
  // Where the person was.
  std::string file;        // a scenario or a lesson
  std::string learner;     // whose answers; empty: nobody's in particular
  std::size_t screen = 0;  // of a lesson
  std::uint64_t seed = 0;
  View view = View::kLoader;
  std::int64_t at_ns = 0;
  std::size_t branch = 0;
  std::vector<SavedBranch> branches;
  // Of the lane in focus: how to run it without a window, and the hash that gives. Written, never read back.
  std::string repro, hash;
};

/// Where settings live: $XDG_STATE_HOME/twice/lab.json or ~/.local/state/twice/lab.json; empty when there is no home.
std::string settings_path();
/// The folder beside them that keeps what learners answer: ~/.local/state/twice/lessons.
std::string answers_path(const std::string& settings);
/// What the file says; a missing or damaged file is as none.
Settings read_settings(const std::string& path);
/// Written whole or not at all; the error says why not.
std::optional<std::string> write_settings(const std::string& path, const Settings& settings);

std::string_view word_of(ThemeName theme);
std::optional<ThemeName> theme_named(std::string_view word);
std::string_view word_of(View view);
std::optional<View> view_named(std::string_view word);

}  // namespace twice::ui

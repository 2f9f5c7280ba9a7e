#pragma once
// What a panel asks the lab for. Panels change nothing themselves: they return these.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lab/sweep.h"
#include "ui/draw/theme.h"
#include "ui/playback/commands.h"
#include "ui/playback/lesson_commands.h"

namespace twice::ui {

enum class View : std::uint8_t { kLoader, kNetwork, kSpaceTime, kTables, kCompare, kSpectrum, kMetrics };
inline constexpr std::array kViews{View::kLoader,  View::kNetwork,  View::kSpaceTime, View::kTables,
                                   View::kCompare, View::kSpectrum, View::kMetrics};
std::string_view name_of(View view);

// --- the lab itself
struct ShowView {
  View view;
};
struct OpenFile {
  std::string path;
};
/// A text instead of the file's, from the editor; the cursor stays where it is.
struct RunText {
  std::string text;
};
/// The SQL editor's script becomes a lane of its own.
struct RunSql {
  std::string sql;
};
struct StartSweep {
  bool sql = false;  // of the SQL editor's script, not of the scenario
};
struct CancelSweep {};
/// From which event on could the run in focus no longer be saved?
struct FindNoReturn {};
struct CancelNoReturn {};
struct CopyRepro {};
struct SaveScenario {};
struct ChooseAnswer {
  std::uint64_t value;
};
struct NextAct {};
struct SkipPrologue {};
struct RestartPrologue {};
/// The map of lessons, open or closed.
struct ShowLessonMap {
  bool open;
};
struct MoveOnMap {
  int by;
};
/// The lesson that is chosen on the map.
struct OpenChosenLesson {};
/// The first that is not passed yet.
struct OpenNextLesson {};
/// Back to the scenario alone.
struct LeaveLesson {};
/// Whose answers are given from now on; empty: nobody's in particular.
struct SetLearner {
  std::string name;
};
/// Puts the keyboard into the edit field of a challenge.
struct WriteEditsByKey {};
/// An answer that names a step of the timeline is under the mouse: "step 2".
struct PointOut {
  std::string name;
};
/// What was done in this branch as a schedule, to paste into a lesson: copied, or also saved as a file.
struct KeepSchedule {
  bool file = false;
};
struct SetTheme {
  ThemeName theme;
};
struct SetZoom {
  float zoom;
};
struct SetReducedMotion {
  bool on;
};
struct ShowPalette {
  bool open;
};
struct ShowHelp {
  bool open;
};
struct ShowEditor {
  bool open;
};
struct ShowSqlEditor {
  bool open;
};
struct ResetLayout {};
struct CompareWith {
  std::optional<std::size_t> branch, lane;
};
/// Of the space-time view: the stretch of time it shows; everything without.
struct ZoomTime {
  std::optional<std::pair<Time, Time>> span;
};
struct CopyText {
  std::string text;
};
struct Quit {};

using Request =
    std::variant<playback::Command, ShowView, OpenFile, RunText, RunSql, StartSweep, CancelSweep, FindNoReturn,
                 CancelNoReturn, CopyRepro, SaveScenario, ChooseAnswer, NextAct, SkipPrologue, RestartPrologue,
                 playback::LessonCommand, ShowLessonMap, MoveOnMap, OpenChosenLesson, OpenNextLesson, LeaveLesson,
                 SetLearner, WriteEditsByKey, PointOut, KeepSchedule, SetTheme, SetZoom, SetReducedMotion, ShowPalette,
                 ShowHelp, ShowEditor, ShowSqlEditor, ResetLayout, CompareWith, ZoomTime, CopyText, Quit>;
using Requests = std::vector<Request>;
inline void append(Requests& requests, Requests more) { requests.insert(requests.end(), more.begin(), more.end()); }

/// `playback::Command`s and `playback::LessonCommand`s may be pushed as they are: push(requests, SeekTime{…}).
template <class T>
void push(Requests& requests, T&& what) {
  using Plain = std::decay_t<T>;
  if constexpr (std::is_constructible_v<playback::Command, Plain> && !std::is_same_v<Plain, Request>)
    requests.push_back(playback::Command{std::forward<T>(what)});
  else if constexpr (std::is_constructible_v<playback::LessonCommand, Plain> && !std::is_same_v<Plain, Request>)
    requests.push_back(playback::LessonCommand{std::forward<T>(what)});
  else
    requests.push_back(std::forward<T>(what));
}

}  // namespace twice::ui

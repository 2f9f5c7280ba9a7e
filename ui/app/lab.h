#pragma once
// The desktop lab without a window: what is open, what time it is, what a frame shows, what a request does. The window
// and the tests feed it keys and time and let it draw.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/app/document.h"
#include "ui/app/editors.h"
#include "ui/app/kept_files.h"
#include "ui/app/palette.h"
#include "ui/app/settings.h"
#include "ui/draw/key_press.h"
#include "ui/panels/compare_panel.h"
#include "ui/panels/lesson_card_panel.h"
#include "ui/panels/lesson_map_panel.h"
#include "ui/panels/loader_panel.h"
#include "ui/panels/network_panel.h"
#include "ui/panels/scene.h"
#include "ui/panels/space_time_panel.h"
#include "ui/panels/spectrum_panel.h"
#include "ui/panels/story_panel.h"
#include "ui/panels/tables_panel.h"
#include "ui/panels/timeline_panel.h"
#include "ui/playback/folder_watch.h"

namespace twice::ui {

class Lab {
 public:
  /// `program`: this program, for sweeps in another process; empty: none can be made. `answers`: the folder that keeps
  /// what learners answer; empty: nothing is kept.
  Lab(Settings settings, std::string program, std::string answers = {});

  // --- before a frame
  /// Records, plays and polls for what came in the background: at most about `budget` seconds of real time.
  void update(double seconds, double budget = 0.006);
  /// A key nobody typed into a text field.
  void press(const KeyPress& key);
  void handle(const Request& request);
  /// A scenario or a lesson.
  bool open(std::string path, std::uint64_t seed = 0);
  /// A lesson.md or its folder. `answered`: as if this had been answered, and nothing is kept; without, what was kept.
  bool open_lesson(const std::string& path, std::optional<lesson::Answers> answered = {});
  /// A run by itself, from its beginning; `at`: where to look, when it is the run that is open already, changed.
  void show_run(playback::BesideRun run, const playback::Cursor* at = nullptr);
  /// While a lesson is open: has its author changed a file? `now`: seconds on a clock that only goes on.
  void look_at_files(double now);
  /// Files dropped on the window: the first is opened, as by `open`.
  void drop(const std::vector<std::string>& files);
  /// Back to where the settings say the person was.
  void restore();

  // --- the frame
  /// Draws everything into ImGui's current frame, and does what was asked for in it.
  void draw(const Fonts& fonts, const Theme& theme, float scale);

  // --- looking
  bool quits() const { return quits_; }
  /// Something moves: frames should follow each other.
  bool animating() const;
  /// What clients lived is being measured or judged.
  bool judging() const { return painter_.judging(); }
  const Settings& settings() const { return settings_; }
  /// The settings to keep, with where the person is now.
  Settings to_keep() const;
  playback::Session& session() { return *opened_.session; }
  const playback::Session& session() const { return *opened_.session; }
  const playback::Prologue& prologue() const { return prologue_; }
  const playback::BackgroundSweep& sweep() const { return sweep_; }
  const playback::BackgroundInevitable& inevitable() const { return inevitable_; }
  /// The lesson that is taken; nullptr: none is.
  const playback::LessonCard* lesson() const { return card_.get(); }
  playback::LessonCard* lesson() { return card_.get(); }
  const playback::LessonMap* map() const { return map_.get(); }
  const std::string& problems() const { return problems_; }
  const std::string& said() const { return said_; }
  /// Where a question is open there is one view.
  View view() const;
  /// What the open question hides.
  playback::Veil veil() const;
  std::string window_title() const;

 private:
  Scene scene(const Fonts& fonts, const Theme& theme, float scale) const;
  playback::Wanted wanted() const;
  void show_first_screen();
  void install(Opened opened);
  void start_sweep(bool sql);
  void find_no_return();
  void say_no_return();
  void command_session(const playback::Command& command);
  void copy_repro();
  void save();
  void save_sql();
  void run_text(const std::string& text);
  void run_sql(const std::string& sql);
  void say(std::string words);
  void next_act();
  void open_failure();

  // lab_lessons.cpp
  void leave_lesson();
  void follow_lesson();
  void show_beside(const playback::Beside& wanted);
  void keep_answers();
  void show_map(bool open);
  void open_from_map(bool next);
  void set_learner(const std::string& name);
  void apply_to_lesson(const playback::LessonCommand& command);
  std::vector<PointAt> points() const;
  void keep_schedule(bool file);

  // lab_layout.cpp
  void draw_top_bar(const Scene& scene, Requests& requests);
  void draw_menu(const Scene& scene, Requests& requests);
  void draw_views(const Scene& scene, Requests& requests);
  void draw_centre(const Scene& scene, Requests& requests);
  void draw_view(const Scene& scene, Requests& requests);
  void draw_side(const Scene& scene, Requests& requests);
  void draw_left(const Scene& scene, Requests& requests);
  void draw_right(const Scene& scene, Requests& requests);
  void draw_problems(const Scene& scene, Requests& requests);
  void splitter(const char* id, bool vertical, float& size, float sign, float length);

  Settings settings_;
  std::string program_;
  Opened opened_;
  bool edited_ = false;  // the text is not the file's
  std::optional<SqlProject> sql_project_;
  std::unique_ptr<ProjectFiles> project_files_;
  std::string saved_sql_;    // the command that sweeps what was saved; empty: not saved
  std::string sql_from_;     // the scenario whose tables the SQL uses
  bool sql_failed_ = false;  // the last text did not run: nothing is known of it
  playback::Prologue prologue_;
  std::unique_ptr<playback::WholeIdea> whole_idea_;
  playback::BackgroundSweep sweep_;
  playback::BackgroundInevitable inevitable_;
  std::uint64_t sweep_seen_ = 0;
  bool sweep_opens_failure_ = false;
  std::optional<std::size_t> failing_lane_;  // to be shown where it goes wrong, once that is recorded
  bool opens_at_failure_ = false;            // of a cluster that was just opened, unless somebody moves first
  std::unique_ptr<playback::LessonCard> card_;
  std::unique_ptr<playback::LessonMap> map_;  // while it is open
  std::optional<playback::Beside> beside_;    // whose run is shown
  playback::FolderWatch watch_;
  KeptAnswers kept_;
  bool keeps_answers_ = false;
  std::uint64_t answers_seen_ = 0;
  std::string pointed_out_;
  playback::Painter painter_;
  const playback::Pictures* pictures_ = nullptr;
  std::optional<std::pair<Time, Time>> span_;
  /// What the shown branch is compared with: as chosen, else with where it grew from.
  std::optional<std::size_t> compared_branch() const;
  std::optional<std::size_t> compare_branch_, compare_lane_;
  double seconds_ = 0;
  std::string problems_, said_;
  double said_until_ = 0;
  bool quits_ = false, help_open_ = false;
  std::size_t side_ = 0;  // what the one column beside the view shows, where there is no room for two

  std::vector<std::pair<std::string, std::string>> shipped_;  // read when the menu is opened first
  Palette palette_;
  Editors editors_;
  StoryPanel story_;
  LessonCardPanel lesson_card_;
  LessonMapPanel lesson_map_;
  LoaderPanel loader_;
  NetworkPanel network_;
  SpaceTimePanel space_time_;
  TablesPanel tables_;
  ComparePanel compare_;
  SpectrumPanel spectrum_;
  TimelinePanel timeline_;
  const Scene* drawn_ = nullptr;  // during draw()
  Fonts last_fonts_{};
  Theme last_theme_ = theme_of(ThemeName::kLight);
  float last_scale_ = 1;
};

/// A lesson.md or a folder with one.
bool is_lesson(const std::string& path);

}  // namespace twice::ui

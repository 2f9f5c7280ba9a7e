#include "ui/app/lab.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"
#include "ui/app/actions.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr const char* kFirstScenario = "loaders/crash-at-800.toml";
constexpr double kSaidSeconds = 8;
constexpr Sequence kSlice = 256;  // events between two looks at the clock

// One core stays with the window.
std::string jobs() { return fmt::format("{}", std::max(1u, std::thread::hardware_concurrency() - 1)); }

std::unique_ptr<playback::WholeIdea> make_whole_idea() {
  const std::vector<std::pair<std::string, std::string>> kFiles{{"crash at 800", "loaders/four-lines-crash.toml"},
                                                                {"lost reply", "loaders/four-lines-lost-reply.toml"},
                                                                {"second run", "loaders/four-lines-second-run.toml"}};
  std::vector<std::string> faults;
  std::vector<std::unique_ptr<playback::Session>> sessions;
  for (const auto& [fault, file] : kFiles) {
    Opened opened = open_scenario(shipped_scenario(file), 0);
    if (!opened.session) return nullptr;
    faults.push_back(fault);
    sessions.push_back(std::move(opened.session));
  }
  return std::make_unique<playback::WholeIdea>(std::move(faults), std::move(sessions));
}

}  // namespace

Lab::Lab(Settings settings, std::string program, std::string answers)
    : settings_(std::move(settings)), program_(std::move(program)), kept_(std::move(answers)) {
  show_first_screen();
}

View Lab::view() const {
  if (!veil().plain) return settings_.view;
  return session().lanes().front().loads() ? View::kLoader : View::kNetwork;
}

void Lab::show_first_screen() {
  leave_lesson();
  prologue_ = playback::Prologue();
  Opened opened = open_scenario(shipped_scenario(kFirstScenario), 0, {"append", "delete + insert"});
  if (!opened.session) {
    // Installed without its scenarios: the smallest world still shows how things look.
    problems_ = "The first scenario was not found: " + std::string(kFirstScenario) + "\n" + opened.problems;
    opened = open_text("empty.toml",
                       "scenario = 1\ntitle = \"No scenario was found\"\n[cluster]\nnodes = 3\nprotocol = "
                       "\"heartbeat\"\n",
                       1);
    prologue_.skip();
  }
  install(std::move(opened));
}

void Lab::install(Opened opened) {
  painter_.forget();
  pictures_ = nullptr;
  sweep_.cancel();
  sweep_.forget();
  inevitable_.forget();
  span_.reset();
  compare_branch_.reset(), compare_lane_.reset();
  opened_ = std::move(opened);
  edited_ = false;
  sql_project_.reset();
  project_files_.reset();
  saved_sql_.clear(), sql_from_.clear();
  sql_failed_ = false;
  failing_lane_.reset();
  opens_at_failure_ = false;
  if (!session().lanes().front().loads() && settings_.view == View::kLoader) settings_.view = View::kNetwork;
}

bool Lab::open(std::string path, std::uint64_t seed) {
  if (is_lesson(path)) return open_lesson(path);
  Opened opened = open_scenario(path, seed);
  problems_ = opened.problems;
  if (!opened.session) {
    say(fmt::format("{} was not opened", path));
    return false;
  }
  prologue_.skip();
  map_.reset();
  install(std::move(opened));
  leave_lesson();
  settings_.file = std::move(path);
  opens_at_failure_ = true;
  return true;
}

void Lab::drop(const std::vector<std::string>& files) {
  if (files.empty()) return;
  const bool opened = open(files.front());
  if (opened && files.size() > 1) say(fmt::format("{} was opened; one file at a time", files.front()));
}

void Lab::restore() {
  if (settings_.file.empty() || !settings_.knows_prologue) return;
  const Settings was = settings_;
  if (!open(was.file, was.seed)) return;
  opens_at_failure_ = false;
  if (card_) return card_->go_to(was.screen);
  for (const SavedBranch& saved : was.branches) {
    playback::Branch branch;
    branch.name = saved.name, branch.parent = saved.parent, branch.timeline = saved.timeline;
    for (const auto& [lane, text] : saved.did) {
      auto steps = world::parse_steps(text);
      if (auto* good = std::get_if<std::vector<world::Step>>(&steps); good && !good->empty())
        branch.did.push_back({lane, good->front()});
    }
    session().graft(std::move(branch));
  }
  session().apply(playback::ShowBranch{was.branch});
  settings_.view = was.view;
  playback::Cursor cursor = session().cursor();
  cursor.at = Time{was.at_ns};
  session().keep_at(cursor);  // once that much is recorded
}

Settings Lab::to_keep() const {
  Settings keep = settings_;
  keep.knows_prologue = keep.knows_prologue || prologue_.over();
  if (card_) {
    keep.screen = card_->session().at();
    keep.branches.clear();
    return keep;
  }
  if (!prologue_.over() || edited_ || opened_.session->scenario().path != keep.file) keep.file.clear();
  keep.seed = session().seed();
  keep.at_ns = session().cursor().at.ns;
  keep.branch = session().branch();
  keep.repro = session().repro(session().cursor().focus);
  if (const lab::RunReport* report = session().report(session().cursor().focus))
    keep.hash = fmt::format("{:016x}", report->hash);
  keep.branches.clear();
  for (std::size_t i = 1; i < session().branches().size(); ++i) {
    const playback::Branch& branch = session().branches()[i];
    SavedBranch saved{branch.name, branch.parent, branch.timeline, {}};
    for (const playback::Intervention& did : branch.did) saved.did.emplace_back(did.lane, world::to_text(did.step));
    keep.branches.push_back(std::move(saved));
  }
  return keep;
}

void Lab::say(std::string words) {
  said_ = std::move(words);
  said_until_ = seconds_ + kSaidSeconds;
}

void Lab::update(double seconds, double budget) {
  seconds_ += seconds;
  session().pass(seconds);
  sweep_.poll();
  if (inevitable_.poll()) say_no_return();
  if (sweep_.revision() != sweep_seen_) {
    sweep_seen_ = sweep_.revision();
    if (sweep_opens_failure_ && prologue_.over()) open_failure();
  }
  if (opens_at_failure_ && session().complete()) {
    const playback::Cursor& cursor = session().cursor();
    const bool untouched = cursor.at == Time{} && !cursor.playing && session().branches().size() == 1;
    if (const auto failure = playback::first_failure(session()); failure && untouched) {
      session().apply(playback::SeekEvent{failure->lane, failure->event});
      say(fmt::format("opened where \"{}\" goes wrong first", session().lanes()[failure->lane].name()));
    }
    opens_at_failure_ = false;
  }
  if (failing_lane_ && session().complete()) {
    if (const auto event = playback::where_it_went_wrong(session(), *failing_lane_))
      session().apply(playback::SeekEvent{*failing_lane_, *event});
    failing_lane_.reset();
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(budget);
  const auto in_time = [&] { return std::chrono::steady_clock::now() < deadline; };
  while (in_time() && session().work(kSlice)) {
  }
  if (prologue_.act() == playback::Act::kWholeIdea && !whole_idea_) whole_idea_ = make_whole_idea();
  while (in_time() && whole_idea_ && whole_idea_->work(kSlice)) {
  }
  prologue_.watch(session());
  follow_lesson();
  if (seconds_ > said_until_) said_.clear();
}

// A sweep that found something opens at the event where it goes wrong first.
void Lab::open_failure() {
  if (!sweep_.output()) return;
  for (const playback::SweptLane& swept : sweep_.output()->lanes) {
    if (!swept.smallest) continue;
    for (std::size_t lane = 0; lane < session().lanes().size(); ++lane)
      if (session().lanes()[lane].name() == swept.name) failing_lane_ = lane;
    session().apply(playback::CrashAt{swept.smallest->point});
    return say("smallest failing schedule: " + swept.schedule);
  }
}

bool Lab::animating() const {
  const bool works = !session().complete() || (whole_idea_ && prologue_.act() == playback::Act::kWholeIdea);
  if (card_ && card_->busy()) return true;
  return session().cursor().playing || sweep_.running() || inevitable_.running() || works || judging();
}

std::string Lab::window_title() const {
  // The title of a scenario may say what a question asks for.
  if (card_) return fmt::format("Twice — {}", card_->session().lesson().front.title);
  return fmt::format("Twice — {}{}", session().scenario().shared().title, edited_ ? " (edited)" : "");
}

void Lab::press(const KeyPress& key) {
  if (key.key == keys::kEscape) {
    help_open_ = false;
    map_.reset();
    palette_.close();
    network_.close_menus();
    return;
  }
  const Action* action = action_for(key);
  if (!action || palette_.is_open()) return;
  if (map_ && action->menu != "Lesson" && action->menu != "View") return;
  const Scene now = scene(last_fonts_, last_theme_, last_scale_);
  const std::string why = action->why_not ? action->why_not(now) : std::string();
  if (!why.empty()) return say(fmt::format("{}: {}", action->label, why));
  for (const Request& request : action->act(now)) handle(request);
}

void Lab::next_act() {
  prologue_.next(session());
  if (prologue_.act() == playback::Act::kEveryCrash && !sweep_.output() && !sweep_.running()) start_sweep(false);
  if (prologue_.over()) {
    settings_.knows_prologue = true;
    open(session().scenario().path);
  }
}

void Lab::start_sweep(bool sql) {
  if (program_.empty()) return say("this program does not know its own name and cannot sweep");
  const bool is_script = sql || sql_project_.has_value();
  sweep_opens_failure_ = prologue_.over() && !is_script;
  if (is_script) {
    if (sql && sql_failed_) return;  // the editor shows why
    if (!sql_project_) return say("run the SQL first");
    project_files_ = std::make_unique<ProjectFiles>(*sql_project_);
    if (project_files_->arguments().empty()) return say("the sweep needs a folder for its files, and none can be made");
    std::vector<std::string> arguments = project_files_->arguments();
    arguments.insert(arguments.end(), {"--jobs", jobs()});
    return sweep_.start(program_, std::move(arguments));
  }
  if (edited_) return say("a sweep reads the file: save the edited scenario first (Ctrl+S)");
  std::vector<std::string> arguments{session().scenario().path, "--seed", fmt::format("{}", session().seed()), "--jobs",
                                     jobs()};
  for (const std::string& set : session().set()) arguments.insert(arguments.end(), {"--set", set});
  sweep_.start(program_, std::move(arguments));
}

// The command that a person would type for the run in focus.
void Lab::find_no_return() {
  if (program_.empty()) return say("this program does not know its own name and cannot start itself");
  if (edited_) return say("this reads the file: save the edited scenario first (Ctrl+S)");
  const playback::Branch& branch = session().branches()[session().branch()];
  if (branch.runs) return say("that is known only of runs as their file plans them: choose another branch");
  const std::size_t lane = session().cursor().focus;
  std::vector<std::string> arguments{session().scenario().path,
                                     "--seed",
                                     fmt::format("{}", session().seed()),
                                     "--only",
                                     session().lanes()[lane].name(),
                                     "--jobs",
                                     jobs()};
  const std::vector<world::Step> steps = session().steps(session().branch(), lane);
  if (!steps.empty()) arguments.insert(arguments.end(), {"--do", world::to_text(steps)});
  for (const std::string& set : session().set()) arguments.insert(arguments.end(), {"--set", set});
  if (!branch.timeline) arguments.push_back("--no-timeline");
  inevitable_.start(program_, std::move(arguments), {session().branch(), lane, session().seed()});
}

void Lab::say_no_return() {
  const playback::NoReturn* found = inevitable_.found(inevitable_.run());
  if (!found) return say("when it was inevitable was not found: " + inevitable_.error());
  if (!found->from) return say("at no moment was it inevitable: some futures go well up to the end");
  if (*found->from == 0) return say("it was inevitable from the start");
  say(fmt::format("inevitable from event {} on: {}", *found->from, found->what));
}

void Lab::copy_repro() {
  if (sql_project_ && saved_sql_.empty()) save_sql();
  if (sql_project_ && saved_sql_.empty()) return;
  const std::string line = sql_project_ ? saved_sql_ : session().repro(session().cursor().focus);
  if (ImGui::GetCurrentContext()) ImGui::SetClipboardText(line.c_str());
  say("copied: " + line);
}

void Lab::save_sql() {
  const SavedProject saved = save_project(*sql_project_);
  if (!saved.error.empty()) return say(saved.error);
  saved_sql_ = "twice sweep";
  for (const std::string& argument : saved.arguments) saved_sql_ += " " + lab::shell_quoted(argument);
  say("saved; sweep it anywhere with: " + saved_sql_);
}

void Lab::save() {
  if (!prologue_.over()) return say("the first screen has nothing to save: go on to the sandbox first");
  if (sql_project_) return save_sql();
  if (!session().set().empty()) return say("this run is not quite its file: copy the repro, or keep it as a schedule");
  const std::size_t lane = session().cursor().focus;
  const Saved saved = save_branch(session(), opened_.text, lane);
  if (!saved.error.empty()) return say(saved.error);
  const bool one_lane = session().lanes().size() > 1;
  say(fmt::format("saved {}{}", saved.path,
                  one_lane ? fmt::format(" (its steps belong to the lane '{}')", session().lanes()[lane].name()) : ""));
}

void Lab::run_text(const std::string& text) {
  Opened opened = open_text(session().scenario().path, text, session().seed());
  editors_.show(opened.diagnostics);
  if (!opened.session) return;
  const playback::Cursor was = session().cursor();
  const std::string path = settings_.file;
  install(std::move(opened));
  settings_.file = path;
  edited_ = true;
  session().keep_at(was);
  prologue_.skip();
}

void Lab::run_sql(const std::string& sql) {
  const std::string from = sql_project_ ? sql_from_ : session().scenario().path;
  SqlProject project = sql_project_ ? *sql_project_ : sql_project_of(session().lanes()[session().cursor().focus]);
  project.sql = sql;
  sweep_.cancel();
  sweep_.forget();  // what was measured on another text says nothing about this one
  Opened opened = open_sql(project);
  editors_.show(opened.diagnostics);
  sql_failed_ = opened.session == nullptr;
  if (sql_failed_) return;
  install(std::move(opened));
  sql_project_ = std::move(project);
  sql_from_ = from;
  prologue_.skip();
}

// While a prediction is asked for, time stands: the answer would be one step away.
void Lab::command_session(const playback::Command& command) {
  const bool looks =
      std::holds_alternative<playback::Select>(command) || std::holds_alternative<playback::FocusLane>(command) ||
      std::holds_alternative<playback::ChangeSpeed>(command) || std::holds_alternative<playback::Pause>(command);
  if (veil().asks && !looks) return say(card_ ? card_->why_still() : "answer the question first: Space then runs it");
  session().apply(command);
}

void Lab::handle(const Request& request) {
  std::visit(Overload{[&](const playback::Command& command) { command_session(command); },
                      [&](const ShowView& show) { settings_.view = show.view; },
                      [&](const OpenFile& file) { open(file.path); },
                      [&](const RunText& run) { run_text(run.text); },
                      [&](const RunSql& run) { run_sql(run.sql); },
                      [&](const StartSweep& start) { start_sweep(start.sql); },
                      [&](const CancelSweep&) { sweep_.cancel(); },
                      [&](const FindNoReturn&) { find_no_return(); },
                      [&](const CancelNoReturn&) { inevitable_.forget(); },
                      [&](const CopyRepro&) { copy_repro(); },
                      [&](const SaveScenario&) { save(); },
                      [&](const ChooseAnswer& choose) { prologue_.choose(choose.value); },
                      [&](const NextAct&) { next_act(); },
                      [&](const playback::LessonCommand& command) { apply_to_lesson(command); },
                      [&](const ShowLessonMap& show) { show_map(show.open); },
                      [&](const MoveOnMap& move) {
                        if (map_) map_->move(move.by);
                      },
                      [&](const OpenChosenLesson&) { open_from_map(false); },
                      [&](const OpenNextLesson&) { open_from_map(true); },
                      [&](const LeaveLesson&) { leave_lesson(); },
                      [&](const SetLearner& learner) { set_learner(learner.name); },
                      [&](const PointOut& point) { pointed_out_ = point.name; },
                      [&](const KeepSchedule& keep) { keep_schedule(keep.file); },
                      [&](const WriteEditsByKey&) { lesson_card_.type(); },
                      [&](const SkipPrologue&) {
                        prologue_.skip();
                        settings_.knows_prologue = true;
                        open(session().scenario().path);
                      },
                      [&](const RestartPrologue&) { show_first_screen(); },
                      [&](const SetTheme& set) { settings_.theme = set.theme; },
                      [&](const SetZoom& set) { settings_.zoom = std::clamp(set.zoom, kSmallestZoom, kLargestZoom); },
                      [&](const SetReducedMotion& set) { settings_.reduced_motion = set.on; },
                      [&](const ShowPalette&) { palette_.open(); },
                      [&](const ShowHelp& show) { help_open_ = show.open; },
                      [&](const ShowEditor&) { editors_.open_scenario(opened_.text); },
                      [&](const ShowSqlEditor&) {
                        const playback::Lane& lane = session().lanes()[session().cursor().focus];
                        if (!lane.loads()) return say("this scenario has no tables: open one with a loader first");
                        editors_.open_sql(sql_project_ ? sql_project_->sql : sql_project_of(lane).sql);
                      },
                      [&](const ResetLayout&) { settings_.layout = {}, settings_.zoom = 1; },
                      [&](const CompareWith& with) { compare_branch_ = with.branch, compare_lane_ = with.lane; },
                      [&](const ZoomTime& zoom) { span_ = zoom.span; },
                      [&](const CopyText& copy) {
                        ImGui::SetClipboardText(copy.text.c_str());
                        say("copied");
                      },
                      [&](const Quit&) { quits_ = true; }},
             request);
}

}  // namespace twice::ui

// The lab while a lesson is taken: its card, the run beside it, answers on disk, the map of lessons, the author's
// preview.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"
#include "ui/app/lab.h"

namespace twice::ui {

namespace fs = std::filesystem;

bool is_lesson(const std::string& path) {
  std::error_code error;
  return path.ends_with(".md") || fs::exists(fs::path(path) / "lesson.md", error);
}

playback::Veil Lab::veil() const {
  if (!prologue_.over()) return prologue_.veil();
  return card_ && card_->asks() ? playback::Veil::question() : playback::Veil{};
}

bool Lab::open_lesson(const std::string& path, std::optional<lesson::Answers> answered) {
  lesson::LoadedLesson loaded = lesson::load_lesson(path, {settings_.learner});
  problems_ = render(loaded.diagnostics);
  if (!loaded.lesson) {
    say(fmt::format("{} was not opened", path));
    return false;
  }
  keeps_answers_ = !answered;
  if (!answered) {
    auto kept = kept_.read(settings_.learner, playback::lesson_key(path));
    if (auto* error = std::get_if<std::string>(&kept)) {
      problems_ += *error;
      keeps_answers_ = false;
      say("what was answered before cannot be read and is left alone; what is answered now is not kept");
    } else {
      answered = std::get<lesson::Answers>(std::move(kept));
    }
  }
  prologue_.skip();
  map_.reset();
  beside_.reset();
  settings_.file = path;
  watch_ = playback::FolderWatch(loaded.lesson->folder);
  card_ = std::make_unique<playback::LessonCard>(std::move(*loaded.lesson), lesson::Learner{settings_.learner},
                                                 program_, answered.value_or(lesson::Answers{}));
  follow_lesson();
  return true;
}

void Lab::leave_lesson() {
  if (!card_) return;
  card_.reset();
  beside_.reset();
  settings_.file = session().scenario().path;
}

// Whatever the card wants beside it, and what it learned.
void Lab::follow_lesson() {
  if (!card_) return;
  card_->poll();
  if (const auto wanted = card_->beside(); wanted && wanted != beside_) show_beside(*wanted);
  if (card_->answers_revision() == answers_seen_) return;
  answers_seen_ = card_->answers_revision();
  keep_answers();
}

void Lab::show_beside(const playback::Beside& wanted) {
  const bool again = beside_ && beside_->step == wanted.step && beside_->edits == wanted.edits;
  beside_ = wanted;
  auto made = card_->run_of(wanted);
  if (const auto* trouble = std::get_if<lesson::Trouble>(&made)) {
    problems_ = trouble->text;
    return say("the run beside cannot be shown");
  }
  problems_.clear();
  const playback::Cursor cursor = session().cursor();
  const std::string lesson = settings_.file;
  show_run(std::get<playback::BesideRun>(std::move(made)), again ? &cursor : nullptr);
  settings_.file = lesson;
}

void Lab::show_run(playback::BesideRun run, const playback::Cursor* at) {
  prologue_.skip();
  const std::string path = run.scenario.path, was = session().scenario().path;
  Opened opened;
  if (!run.scenario.sources.empty()) opened.text = run.scenario.sources.front().text;
  opened.session = std::make_unique<playback::Session>(std::move(run.scenario), run.seed, run.lanes, run.set);
  install(std::move(opened));
  if (path != was) settings_.view = session().lanes().front().loads() ? View::kLoader : View::kNetwork;
  if (at && path == was) session().keep_at(*at);
  if (run.steps.empty()) return;
  playback::Branch branch;
  branch.name = world::to_text(run.steps);
  branch.parent = 0;
  for (world::Step& step : run.steps) branch.did.push_back({std::nullopt, std::move(step)});
  session().graft(std::move(branch));
}

void Lab::keep_answers() {
  if (!keeps_answers_) return;
  lesson::Answers answers = card_->answers();
  answers.learner = settings_.learner;
  const lesson::LessonRow row = card_->session().row();
  std::optional<playback::KeptScore> score;
  if (card_->settled()) score = {row.status, row.points, row.of};
  const std::string key = playback::lesson_key(card_->session().lesson().path);
  if (auto error = kept_.keep(answers, key, score)) say("answers are not kept: " + *error);
}

void Lab::show_map(bool open) {
  map_.reset();
  if (!open) return;
  const std::string folder =
      card_ ? (fs::path(card_->session().lesson().folder).lexically_normal() / "..").lexically_normal().string()
            : shipped_lessons();
  if (folder.empty()) return say("no lessons were found beside this program");
  map_ = std::make_unique<playback::LessonMap>(lesson::list_lessons(folder, {settings_.learner}),
                                               kept_.scores(settings_.learner));
}

void Lab::open_from_map(bool next) {
  if (next) show_map(true);
  if (!map_ || map_->entries().empty()) return;
  const std::string path = map_->entries()[next ? map_->next().value_or(0) : map_->chosen()].path;
  settings_.knows_prologue = true;
  if (!open(path)) map_.reset();  // what is wrong stands behind it
}

void Lab::set_learner(const std::string& name) {
  if (name == settings_.learner) return;
  settings_.learner = name;
  const bool map = map_ != nullptr;
  if (card_) (void)open_lesson(card_->session().lesson().path);
  if (map) show_map(true);
  say(name.empty() ? "answers are nobody's in particular from now on"
                   : fmt::format("answers are {}'s from now on", name));
}

void Lab::apply_to_lesson(const playback::LessonCommand& command) {
  if (!card_) return;
  card_->apply(command);
  follow_lesson();
}

void Lab::look_at_files(double now) {
  if (!card_ || !watch_.changed(now)) return;
  const std::string path = card_->session().lesson().path;
  card_->reload(lesson::load_lesson(path, {settings_.learner}));
  problems_.clear();
  say(card_->problems().empty() ? fmt::format("{} was read again", path)
                                : fmt::format("{} has errors; the lesson is shown as it was before", path));
  follow_lesson();
}

// What the visible explanation's answers name, where it happened in the run beside.
std::vector<PointAt> Lab::points() const {
  std::vector<PointAt> points;
  const lesson::StepPart* part = card_ ? card_->explained() : nullptr;
  if (!part || !beside_ || beside_->step != part->name) return points;
  const std::size_t lane = session().cursor().focus;
  const std::vector<scenario::PlannedStep>& timeline = session().lanes()[lane].variant->steps;
  const std::vector<std::string> taken = card_->pointed();
  for (std::size_t i = 0; i < taken.size(); ++i)
    for (std::size_t step = 0; step < timeline.size(); ++step) {
      if (taken[i] != fmt::format("step {}", step + 1)) continue;
      const std::string text = world::to_text(timeline[step].step);
      for (const playback::Moment& moment : session().recording(lane).moments()) {
        if (moment.kind != playback::MomentKind::kStep || moment.text != text) continue;
        const auto choice = static_cast<std::uint32_t>(i + 1);
        points.push_back({taken[i], choice, card_->draft(*part).choice == choice, lane, moment.at});
        break;
      }
    }
  return points;
}

void Lab::keep_schedule(bool file) {
  const std::size_t lane = session().cursor().focus;
  const std::vector<world::Step> steps = session().steps(session().branch(), lane);
  if (steps.empty()) return say("nothing was done in this branch: crash, cut or drop something first");
  const std::string text = schedule_text(session(), lane);
  if (ImGui::GetCurrentContext()) ImGui::SetClipboardText(text.c_str());
  if (!file) return say(fmt::format("copied as a schedule: {}", world::to_text(steps)));
  const Saved saved = save_schedule(session(), text);
  say(saved.error.empty() ? fmt::format("copied, and saved as {}", saved.path) : saved.error);
}

}  // namespace twice::ui

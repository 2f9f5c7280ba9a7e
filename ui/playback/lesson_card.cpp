#include "ui/playback/lesson_card.h"

#include <algorithm>
#include <fstream>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"

namespace twice::playback {
namespace {

using lesson::StepPart;

const StepPart* step_of(const lesson::Part& part) { return std::get_if<StepPart>(&part); }

bool is_question(const lesson::Step& step) {
  return std::holds_alternative<lesson::Predict>(step) || std::holds_alternative<lesson::Transfer>(step);
}

bool predicts(const StepPart& part) { return std::holds_alternative<lesson::Predict>(part.step); }

// One core stays with the window.
std::string jobs() { return fmt::format("{}", std::max(1u, std::thread::hardware_concurrency() - 1)); }

}  // namespace

const lesson::Case* case_of(const lesson::Step& step) {
  return std::visit(Overload{[](const lesson::Card&) -> const lesson::Case* { return nullptr; },
                             [](const auto& s) -> const lesson::Case* { return &s.run; }},
                    step);
}

LessonCard::LessonCard(lesson::Lesson lesson, lesson::Learner learner, std::string program, const lesson::Answers& kept)
    : session_(std::move(lesson), std::move(learner), {}), program_(std::move(program)) {
  answers_ = kept;
  keep(answers_);
  // On with the first screen that waits for something.
  const auto is_open = [&](const lesson::Part& part) {
    const StepPart* step = step_of(part);
    return step && points_of(step->step) > 0 && !is_queued(Work::kGrade, step->name);
  };
  const auto& screens = session_.lesson().screens;
  const auto open = std::find_if(screens.begin(), screens.end(), [&](const lesson::Screen& screen) {
    return std::any_of(screen.parts.begin(), screen.parts.end(), is_open);
  });
  if (!queue_.empty() && open != screens.end()) session_.go_to(static_cast<std::size_t>(open - screens.begin()));
}

void LessonCard::keep(const lesson::Answers& kept) {
  for (const StepPart* part : session_.lesson().steps()) {
    const lesson::Answer* answer = kept.find(session_.lesson().front.number, part->name);
    if (!answer || points_of(part->step) == 0) continue;
    Draft& draft = drafts_[part->name];
    draft.choice = answer->choice, draft.confidence = answer->confidence;
    draft.edits = answer->edits.value_or(""), draft.sent = true;
    enqueue({Work::kGrade, part->name, *answer});
  }
}

// --- looking

std::vector<const lesson::Part*> LessonCard::visible() const {
  std::vector<const lesson::Part*> parts;
  const StepPart* waiting = session_.waiting();
  for (const lesson::Part& part : screen().parts) {
    parts.push_back(&part);
    if (waiting && step_of(part) == waiting) break;
  }
  return parts;
}

const StepPart* LessonCard::active() const {
  if (const StepPart* waiting = session_.waiting()) return waiting;
  const StepPart* active = nullptr;
  for (const lesson::Part* part : visible()) {
    const StepPart* step = step_of(*part);
    const lesson::Graded* result = step ? session_.result(*step) : nullptr;
    const bool done = result && (predicts(*step) || result->mark == lesson::Mark::kPassed);
    if (step && points_of(step->step) > 0 && !done && !(predicts(*step) && session_.gave_up(*step))) active = step;
  }
  return active;
}

const Draft& LessonCard::draft(const StepPart& part) const {
  static const Draft kEmpty;
  const auto at = drafts_.find(part.name);
  return at == drafts_.end() ? kEmpty : at->second;
}

std::string LessonCard::why_not_send(const StepPart& part) const {
  const Draft& draft = this->draft(part);
  if (program_.empty()) return "this program does not know its own name and cannot grade";
  if (grading(part)) return "it is being run";
  if (predicts(part) && session_.result(part)) return "a prediction is made once";
  if (draft.sent && session_.result(part)) return "this was looked at: change something first";
  if (std::holds_alternative<lesson::Challenge>(part.step)) {
    if (draft.edits.find('=') == std::string::npos) return "write what you change";
    return draft.wrong.empty() ? std::string() : "what is written cannot be read yet";
  }
  if (!draft.choice) return "choose an answer";
  return predicts(part) && !draft.confidence ? "say how sure you are" : std::string();
}

std::string LessonCard::why_not_seeds(const StepPart& part) const {
  const auto* challenge = std::get_if<lesson::Challenge>(&part.step);
  if (!challenge) return "only a challenge has a goal to try";
  const auto sweeps = [](const lesson::Condition& c) { return c.of.value.starts_with("sweep."); };
  if (std::any_of(challenge->goal.begin(), challenge->goal.end(), sweeps))
    return "all crash points are tried already: another seed is another thousand of them";
  if (trying_seeds(part)) return "they are being run";
  const Draft& draft = this->draft(part);
  if (draft.edits.find('=') == std::string::npos) return "write what you change";
  return draft.wrong.empty() ? std::string() : "what is written cannot be read yet";
}

bool LessonCard::is_queued(Work work, const std::string& step) const {
  const auto same = [&](const Task& task) { return task.work == work && task.step == step; };
  return (running_ && same(*running_)) || std::any_of(queue_.begin(), queue_.end(), same);
}

bool LessonCard::settled() const {
  const auto grades = [](const Task& task) { return task.work == Work::kGrade; };
  return !(running_ && grades(*running_)) && std::none_of(queue_.begin(), queue_.end(), grades);
}

bool LessonCard::grading(const StepPart& part) const { return is_queued(Work::kGrade, part.name); }
bool LessonCard::trying_seeds(const StepPart& part) const { return is_queued(Work::kSeeds, part.name); }

const StepResult* LessonCard::shown(const StepPart& part) const {
  const auto at = shown_.find(part.name);
  return at == shown_.end() ? nullptr : &at->second;
}

const StepResult* LessonCard::seeds(const StepPart& part) const {
  const auto at = seeds_.find(part.name);
  return at == seeds_.end() ? nullptr : &at->second;
}

const std::string& LessonCard::fault(const StepPart& part) const {
  static const std::string kNone;
  const auto at = faults_.find(part.name);
  return at == faults_.end() ? kNone : at->second;
}

std::string LessonCard::points_text() const {
  const auto [points, of] = session_.score();
  return fmt::format("{} of {}", points, lab::counted(of, "point"));
}

// --- the run beside

std::string LessonCard::why_still() const {
  const StepPart* waiting = session_.waiting();
  if (waiting && is_question(waiting->step)) return "the run stands still until you have answered";
  return !own_run() && later_run() ? "this run comes on a later screen" : "";
}

// The step that waits, else the first table, else whatever runs last.
const StepPart* LessonCard::own_run() const {
  const StepPart* waiting = session_.waiting();
  if (waiting && case_of(waiting->step)) return waiting;
  const StepPart* last = nullptr;
  for (const lesson::Part* part : visible()) {
    const StepPart* step = step_of(*part);
    if (!step || !case_of(step->step)) continue;
    if (std::holds_alternative<lesson::Show>(step->step)) return step;
    last = step;
  }
  return last;
}

const StepPart* LessonCard::later_run() const {
  const auto& screens = session_.lesson().screens;
  for (std::size_t i = session_.at() + 1; i < screens.size(); ++i)
    for (const lesson::Part& part : screens[i].parts)
      if (const StepPart* step = step_of(part); step && case_of(step->step)) return step;
  return nullptr;
}

std::optional<Beside> LessonCard::beside() const {
  const StepPart* wanted = own_run();
  if (!wanted) wanted = later_run();
  if (chosen_beside_ && !asks()) wanted = session_.lesson().step(*chosen_beside_);
  if (!wanted || !case_of(wanted->step)) return std::nullopt;
  Beside beside{wanted->name, {}, std::nullopt, generation_};
  if (const auto at = tried_.find(wanted->name); at != tried_.end()) beside.edits = at->second;
  if (const StepResult* result = shown(*wanted))
    if (const auto* wrong = std::get_if<lesson::WentWrong>(result)) beside.seed = wrong->seed;
  return beside;
}

std::variant<BesideRun, lesson::Trouble> run_of_case(const lesson::Context& context, const lesson::Case& what,
                                                     lesson::Variation edits) {
  auto loaded = scenario_of(context, what, edits);
  if (auto* trouble = std::get_if<lesson::Trouble>(&loaded)) return std::move(*trouble);
  BesideRun run{std::get<scenario::Scenario>(std::move(loaded)), 0, {}, what.set, std::move(edits.steps)};
  if (!edits.edits.empty()) run.set.push_back(std::move(edits.edits));
  run.seed = edits.seed.value_or(first_seed(context, what, run.scenario));
  if (!what.lane.value.empty()) run.lanes.push_back(what.lane.value);
  for (const std::string& lane : run.lanes)
    if (std::none_of(run.scenario.variants.begin(), run.scenario.variants.end(),
                     [&](const scenario::Variant& v) { return v.name == lane; }))
      return lesson::Trouble{fmt::format("{} has no lane '{}'", what.scenario.value, lane)};
  return run;
}

std::variant<BesideRun, lesson::Trouble> LessonCard::run_of(const Beside& beside) const {
  const StepPart* part = session_.lesson().step(beside.step);
  const lesson::Case* what = part ? case_of(part->step) : nullptr;
  if (!what) return lesson::Trouble{fmt::format("this lesson has no run '{}'", beside.step)};
  lesson::Variation edits{.edits = beside.edits, .edits_name = "edits"};
  if (const auto* challenge = std::get_if<lesson::Challenge>(&part->step))
    if (std::string wrong = read_edits(*challenge, edits); !wrong.empty()) return lesson::Trouble{std::move(wrong)};
  edits.seed = beside.seed;
  return run_of_case(session_.context(), *what, std::move(edits));
}

const StepPart* LessonCard::explained() const {
  for (const lesson::Part* part : visible())
    if (const StepPart* step = step_of(*part); step && std::holds_alternative<lesson::Explain>(step->step)) return step;
  return nullptr;
}

std::vector<std::string> LessonCard::pointed() const {
  const StepPart* part = explained();
  if (!part) return {};
  const auto& candidates = std::get<lesson::Explain>(part->step).candidates;
  std::vector<std::string> taken;
  for (const std::size_t at :
       order_for(session_.learner(), session_.lesson().front.number, part->name, candidates.size()))
    taken.push_back(candidates[at].without ? candidates[at].without->value : std::string());
  return taken;
}

// --- acting

void LessonCard::change_screen(bool moved) {
  if (moved) chosen_beside_.reset();
}

void LessonCard::go_to(std::size_t screen) {
  session_.go_to(screen);
  change_screen(true);
}

void LessonCard::send(const StepPart& part) {
  if (!why_not_send(part).empty()) return;
  Draft& draft = drafts_[part.name];
  lesson::Answer answer;
  answer.lesson = session_.lesson().front.number, answer.step = part.name;
  if (std::holds_alternative<lesson::Challenge>(part.step))
    answer.edits = draft.edits;
  else
    answer.choice = draft.choice;
  if (predicts(part)) answer.confidence = draft.confidence;
  draft.sent = true;
  faults_.erase(part.name);
  enqueue({Work::kGrade, part.name, std::move(answer)});
}

void LessonCard::apply(const LessonCommand& command) {
  const auto with = [&](const std::string& name, auto&& act) {
    if (const StepPart* part = session_.lesson().step(name)) act(*part);
  };
  const auto draft_of = [&](const StepPart& part) -> Draft* {
    const bool made = predicts(part) && (session_.result(part) || session_.gave_up(part));
    return made || grading(part) ? nullptr : &drafts_[part.name];
  };
  std::visit(Overload{[&](const NextScreen&) { change_screen(session_.next()); },
                      [&](const PreviousScreen&) { change_screen(session_.back()); },
                      [&](const SkipAhead&) { change_screen(session_.skip_ahead()); },
                      [&](const Choose& c) {
                        with(c.step, [&](const StepPart& part) {
                          if (c.choice == 0 || c.choice > session_.choices(part).size()) return;
                          if (Draft* draft = draft_of(part)) draft->choice = c.choice, draft->sent = false;
                        });
                      },
                      [&](const SetConfidence& c) {
                        with(c.step, [&](const StepPart& part) {
                          if (Draft* draft = draft_of(part)) draft->confidence = std::min(c.percent, 100u);
                        });
                      },
                      [&](const WriteEdits& w) {
                        with(w.step, [&](const StepPart& part) {
                          const auto* challenge = std::get_if<lesson::Challenge>(&part.step);
                          Draft* draft = challenge ? draft_of(part) : nullptr;
                          if (!draft || draft->edits == w.text) return;
                          lesson::Variation edits{.edits = w.text, .edits_name = "edits"};
                          draft->edits = w.text, draft->wrong = read_edits(*challenge, edits), draft->sent = false;
                        });
                      },
                      [&](const SendAnswer& s) { with(s.step, [&](const StepPart& part) { send(part); }); },
                      [&](const AskHint& a) {
                        with(a.step, [&](const StepPart& part) {
                          if (auto hint = session_.hint(part)) drafts_[part.name].hints.push_back(std::move(*hint));
                        });
                      },
                      [&](const GiveUp& g) {
                        with(g.step, [&](const StepPart& part) {
                          if (!grading(part)) session_.give_up(part);
                        });
                      },
                      [&](const TrySeeds& t) {
                        with(t.step, [&](const StepPart& part) {
                          if (!why_not_seeds(part).empty()) return;
                          lesson::Answer answer;
                          answer.lesson = session_.lesson().front.number, answer.step = part.name;
                          answer.edits = draft(part).edits;
                          seeds_.erase(part.name);
                          enqueue({Work::kSeeds, part.name, std::move(answer)});
                        });
                      },
                      [&](const StopWork&) {
                        process_.cancel();
                        if (running_ && running_->work == Work::kGrade) drafts_[running_->step].sent = false;
                        if (running_ && running_->work == Work::kShow)
                          shown_.insert_or_assign(running_->step, StepResult{lesson::Trouble{"it was stopped"}});
                        running_.reset();
                      },
                      [&](const ShowBeside& s) {
                        chosen_beside_ = s.step;
                        with(s.step, [&](const StepPart& part) {
                          if (std::holds_alternative<lesson::Challenge>(part.step)) tried_[s.step] = draft(part).edits;
                        });
                      }},
             command);
}

// --- work

void LessonCard::enqueue(Task task) {
  // Whoever answers does not wait for tables, and nobody for many seeds: those begin again later.
  const bool urgent = running_ && running_->work > task.work;
  const auto first_later =
      std::find_if(queue_.begin(), queue_.end(), [&](const Task& t) { return t.work > task.work; });
  queue_.insert(first_later, std::move(task));
  if (!urgent) return;
  process_.cancel();
  enqueue(*std::exchange(running_, std::nullopt));
}

void LessonCard::want_visible() {
  if (program_.empty()) return;
  for (const lesson::Part* part : visible()) {
    const StepPart* step = step_of(*part);
    if (!step || shown(*step) || is_queued(Work::kShow, step->name)) continue;
    const bool shows = std::holds_alternative<lesson::Show>(step->step);
    if (shows || std::holds_alternative<lesson::Explain>(step->step)) enqueue({Work::kShow, step->name, {}});
  }
}

void LessonCard::start(const Task& task) {
  std::vector<std::string> arguments{session_.lesson().path, task.step, "--jobs", jobs()};
  const std::string& learner = session_.learner().name;
  if (!learner.empty()) arguments.insert(arguments.end(), {"--learner", learner});
  if (task.work != Work::kShow) {
    if (!folder_) folder_ = std::make_unique<ScratchFolder>("twice-lesson-");
    const std::string file = folder_->path() + "answer.toml";
    std::ofstream(file, std::ios::trunc) << to_text(lesson::Answers{learner, {task.answer}});
    arguments.insert(arguments.end(), {"--answers", file});
  }
  if (task.work == Work::kSeeds) arguments.insert(arguments.end(), {"--seeds", fmt::format("{}", kManySeeds)});
  const std::string error = process_.start(program_, std::move(arguments));
  running_ = task;
  if (!error.empty()) take(*std::exchange(running_, std::nullopt), lesson::Trouble{error});
}

void LessonCard::start_next() {
  if (running_ || queue_.empty()) return;
  const Task task = std::move(queue_.front());
  queue_.pop_front();
  start(task);
}

void LessonCard::take(const Task& task, StepResult result) {
  if (task.work == Work::kSeeds) {
    seeds_.insert_or_assign(task.step, std::move(result));
    return;
  }
  if (task.work == Work::kShow) {
    shown_.insert_or_assign(task.step, std::move(result));
    return;
  }
  const StepPart* part = session_.lesson().step(task.step);
  if (!part) return;
  const auto* trouble = std::get_if<lesson::Trouble>(&result);
  if (auto* graded = std::get_if<lesson::Graded>(&result)) {
    session_.take(*part, task.answer, std::move(*graded));
    for (const lesson::Answer& answer : session_.answers().answers) answers_.put(answer);
    ++answers_revision_;
  }
  faults_[task.step] = trouble ? trouble->text : std::string();
  if (trouble) drafts_[task.step].sent = false;
}

void LessonCard::poll() {
  if (auto result = process_.poll()) take(*std::exchange(running_, std::nullopt), std::move(*result));
  want_visible();
  start_next();
}

void LessonCard::reload(lesson::LoadedLesson loaded) {
  problems_ = loaded.diagnostics.shown;
  if (!loaded.lesson) return;
  const std::size_t at = session_.at();
  process_.cancel();
  running_.reset();
  queue_.clear();
  shown_.clear(), seeds_.clear(), faults_.clear();
  session_ = lesson::Session(std::move(*loaded.lesson), session_.learner(), {});
  session_.go_to(at);
  ++generation_;
  const std::map<std::string, Draft> drafts = drafts_;
  keep(answers_);
  for (const auto& [step, draft] : drafts) {
    if (!draft.edits.empty() && !draft.sent) drafts_[step] = draft;
    drafts_[step].hints.clear();  // the session counts them anew
  }
}

}  // namespace twice::playback

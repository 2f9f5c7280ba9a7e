#pragma once
// One learner in one lesson, as a value that a terminal and a window show alike: which screen, what it waits for,
// whether one may go on, hints that come one by one, what was answered and what that was worth.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lesson/gradebook.h"
#include "lesson/show.h"

namespace twice::lesson {

class Session {
 public:
  /// `answers`: what was answered before; it counts again.
  Session(Lesson lesson, Learner learner, lab::WorkerOptions workers, Answers answers = {});

  const Lesson& lesson() const { return lesson_; }
  const Learner& learner() const { return learner_; }
  const Screen& screen() const { return lesson_.screens[at_]; }
  std::size_t at() const { return at_; }
  std::size_t count() const { return lesson_.screens.size(); }

  /// The step of this screen that waits for an answer; nullptr: none does.
  const StepPart* waiting() const;
  /// Everything on this screen is answered or given up.
  bool may_go_on() const { return waiting() == nullptr; }
  /// False at the last screen, or while something waits.
  bool next();
  bool back();
  /// Wherever it is, as whoever shows or writes the lesson wants it.
  void go_to(std::size_t screen) { at_ = std::min(screen, count() - 1); }
  /// To the screen with the transfer: whoever knows it already may skip the rest. False: there is none.
  bool skip_ahead();

  /// What can be chosen, in this learner's order; empty where nothing is.
  std::vector<std::string> choices(const StepPart& part) const;
  /// Grades and keeps it. A prediction can be made once: it counts as it was before the run.
  std::variant<Graded, Trouble> answer(const StepPart& part, Answer answer);
  /// Keeps an answer that was graded elsewhere, as `answer` would.
  void take(const StepPart& part, Answer answer, Graded graded);
  /// No answer; one may go on.
  void give_up(const StepPart& part) { given_up_[part.name] = true; }
  bool gave_up(const StepPart& part) const { return given_up_.count(part.name) > 0 && !result(part); }
  std::variant<ShownRun, Trouble> run(const Show& step) const { return show(context(), step); }

  /// The result so far; nullptr: not answered.
  const Graded* result(const StepPart& part) const;
  /// One more hint; nullopt: there is none left.
  std::optional<std::string> hint(const StepPart& part);
  std::size_t hints_left(const StepPart& part) const;

  struct Score {
    std::uint32_t points = 0, of = 0;
  };
  Score score() const;
  /// The same in detail, as a gradebook has it.
  LessonRow row() const;
  const Answers& answers() const { return answers_; }
  Context context() const { return {lesson_, learner_, workers_}; }

 private:
  void keep(const StepPart& part, Graded graded);

  Lesson lesson_;
  Learner learner_;
  lab::WorkerOptions workers_;
  Answers answers_;
  std::size_t at_ = 0;
  std::map<std::string, Graded> graded_;  // as the learner may read it
  std::map<std::string, std::uint32_t> tries_;
  std::map<std::string, bool> given_up_;
  std::map<std::string, std::size_t> hints_shown_;
};

/// What a step gives away when it is asked for.
const std::vector<std::string>& hints_of(const Step& step);

}  // namespace twice::lesson

#include "lesson/session.h"

#include <utility>

#include "core/overload.h"

namespace twice::lesson {
namespace {

std::vector<std::string> texts_of(const Step& step) {
  std::vector<std::string> texts;
  const auto add_all = [&](const auto& list) {
    for (const auto& item : list) texts.push_back(item.text);
  };
  std::visit(Overload{[&](const Predict& s) { add_all(s.choices); }, [&](const Transfer& s) { add_all(s.choices); },
                      [&](const Explain& s) { add_all(s.candidates); }, [](const auto&) {}},
             step);
  return texts;
}

}  // namespace

const std::vector<std::string>& hints_of(const Step& step) {
  static const std::vector<std::string> kNone;
  if (const auto* explain = std::get_if<Explain>(&step)) return explain->hints;
  if (const auto* challenge = std::get_if<Challenge>(&step)) return challenge->hints;
  return kNone;
}

Session::Session(Lesson lesson, Learner learner, lab::WorkerOptions workers, Answers answers)
    : lesson_(std::move(lesson)),
      learner_(std::move(learner)),
      workers_(std::move(workers)),
      answers_(std::move(answers)) {
  for (const StepPart* part : lesson_.steps()) {
    const Answer* known = answers_.find(lesson_.front.number, part->name);
    if (!known || points_of(part->step) == 0) continue;
    auto graded = grade(context(), *part, *known);
    if (auto* result = std::get_if<Graded>(&graded)) keep(*part, std::move(*result));
  }
}

const StepPart* Session::waiting() const {
  for (const Part& part : screen().parts) {
    const auto* step = std::get_if<StepPart>(&part);
    if (step && points_of(step->step) > 0 && graded_.count(step->name) == 0 && given_up_.count(step->name) == 0)
      return step;
  }
  return nullptr;
}

bool Session::next() {
  if (!may_go_on() || at_ + 1 >= count()) return false;
  ++at_;
  return true;
}

bool Session::back() {
  if (at_ == 0) return false;
  --at_;
  return true;
}

bool Session::skip_ahead() {
  for (std::size_t i = 0; i < count(); ++i)
    for (const Part& part : lesson_.screens[i].parts) {
      const auto* step = std::get_if<StepPart>(&part);
      if (step && std::holds_alternative<Transfer>(step->step)) return at_ = i, true;
    }
  return false;
}

std::vector<std::string> Session::choices(const StepPart& part) const {
  const std::vector<std::string> texts = texts_of(part.step);
  std::vector<std::string> ordered;
  for (const std::size_t at : order_for(learner_, lesson_.front.number, part.name, texts.size()))
    ordered.push_back(texts[at]);
  return ordered;
}

std::variant<Graded, Trouble> Session::answer(const StepPart& part, Answer answer) {
  if (const Graded* known = result(part); known && std::holds_alternative<Predict>(part.step)) return *known;
  auto graded = grade(context(), part, answer);
  const auto* made = std::get_if<Graded>(&graded);
  if (!made) return graded;
  take(part, std::move(answer), *made);
  const Graded* kept = result(part);
  return kept ? *kept : *made;
}

void Session::take(const StepPart& part, Answer answer, Graded graded) {
  const bool predicts = std::holds_alternative<Predict>(part.step);
  if (predicts && (result(part) || graded.points == 0)) return;  // made once, and with a confidence
  answer.lesson = lesson_.front.number;
  answer.step = part.name;
  keep(part, std::move(graded));
  answers_.put(std::move(answer));
}

void Session::keep(const StepPart& part, Graded graded) {
  const bool may_know = ++tries_[part.name] > 1;
  graded_[part.name] = told(std::move(graded), part.step, may_know);
}

const Graded* Session::result(const StepPart& part) const {
  const auto at = graded_.find(part.name);
  return at == graded_.end() ? nullptr : &at->second;
}

std::size_t Session::hints_left(const StepPart& part) const {
  const auto shown = hints_shown_.find(part.name);
  return hints_of(part.step).size() - (shown == hints_shown_.end() ? 0 : shown->second);
}

std::optional<std::string> Session::hint(const StepPart& part) {
  if (hints_left(part) == 0) return std::nullopt;
  return hints_of(part.step)[hints_shown_[part.name]++];
}

Session::Score Session::score() const {
  Score score;
  for (const StepPart* part : lesson_.steps()) {
    score.of += points_of(part->step);
    if (const Graded* graded = result(*part)) score.points += graded->points;
  }
  return score;
}

LessonRow Session::row() const {
  LessonRow row{lesson_.front.number, lesson_.front.title, {}, score().points, score().of, {}, {}};
  for (const StepPart* part : lesson_.steps()) {
    if (points_of(part->step) == 0) continue;
    StepRow step{part->name, false, {}, {}};
    step.graded.of = points_of(part->step);
    if (const Graded* graded = result(*part)) {
      const Answer* answer = answers_.find(row.number, part->name);
      step.answered = true, step.graded = *graded;
      if (answer) step.confidence = answer->confidence;
    }
    row.steps.push_back(std::move(step));
  }
  row.status = status_of(lesson_, row);
  return row;
}

}  // namespace twice::lesson

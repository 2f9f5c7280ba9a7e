#include "lesson/gradebook.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace twice::lesson {
namespace {

using Json = nlohmann::ordered_json;

bool is_kind(const StepPart& part, bool predict, bool transfer) {
  return (predict && std::holds_alternative<Predict>(part.step)) ||
         (transfer && std::holds_alternative<Transfer>(part.step));
}

// Brier's score (1950) in percent, over predictions.
std::optional<std::uint32_t> calibration_of(const Gradebook& book) {
  std::uint64_t sum = 0, count = 0;
  for (const LessonRow& lesson : book.lessons)
    for (const StepRow& step : lesson.steps) {
      if (!step.answered || !step.confidence || step.graded.said.empty()) continue;
      const std::uint64_t off = step.graded.mark == Mark::kPassed ? 100 - *step.confidence : *step.confidence;
      sum += off * off;
      ++count;
    }
  if (count == 0) return std::nullopt;
  return static_cast<std::uint32_t>(sum / count / 100);
}

Json json_of(const StepRow& step) {
  Json json = {
      {"step", step.step}, {"answered", step.answered}, {"points", step.graded.points}, {"of", step.graded.of}};
  if (!step.answered) return json;
  json["result"] = name_of(step.graded.mark);
  json["answer"] = step.graded.said;
  if (!step.graded.right.empty()) json["right"] = step.graded.right;
  if (step.confidence) json["confidence"] = *step.confidence;
  if (!step.graded.why.empty()) json["why"] = step.graded.why;
  if (!step.graded.because.empty()) json["because"] = step.graded.because;
  if (!step.graded.details.empty()) json["runs"] = step.graded.details;
  return json;
}

Json json_of(const LessonRow& row) {
  Json json = {{"lesson", row.number},
               {"title", row.title},
               {"status", name_of(row.status)},
               {"points", row.points},
               {"of", row.of}};
  if (!row.trouble.empty()) json["trouble"] = row.trouble;
  json["steps"] = Json::array();
  for (const StepRow& step : row.steps) json["steps"].push_back(json_of(step));
  return json;
}

}  // namespace

std::string_view name_of(Status status) {
  switch (status) {
    case Status::kNotBegun:
      return "not begun";
    case Status::kOpen:
      return "open";
    case Status::kPassed:
      return "passed";
    case Status::kSkippedAhead:
      return "skipped ahead";
    case Status::kNotYet:
      return "not yet";
    case Status::kUnknown:
      return "unknown";
  }
  return {};
}

Status status_of(const Lesson& lesson, const LessonRow& row) {
  std::size_t answered = 0, transfers = 0, right_transfers = 0, wrong = 0, unknown = 0;
  for (const StepRow& step : row.steps) {
    const StepPart& part = *lesson.step(step.step);
    const bool passed = step.graded.mark == Mark::kPassed;
    answered += step.answered;
    transfers += is_kind(part, false, true);
    right_transfers += step.answered && passed && is_kind(part, false, true);
    if (!step.answered || passed) continue;
    const bool is_prediction = is_kind(part, true, false) && step.graded.points > 0;
    unknown += step.graded.mark == Mark::kUnknown;
    wrong += step.graded.mark == Mark::kFailed && !is_prediction;
  }
  if (answered == 0) return Status::kNotBegun;
  if (transfers > 0 && answered == transfers && right_transfers == transfers) return Status::kSkippedAhead;
  if (answered < row.steps.size()) return Status::kOpen;
  if (wrong > 0) return Status::kNotYet;
  return unknown > 0 ? Status::kUnknown : Status::kPassed;
}

LessonRow grade_lesson(const Context& context, const Answers& answers) {
  const Lesson& lesson = context.lesson;
  LessonRow row{lesson.front.number, lesson.front.title, {}, 0, 0, {}, {}};
  for (const StepPart* part : lesson.steps()) {
    if (points_of(part->step) == 0) continue;
    StepRow step{part->name, false, {}, {}};
    step.graded.of = points_of(part->step);
    if (const Answer* answer = answers.find(row.number, part->name)) {
      auto graded = grade(context, *part, *answer);
      step.answered = true;
      step.confidence = answer->confidence;
      const auto* trouble = std::get_if<Trouble>(&graded);
      if (trouble && !trouble->limit.empty())
        step.graded.mark = Mark::kUnknown, step.graded.why = trouble->text;
      else if (trouble)
        row.trouble += fmt::format("{}: {}", part->name, trouble->text);
      else
        step.graded = std::get<Graded>(std::move(graded));
    }
    row.points += step.graded.points, row.of += step.graded.of;
    row.steps.push_back(std::move(step));
  }
  row.status = status_of(lesson, row);
  return row;
}

Gradebook grade_all(const std::vector<Lesson>& lessons, const Learner& learner, const Answers& answers,
                    const lab::WorkerOptions& workers) {
  Gradebook book{learner.name, 0, 0, {}, {}, {}};
  for (const Lesson& lesson : lessons) {
    book.lessons.push_back(grade_lesson({lesson, learner, workers}, answers));
    book.points += book.lessons.back().points, book.of += book.lessons.back().of;
  }
  for (const Answer& answer : answers.answers) {
    const bool known = std::any_of(lessons.begin(), lessons.end(), [&](const Lesson& lesson) {
      const StepPart* part = lesson.front.number == answer.lesson ? lesson.step(answer.step) : nullptr;
      return part && points_of(part->step) > 0;
    });
    if (!known) book.ignored.push_back(fmt::format("lesson {} has no step '{}'", answer.lesson, answer.step));
  }
  book.calibration = calibration_of(book);
  return book;
}

std::string to_json(const StepRow& row) {
  return json_of(row).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_json(const Gradebook& book) {
  Json json = {{"learner", book.learner}, {"points", book.points}, {"of", book.of}};
  if (book.calibration) json["calibration"] = *book.calibration;
  if (!book.ignored.empty()) json["ignored"] = book.ignored;
  json["lessons"] = Json::array();
  for (const LessonRow& row : book.lessons) json["lessons"].push_back(json_of(row));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_text(const Gradebook& book) {
  std::string text;
  for (const LessonRow& row : book.lessons) {
    if (row.status == Status::kNotBegun) continue;
    text += fmt::format("{:>3}  {:13}  {} of {}  {}\n", row.number, name_of(row.status), row.points, row.of, row.title);
    for (const StepRow& step : row.steps) {
      if (!step.answered || step.graded.mark == Mark::kPassed) continue;
      text += fmt::format("     {}: {}. {}\n", step.step, name_of(step.graded.mark), step.graded.why);
    }
    if (!row.trouble.empty()) text += fmt::format("     {}\n", row.trouble);
  }
  for (const std::string& ignored : book.ignored) text += fmt::format("     not graded: {}\n", ignored);
  return text + fmt::format("{} of {} points\n", book.points, book.of);
}

}  // namespace twice::lesson

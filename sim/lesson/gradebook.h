#pragma once
// All answers of a learner against all lessons: what a teacher's gradebook holds.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lesson/grade.h"

namespace twice::lesson {

enum class Status : std::uint8_t {
  kNotBegun,
  kOpen,          // something is not answered yet
  kPassed,        // every explanation, challenge and transfer is right, every prediction made
  kSkippedAhead,  // only the transfer was answered, and it is right
  kNotYet,        // everything is answered and something is wrong
  kUnknown,       // nothing is wrong, and something proves nothing
};
std::string_view name_of(Status status);

struct StepRow {
  std::string step;
  bool answered = false;
  Graded graded;
  std::optional<std::uint32_t> confidence;
};

struct LessonRow {
  std::uint32_t number = 0;
  std::string title;
  Status status = Status::kNotBegun;
  std::uint32_t points = 0, of = 0;
  std::vector<StepRow> steps;
  std::string trouble;  // the lesson itself cannot be graded
};

struct Gradebook {
  std::string learner;
  std::uint32_t points = 0, of = 0;
  std::vector<LessonRow> lessons;
  std::vector<std::string> ignored;  // answers to steps that no lesson has
  /// Over all predictions: 0 = always certain and right, 100 = always certain and wrong, 25 = always fifty-fifty.
  std::optional<std::uint32_t> calibration;
};

/// From the steps of a row, all of them.
Status status_of(const Lesson& lesson, const LessonRow& row);
LessonRow grade_lesson(const Context& context, const Answers& answers);
/// `lessons` as loaded for this learner.
Gradebook grade_all(const std::vector<Lesson>& lessons, const Learner& learner, const Answers& answers,
                    const lab::WorkerOptions& workers);

/// One JSON object.
std::string to_json(const Gradebook& book);
std::string to_json(const StepRow& row);
/// A line a lesson.
std::string to_text(const Gradebook& book);

}  // namespace twice::lesson

#pragma once
#include <string>
#include <variant>

#include "lesson/gradebook.h"
#include "lesson/session.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::lesson {

using scenario::recording;
using scenario::root;
using scenario::slurp;

/// The small lesson of these tests, as this learner sees it.
inline Lesson small_lesson(const Learner& learner = {}) {
  LoadedLesson loaded = load_lesson((root() / "tests/lesson/small").string(), learner);
  INFO(render(loaded.diagnostics));
  REQUIRE(loaded.lesson);
  return std::move(*loaded.lesson);
}

/// The value, and a failed test with the words of the trouble otherwise.
template <class T>
T sound(std::variant<T, Trouble> from) {
  if (const auto* trouble = std::get_if<Trouble>(&from)) FAIL(trouble->text);
  return std::get<T>(std::move(from));
}

/// The answer of a learner without a name to a step of the small lesson.
inline Graded graded(const Lesson& lesson, const std::string& step, const Answer& answer, const Learner& learner = {}) {
  REQUIRE(lesson.step(step));
  return sound(grade({lesson, learner, {}}, *lesson.step(step), answer));
}

inline Answer choice(std::uint32_t number, std::optional<std::uint32_t> confidence = {}) {
  Answer answer;
  answer.choice = number, answer.confidence = confidence;
  return answer;
}
inline Answer edits(const std::string& text) {
  Answer answer;
  answer.edits = text;
  return answer;
}
inline Answer point(const std::string& text) {
  Answer answer;
  answer.point = text;
  return answer;
}

}  // namespace twice::lesson

#pragma once
// From words of the command line to lessons and answers.
#include <string>
#include <variant>
#include <vector>

#include "cli/subject.h"
#include "lesson/answers.h"
#include "lesson/load.h"

namespace twice::cli {

/// The lessons meant by numbers, names of folders or paths; none given: all of `folder`. Diagnostics go to the standard
/// error.
std::variant<std::vector<lesson::Lesson>, Refused> chosen_lessons(const LessonArguments& arguments,
                                                                  const lesson::Learner& learner);
std::variant<std::vector<std::string>, Refused> chosen_lesson_paths(const LessonArguments& arguments);
std::variant<lesson::Answers, Refused> chosen_answers(const std::string& path, const Outputs& outputs);

Exit run_lesson(const LessonArguments& arguments);

}  // namespace twice::cli

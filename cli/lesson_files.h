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
/// The answers of `--answers`; those of another learner than `--learner` are refused.
std::variant<lesson::Answers, Refused> own_answers(const LessonArguments& arguments);

Exit run_lesson(const LessonArguments& arguments);
Exit write_lesson_pages(const LessonArguments& arguments);
Exit run_lesson_step(const LessonArguments& arguments);

}  // namespace twice::cli

#pragma once
// The one way into a lesson: a Markdown file with front matter and fenced steps in, a lesson or what is wrong out.
#include <optional>
#include <string>
#include <vector>

#include "lesson/learner.h"
#include "lesson/spec.h"
#include "scenario/load.h"

namespace twice::lesson {

struct LoadedLesson {
  std::optional<Lesson> lesson;  // only without errors
  scenario::Sources sources;     // [0] is the text as this learner reads it
  scenario::DiagnosticList diagnostics;
};

/// Reads `path` (a lesson.md, or the folder it stands in) for this learner.
LoadedLesson load_lesson(const std::string& path, const Learner& learner);
/// The same for a text; `path` names it in diagnostics.
LoadedLesson parse_lesson(const std::string& path, std::string text, const Learner& learner);

/// A text of the lesson's folder: "crash.toml" -> "lessons/02-…/crash.toml".
std::string beside(const Lesson& lesson, const std::string& file);

/// All lesson.md below a folder, by number, then path. Those with errors come last.
struct ListedLesson {
  std::string path;
  LoadedLesson loaded;
};
std::vector<ListedLesson> list_lessons(const std::string& folder, const Learner& learner);

}  // namespace twice::lesson

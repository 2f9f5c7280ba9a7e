#pragma once
// For whoever teaches a class with these lessons.
#include <string>
#include <vector>

#include "lab/workers.h"
#include "lesson/load.h"

namespace twice::lesson {

/// A way through the course, for a class that has less time than the whole of it takes.
struct Course {
  std::string name, about;
  std::vector<std::uint32_t> lessons;
};
const std::vector<Course>& courses();

/// The instructor's guide in Markdown: the map, minutes, and for each lesson goals, misconception, questions to discuss
/// and the key. The key is computed by runs, with the numbers of this learner; a step that cannot be computed says why.
std::string guide(const std::vector<Lesson>& lessons, const Learner& learner, const lab::WorkerOptions& workers);

}  // namespace twice::lesson

#pragma once
// A lesson as one page to print: text, questions, cards, and space for answers; no right answer on it.
#include <map>
#include <string>
#include <vector>

#include "lesson/session.h"

namespace twice::lesson {

/// For a run that is shown, by the name of its step: the picture beside it, relative to the page.
using Pictures = std::map<std::string, std::string>;

/// HTML. Runs are shown with the learner's numbers.
std::string page(const Session& session, const Pictures& pictures = {});
/// The page before the others: the map, what each lesson is about, and how long it takes.
std::string index_page(const std::vector<Lesson>& lessons);

}  // namespace twice::lesson

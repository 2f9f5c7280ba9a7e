#pragma once
// A lesson as one page to print: text, questions, cards, and space for answers; no right answer on it.
#include <string>

#include "lesson/session.h"

namespace twice::lesson {

/// Self-contained HTML. Runs are shown with the learner's numbers.
std::string page(const Session& session);

}  // namespace twice::lesson

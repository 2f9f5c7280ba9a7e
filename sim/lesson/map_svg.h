#pragma once
// The map of lessons as a drawing: what needs what, from left to right.
#include <string>
#include <vector>

#include "lesson/spec.h"

namespace twice::lesson {

/// An <svg> element; each box links to `FOLDER.html`. Lessons that are needed and not in the list are left out.
std::string map_svg(const std::vector<Lesson>& lessons);

}  // namespace twice::lesson

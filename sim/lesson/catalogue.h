#pragma once
// Every field of a lesson's front matter and steps, as data.
#include <string>
#include <string_view>

#include "scenario/catalogue.h"

namespace twice::lesson {

/// The front matter and each step, by the name of its block.
scenario::FieldInfo catalogue();
/// `twice explain lesson.PATH`.
scenario::Explanation explain(std::string_view path);
/// `twice schema lesson`: JSON Schema draft-04, a definition for the front matter and for each block.
std::string json_schema();
/// The reference page in Markdown (docs/lesson-reference.md).
std::string reference_page();

}  // namespace twice::lesson

#pragma once
// {crash}, {1000 + crash:,}: what stands for a number in a lesson, and what is left of it when no number is known.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lesson/spec.h"

namespace twice::lesson {

constexpr std::string_view kValue = "value";  // what was measured: in `says` and `because`
constexpr std::string_view kTable = "table";  // of SQL: the loader's table

struct Placeholder {
  std::string inside;      // without the braces
  std::size_t column = 0;  // from 1, in code points
};
/// Everything in this line that is written as a number's name or a sum with one. { a = 1 }, {} and {2} are not.
std::vector<Placeholder> placeholders_in(std::string_view line);

/// What a learner reads of a step before anything is measured.
std::vector<std::string> texts_before_answer(const Step& step);

}  // namespace twice::lesson

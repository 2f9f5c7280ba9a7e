#pragma once
// One flat JSON object, as it stands on a line.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/sql_value.h"

namespace twice::pipeline {

/// What a line holds, in its order; keys may repeat. true and false are 1 and 0.
struct JsonLine {
  std::vector<std::pair<std::string, SqlValue>> fields;
  std::string problem;         // empty: the line is one flat object
  std::size_t problem_at = 0;  // byte of the line

  /// Forgets the last line and reads this one. False: there is a problem.
  bool read(std::string_view line);
};

/// Where the line speaks of this key the last time; 0 when it does not.
std::size_t place_of_key(std::string_view line, std::string_view key);

}  // namespace twice::pipeline

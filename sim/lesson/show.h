#pragma once
// A run to look at, as a small table: what each lane shows.
#include <string>
#include <variant>
#include <vector>

#include "lesson/measure.h"

namespace twice::lesson {

struct ShownRun {
  struct Row {
    std::string lane;
    std::vector<std::string> cells;  // as `Show::shows`; over several seeds: how often which value
  };
  std::vector<Row> rows;
  std::string strips;  // of all crash points, where the lesson asks for them
  std::string repro;   // "twice run lessons/02-…/crash.toml --seed 7"
};

std::variant<ShownRun, Trouble> show(const Context& context, const Show& step);

}  // namespace twice::lesson

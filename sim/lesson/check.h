#pragma once
// Is a lesson honest? Whatever it says is run: every question has one right answer for every learner, every explanation
// has a cause and a decoy, every challenge tells its solution from its wrong ones and from doing nothing. Links and
// spelling too.
#include <cstdint>
#include <string>
#include <vector>

#include "lab/workers.h"
#include "lesson/load.h"
#include "lesson/spelling.h"

namespace twice::lesson {

struct CheckOptions {
  std::uint32_t learners = 3;  // besides the author's own numbers
  std::uint32_t seeds = 0;     // of each challenge; 0: as it says
  WordList words;              // empty: spelling is not checked
  lab::WorkerOptions workers{};
};

struct Checked {
  scenario::DiagnosticList diagnostics;
  std::string limit;                // something was cut short by a limit of this name; empty: all was run
  std::vector<std::string> report;  // a line for each step and learner: what was computed, how often faults bit
};

Checked check_lesson(const std::string& path, const CheckOptions& options);

}  // namespace twice::lesson

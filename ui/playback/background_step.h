#pragma once
// A step of a lesson, run or graded in another process: this program again, as `twice lesson step …`.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lesson/gradebook.h"
#include "lesson/show.h"
#include "ui/playback/background_process.h"

namespace twice::playback {

/// What came of it: the answer's grade, the run's table, the run that went wrong, or trouble.
using StepResult = std::variant<lesson::Graded, lesson::ShownRun, lesson::WentWrong, lesson::Trouble>;

/// Reads the output of `twice lesson step`; nullopt when the text is none.
std::optional<StepResult> parse_step_result(const std::string& text);

class BackgroundStep {
 public:
  /// Starts `program` with `arguments` (those after "lesson step"); an earlier one is cancelled. Why it cannot be
  /// started; empty: it runs.
  std::string start(const std::string& program, std::vector<std::string> arguments);
  void cancel() { process_.cancel(); }
  /// Once, when it has ended; never waits.
  std::optional<StepResult> poll();

  bool running() const { return process_.running(); }
  double progress() const { return process_.progress(); }

 private:
  BackgroundProcess process_;
};

}  // namespace twice::playback

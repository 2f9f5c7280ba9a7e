#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

struct RetryPolicy {
  std::uint32_t attempts = 3;  // the first included
  Duration after = seconds(30);
  std::uint32_t backoff = 1;  // each wait is this many times the one before
  Duration timeout = minutes(10);
};

/// Starts loads, and starts them again when they fail, die or stay silent for too long. It cannot know whether a
/// silent attempt is dead: a second one may overlap it. Marks: "attempt" launch, "retry" launch, "run-ok" run,
/// "run-failed" run; a scope is the launch.
struct OrchestratorNode {
  static constexpr std::string_view kName = "orchestrator";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("run", self.run), v("attempt", self.attempt), v("launches", self.launches), v("waiting", self.waiting),
        v("runs-ok", self.runs_ok);
    v("runs-failed", self.runs_failed), v("to-come", self.runs_to_come), v("last-error", self.last_error);
  }
  void step(Time now, const Input& input, Effects& effects);
  bool idle() const { return !waiting && current == 0 && runs_to_come == 0; }

  // Fixed.
  std::vector<NodeId> loaders;  // one process a launch, in turn
  RetryPolicy retry;
  std::uint32_t runs = 1;
  Duration between_runs = minutes(1);
  std::optional<Duration> duplicate_start;  // a second loader for the first attempt: the start message came twice
  // State.
  std::uint32_t run = 0, attempt = 0, launches = 0;
  std::uint32_t current = 0;  // launch whose report is awaited; 0 = none
  NodeId current_node;
  bool waiting = false;  // for the next attempt or the next run
  std::uint32_t runs_ok = 0, runs_failed = 0, runs_to_come = 0;
  std::string last_error;

 private:
  void begin_run(Effects& effects);
  void launch(Effects& effects);
  void attempt_failed(std::string why, Effects& effects);
  void run_ended(Effects& effects);
};

}  // namespace twice::pipeline

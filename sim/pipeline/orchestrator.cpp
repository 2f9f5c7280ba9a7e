#include "pipeline/orchestrator.h"

#include "world/step.h"

namespace twice::pipeline {
namespace {

enum : std::uint8_t { kTimeout, kNextAttempt, kNextRun, kDuplicate };

}  // namespace

void OrchestratorNode::step(Time, const Input& input, Effects& effects) {
  if (std::holds_alternative<Start>(input)) {
    runs_to_come = runs;
    if (runs > 0) begin_run(effects);
    return;
  }
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    switch (fired->timer) {
      case kTimeout:
        return attempt_failed("no report within the time-out", effects);
      case kNextAttempt:
        waiting = false;
        return launch(effects);
      case kNextRun:
        waiting = false;
        return begin_run(effects);
      case kDuplicate:
        return launch(effects);
      default:
        return;
    }
  }
  if (const auto* down = std::get_if<PeerDown>(&input)) {
    if (current != 0 && down->peer == current_node) attempt_failed("the loader's process died", effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (const auto* started = received->body.get<AttemptStarted>()) {
    if (started->launch == current) effects.watch(received->from);
  } else if (const auto* done = received->body.get<AttemptDone>()) {
    if (done->launch != current) return;  // a zombie's report: nobody waits for it
    if (!done->ok) return attempt_failed(done->error, effects);
    ++runs_ok;
    effects.mark("run-ok", run, launches);
    run_ended(effects);
  } else if (const auto* command = received->body.get<world::OutsideCommand>(); command && command->text == "run") {
    ++runs_to_come;
    if (current == 0 && !waiting) begin_run(effects);
  }
}

void OrchestratorNode::begin_run(Effects& effects) {
  --runs_to_come;
  ++run;
  attempt = 0;
  launch(effects);
  if (duplicate_start && run == 1) effects.set_timer(kDuplicate, *duplicate_start);
}

void OrchestratorNode::launch(Effects& effects) {
  ++launches;
  ++attempt;
  current = launches;
  current_node = loaders[(launches - 1) % loaders.size()];
  effects.mark("attempt", launches, launches);
  effects.spawn(current_node, Payload(Attempt{run, attempt, launches}));
  effects.set_timer(kTimeout, retry.timeout);
}

void OrchestratorNode::attempt_failed(std::string why, Effects& effects) {
  last_error = std::move(why);
  current = 0;
  effects.cancel_timer(kTimeout);
  effects.cancel_timer(kDuplicate);
  if (attempt >= retry.attempts) {
    ++runs_failed;
    effects.mark("run-failed", run, launches);
    return run_ended(effects);
  }
  Duration wait = retry.after;
  for (std::uint32_t i = 1; i < attempt && wait < minutes(24 * 60); ++i) wait = wait * retry.backoff;
  waiting = true;
  effects.mark("retry", launches + 1, launches);
  effects.set_timer(kNextAttempt, wait);
}

void OrchestratorNode::run_ended(Effects& effects) {
  current = 0;
  effects.cancel_timer(kTimeout);
  if (runs_to_come == 0) return;
  waiting = true;
  effects.set_timer(kNextRun, between_runs);
}

}  // namespace twice::pipeline

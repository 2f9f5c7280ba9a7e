#pragma once
// A sweep in another process, so that no frame ever waits for it: this program again, as `twice sweep … --json`.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lab/sweep.h"
#include "ui/playback/background_process.h"

namespace twice::playback {

struct SweptLane {
  std::string name, engine, error, schedule;  // `schedule`: the smallest failing one in words
  std::uint64_t wanted_rows = 0, futures = 0, untried = 0;
  std::vector<lab::PointOutcome> points;
  std::optional<lab::PointOutcome> smallest;
};

/// What a script's sweep says about its SQL.
struct SqlRemark {
  std::uint32_t line = 0, column = 0;
  std::string severity, message, help;
};

struct SweepOutput {
  std::vector<SweptLane> lanes;
  std::vector<SqlRemark> remarks;  // of a script
  std::string verdict;             // of a script: "safe", "unsafe", "undecided", "cannot run"
};

/// Reads `twice sweep --json`; nullopt when the text is none of its output.
std::optional<SweepOutput> parse_sweep_output(const std::string& text);

class BackgroundSweep {
 public:
  /// Starts `program` with `arguments` (those after "sweep"); an earlier sweep is cancelled.
  void start(const std::string& program, std::vector<std::string> arguments);
  void cancel();
  /// Takes what has arrived; never waits.
  void poll();

  bool running() const { return process_.running(); }
  double progress() const { return process_.progress(); }
  /// The last finished sweep.
  const std::optional<SweepOutput>& output() const { return output_; }
  const std::string& error() const { return error_; }
  void forget() { output_.reset(), error_.clear(); }
  /// Grows with every result.
  std::uint64_t revision() const { return revision_; }

 private:
  BackgroundProcess process_;
  std::optional<SweepOutput> output_;
  std::string error_;
  std::uint64_t revision_ = 0;
};

}  // namespace twice::playback

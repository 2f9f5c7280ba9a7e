#pragma once
// The point of no return of a failing run, found in another process: this program again, as `twice inevitable …
// --json`.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "ui/playback/background_process.h"

namespace twice::playback {

/// From moments of a run the rest was drawn anew, again and again: how often did it still fail?
struct NoReturn {
  struct Point {
    Sequence event = 0;
    Time at;
    std::uint32_t failed = 0, of = 1;
    std::uint32_t low = 0, high = 1000;  // thousandths: the 95 % interval
    double share() const { return static_cast<double>(failed) / of; }
  };
  std::vector<Point> points;     // by event; never empty
  std::optional<Sequence> from;  // from this event on it always failed
  std::string what;              // that event in words
  std::string shows;             // how the run fails
};

/// Reads `twice inevitable --json`; nullopt when the text is none of its output.
std::optional<NoReturn> parse_no_return(const std::string& text);

class BackgroundInevitable {
 public:
  /// The run that was asked about.
  struct Run {
    std::size_t branch = 0, lane = 0;
    std::uint64_t seed = 0;
    bool operator==(const Run&) const = default;
  };
  /// Starts `program` with `arguments` (those after "inevitable"); an earlier search is cancelled and forgotten.
  void start(const std::string& program, std::vector<std::string> arguments, Run run);
  void cancel() { process_.cancel(); }
  /// Takes what has arrived; never waits. True once, when it has ended.
  bool poll();
  void forget();

  bool running() const { return process_.running(); }
  double progress() const { return process_.progress(); }
  const Run& run() const { return run_; }
  /// What was found of this run.
  const NoReturn* found(const Run& run) const { return found_ && run == run_ ? &*found_ : nullptr; }
  const std::string& error() const { return error_; }

 private:
  BackgroundProcess process_;
  Run run_;
  std::optional<NoReturn> found_;
  std::string error_;
};

}  // namespace twice::playback

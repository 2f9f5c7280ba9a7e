#pragma once
// How the program ends; `twice --help` and the manual name the same numbers.
#include <cstdint>

namespace twice::cli {

enum class Exit : std::uint8_t {
  kMet = 0,  // every expectation is met; the script is safe to run again
  kFailed = 1,
  kUndecided = 2,    // a limit was reached (of time, of steps, of a unit), or a fault never bit; the limit is named
  kBadScenario = 3,  // diagnostics were printed; also a run whose time stands still
  kNothingMatched = 4,
  kNondeterminism = 5,
  kUsage = 64,  // also a path that cannot be written
  kInternal = 70,
  kInterrupted = 130,  // Ctrl-C (SIGINT), within a second; what was found by then was told
  kTerminated = 143,   // SIGTERM, likewise
};

/// Which of two matters more, for a command that did several things.
constexpr Exit worse(Exit a, Exit b) {
  const auto rank = [](Exit e) {
    switch (e) {
      case Exit::kMet:
        return 0;
      case Exit::kUndecided:
        return 1;
      case Exit::kFailed:
        return 2;
      case Exit::kNothingMatched:
        return 3;
      case Exit::kBadScenario:
        return 4;
      case Exit::kNondeterminism:
        return 5;
      case Exit::kUsage:
        return 6;
      case Exit::kInternal:
        return 7;
      case Exit::kInterrupted:
        return 8;
      case Exit::kTerminated:
        return 9;
    }
    return 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace twice::cli

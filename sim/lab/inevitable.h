#pragma once
// The point of no return of a failing run: from each of its moments the rest is drawn anew, again and again. How often
// does it still fail, and from which event on always? (docs/decisions/0017)
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/shrink.h"

namespace twice::lab {

/// How many of the re-runs from one moment failed in the same way.
struct Rerun {
  Sequence event = 0;  // so many events are kept; what comes later is drawn anew
  Time at;             // of that event
  std::uint32_t failed = 0, of = 0;
  bool always() const { return failed == of; }
};

struct InevitableOptions {
  std::vector<world::Step> steps;
  bool timeline = true;
  std::uint32_t samples = 40;  // re-runs from each moment; at least 1
  std::uint32_t points = 30;   // moments, evenly spaced over the events; at least 2. The search adds some
  unsigned workers = 1;        // the result does not depend on it
  /// After each moment; false stops.
  std::function<bool(std::size_t done, std::size_t of)> progress;
  StopSeam stop{};     // asked inside runs
  bool apart = false;  // see WorkerOptions
};

struct Inevitable {
  std::string error;  // the run cannot be run, or does not fail; everything else is void then
  Goal goal;
  std::string lane;
  std::uint64_t seed = 0;
  Sequence events = 0;  // of the failing run
  Time end;
  std::vector<Rerun> curve;      // by event
  std::optional<Sequence> from;  // from this event on every re-run failed; nullopt: stopped before it was known
  StoppedBy stopped_by = StoppedBy::kNothing;
  std::string what;  // this event in words; empty for the start
  bool certain() const { return from == Sequence{0}; }
};

/// A pure function of its arguments, unless `progress` stops it. What is drawn anew: delays, losses, doubled and held
/// back messages, timers, what a crashed disk keeps, SQL's random numbers. What stays: the file's steps, those of
/// [chaos], and what clients mean to ask.
Inevitable find_inevitable(const FailingRun& failing, const InevitableOptions& options);

/// The 95 % interval of a share (Wilson 1927), in thousandths, outwards rounded. REQUIRES of > 0.
struct Interval {
  std::uint32_t low = 0, high = 1000;
};
Interval wilson(std::uint32_t failed, std::uint32_t of);

}  // namespace twice::lab

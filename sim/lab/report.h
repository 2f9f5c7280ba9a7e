#pragma once
// Results for people and for machines. Every function is pure: values in, text out.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/run.h"
#include "lab/sweep.h"

namespace twice::lab {

/// What was run, as the person called it: repro lines say it again.
struct Subject {
  std::string path;  // of the scenario or the script
  std::string
      arguments;      // between the command and the seed, ready for a shell: "scenarios/x.toml --set network.loss=0.1"
  std::string steps;  // --do, as given
  bool timeline = true;  // false: the scenario's own faults were left out
};

struct Style {
  bool colour = false;
  unsigned width = 100;  // columns of the terminal
};

/// A scenario and what became of it.
struct RunResult {
  Subject subject;
  scenario::Scenario scenario;
  Batch batch;
};

/// "twice run scenarios/x.toml --seed 42 --only 'append' --do '…'". `variant` may be empty: all of them.
std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant);
/// The repro line of one point of a sweep: the same load with this fault only.
std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant, const Point& point);

// --- runs
struct RunText {
  Style style;
  bool narrate = false;
  bool quiet = false;  // failures only
};
/// What each lane showed. The last line is the summary, or the FAIL line of the last failure.
std::string run_text(const RunResult& result, const RunText& options);
/// JSON Lines: one object a run, then one for the batch.
std::string run_json(const RunResult& result);
/// JUnit XML: a suite a scenario, a case for each expectation and seed.
std::string run_junit(const std::vector<RunResult>& results);
/// GitHub workflow commands (::error file=…,line=…), at most ten.
std::string run_github(const std::vector<RunResult>& results);
/// Markdown for a job summary.
std::string run_summary(const std::vector<RunResult>& results);

// --- sweeps
/// What a sweep says about a lane. A lane that promises exactly-once must keep that at every point; one that is meant
/// to go wrong must do so, as it says, at one point at least.
enum class SweepVerdict : std::uint8_t { kAsMeant, kNotAsMeant, kUndecided };
SweepVerdict sweep_verdict(const LaneSweep& lane);
std::uint64_t untried(const LaneSweep& lane);
/// "12 points not tried", and the limit that was reached.
std::string why_undecided(const LaneSweep& lane);
/// True for the letters of points at which the load went wrong: D, L, W, C, F.
bool is_bad(char letter);

/// Strip, counts and smallest failing schedule of each lane, and the legend.
std::string sweep_text(const Subject& subject, const SweepResult& result, std::uint64_t seed, const Style& style);
/// One line a lane: the strip of all its points and how many of each letter.
std::string strips_text(const SweepResult& result, const Style& style);
/// JSON Lines: one object a lane, with all its points.
std::string sweep_json(const Subject& subject, const SweepResult& result, std::uint64_t seed);
std::string sweep_junit(const Subject& subject, const SweepResult& result, std::uint64_t seed);
std::string sweep_github(const Subject& subject, const SweepResult& result, std::uint64_t seed);
std::string sweep_summary(const Subject& subject, const SweepResult& result, std::uint64_t seed);

/// Letters of the points in at most `width` cells; a cell shows the worst of its points.
std::string strip(const std::vector<PointOutcome>& points, unsigned width);
/// "after row 100: 1,100 rows instead of 1,000, 100 of them twice".
std::string to_text(const PointOutcome& outcome, std::uint64_t wanted_rows);

}  // namespace twice::lab

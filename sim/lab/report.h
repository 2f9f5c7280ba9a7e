#pragma once
// Results for people and for machines. Every function is pure: values in, text out.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/run.h"
#include "lab/sweep.h"
#include "scenario/diagnostics.h"

namespace twice::lab {

/// What was run, as the person called it: repro lines say it again.
struct Subject {
  std::string path;  // of the scenario or the script
  std::string
      arguments;      // between the command and the seed, ready for a shell: "scenarios/x.toml --set network.loss=0.1"
  std::string steps;  // --do, as given
  bool timeline = true;  // false: the scenario's own faults were left out
  std::string only{};    // --only, as given
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
  std::uint64_t first_seed = 1, last_seed = 1;  // that were asked for
  std::size_t wanted = 0;                       // runs; the batch has fewer when it was cut short
  std::string stopped_by{};                     // what cut it short: "time-limit", "interrupt"; else empty
};

/// What kept a command from doing all that it was asked for. Every report names it.
struct Trouble {
  enum class Kind : std::uint8_t {
    kBadScenario,
    kNothingMatched,
    kUsage,
    kTimeLimit,
    kInterrupt,
    kNondeterminism,
    kInternal,
    kNotRun,  // another of these came first
  };
  Kind kind = Kind::kBadScenario;
  std::string path;   // of the scenario; may be empty
  std::string words;  // one line
  std::vector<scenario::Diagnostic> diagnostics{};
};
/// What was to be: "the scenario can be read".
std::string_view name_of(Trouble::Kind kind);
/// "bad-scenario", "time-limit", …
std::string_view type_of(Trouble::Kind kind);

/// "twice run scenarios/x.toml --seed 42 --only 'append' --do '…'". `variant` may be empty: all of them.
std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant);
/// The same for all seeds from the first to the last: "… --seeds 1..20".
std::string repro(const Subject& subject, std::uint64_t first, std::uint64_t last, std::string_view variant);
/// The line that runs all of it again: every lane and seed.
std::string repro(const RunResult& result);
/// The repro line of one point of a sweep: the same load with this fault only.
std::string repro(const Subject& subject, std::uint64_t seed, std::string_view variant, const Point& point);

// --- runs
struct RunText {
  Style style;
  bool narrate = false;
  bool quiet = false;  // failures only
  // Of `run --sweep`: what it showed, and its failures. Empty without a sweep.
  std::string sweep{}, sweep_failures{};
};
/// What each lane showed. The last line is the summary, or the FAIL line of the last failure.
std::string run_text(const RunResult& result, const RunText& options);
/// JSON Lines: one object a run, then one for the batch.
std::string run_json(const RunResult& result);
/// Markdown for a job summary. JUnit and annotations: report_cases.h.
std::string run_summary(const RunResult& result);
std::string trouble_summary(const Trouble& trouble);
/// One object of JSON Lines.
std::string trouble_json(const Trouble& trouble);

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
/// A FAIL or UNDECIDED line for each lane that is not as it is meant to be; empty when all are.
std::string sweep_failures(const Subject& subject, const SweepResult& result, std::uint64_t seed, const Style& style);
/// One line a lane: the strip of all its points and how many of each letter.
std::string strips_text(const SweepResult& result, const Style& style);
/// JSON Lines: one object a lane, with all its points.
std::string sweep_json(const Subject& subject, const SweepResult& result, std::uint64_t seed);
std::string sweep_summary(const Subject& subject, const SweepResult& result, std::uint64_t seed);

/// Letters of the points in at most `width` cells; a cell shows the worst of its points.
std::string strip(const std::vector<PointOutcome>& points, unsigned width);
/// "after row 100: 1,100 rows instead of 1,000, 100 of them twice".
std::string to_text(const PointOutcome& outcome, std::uint64_t wanted_rows);

}  // namespace twice::lab

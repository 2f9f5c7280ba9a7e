#pragma once
// Runs what a lesson speaks of and measures it. Every number a learner sees and every right answer comes from here.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lab/workers.h"
#include "lesson/learner.h"
#include "lesson/load.h"
#include "lesson/spec.h"
#include "pipeline/sql_value.h"
#include "world/step.h"

namespace twice::lesson {

using Value = pipeline::SqlValue;

/// Who asks, and with how many workers: results do not depend on the latter.
struct Context {
  const Lesson& lesson;
  const Learner& learner;
  lab::WorkerOptions workers{};
};

/// A case with something changed.
struct Variation {
  std::vector<std::string> set{};             // on top of the case's; wins over edits
  std::string edits{};                        // a learner's TOML
  std::string edits_name{"edits"};            // what diagnostics call it
  std::optional<std::size_t> without_step{};  // of the timeline, from 0
  std::vector<world::Step> steps{};           // besides the timeline
  std::optional<std::uint64_t> seed{};        // this one instead of the case's
};

/// One lane with one seed.
struct Trial {
  std::string lane;
  std::uint64_t seed = 0;
  std::vector<std::optional<Value>> values;  // in the order asked for; nullopt: this run does not measure it
  std::string unbitten;                      // a fault that never happened; empty: all did
  std::uint64_t hash = 0;
};

/// Why there is nothing to measure, with all its lines.
struct Trouble {
  std::string text;
  /// The limit that cut the runs short: "time-limit", "unit-limit", … Then nothing is wrong, only unknown.
  std::string limit{};
};

struct Trials {
  std::vector<Trial> all;  // lanes in the order asked for, seeds in order within each
  const Trial* find(std::string_view lane, std::uint64_t seed) const;
};

/// Runs the case for these lanes (empty: every one) and measures `of` in each run.
///
/// What can be measured: "verdict" ('exactly-once', 'partial-state', 'duplicates', 'lost', 'wrong-values', 'corrupt' or
/// 'fails'); a column of the dashboard, "orders finally", "orders after-crash", "orders before-crash", "orders lowest",
/// "orders highest"; a metric; an expectation by name, also "always NAME" ('held', 'failed' or 'unknown'); and of all
/// crash points "sweep.points", "sweep.wrong", "sweep.partial".
std::variant<Trials, Trouble> try_out(const Context& context, const Case& what, const Variation& variation,
                                      const std::vector<std::string>& lanes, const std::vector<std::string>& of);

/// The lane a step means: its own, or the scenario's only one.
std::variant<std::string, Trouble> lane_of(const Context& context, const Case& what);

/// For people: thousands separated, durations with their unit.
std::string shown(std::string_view of, const Value& value);

/// True when the condition holds of the value; a run that does not measure it satisfies nothing.
bool meets(const Condition& condition, const std::optional<Value>& value);

/// The scenario of a case as it is run; a file that has errors is trouble.
std::variant<scenario::Scenario, Trouble> scenario_of(const Context& context, const Case& what,
                                                      const Variation& variation);
/// The first seed of a case for this learner.
std::uint64_t first_seed(const Context& context, const Case& what, const scenario::Scenario& scenario);

}  // namespace twice::lesson

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
  bool without_timeline = false;              // none of its steps, and no chaos
  bool perfect_network = false;               // no message is lost, doubled or overtaken
  std::vector<world::Step> steps{};           // besides the timeline
  std::optional<std::uint64_t> seed{};        // this one instead of the case's
};

/// A step of the timeline in one run.
struct StepSeen {
  std::string text;        // as `--do` would say it
  bool fired = false;      // its moment came
  bool effective = false;  // and it changed something
  bool acted() const { return fired && effective; }
};

/// One lane with one seed.
struct Trial {
  std::string lane;
  std::uint64_t seed = 0;
  std::vector<std::optional<Value>> values;  // in the order asked for; nullopt: this run does not measure it
  std::vector<StepSeen> steps;               // of the timeline
  std::uint64_t hash = 0;
};

/// Why there is nothing to measure, with all its lines.
struct Trouble {
  std::string text;
  /// The limit that cut the runs short: "time-limit", "unit-limit", … Then nothing is wrong, only unknown.
  std::string limit{};
};

struct Trials {
  std::vector<Trial> all;          // lanes in the order asked for, seeds in order within each
  std::vector<std::string> words;  // everything that these runs measure
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

/// "did you mean 'x'?" for something that no run measures, or what there is.
std::string measured_instead(const std::string& of, const Trials& trials);

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

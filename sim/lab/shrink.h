#pragma once
// From a failing run to the smallest scenario found that fails in the same way (docs/decisions/0017). What is under
// test stays: protocol and its parameters, loader, warehouse. What surrounds it shrinks: faults, messages lost, nodes,
// clients and what they ask, rows, time.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/goal.h"
#include "scenario/load.h"
#include "world/step.h"

namespace twice::lab {

/// How large a run is, by the things a person has to think of.
struct RunSize {
  std::uint64_t steps = 0, nodes = 0, clients = 0, operations = 0, rows = 0;
  std::uint64_t messages = 0, events = 0;
  std::uint64_t parts() const { return steps + nodes + clients + operations + rows; }
  bool operator==(const RunSize&) const = default;
};

/// One run that fails, and what of it.
struct FailingRun {
  const scenario::Variant* variant = nullptr;
  std::uint64_t seed = 0;
  Goal goal;
  std::string added;  // the expectation was asked for by name and is not in the file
};

struct FailingOptions {
  std::vector<world::Step> steps;  // besides the file's
  bool timeline = true;
  std::string expect;  // only this expectation; empty: any
  StopSeam stop{};     // asked inside runs; a run that is cut short fails nothing
};

/// The first run that fails an expectation, lanes in order and seeds within each; else the first that fails as its file
/// asks for. Of a lane that does, later seeds are not looked at. An `expect` that no run of the file judges is judged
/// all the same when it is a name that every scenario knows. nullopt: none fails.
std::optional<FailingRun> find_failing(const std::vector<const scenario::Variant*>& variants,
                                       const std::vector<std::uint64_t>& seeds, const FailingOptions& options);

/// The first failing run of this one lane and seed.
std::optional<FailingRun> failing_run(const scenario::Variant& variant, std::uint64_t seed,
                                      const FailingOptions& options);

struct ShrinkOptions {
  std::vector<world::Step> steps;
  bool timeline = true;
  std::uint64_t runs = 2000;  // the budget; what is found does not depend on the time it takes
  std::string command;        // for the comment at the top
  scenario::LoadOptions load;
  /// After each run; false stops with the best so far. May be empty.
  std::function<bool(std::uint64_t runs, const RunSize& best)> progress;
  StopSeam stop{};  // asked inside runs; stops with the best so far
};

struct Shrunk {
  std::string error;  // the lane cannot be written out as a file that fails; everything else is void then
  std::string text;   // the file
  Goal goal;
  std::string lane;
  std::uint64_t seed = 0;
  RunSize before, after;
  std::uint64_t hash = 0;  // of the shrunk run
  std::uint64_t runs = 0;
  bool complete = false;  // nothing more was found to take away; false: the budget ended, or somebody stopped it
  /// How much smaller, in tenths: 125 = 12.5 times.
  std::uint64_t fewer_events() const;
  std::uint64_t fewer_parts() const;
};

/// A pure function of its arguments, unless `progress` stops it.
Shrunk shrink(const scenario::Scenario& scenario, const FailingRun& failing, const ShrinkOptions& options);

/// Factors of several, the middle one in tenths; 0 without any.
std::uint64_t median(std::vector<std::uint64_t> factors);

}  // namespace twice::lab

#pragma once
// Does everything in a scenario bite? A lane that ends like its neighbour whatever happens, a step that nothing would
// miss and an expectation that nothing breaks are green without a meaning. Small mutations show it (lab/mutations.h).
#include <cstdint>
#include <string>
#include <vector>

#include "lab/workers.h"
#include "scenario/spec.h"

namespace twice::lab {

struct BitesOptions {
  std::vector<std::uint64_t> seeds;  // at least one
  std::uint64_t runs = 2000;         // the budget; with it the result does not depend on the time it takes
  WorkerOptions workers;
};

/// Something of the file, by the name under which [bites] can excuse it.
struct Toothless {
  enum class Kind : std::uint8_t {
    kLane,         // cannot be told apart from another
    kIdleStep,     // never acts
    kMissedStep,   // acts, and nothing would be different without it
    kExpectation,  // no change breaks it
    kTooEarly,     // it judges only what was before the first fault
    kExcuse,       // a line of [bites] that excuses nothing
  };
  Kind kind = Kind::kExpectation;
  std::string name;  // "finally converged", "strict: step 2", "lane strict"
  scenario::Span span{};
  std::string message, help;
  std::string reason = {};  // the file's excuse; empty: none
};
/// "lane", "idle-step": for programs.
std::string_view name_of(Toothless::Kind kind);

struct Bites {
  std::vector<Toothless> found;  // by place
  /// What could not be decided, and why.
  struct Open {
    std::string name;
    scenario::Span span{};
    std::string why;
  };
  std::vector<Open> open;
  std::uint64_t runs = 0;
  std::size_t lanes = 0, steps = 0, expectations = 0;  // that were looked at
  std::string limit;                                   // that ended it early: "--runs 2000"; empty: none
  std::vector<std::string> reports;                    // of workers that died

  /// Something is found that the file does not excuse.
  bool any() const;
};

/// A pure function of its arguments, unless `workers.progress` stops it.
Bites find_toothless(const scenario::Scenario& scenario, const BitesOptions& options);

}  // namespace twice::lab

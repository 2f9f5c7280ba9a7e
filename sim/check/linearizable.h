#pragma once
// Linearizability (Herlihy and Wing 1990), by the search of Wing and Gong with Lowe's memory of configurations, one key
// at a time: a history is linearizable exactly when its restriction to each key is.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/history.h"
#include "check/object.h"
#include "core/limits.h"

namespace twice::check {

struct LinearizableOptions {
  std::optional<Object> object{};  // nullopt: what the history speaks of
  std::uint64_t budget =
      limits::kLinearizableSteps;  // steps over all keys: an operation tried, or a configuration entered
  bool explain = true;             // words and a minimised counterexample for a violation
};

/// What was found on one key.
struct KeyReport {
  std::string key;
  Judgement judgement = Judgement::kUnknown;
  /// An order of effects that explains the answers, as indices of the history: of the whole key when it held, else of
  /// the longest prefix that can be explained.
  std::vector<std::size_t> order;
};

struct Linearizability {
  Judgement judgement = Judgement::kUnknown;
  std::uint64_t steps = 0;      // spent on the verdict
  std::vector<KeyReport> keys;  // ordered by key; those not settled are unknown
  // Of a violation:
  std::size_t broken = 0;      // which of `keys`
  std::size_t impossible = 0;  // index of the first operation that no order explains
  std::size_t prefix = 0;      // operations on that key that returned before it and can be explained
  std::string explanation;     // plain words
  /// A part of the history that violates by itself, and shows that the whole does: what it leaves out nobody in it saw.
  /// No single operation can be dropped. Operations that returned after its last answer stand as open ones.
  History counterexample;
  std::vector<std::size_t> origins;  // their indices in the whole history
};

/// Keys take turns of a few steps, and all stop when one is found violated. Unknown: the budget ran out first.
/// Operations of unknown outcome take effect at any later time or never. A compare-and-set that failed saw another
/// value.
Linearizability check_linearizable(const History& history, const LinearizableOptions& options = {});

}  // namespace twice::check

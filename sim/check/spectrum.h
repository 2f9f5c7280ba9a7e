#pragma once
// One history under every model, from strong to eventual: which held, which did not and why, and which are not known.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/history.h"
#include "check/models.h"
#include "check/object.h"
#include "check/replicas.h"
#include "check/staleness.h"
#include "core/limits.h"

namespace twice::check {

struct SpectrumRow {
  Model model = Model::kLinearizable;
  Judgement held = Judgement::kUnknown;
  std::string witness;  // plain words: why not, or why it is not known; may say more of a model that held
  std::optional<std::size_t> operation;  // index of the operation that shows it
};

struct SpectrumOptions {
  std::optional<Object> object{};  // nullopt: what the history speaks of
  std::uint64_t linearizable_budget = limits::kLinearizableSteps;
  std::uint64_t sequential_budget = limits::kSequentialSteps;
  std::uint64_t session_budget = limits::kSessionWords;  // of each model, as in SessionOptions
  StalenessBounds staleness{};
  bool times = true;                // the history's times mean something
  std::vector<Replica> replicas{};  // final values, for eventual; without them it is known only if implied
};

/// One row a model, in the order of kModels. A stronger model that held settles the weaker ones, and a weaker one that
/// is violated settles the stronger ones, so that no two rows contradict each other.
std::vector<SpectrumRow> spectrum(const History& history, const SpectrumOptions& options = {});

/// Rows as an aligned table of lines: mark, name, witness.
std::string to_table(const std::vector<SpectrumRow>& rows);

}  // namespace twice::check

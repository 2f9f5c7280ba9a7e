#pragma once
// Consistency models by name, from strong to eventual, and which of them says more than which.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "check/history.h"

namespace twice::check {

/// Ordered as tables show them. Definitions: docs/decisions/0011-histories-and-checkers.md.
enum class Model : std::uint8_t {
  kLinearizable,
  kSequential,
  kCausal,
  kPram,
  kWritesFollowReads,
  kMonotonicWrites,
  kMonotonicReads,
  kReadYourWrites,
  kBoundedStaleness,
  kEventual,
};
inline constexpr std::array kModels{Model::kLinearizable,   Model::kSequential,        Model::kCausal,
                                    Model::kPram,           Model::kWritesFollowReads, Model::kMonotonicWrites,
                                    Model::kMonotonicReads, Model::kReadYourWrites,    Model::kBoundedStaleness,
                                    Model::kEventual};
std::string_view name_of(Model model);  // "read your writes"
std::string_view doc_of(Model model);   // one line
/// True when every history that satisfies `strong` satisfies `weak`. A model implies itself.
bool implies(Model strong, Model weak);

/// What a checker found out about one model.
struct Verdict {
  Judgement judgement = Judgement::kUnknown;
  std::string words;                     // why it is violated or unknown; of a model that held, what is worth knowing
  std::optional<std::size_t> operation;  // index of the operation that shows it
};

}  // namespace twice::check

#pragma once
// What a file may name without defining it. One line adds one.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/models.h"

namespace twice::scenario {

enum class Applies : std::uint8_t { kLoad, kCluster };

/// An expectation every scenario knows.
struct NamedCheck {
  std::string_view name;
  Applies applies;
  std::string_view doc;
};
const std::vector<NamedCheck>& builtin_checks();

/// "not linearizable" asks for the opposite.
bool is_negated(std::string_view name);
/// The name without its "not ".
std::string plain_name(std::string_view name);
/// What a file calls a consistency model: "read-your-writes"; "converged" for the weakest.
std::string check_name_of(check::Model model);

/// A figure measured in every run.
struct NamedMetric {
  std::string_view name;
  Applies applies;
  std::string_view unit;  // "duration" for times, else what is counted
  std::string_view doc;
  bool in_windows = false;  // it counts moments: `during` may ask for those of a window
};
const std::vector<NamedMetric>& builtin_metrics();

}  // namespace twice::scenario

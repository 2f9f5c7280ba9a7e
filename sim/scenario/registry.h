#pragma once
// What a file may name without defining it. One line adds one.
#include <cstdint>
#include <string_view>
#include <vector>

namespace twice::scenario {

enum class Applies : std::uint8_t { kLoad, kCluster };

/// An expectation every scenario knows.
struct NamedCheck {
  std::string_view name;
  Applies applies;
  std::string_view doc;
};
const std::vector<NamedCheck>& builtin_checks();

/// A figure measured in every run.
struct NamedMetric {
  std::string_view name;
  Applies applies;
  std::string_view unit;  // "duration" for times, else what is counted
  std::string_view doc;
};
const std::vector<NamedMetric>& builtin_metrics();

}  // namespace twice::scenario

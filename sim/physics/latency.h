#pragma once
// How long a message travels: a closed set of models, each a function from 64 drawn bits to a duration, computed in
// integers only (docs/decisions/0012-latency-models-in-integers.md).
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"
#include "core/time.h"

namespace twice::physics {

/// No drawn latency is longer. Heavy tails have no end of their own, and virtual time must not overflow.
constexpr Duration kLongestLatency = minutes(60'000);

/// Exponential with this mean (1 / rate).
struct Exponential {
  Duration mean;
  bool operator==(const Exponential&) const = default;
};

/// minimum / U^(1/shape): the tail falls as t^-shape; without a mean when shape <= 1.
struct Pareto {
  static constexpr std::uint32_t kSmallestShape = 10'000;  // 0.01
  Duration minimum;
  std::uint32_t shape_ppm = 0;  // the shape in parts per million; REQUIRES at least kSmallestShape
  bool operator==(const Pareto&) const = default;
};

/// Measured durations; each is as likely as any other, one that was measured twice is twice as likely.
struct Measured {
  std::vector<Duration> durations;  // ascending, never empty
  bool operator==(const Measured&) const = default;
};

using SimpleLatency = std::variant<DurationRange, Exponential, Pareto, Measured>;

/// One of several models, each with its share. The weights sum to one billion.
struct Mixture {
  struct Part {
    std::uint32_t weight_ppb = 0;
    SimpleLatency model;
    Duration plus{};  // added to what the model gives
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;  // never empty
  bool operator==(const Mixture&) const = default;
};

struct LatencyModel {
  using Shape = std::variant<DurationRange, Exponential, Pareto, Measured, Mixture>;

  LatencyModel() = default;
  LatencyModel(DurationRange range) : shape(range) {}
  LatencyModel(Duration low, Duration high) : shape(DurationRange{low, high}) {}
  LatencyModel(Shape model, Duration offset) : shape(std::move(model)), plus(offset) {}

  Shape shape = DurationRange{};
  Duration plus{};  // added to what the shape gives

  /// Nothing is drawn for a constant.
  bool is_constant() const {
    const auto* range = std::get_if<DurationRange>(&shape);
    return range && range->low == range->high;
  }
  /// From 0 to kLongestLatency beyond the parts that are constant.
  Duration pick(Draw draw) const {
    if (const auto* range = std::get_if<DurationRange>(&shape)) return range->pick(draw) + plus;
    return pick_shaped(draw) + plus;
  }
  bool operator==(const LatencyModel&) const = default;

 private:
  Duration pick_shaped(Draw draw) const;
};

/// -log2(bits / 2^64) in Q32, absolute error below 2e-9; 64 for no bits at all.
std::uint64_t minus_log2_fine_q32(std::uint64_t bits);
/// 2^fraction in Q62 for a fraction below 1 in Q32, relative error below 1e-11.
std::uint64_t exp2_q62(std::uint32_t fraction_q32);
/// Relative error below 1e-6 (and half a nanosecond of rounding), identical on every machine.
Duration pareto(const Pareto& model, Draw draw);

}  // namespace twice::physics

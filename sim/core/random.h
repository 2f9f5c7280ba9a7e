#pragma once
// Randomness as a function of (seed, purpose, causal id): no stream, no state, no libm. An edit of a run therefore
// leaves every draw outside its causal future alone (docs/decisions/0002-keyed-randomness.md).
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/ids.h"
#include "core/time.h"

namespace twice {

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): a bijection on 64 bits, about 1 ns.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}
/// mix(a, b) for an `a` that is already mixed.
constexpr std::uint64_t mix_onto(std::uint64_t mixed, std::uint64_t b) {
  return mix(mixed + std::rotl(b, 32) + 0x632be59bd9b4e019u * b);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) { return mix_onto(mix(a), b); }
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) { return mix(mix(a, b), c); }

/// What a draw is for; two purposes of one event never share bits. Append only: the number is part of every hash.
enum class Purpose : std::uint64_t {
  kLatency = 1,
  kLoss,
  kDuplicate,
  kDuplicateLatency,
  kTimer,
  kDiskSettle,
  kSqlRandom,
  kNode,
  kChaos,
  kSource,
  kReorder,
};
constexpr std::size_t kPurposes = static_cast<std::size_t>(Purpose::kReorder) + 1;

struct Draw {
  std::uint64_t bits;
  /// Uniform in 0..n-1 by multiply-high (Lemire 2019 without rejection: bias below n/2^64). REQUIRES n > 0.
  constexpr std::uint64_t below(std::uint64_t n) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
  }
};

constexpr Draw draw(std::uint64_t seed, Purpose purpose, CausalId id) {
  return {mix(seed, static_cast<std::uint64_t>(purpose), id)};
}

/// All draws of one seed: the same bits as draw(seed, purpose, id), for those who draw at every event.
class Draws {
 public:
  explicit constexpr Draws(std::uint64_t seed) {
    for (std::size_t p = 0; p < kPurposes; ++p) keys_[p] = mix(mix(seed, p));
  }
  constexpr Draw operator()(Purpose purpose, CausalId id) const {
    return {mix_onto(keys_[static_cast<std::size_t>(purpose)], id)};
  }

 private:
  std::array<std::uint64_t, kPurposes> keys_{};
};

/// A probability as an exact rational: parts per billion.
struct Probability {
  std::uint32_t ppb = 0;
  auto operator<=>(const Probability&) const = default;
  constexpr bool hit(Draw d) const { return ppb != 0 && d.below(1'000'000'000) < ppb; }
};

/// A closed range of durations; a constant when low == high.
struct DurationRange {
  Duration low, high;
  auto operator<=>(const DurationRange&) const = default;
  constexpr Duration pick(Draw d) const {
    if (low >= high) return low;
    return low + Duration{static_cast<std::int64_t>(d.below(static_cast<std::uint64_t>(high.ns - low.ns) + 1))};
  }
};

namespace detail {
/// log2(1 + i/512) in Q32, by repeated squaring in integers.
constexpr std::uint64_t log2_q32(std::uint64_t numerator, std::uint64_t denominator) {
  unsigned __int128 x = (static_cast<unsigned __int128>(numerator) << 62) / denominator;  // Q62 in [1, 2]
  std::uint64_t result = 0;
  if (x >> 63) return std::uint64_t{1} << 32;
  for (int bit = 31; bit >= 0; --bit) {
    x = (x * x) >> 62;
    if (x >> 63) {
      result |= std::uint64_t{1} << bit;
      x >>= 1;
    }
  }
  return result;
}
constexpr auto make_log2_table() {
  std::array<std::uint64_t, 513> table{};
  for (std::uint64_t i = 0; i <= 512; ++i) table[i] = log2_q32(512 + i, 512);
  return table;
}
inline constexpr auto kLog2Table = make_log2_table();
}  // namespace detail

/// -log2(bits / 2^64) in Q32: table and linear interpolation, absolute error below 1e-6.
constexpr std::uint64_t minus_log2_q32(std::uint64_t bits) {
  if (bits == 0) return std::uint64_t{64} << 32;
  const int zeros = std::countl_zero(bits);
  const std::uint64_t mantissa = bits << zeros << 1;  // fraction of 1.f in 64 bits; the leading 1 is shifted out
  const std::uint64_t cell = zeros == 63 ? 0 : mantissa >> 55;
  const std::uint64_t within = zeros == 63 ? 0 : (mantissa >> 23) & 0xffffffffu;
  const std::uint64_t low = detail::kLog2Table[cell];
  const std::uint64_t step = detail::kLog2Table[cell + 1] - low;
  const std::uint64_t log = low + ((step * within) >> 32);
  return ((static_cast<std::uint64_t>(zeros) + 1) << 32) - log;
}

/// Exponential with the given mean, in integers: identical on every machine.
constexpr Duration exponential(Duration mean, Draw d) {
  constexpr std::uint64_t kLn2Q32 = 2977044471u;  // ln 2 in Q32
  const auto nats_q64 = static_cast<unsigned __int128>(minus_log2_q32(d.bits)) * kLn2Q32;
  return {static_cast<std::int64_t>(((nats_q64 >> 32) * static_cast<unsigned __int128>(mean.ns)) >> 32)};
}

}  // namespace twice

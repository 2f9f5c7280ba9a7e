#include "physics/latency.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/catch.h"

namespace twice::physics {
namespace {

constexpr std::int64_t kOne = 1'000'000'000;

Draw at_quantile(long double p) { return {static_cast<std::uint64_t>((1.0L - p) * 0x1p64L)}; }
Draw numbered(std::uint64_t n) { return draw(3, Purpose::kLatency, mix(n)); }

long double exact_pareto(const Pareto& model, std::uint64_t bits) {
  const long double u = static_cast<long double>(bits) * 0x1p-64L;
  return static_cast<long double>(model.minimum.ns) * std::pow(u, -1'000'000.0L / model.shape_ppm);
}

std::vector<std::int64_t> sample(const LatencyModel& model, std::size_t count) {
  std::vector<std::int64_t> values;
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(model.pick(numbered(i)).ns);
  std::sort(values.begin(), values.end());
  return values;
}

// The share of a sample at or below `limit`.
double share_below(const std::vector<std::int64_t>& sorted, Duration limit) {
  const auto end = std::upper_bound(sorted.begin(), sorted.end(), limit.ns);
  return static_cast<double>(end - sorted.begin()) / static_cast<double>(sorted.size());
}

// Five standard errors of a share.
double tolerance(double p, std::size_t n) { return 5 * std::sqrt(p * (1 - p) / static_cast<double>(n)); }

}  // namespace

TEST_CASE("The logarithm is within 2e-9 and the power within 1e-11 of the exact ones") {
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const std::uint64_t bits = mix(i) >> (i % 64);
    if (bits == 0) continue;
    const long double exact = 64.0L - std::log2(static_cast<long double>(bits));
    const long double found = static_cast<long double>(minus_log2_fine_q32(bits)) * 0x1p-32L;
    REQUIRE(std::abs(found - exact) < 2e-9L);
    const auto fraction = static_cast<std::uint32_t>(mix(i, 1));
    const long double power = static_cast<long double>(exp2_q62(fraction)) * 0x1p-62L;
    REQUIRE(std::abs(power / std::exp2(static_cast<long double>(fraction) * 0x1p-32L) - 1) < 1e-11L);
  }
  CHECK(minus_log2_fine_q32(0) == std::uint64_t{64} << 32);
  CHECK(minus_log2_fine_q32(~std::uint64_t{0}) <= 8);  // 2e-9 in Q32
}

TEST_CASE("A Pareto draw is within 1e-6 of the closed form, and half a nanosecond of rounding") {
  for (const std::uint32_t shape : {10'000u, 500'000u, 1'000'000u, 1'510'000u, 3'350'000u, 10'000'000u, 4'000'000'000u})
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      const Pareto model{microseconds(235 + static_cast<std::int64_t>(i)), shape};
      const std::uint64_t bits = mix(i) >> (i % 40);
      const long double exact = exact_pareto(model, bits);
      const Duration found = pareto(model, Draw{bits});
      if (exact >= static_cast<long double>(kLongestLatency.ns)) {
        REQUIRE(found.ns >= kLongestLatency.ns - kLongestLatency.ns / 1'000'000);
        continue;
      }
      REQUIRE(std::abs(static_cast<long double>(found.ns) - exact) <= 1e-6L * exact + 0.5L);
    }
  CHECK(pareto({milliseconds(1), 1'000'000}, Draw{0}) == kLongestLatency);
  CHECK(pareto({milliseconds(1), 1'000'000}, Draw{~std::uint64_t{0}}) == milliseconds(1));
}

TEST_CASE("The quantiles of each model are those of its closed form") {
  for (const long double p : {0.001L, 0.1L, 0.5L, 0.9L, 0.99L, 0.999L}) {
    const auto close = [](Duration found, long double exact_ns) {
      return std::abs(static_cast<long double>(found.ns) - exact_ns) <= 2e-6L * exact_ns + 8;
    };
    // A small draw is a long wait: exponential and Pareto fall from the right.
    CHECK(close(LatencyModel(Exponential{milliseconds(5)}, {}).pick(at_quantile(p)), -5e6L * std::log(1 - p)));
    CHECK(close(LatencyModel(Pareto{milliseconds(3), 3'350'000}, milliseconds(75)).pick(at_quantile(p)),
                75e6L + 3e6L * std::pow(1 - p, -1 / 3.35L)));
    CHECK(close(LatencyModel(milliseconds(2), milliseconds(4)).pick(at_quantile(1 - p)), 2e6L + 2e6L * p));
  }
}

TEST_CASE("A measured table gives each of its durations its share and nothing else") {
  const Measured table{{milliseconds(1), milliseconds(2), milliseconds(2), milliseconds(40)}};
  const auto values = sample(LatencyModel(table, {}), 40'000);
  CHECK(std::abs(share_below(values, milliseconds(1)) - 0.25) < tolerance(0.25, values.size()));
  CHECK(std::abs(share_below(values, milliseconds(2)) - 0.75) < tolerance(0.75, values.size()));
  CHECK(share_below(values, nanoseconds(milliseconds(1).ns - 1)) == 0);
  CHECK(values.back() == milliseconds(40).ns);
  // The inverse of the cumulative distribution: quantiles in order of the draw.
  CHECK(LatencyModel(table, {}).pick(Draw{0}) == milliseconds(1));
  CHECK(LatencyModel(table, {}).pick(Draw{~std::uint64_t{0}}) == milliseconds(40));
}

TEST_CASE("A mixture has the distribution of its parts by weight, and the value does not depend on the choice") {
  // LinkedIn's disks, write leg (Bailis et al., VLDB 2012): 38 % Pareto(1.05, 1.51), 62 % Exp(.183).
  Mixture mixture;
  mixture.parts.push_back({380'000'000, Pareto{microseconds(1050), 1'510'000}, {}});
  mixture.parts.push_back({620'000'000, Exponential{nanoseconds(5'464'481)}, {}});
  const auto values = sample(LatencyModel(mixture, milliseconds(75)), 200'000);
  for (const double ms : {0.5, 1.2, 3.0, 10.0, 40.0}) {
    const double of_pareto = ms < 1.05 ? 0 : 1 - std::pow(1.05 / ms, 1.51);
    const double exact = 0.38 * of_pareto + 0.62 * (1 - std::exp(-0.183 * ms));
    const Duration limit = milliseconds(75) + nanoseconds(static_cast<std::int64_t>(ms * 1e6));
    INFO(ms << " ms");
    CHECK(std::abs(share_below(values, limit) - exact) < tolerance(exact, values.size()));
  }
}

TEST_CASE("Weights of a mixture that fall short of one go to its last part") {
  Mixture mixture;
  mixture.parts.push_back({kOne / 2, DurationRange{milliseconds(1), milliseconds(1)}, milliseconds(4)});
  mixture.parts.push_back({0, DurationRange{milliseconds(9), milliseconds(9)}, {}});
  const auto values = sample(LatencyModel(mixture, {}), 1'000);
  CHECK(values.front() == milliseconds(5).ns);
  CHECK(values.back() == milliseconds(9).ns);
}

TEST_CASE("Only a range of one length is constant") {
  CHECK(LatencyModel().is_constant());
  CHECK(LatencyModel(milliseconds(1), milliseconds(1)).is_constant());
  CHECK_FALSE(LatencyModel(milliseconds(1), milliseconds(2)).is_constant());
  CHECK_FALSE(LatencyModel(Exponential{milliseconds(1)}, {}).is_constant());
}

}  // namespace twice::physics

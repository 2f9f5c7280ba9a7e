#include "core/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/catch.h"

namespace twice {
namespace {

Draw numbered(std::uint64_t i) { return draw(42, Purpose::kNode, i); }

}  // namespace

TEST_CASE("A draw depends on seed, purpose and causal id, and on nothing else") {
  CHECK(draw(1, Purpose::kLoss, 5).bits == draw(1, Purpose::kLoss, 5).bits);
  CHECK(draw(1, Purpose::kLoss, 5).bits != draw(2, Purpose::kLoss, 5).bits);
  CHECK(draw(1, Purpose::kLoss, 5).bits != draw(1, Purpose::kLatency, 5).bits);
  CHECK(draw(1, Purpose::kLoss, 5).bits != draw(1, Purpose::kLoss, 6).bits);
}

TEST_CASE("Draws prepared for a seed have the same bits") {
  for (const std::uint64_t seed : {0ull, 1ull, 42ull, ~0ull}) {
    const Draws draws(seed);
    for (std::uint64_t p = 1; p < kPurposes; ++p)
      for (std::uint64_t id = 0; id < 100; ++id) {
        const auto purpose = static_cast<Purpose>(p);
        REQUIRE(draws(purpose, mix(id)).bits == draw(seed, purpose, mix(id)).bits);
      }
  }
}

TEST_CASE("A bounded draw stays below its bound and reaches every value equally often") {
  constexpr std::uint64_t kBound = 10, kDraws = 100'000;
  std::vector<std::uint64_t> counts(kBound);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::uint64_t value = numbered(i).below(kBound);
    REQUIRE(value < kBound);
    ++counts[value];
  }
  // Expected 10,000 each, standard deviation 95: five of them.
  for (const std::uint64_t count : counts) CHECK((count > 9'525 && count < 10'475));
  CHECK(Draw{~std::uint64_t{0}}.below(1) == 0);
  CHECK(Draw{~std::uint64_t{0}}.below(~std::uint64_t{0}) == ~std::uint64_t{0} - 1);
}

TEST_CASE("A range is drawn with both its ends") {
  const DurationRange range{nanoseconds(150), nanoseconds(153)};
  std::vector<int> counts(4);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Duration d = range.pick(numbered(i));
    REQUIRE((d >= range.low && d <= range.high));
    ++counts[static_cast<std::size_t>(d.ns - 150)];
  }
  for (const int count : counts) CHECK(count > 150);
  CHECK(DurationRange{seconds(1), seconds(1)}.pick(numbered(1)) == seconds(1));
}

TEST_CASE("A probability is hit as often as it says") {
  const Probability tenth{100'000'000};
  int hits = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) hits += tenth.hit(numbered(i));
  CHECK((hits > 9'525 && hits < 10'475));  // five standard deviations
  CHECK_FALSE(Probability{0}.hit(Draw{0}));
  CHECK(Probability{1'000'000'000}.hit(Draw{~std::uint64_t{0}}));
}

TEST_CASE("The integer logarithm is within 1e-6 of libm's") {
  double worst = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const std::uint64_t bits = numbered(i).bits >> (i % 60);
    if (bits == 0) continue;
    const double exact = 64 - std::log2(static_cast<double>(bits));
    const double ours = static_cast<double>(minus_log2_q32(bits)) / 4294967296.0;
    worst = std::max(worst, std::abs(exact - ours));
  }
  CHECK(worst < 1e-6);
  CHECK(minus_log2_q32(0) == std::uint64_t{64} << 32);
  CHECK(minus_log2_q32(1) == std::uint64_t{64} << 32);
  CHECK(minus_log2_q32(std::uint64_t{1} << 63) == std::uint64_t{1} << 32);
}

TEST_CASE("Exponential draws have the mean and the quantiles of the closed form") {
  constexpr std::uint64_t kDraws = 200'000;
  const Duration mean = milliseconds(10);
  std::vector<std::int64_t> values;
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    values.push_back(exponential(mean, numbered(i)).ns);
    sum += values.back();
  }
  // Standard error of the mean: 10 ms / sqrt(200,000) = 22,361 ns; five of them.
  CHECK(std::abs(sum / static_cast<std::int64_t>(kDraws) - mean.ns) < 111'803);
  std::sort(values.begin(), values.end());
  for (const double q : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const double expected = -std::log1p(-q) * static_cast<double>(mean.ns);
    // Standard error of a sample quantile: sqrt(q (1-q) / n) / density, the density being (1-q) / mean.
    const double error = std::sqrt(q / (1 - q) / kDraws) * static_cast<double>(mean.ns);
    const double measured = static_cast<double>(values[static_cast<std::size_t>(q * kDraws)]);
    INFO("quantile " << q);
    CHECK(std::abs(measured - expected) < 5 * error);
  }
  CHECK(exponential(mean, Draw{~std::uint64_t{0}}).ns >= 0);
  CHECK(exponential(mean, Draw{0}) < seconds(1));
}

}  // namespace twice

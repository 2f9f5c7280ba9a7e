#include "physics/latency.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace twice::physics {
namespace {

using Wide = unsigned __int128;

constexpr std::uint64_t kOneQ62 = std::uint64_t{1} << 62;
constexpr std::uint64_t kOneOverLn2Q32 = 6'196'328'019u;  // 1 / ln 2
constexpr std::uint64_t kLn2Q62 = 3'196'577'161'300'663'914u;

constexpr std::uint64_t root(Wide square) {
  std::uint64_t result = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t with = result | std::uint64_t{1} << bit;
    if (static_cast<Wide>(with) * with <= square) result = with;
  }
  return result;
}

// 2^(i/256) in Q62, as products of the square roots 2^(1/2), 2^(1/4), …
constexpr std::array<std::uint64_t, 256> make_exp2_table() {
  std::array<std::uint64_t, 8> roots{};
  std::uint64_t power = 2 * kOneQ62;
  for (std::uint64_t& r : roots) r = power = root(static_cast<Wide>(power) << 62);
  std::array<std::uint64_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::uint64_t product = kOneQ62;
    for (std::size_t bit = 0; bit < roots.size(); ++bit)
      if (i >> (7 - bit) & 1) product = static_cast<std::uint64_t>(static_cast<Wide>(product) * roots[bit] >> 62);
    table[i] = product;
  }
  return table;
}
constexpr auto kExp2Table = make_exp2_table();

Duration capped(std::int64_t ns) { return {std::min(ns, kLongestLatency.ns)}; }

Duration pick_of(const DurationRange& range, Draw draw) { return range.pick(draw); }
Duration pick_of(const Exponential& e, Draw draw) { return capped(exponential(e.mean, draw).ns); }
Duration pick_of(const Pareto& p, Draw draw) { return pareto(p, draw); }
Duration pick_of(const Measured& m, Draw draw) { return m.durations[draw.below(m.durations.size())]; }

// The draw picks the part; bits mixed from it pick the value, so that the two are independent.
Duration pick_of(const Mixture& mixture, Draw draw) {
  std::uint64_t left = draw.below(1'000'000'000);
  const Mixture::Part* chosen = &mixture.parts.back();
  for (const Mixture::Part& part : mixture.parts) {
    if (left < part.weight_ppb) {
      chosen = &part;
      break;
    }
    left -= part.weight_ppb;
  }
  const Draw value{mix(draw.bits)};
  return std::visit([&](const auto& model) { return pick_of(model, value); }, chosen->model) + chosen->plus;
}

}  // namespace

std::uint64_t minus_log2_fine_q32(std::uint64_t bits) {
  if (bits == 0) return std::uint64_t{64} << 32;
  const auto zeros = static_cast<std::uint64_t>(std::countl_zero(bits));
  const std::uint64_t mantissa = bits << zeros;  // 1.f in Q63
  const std::uint64_t cell = (mantissa >> 54) - 512;
  const std::uint64_t start = (512 + cell) << 54;
  // log2(start · (1 + r)) with r below 1/512 from the series of ln(1 + r): its fourth term is below 4e-12.
  const std::uint64_t r = ((mantissa - start) << 10) / (start >> 22);  // Q32
  const std::uint64_t r2 = r * r >> 32;
  const std::uint64_t ln = r - r2 / 2 + (r2 * r >> 32) / 3;
  const std::uint64_t log = detail::kLog2Table[cell] + (ln * kOneOverLn2Q32 >> 32);
  return ((zeros + 1) << 32) - log;
}

std::uint64_t exp2_q62(std::uint32_t fraction_q32) {
  const std::uint64_t base = kExp2Table[fraction_q32 >> 24];
  // 2^r = e^(r ln 2) with r below 1/256: the fourth term of its series is below 3e-12.
  const std::uint64_t rest = fraction_q32 & 0xffffffu;                                 // Q32
  const auto x = static_cast<std::uint64_t>(static_cast<Wide>(rest) * kLn2Q62 >> 32);  // Q62
  const auto x2 = static_cast<std::uint64_t>(static_cast<Wide>(x) * x >> 62);
  const auto x3 = static_cast<std::uint64_t>(static_cast<Wide>(x2) * x >> 62);
  const std::uint64_t series = kOneQ62 + x + x2 / 2 + x3 / 6;
  return static_cast<std::uint64_t>(static_cast<Wide>(base) * series >> 62);
}

Duration pareto(const Pareto& model, Draw draw) {
  // 64 · 2^32 · 10^6 is below 2^58.
  const std::uint64_t exponent = minus_log2_fine_q32(draw.bits) * 1'000'000 / model.shape_ppm;
  const std::uint64_t whole = exponent >> 32;
  if (whole >= 52 || model.minimum >= kLongestLatency) return kLongestLatency;
  const Wide scaled = static_cast<Wide>(model.minimum.ns) * exp2_q62(static_cast<std::uint32_t>(exponent));
  const unsigned shift = 62 - static_cast<unsigned>(whole);
  const Wide ns = (scaled + (static_cast<Wide>(1) << (shift - 1))) >> shift;
  return ns >= static_cast<Wide>(kLongestLatency.ns) ? kLongestLatency : Duration{static_cast<std::int64_t>(ns)};
}

Duration LatencyModel::pick_shaped(Draw draw) const {
  return std::visit([&](const auto& model) { return pick_of(model, draw); }, shape);
}

}  // namespace twice::physics

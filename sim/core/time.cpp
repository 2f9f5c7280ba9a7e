#include "core/time.h"

#include <array>

#include <fmt/format.h>

namespace twice {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

// Longest span first, so that printing picks the largest unit that fits.
constexpr std::array<Unit, 6> kUnits{{{"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

constexpr int kMaxDecimals = 9;

// The decimals of rest/unit, without trailing zeros; empty when more than `places` are needed.
std::string decimals(std::int64_t rest, std::int64_t unit, int places) {
  std::string digits;
  while (rest != 0 && places-- > 0) {
    rest *= 10;
    digits += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return rest == 0 ? digits : std::string{};
}

}  // namespace

std::string to_string(Duration d) {
  if (d.ns == 0) return "0s";
  const std::string sign = d.ns < 0 ? "-" : "";
  // Negating the smallest value would overflow; nobody can mean 292 years to the nanosecond.
  const std::int64_t n = d.ns == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max()
                         : d.ns < 0                                       ? -d.ns
                                                                          : d.ns;
  for (const Unit& u : kUnits) {
    if (n < u.ns) continue;
    if (n % u.ns == 0) return fmt::format("{}{}{}", sign, n / u.ns, u.name);
    const std::string digits = decimals(n % u.ns, u.ns, 3);
    if (!digits.empty()) return fmt::format("{}{}.{}{}", sign, n / u.ns, digits, u.name);
  }
  return fmt::format("{}{}ns", sign, n);
}

std::string in_seconds(Time t) { return fmt::format("{}.{:03} s", t.ns / 1'000'000'000, t.ns / 1'000'000 % 1'000); }

std::optional<Duration> parse_duration(std::string_view text) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) i = 1;
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;
  std::size_t digits = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++digits) {
    if (whole > (kMax - 9) / 10) return std::nullopt;
    whole = whole * 10 + (text[i] - '0');
  }
  if (i < text.size() && text[i] == '.') {
    int places = 0;
    for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++digits, ++places) {
      if (places == kMaxDecimals) return std::nullopt;
      fraction = fraction * 10 + (text[i] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  const std::string_view name = text.substr(i);
  for (const Unit& u : kUnits) {
    if (u.name != name) continue;
    if (whole > kMax / u.ns - 1) return std::nullopt;
    // fraction < scale <= 1e9 and u.ns <= 3.6e12: the product may pass 2^63, so divide in two steps.
    const std::int64_t part = u.ns % scale == 0
                                  ? fraction * (u.ns / scale)
                                  : static_cast<std::int64_t>(static_cast<__int128>(fraction) * u.ns / scale);
    const std::int64_t ns = whole * u.ns + part;
    return Duration{negative ? -ns : ns};
  }
  return std::nullopt;
}

}  // namespace twice

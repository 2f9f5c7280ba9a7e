#pragma once
// Virtual time: integers of nanoseconds, never a wall clock.
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace twice {

/// A span of virtual time in nanoseconds; may be negative (clock skew).
struct Duration {
  std::int64_t ns = 0;
  auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return {ns + o.ns}; }
  constexpr Duration operator-(Duration o) const { return {ns - o.ns}; }
  constexpr Duration operator*(std::int64_t k) const { return {ns * k}; }
  constexpr Duration operator/(std::int64_t k) const { return {ns / k}; }
  constexpr Duration& operator+=(Duration o) { return ns += o.ns, *this; }
};

/// A moment of virtual time: nanoseconds since the start of the run.
struct Time {
  std::int64_t ns = 0;
  auto operator<=>(const Time&) const = default;
  constexpr Time operator+(Duration d) const { return {ns + d.ns}; }
  constexpr Time operator-(Duration d) const { return {ns - d.ns}; }
  constexpr Duration operator-(Time o) const { return {ns - o.ns}; }
};

constexpr Time kEndOfTime{std::numeric_limits<std::int64_t>::max()};

constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
constexpr Duration microseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(60 * n); }

/// "30s", "1.5ms", "2h": the largest unit that leaves a short decimal; exact, so that parse(print(d)) == d.
std::string to_string(Duration d);
/// Seconds with three decimals, "16.010 s": for tables and narration, rounded down.
std::string in_seconds(Time t);

/// Reads "150ms", "1.5s", "10m", "2h", "250us", "7ns". nullopt when it is no duration or does not fit.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace twice

#include "ui/panels/time_axis.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace twice::ui {
namespace {

constexpr std::int64_t kShortest = 1'000;  // ns

// The smallest of 1, 2, 5, 10, 20, 50 … ns that is not below `least`.
std::int64_t nice_step(double least) {
  std::int64_t step = 1;
  for (int i = 0; static_cast<double>(step) < least && i < 54; ++i) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
  return step;
}

int decimals_of(std::int64_t step) {
  int decimals = 9;
  for (; decimals > 0 && step % 10 == 0; step /= 10) --decimals;
  return decimals;
}

}  // namespace

double TimeAxis::ns_per_pixel() const {
  return static_cast<double>((to - from).ns) / std::max(1.0, static_cast<double>(end - begin));
}

float TimeAxis::place(Time when) const {
  const double all = std::max<double>(1, static_cast<double>((to - from).ns));
  return begin + static_cast<float>(static_cast<double>((when - from).ns) / all * static_cast<double>(end - begin));
}

Time TimeAxis::at(float place) const {
  return from + Duration{static_cast<std::int64_t>(static_cast<double>(place - begin) * ns_per_pixel())};
}

std::vector<Tick> ticks_of(const TimeAxis& axis, float apart) {
  std::vector<Tick> ticks;
  const std::int64_t step = nice_step(axis.ns_per_pixel() * static_cast<double>(apart));
  const int decimals = decimals_of(step);
  for (std::int64_t ns = (axis.from.ns + step - 1) / step * step; ns <= axis.to.ns && ticks.size() < 200; ns += step)
    ticks.push_back({Time{ns}, fmt::format("{:.{}f} s", static_cast<double>(ns) / 1e9, decimals)});
  return ticks;
}

std::string length_text(Duration length) {
  const auto ns = static_cast<double>(length.ns);
  if (ns >= 1e9) return fmt::format("{:.3g} s", ns / 1e9);
  if (ns >= 1e6) return fmt::format("{:.3g} ms", ns / 1e6);
  return fmt::format("{:.3g} µs", ns / 1e3);
}

std::pair<Time, Time> clamped(Time from, Time to, Time end) {
  const std::int64_t all = std::max(end.ns, kShortest);
  const std::int64_t length = std::clamp((to - from).ns, kShortest, all);
  const std::int64_t begin = std::clamp<std::int64_t>(from.ns, 0, all - length);
  return {Time{begin}, Time{begin + length}};
}

std::pair<Time, Time> zoomed(std::pair<Time, Time> span, double factor, Time around, Time end) {
  const auto scaled = [&](Duration d) {
    return Duration{static_cast<std::int64_t>(std::llround(static_cast<double>(d.ns) * factor))};
  };
  const Time from = around - scaled(around - span.first);
  return clamped(from, from + scaled(span.second - span.first), end);
}

}  // namespace twice::ui

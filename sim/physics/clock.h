#pragma once
#include <cstdint>

#include "core/time.h"

namespace twice::physics {

/// A node's clock: local = global + skew + (global - since) · drift. Drift in parts per billion; |drift| < 10^9.
struct Clock {
  Duration skew{};
  std::int64_t drift_ppb = 0;
  Time since{};  // when the clock was exactly `skew` off

  Time local(Time global) const { return global + skew + scaled(global.ns - since.ns, drift_ppb); }
  /// How long a wait of `local_wait` on this clock takes in global time.
  Duration global_wait(Duration local_wait) const {
    if (drift_ppb == 0) return local_wait;
    return Duration{
        static_cast<std::int64_t>(static_cast<__int128>(local_wait.ns) * 1'000'000'000 / (1'000'000'000 + drift_ppb))};
  }

 private:
  static Duration scaled(std::int64_t ns, std::int64_t ppb) {
    if (ppb == 0) return {};
    return {static_cast<std::int64_t>(static_cast<__int128>(ns) * ppb / 1'000'000'000)};
  }
};

}  // namespace twice::physics

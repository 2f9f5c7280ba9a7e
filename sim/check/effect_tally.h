#pragma once
// What became of the records that a pipeline took on.
#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/time.h"

namespace twice::check {

struct EffectTally {
  std::uint64_t records = 0;   // that it took on
  std::uint64_t effects = 0;   // rows of them that a reader sees
  std::uint64_t lost = 0;      // records without an effect
  std::uint64_t doubled = 0;   // effects beyond the first of their record
  std::uint64_t invented = 0;  // effects of records that were never taken on
  std::string unsettled;       // why it is too early to call anything lost; empty: all has come to rest
};

/// The first moment at which something was wrong.
struct FirstSeen {
  Sequence event = 0;
  Time at{};
  std::string words;
};

}  // namespace twice::check

#pragma once
// How far reads lag behind the newest write, at least: in versions and in time.
#include <cstdint>
#include <optional>

#include "check/history.h"
#include "check/models.h"
#include "check/object.h"

namespace twice::check {

struct StalenessBounds {
  std::optional<std::uint64_t> versions{};  // nullopt: measured only
  std::optional<Duration> time{};
};

/// The worst read of a history.
struct Staleness {
  Verdict verdict;
  std::uint64_t versions = 0;  // writes that were complete before the read began and certainly newer than what it saw
  Duration time;               // from the first such write's answer to the call of the read
};

/// A write is certainly newer than one that was complete when it was called. So both figures are lower bounds, and 0
/// for every linearizable history. Where several writes wrote the value that a read saw, the one that flatters it
/// counts. Violated also by a read of what was only written later. Unknown for texts with appends and for counters.
/// `times`: the times of the history mean something. Cost: reads times the writes of their key.
Staleness check_staleness(const History& history, Object object, const StalenessBounds& bounds, bool times = true);

}  // namespace twice::check

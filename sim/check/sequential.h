#pragma once
// Sequential consistency (Lamport 1979): one order of all operations that keeps the order of each client. Deciding it
// is NP-complete, so it has a budget.
#include <cstdint>

#include "check/history.h"
#include "check/models.h"
#include "check/session_view.h"

namespace twice::check {

/// First looks for what contradicts itself by saturation (when reads can be traced to writes), which finds most
/// violations and gives them words; then searches for an order. `budget` counts configurations and operations tried,
/// and for the saturation words looked at, 64 to a step.
Verdict check_sequential(const SessionView& view, std::uint64_t budget);

}  // namespace twice::check

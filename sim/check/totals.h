#pragma once
#include <vector>

#include "check/history.h"
#include "check/models.h"
#include "check/replicas.h"

namespace twice::check {

/// A counter (a balance) that every replica ends with must be the sum of the additions that were acknowledged; those
/// of unknown outcome may or may not be in it, each at most once. Violated: an addition was done twice, lost, or
/// allowed on both sides of a split. REQUIRES a history of counters. Unknown without replicas.
Verdict check_totals(const History& history, const std::vector<Replica>& replicas);

/// No balance was ever seen below zero: neither by a read nor on a replica in the end. REQUIRES a history of counters.
Verdict check_overdraft(const History& history, const std::vector<Replica>& replicas);

}  // namespace twice::check

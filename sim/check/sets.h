#pragma once
// What became of a set's elements: additions that were acknowledged stay, removals that were acknowledged last.
#include <cstdint>
#include <string>
#include <vector>

#include "check/history.h"
#include "check/models.h"
#include "check/replicas.h"

namespace twice::check {

/// An insertion or a removal of an element as its client lived it. REQUIRES of a list of them that no element is
/// inserted under one key twice.
struct SetChange {
  std::string client, key;
  std::int64_t element = 0;
  bool removes = false;
  Outcome outcome = Outcome::kUnknown;
  bool asked_once = true;  // one attempt: it took effect at one place at most
  Time answered{};
};

/// Every insertion that is ok is on some replica, unless a removal of it may have taken effect. Unknown without
/// replicas.
Verdict check_additions_kept(const std::vector<SetChange>& changes, const std::vector<Replica>& replicas);

/// No replica holds an element whose removal is ok. An insertion that was asked for more than once may have happened at
/// two places of which the removal saw one: then the addition wins, and that is as it should be. Unknown without
/// replicas.
Verdict check_removals_last(const std::vector<SetChange>& changes, const std::vector<Replica>& replicas);

}  // namespace twice::check

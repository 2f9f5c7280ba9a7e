#pragma once
// What the replicas hold in the end: do they agree, and is everything there that was acknowledged?
#include <map>
#include <string>
#include <vector>

#include "check/history.h"
#include "check/models.h"
#include "check/object.h"

namespace twice::check {

/// The final values of one replica. A key that is missing holds the initial value.
struct Replica {
  std::string name;
  std::map<std::string, Value> values;
};

/// Held: all replicas hold the same. Unknown without replicas.
Verdict check_convergence(const std::vector<Replica>& replicas, Object object);

/// An acknowledged write that no replica knows of any more.
struct LostWrite {
  std::size_t operation = 0;  // index of the history
  std::string words;
};
struct Durability {
  Verdict verdict;
  std::vector<LostWrite> lost;  // in order of the history
};

/// Nothing acknowledged is lost: each write that is ok is the final value of its key on some replica, or was
/// overwritten there by one that is not certainly older (of siblings, one is enough); each appended element or text is
/// in the value of some replica (an overwritten text says nothing of its appends: unknown); a counter holds at least
/// all acknowledged additions.
Durability check_durability(const History& history, const std::vector<Replica>& replicas, Object object);

}  // namespace twice::check

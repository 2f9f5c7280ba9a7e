#pragma once
// What must hold in every state of a searched Raft cluster, as far as a state alone can tell: what was and is no more,
// such as a leader of an earlier moment, only check::RaftInvariants remembers.
#include <vector>

#include "lab/search/model.h"

namespace twice::lab::search {

/// election-safety, log-matching, leader-completeness and state-machine-safety must hold; somebody leads, and
/// something is committed, in some state.
std::vector<Property> raft_properties();

}  // namespace twice::lab::search

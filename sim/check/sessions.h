#pragma once
// Causal consistency, PRAM and the four session guarantees (Terry et al. 1994), each as: every client can put all
// writes and its own reads into one order in which each read sees the latest write of its key. The models differ in
// what that order has to keep:
//   all                  the writes of one client to one key in their order
//   read your writes     own reads after own earlier writes
//   monotonic reads      own reads in their order
//   monotonic writes     own reads in their order, the writes of each client in their order
//   writes follow reads  own reads in their order, each write after what its client had read before it
//   PRAM                 own operations in their order, the writes of each other client in their order
//   causal               all operations of all clients in their order, each read after the write it saw (Ahamad 1995)
// A client whose reads are not even monotonic is no witness against monotonic writes and writes follow reads.
#include <cstdint>

#include "check/history.h"
#include "check/models.h"
#include "check/object.h"
#include "check/session_view.h"
#include "core/limits.h"

namespace twice::check {

struct SessionOptions {
  std::optional<Object> object{};                // nullopt: what the history speaks of
  std::uint64_t budget = limits::kSessionWords;  // words looked at, for one model
};

/// REQUIRES a model from causal down to read your writes. Unknown, with the reason: values that are not unique, objects
/// whose reads do not tell which writes they saw (texts with appends, counters), compare-and-sets that failed (what
/// they saw is not known) when nothing else is wrong, or the budget.
Verdict check_session(Model model, const SessionView& view, std::uint64_t budget);
Verdict check_session(Model model, const History& history, const SessionOptions& options = {});

}  // namespace twice::check

#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "lab/search/expander.h"
#include "lab/search/judge.h"
#include "lab/search/state_store.h"

namespace twice::lab::search {

/// A run on which something never holds: it ends where nothing can happen any more that changes anything, or it comes
/// back to the state after `back_to` steps. Nothing is assumed of the scheduler, so it may go round for ever.
struct Escape {
  std::vector<std::uint32_t> path;  // states; empty: there is no such run
  std::optional<std::size_t> back_to;
  bool cut_short = false;  // the search had not seen every state, so there may be one
};

/// Looks among the states that can be reached without `property` ever holding. REQUIRES that the first `expanded`
/// states have all their successors in the store.
Escape find_escape(Expander& expander, StateStore& store, Judge& judge, std::size_t property, std::uint32_t expanded);

}  // namespace twice::lab::search

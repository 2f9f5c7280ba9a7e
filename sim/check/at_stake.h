#pragma once
// Whether a history could have broken a promise at all. One in which nobody reads what anybody wrote fits every model,
// and says nothing about the design that it came from.
#include <optional>
#include <string>

#include "check/history.h"
#include "check/models.h"

namespace twice::check {

/// Why the history says nothing about the model; nullopt: some answer in it could have broken the promise. Every model
/// needs a write that may have happened and an answered read; read-your-writes needs a client that reads a key after
/// its own write, monotonic reads one that reads a key twice, monotonic writes one that writes twice, and
/// writes-follow-reads one that writes after a read.
std::optional<std::string> nothing_at_stake(Model model, const History& history);

/// Operations that were told ok, of those that change something, and of all.
struct Successes {
  std::size_t reads = 0, changes = 0;
};
Successes successes(const History& history);

}  // namespace twice::check

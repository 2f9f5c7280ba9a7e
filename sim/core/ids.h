#pragma once
// Names of things inside a world: small integers, never pointers.
#include <compare>
#include <cstdint>

namespace twice {

/// Index of a node in its world. At most 65,534 nodes.
struct NodeId {
  std::uint16_t index = 0;
  auto operator<=>(const NodeId&) const = default;
};

/// "No node": the environment, e.g. the sender of the first Start.
constexpr NodeId kNobody{0xffff};

/// Position of an event in its run, from 1; 0 = before the run.
using Sequence = std::uint64_t;

/// Identity of an event that survives edits outside its causal past: mix(id of its cause, index among that
/// step's effects). Draws are keyed by it, lanes and branches are compared by it.
using CausalId = std::uint64_t;

/// A node's disk write, first in first out; 0 = none. `after = token` implies all earlier tokens.
using WriteToken = std::uint32_t;

}  // namespace twice

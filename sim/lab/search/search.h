#pragma once
// Exhaustive search on the nodes that also run in the simulator: the scheduler does everything it may do, in every
// order. Breadth first, so every witness is as short as can be.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/fields.h"
#include "lab/search/model.h"

namespace twice::lab::search {

enum class Verdict : std::uint8_t { kHolds, kBroken, kUnknown };
std::string_view name_of(Verdict verdict);  // holds, broken, unknown

/// One choice of the scheduler, and what came of it.
struct StoryStep {
  NodeId node;                       // whom it happens to
  std::string words;                 // "coordinator gets Prepared from n1"
  std::vector<FieldChange> changes;  // of that node's state
  std::vector<std::string> sent, marks;
  world::Choice choice;  // as a world that begins in the first state carries it out
};

struct Finding {
  std::string name;
  Property::Kind kind = Property::Kind::kAlways;
  Verdict verdict = Verdict::kUnknown;
  std::string words;                     // why, when it is not plain
  std::vector<StoryStep> story{};        // the way to the violation, or to the witness
  std::optional<std::size_t> back_to{};  // a run for ever: from its last step on as after this many steps
};

enum class Stop : std::uint8_t { kComplete, kFoundOne, kDepth, kStates, kMemory, kTimeLimit, kInterrupted };
std::string_view name_of(Stop stop);

struct Result {
  std::string error;         // a node did what a search cannot follow; nothing else is filled in then
  std::uint32_t states = 0;  // distinct; with symmetry: orbits
  std::uint64_t generated = 0;
  std::uint32_t depth = 0;  // levels, the first state is one
  std::uint64_t node_steps = 0;
  std::size_t bytes = 0;  // of everything that grows with the search
  Stop stop = Stop::kComplete;
  std::vector<Finding> findings;
  Verdict verdict() const;  // of all of them
};

struct Progress {
  std::uint32_t states, depth;
  std::uint64_t generated;
  std::size_t bytes;
};
/// Called now and then; false stops the search.
using Watcher = std::function<bool(const Progress&)>;

Result explore(const Model& model, const Watcher& watcher = {});

/// The story as numbered lines.
std::string to_text(const std::vector<StoryStep>& story);

}  // namespace twice::lab::search

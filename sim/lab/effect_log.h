#pragma once
// Listens to streams and object stores: what became of their records, in words and figures.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/deliveries.h"
#include "check/table_states.h"
#include "lab/run.h"
#include "world/world.h"

namespace twice::lab {

class EffectLog {
 public:
  /// Words about something that went wrong for the first time; empty: nothing.
  std::string event(const world::World& world, const Event& event, const std::vector<Effect>& effects);

  struct Answer {
    Held held = Held::kUnknown;
    std::string wanted, seen;
    std::optional<Time> at{};
  };
  /// The expectations of these models; nullopt: another's name.
  std::optional<Answer> judge(const std::string& name, const world::World& world) const;
  /// Their metrics that are no counts of moments; nullopt: another's, or this run does not have it.
  std::optional<std::int64_t> metric(std::string_view name, const world::World& world) const;
  bool saw_stream() const { return deliveries_.saw_stream(); }
  bool saw_store() const { return table_.saw_store(); }

 private:
  check::EffectTally tally(const world::World& world) const;
  Answer effects_are(const std::string& name, const world::World& world) const;
  Answer table_is(const std::string& name, const world::World& world) const;

  check::Deliveries deliveries_;
  check::TableStates table_;
};

/// A mark of a node of these models: which metric counts it, and what is worth telling. nullopt: another kind of node.
struct EffectMark {
  std::string counted_as, words;
};
std::optional<EffectMark> effect_mark(const world::World& world, const TraceRecord& record, std::string_view label);

}  // namespace twice::lab

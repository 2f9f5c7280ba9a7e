#pragma once
// How often each record of a stream was sent, arrived and counts: kept outside the nodes, from what they do.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "check/effect_tally.h"
#include "core/event.h"
#include "core/node.h"
#include "world/world.h"

namespace twice::check {

class Deliveries {
 public:
  /// To be called after every event of a world, with its effects; events of other nodes are passed over.
  void event(const world::World& world, const Event& event, const std::vector<Effect>& effects);

  bool saw_stream() const { return saw_; }
  /// Records that the producer gave to its link, and that came to the sink: each copy counts.
  std::uint64_t sent() const { return sent_; }
  std::uint64_t delivered() const { return delivered_; }
  /// Of those, copies of a record that had come before.
  std::uint64_t delivered_again() const { return delivered_ - arrivals_.size(); }
  const std::optional<FirstSeen>& first_doubled() const { return first_doubled_; }
  EffectTally tally(const world::World& world) const;
  /// What the consumers' states have counted.
  std::uint64_t counted(const world::World& world) const;

 private:
  enum class Kind : std::uint8_t { kUnseen, kProducer, kSink, kOther };
  void watch_sink(const world::World& world, const Event& event);

  std::vector<Kind> kinds_;                          // by node
  std::map<std::uint64_t, std::uint32_t> arrivals_;  // record -> copies that came to the sink
  std::uint64_t sent_ = 0, delivered_ = 0, taken_ = 0;
  std::optional<FirstSeen> first_doubled_;
  bool saw_ = false;
};

}  // namespace twice::check

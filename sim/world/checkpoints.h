#pragma once
#include <cstddef>
#include <vector>

#include "world/world.h"

namespace twice::world {

/// Time travel: copies of a world at regular events. Any event is reached from the nearest copy before it by running
/// on; the result is the world that a run from zero gives.
class Checkpoints {
 public:
  /// `start` is event 0 of the journey. At most `capacity` copies are kept (at least 2).
  explicit Checkpoints(World start, std::size_t capacity = 256);

  /// Call after every event of the run being recorded. Spacing doubles whenever the capacity is reached.
  void offer(const World& world);
  /// The world right after event `n`, or after the last event when the run ends before.
  World at(Sequence n) const;
  Sequence spacing() const { return spacing_; }
  std::size_t size() const { return worlds_.size(); }

 private:
  std::vector<World> worlds_;  // ordered by events(); the first is the start
  std::size_t capacity_;
  Sequence spacing_ = 1024;
};

}  // namespace twice::world

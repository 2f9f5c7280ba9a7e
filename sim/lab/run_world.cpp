#include "lab/run_world.h"

namespace twice::lab {
namespace {

// A statement may take as long as thousands of messages.
constexpr Sequence kEventsBetweenLooks = 8;

}  // namespace

StoppedBy run_world(world::World& world, Time until, const StopSeam& stop, const std::function<bool()>& over) {
  for (;;) {
    if (const StoppedBy by = asked(stop); by != StoppedBy::kNothing) return by;
    if (over && over()) return StoppedBy::kNothing;
    const Sequence last = world.events() + kEventsBetweenLooks;
    world.run(until, last);
    if (world.events() < last) return StoppedBy::kNothing;
  }
}

}  // namespace twice::lab

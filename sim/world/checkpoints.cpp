#include "world/checkpoints.h"

#include <algorithm>

namespace twice::world {

Checkpoints::Checkpoints(World start, std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 2)) {
  worlds_.push_back(std::move(start));
}

void Checkpoints::offer(const World& world) {
  if (world.events() < worlds_.back().events() + spacing_) return;
  if (worlds_.size() >= capacity_) {
    // Keep every other copy; the start always stays.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < worlds_.size(); i += 2) std::swap(worlds_[kept++], worlds_[i]);
    worlds_.erase(worlds_.begin() + static_cast<std::ptrdiff_t>(kept), worlds_.end());
    spacing_ *= 2;
    if (world.events() < worlds_.back().events() + spacing_) return;
  }
  worlds_.push_back(world);
}

World Checkpoints::at(Sequence n) const {
  const auto after = std::upper_bound(worlds_.begin(), worlds_.end(), n,
                                      [](Sequence event, const World& w) { return event < w.events(); });
  World world = after == worlds_.begin() ? worlds_.front() : *std::prev(after);
  world.run(kEndOfTime, n);
  return world;
}

}  // namespace twice::world

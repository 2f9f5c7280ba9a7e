#pragma once
// Delta debugging (Zeller and Hildebrandt 2002): the smallest part of a list that still shows what it should.
#include <cstddef>
#include <functional>
#include <vector>

namespace twice::check {

/// True when the kept items still show it. Items are numbers below `count`, in order.
using StillShows = std::function<bool(const std::vector<std::size_t>& kept)>;

/// Drops chunks, then single items, the last ones first, until none can be dropped or `tries` questions were asked.
/// REQUIRES that all items together show it. The result does, and is minimal by single items if the tries sufficed.
std::vector<std::size_t> minimise(std::size_t count, std::size_t tries, const StillShows& shows);

}  // namespace twice::check

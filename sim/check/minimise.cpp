#include "check/minimise.h"

#include <algorithm>
#include <numeric>

namespace twice::check {
namespace {

std::vector<std::size_t> without(const std::vector<std::size_t>& items, std::size_t from, std::size_t to) {
  std::vector<std::size_t> rest(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(from));
  rest.insert(rest.end(), items.begin() + static_cast<std::ptrdiff_t>(to), items.end());
  return rest;
}

}  // namespace

std::vector<std::size_t> minimise(std::size_t count, std::size_t tries, const StillShows& shows) {
  std::vector<std::size_t> kept(count);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  std::size_t chunk = std::max<std::size_t>(count / 2, 1);
  while (tries > 0 && !kept.empty()) {
    bool dropped = false;
    for (std::size_t end = kept.size(); end > 0 && tries > 0;) {
      const std::size_t from = end > chunk ? end - chunk : 0;
      std::vector<std::size_t> rest = without(kept, from, end);
      --tries;
      if (shows(rest)) {
        kept = std::move(rest);
        dropped = true;
      }
      end = from;
    }
    if (chunk == 1 && !dropped) break;
    chunk = std::max<std::size_t>(chunk / 2, 1);
  }
  return kept;
}

}  // namespace twice::check

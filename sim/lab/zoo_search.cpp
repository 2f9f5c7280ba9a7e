#include "lab/zoo_search.h"

#include <algorithm>
#include <array>

#include "core/assert.h"
#include "lab/search/models.h"

namespace twice::lab::zoo {
namespace {

// Those that take seconds; scenarios/zoo/README.md has a longer one.
struct Bounds {
  Bug bug;
  std::uint32_t timers, crashes;
};
constexpr std::array kBounds = {
    Bounds{Bug::kNone, 2, 1},
    Bounds{Bug::kVoteNotPersisted, 2, 1},
    Bounds{Bug::kTermNotPersisted, 2, 1},
    Bounds{Bug::kStaleVoteResponseCounted, 3, 0},
    Bounds{Bug::kVoteTwice, 2, 0},
    Bounds{Bug::kNoUpToDateCheck, 2, 0},
    Bounds{Bug::kUpToDateByLengthOnly, 3, 0},
};

}  // namespace

std::optional<search::Options> bounds_of(Bug bug) {
  const auto at = std::find_if(kBounds.begin(), kBounds.end(), [&](const Bounds& bounds) { return bounds.bug == bug; });
  if (at == kBounds.end()) return std::nullopt;
  search::Options options;
  options.network = search::NetworkKind::kMultiset;
  options.timers = at->timers;
  options.crashes = at->crashes;
  return options;
}

std::optional<search::Report> search_for(Bug bug, const scenario::Scenario& small, const search::Watcher& watcher) {
  const auto lane = std::find_if(small.variants.begin(), small.variants.end(),
                                 [&](const scenario::Variant& variant) { return bug_of(variant) == bug; });
  const std::optional<search::Options> options = bounds_of(bug);
  if (lane == small.variants.end() || !options) return std::nullopt;
  search::Report report;
  report.file = small.path;
  report.lane = lane->name;
  report.seed = small.shared().seeds.first;
  report.options = *options;
  report.result = explore(search::model_of(lane->spec, report.seed, report.options), watcher);
  TWICE_ASSERT(report.result.error.empty(), report.result.error);
  return report;
}

}  // namespace twice::lab::zoo

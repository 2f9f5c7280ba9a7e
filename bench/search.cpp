// Exhaustive search of two-phase commit with eight participants, on the node code of the simulator.
#include "lab/search/search.h"

#include <fmt/format.h>

#include "bench/bench.h"
#include "lab/search/models.h"

namespace twice::bench {
namespace {

using lab::search::Model;
using lab::search::Result;

constexpr double kSpin = 0.30;  // M distinct states/s: Spin 6.5.2, the same model, one core of the reference machine

Model participants(std::size_t count, bool symmetry) {
  scenario::Spec spec;
  spec.cluster.emplace().protocol = scenario::TwoPhaseCommitSpec{};
  for (std::size_t i = 1; i <= count; ++i) spec.cluster->nodes.push_back({fmt::format("n{}", i)});
  lab::search::Options options;
  options.symmetry = symmetry;
  return model_of(spec, 1, options);
}

}  // namespace

void run_search(Report& report) {
  const Model model = participants(8, false);
  Result result;
  const double speed = median_of_3([&] {
    const double seconds = cpu_seconds([&] { result = explore(model); });
    return result.states / 1e6 / seconds;
  });
  const double bytes = static_cast<double>(result.bytes) / result.states;
  report.add({fmt::format("search 2PC, N = 8, {} states", result.states), speed, "M/s", kSpin, at_least(1)});
  report.add({fmt::format("search 2PC, N = 8, {} generated", result.generated), bytes, "B/state", {}, at_most(64)});
  const Model symmetric = participants(8, true);
  const double seconds = median_of_3([&] { return cpu_seconds([&] { result = explore(symmetric); }); });
  report.add({fmt::format("search 2PC, N = 8, {} orbits", result.states), seconds * 1e3, "ms"});
}

}  // namespace twice::bench

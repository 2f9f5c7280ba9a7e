// A copy of a world is a fork: what does one cost?
#include <fmt/format.h>

#include "bench/bench.h"
#include "protocols/heartbeat/heartbeat.h"
#include "world/world.h"

namespace twice::bench {
namespace {

double copy_us(std::size_t nodes, Sequence events, int copies) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= nodes; ++i) names.push_back(fmt::format("n{}", i));
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(10)};
  world::World world(1, protocols::make_heartbeat_cluster(names, {}), link);
  world.run(kEndOfTime, events);
  return median_of_3([&] {
    std::size_t sink = 0;
    const double seconds = cpu_seconds([&] {
      for (int i = 0; i < copies; ++i) sink += world::World(world).size();
    });
    return seconds * 1e6 / (sink == 0 ? 1 : copies);
  });
}

}  // namespace

void run_copies(Report& report) {
  report.add({"copy of a world, 5 nodes, after 1 k events", copy_us(5, 1'000, 20'000), "us"});
  report.add({"copy of a world, 5 nodes, after 1 M events", copy_us(5, 1'000'000, 20'000), "us"});
  report.add({"copy of a world, 100 nodes, after 1 M events", copy_us(100, 1'000'000, 200), "us"});
}

}  // namespace twice::bench

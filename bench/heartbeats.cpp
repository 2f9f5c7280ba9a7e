// A real protocol: five heartbeat detectors; and time travel within ten million of their events.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "bench/bench.h"
#include "core/random.h"
#include "protocols/heartbeat/heartbeat.h"
#include "world/checkpoints.h"

namespace twice::bench {
namespace {

world::World make_five(Trace::Keep keep) {
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(10)};
  link.loss = Probability{10'000'000};
  return world::World(
      1, protocols::make_heartbeat_cluster({"n1", "n2", "n3", "n4", "n5"}, {milliseconds(100), milliseconds(350)}),
      link, keep);
}

double million_events_per_second(Trace::Keep keep) {
  constexpr Sequence kEvents = 2'000'000;
  return median_of_3([&] {
    world::World world = make_five(keep);
    return kEvents / 1e6 / cpu_seconds([&] { world.run(kEndOfTime, kEvents); });
  });
}

// Resident memory in MB; 0 where the system does not tell.
double memory() {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  if (!status) return 0;
  char line[256];
  long kilobytes = 0;
  while (std::fgets(line, sizeof line, status))
    if (std::sscanf(line, "VmRSS: %ld kB", &kilobytes) == 1) break;
  std::fclose(status);
  return static_cast<double>(kilobytes) / 1024;
}

void seek_anywhere(Report& report) {
  constexpr Sequence kEvents = 10'000'000;
  const double before = memory();
  world::World world = make_five(Trace::Keep::kAll);
  world::Checkpoints checkpoints(world);
  const double record = cpu_seconds([&] {
    while (world.events() < kEvents && world.step()) checkpoints.offer(world);
  });
  std::vector<double> seeks;
  std::uint64_t sink = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Sequence target = draw(1, Purpose::kNode, i).below(kEvents);
    seeks.push_back(1e3 * cpu_seconds([&] { sink += checkpoints.at(target).events(); }));
  }
  std::sort(seeks.begin(), seeks.end());
  report.add({"10 M events with checkpoints, recording", record * 1e9 / kEvents, "ns/event"});
  report.add({"10 M events, seek anywhere, median of 200", median(seeks), "ms"});
  report.add({"10 M events, seek anywhere, slowest of 200", sink == 0 ? 0 : seeks.back(), "ms", {}, at_most(33)});
  report.add({"10 M events, size of the trace",
              static_cast<double>(world.trace().bytes()) / static_cast<double>(world.events()),
              "B/event",
              {},
              at_most(10)});
  report.add({fmt::format("10 M events, memory with {} checkpoints", checkpoints.size()), memory() - before, "MB"});
}

}  // namespace

void run_heartbeats(Report& report) {
  report.add(
      {"5 heartbeat nodes, full trace", million_events_per_second(Trace::Keep::kAll), "M events/s", {}, at_least(1)});
  report.add({"5 heartbeat nodes, trace hash", million_events_per_second(Trace::Keep::kHashes), "M events/s"});
  report.add({"5 heartbeat nodes, no trace", million_events_per_second(Trace::Keep::kNothing), "M events/s"});
  seek_anywhere(report);
}

}  // namespace twice::bench

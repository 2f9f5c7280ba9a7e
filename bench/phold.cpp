// PHOLD through the whole kernel: World, Node, effects, network, payloads and trace.
#include <fmt/format.h>

#include "bench/bench.h"
#include "bench/reference.h"
#include "world/world.h"

namespace twice::bench {
namespace {

struct Hop {
  static constexpr std::string_view kName = "Hop";
  template <class Self, class V>
  static void visit(Self& self, V& v) { v("value", self.value); }
  std::uint64_t value = 0;
};

struct LogicalProcess {
  static constexpr std::string_view kName = "LogicalProcess";
  template <class Self, class V>
  static void visit(Self& self, V& v) { v("self", self.self), v("reach", self.reach), v("first", self.first), v("state", self.state); }

  void step(Time, const Input& input, Effects& effects) {
    if (const auto* received = std::get_if<Received>(&input)) {
      hop(received->body.get<Hop>()->value, effects);
    } else {
      for (std::uint64_t i = 0; i < first; ++i) hop(i, effects);
    }
  }
  void hop(std::uint64_t value, Effects& effects) {
    state = mix(state ^ value);
    effects.send(NodeId{static_cast<std::uint16_t>(next_process(self.index, state, reach))}, Payload(Hop{state}));
  }

  NodeId self;
  std::uint32_t reach = kNeighbours;
  std::uint64_t first = 1;  // messages sent at the start
  std::uint64_t state = 0;
};

world::World make_phold(std::uint64_t pending, Trace::Keep keep, std::uint32_t reach) {
  std::vector<world::NodeSetup> nodes(kProcesses);
  for (std::uint32_t i = 0; i < kProcesses; ++i) {
    nodes[i].name = fmt::format("p{}", i);
    nodes[i].node = make_node(LogicalProcess{NodeId{static_cast<std::uint16_t>(i)}, reach, pending / kProcesses});
  }
  physics::LinkProfile link;
  link.exponential_mean = kMeanHop;
  return world::World(1, std::move(nodes), link, keep);
}

double world_ns(std::uint64_t pending, std::uint64_t events, Trace::Keep keep, std::uint32_t reach = kNeighbours) {
  return median_of_3([&] {
    world::World world = make_phold(pending, keep, reach);
    world.run(kEndOfTime, kProcesses + pending);  // past the starts and once around
    return cpu_seconds([&] { world.run(kEndOfTime, world.events() + events); }) * 1e9 / static_cast<double>(events);
  });
}

template <class Queue, class E>
double plain_ns(std::uint64_t pending, std::uint64_t events) {
  std::uint64_t sink = 0;
  const double ns = median_of_3([&] {
    PlainPhold<Queue, E> phold(pending);
    phold.run(pending);
    const double seconds = cpu_seconds([&] { phold.run(events); });
    sink ^= phold.hash();
    return seconds * 1e9 / static_cast<double>(events);
  });
  return sink == 1 ? 0 : ns;
}

}  // namespace

void run_phold(Report& report) {
  constexpr std::uint64_t kFew = 1000, kMany = 1'000'000, kEvents = 3'000'000;
  const double heap_few = plain_ns<FourHeap<PlainEvent>, PlainEvent>(kFew, kEvents);
  const double radix_few = plain_ns<RadixHeap<WideEvent>, WideEvent>(kFew, kEvents);
  const double heap_many = plain_ns<FourHeap<PlainEvent>, PlainEvent>(kMany, kEvents);
  const double radix_many = plain_ns<RadixHeap<WideEvent>, WideEvent>(kMany, kEvents);
  report.add({"reference: 4-ary heap, 24-byte events, M = 1k", heap_few, "ns/event"});
  report.add({"reference: radix heap, 56-byte payload, M = 1k", radix_few, "ns/event"});
  report.add({"reference: 4-ary heap, 24-byte events, M = 1M", heap_many, "ns/event"});
  report.add({"reference: radix heap, 56-byte payload, M = 1M", radix_many, "ns/event"});
  report.add({"PHOLD, M = 1k, trace hash", world_ns(kFew, kEvents, Trace::Keep::kHashes), "ns/event", heap_few, ratio_at_most(1.5)});
  report.add({"PHOLD, M = 1k, full trace", world_ns(kFew, kEvents, Trace::Keep::kAll), "ns/event", heap_few});
  // Anywhere: each hop counts on one of a million links, 4 MB of counters that no plain loop has.
  report.add({"PHOLD, M = 1k, trace hash, any destination", world_ns(kFew, kEvents, Trace::Keep::kHashes, kProcesses), "ns/event", heap_few});
  report.add({"PHOLD, M = 1k, no trace", world_ns(kFew, kEvents, Trace::Keep::kNothing), "ns/event", heap_few});
  report.add({"PHOLD, M = 1M, trace hash", world_ns(kMany, kEvents, Trace::Keep::kHashes), "ns/event", radix_many, ratio_at_most(1.5)});
  report.add({"PHOLD, M = 1M, full trace", world_ns(kMany, kEvents, Trace::Keep::kAll), "ns/event", radix_many});
}

}  // namespace twice::bench

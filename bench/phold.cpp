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
  static void visit(Self& self, V& v) {
    v("value", self.value);
  }
  std::uint64_t value = 0;
};

struct LogicalProcess {
  static constexpr std::string_view kName = "LogicalProcess";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("self", self.self), v("reach", self.reach), v("first", self.first), v("state", self.state);
  }

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
  link.latency = {physics::Exponential{kMeanHop}, Duration{}};
  return world::World(1, std::move(nodes), link, keep);
}

constexpr std::uint64_t kSlice = 600'000;  // events of one measurement

// A running simulation that is measured slice by slice.
class WorldPhold {
 public:
  WorldPhold(std::uint64_t pending, Trace::Keep keep, std::uint32_t reach = kNeighbours)
      : world_(make_phold(pending, keep, reach)) {
    world_.run(kEndOfTime, kProcesses + 2 * pending);  // past the starts and once around
  }
  double ns_per_event() {
    return cpu_seconds([&] { world_.run(kEndOfTime, world_.events() + kSlice); }) * 1e9 / static_cast<double>(kSlice);
  }

 private:
  world::World world_;
};

template <class Queue, class E>
class Reference {
 public:
  explicit Reference(std::uint64_t pending) : phold_(pending) { phold_.run(pending); }
  double ns_per_event() {
    const double ns = cpu_seconds([&] { phold_.run(kSlice); }) * 1e9 / static_cast<double>(kSlice);
    return phold_.hash() == 0 ? 0 : ns;  // the hash is used, so the loop is not optimised away
  }

 private:
  PlainPhold<Queue, E> phold_;
};
using HeapReference = Reference<FourHeap<PlainEvent>, PlainEvent>;
using RadixReference = Reference<RadixHeap<WideEvent>, WideEvent>;
using KernelReference = Reference<KernelQueue, WideEvent>;

template <class Subject, class Beside>
void add_beside(Report& report, const char* name, Subject&& subject, Beside& beside,
                std::optional<Target> target = {}) {
  const Versus v = side_by_side([&] { return subject.ns_per_event(); }, [&] { return beside.ns_per_event(); });
  report.add({name, v.value, "ns/event", v.reference, target});
}

template <class Beside>
void add_reference(Report& report, const char* name, Beside& beside) {
  report.add({name, median_of_3([&] { return beside.ns_per_event(); }), "ns/event"});
}

}  // namespace

void run_phold(Report& report) {
  constexpr std::uint64_t kFew = 1000, kMany = 1'000'000;
  using Keep = Trace::Keep;
  HeapReference heap_few(kFew), heap_many(kMany);
  RadixReference radix_few(kFew), radix_many(kMany);
  add_reference(report, "reference: 4-ary heap, 24-byte events, M = 1k", heap_few);
  add_reference(report, "reference: radix heap, 56-byte payload, M = 1k", radix_few);
  add_reference(report, "reference: 4-ary heap, 24-byte events, M = 1M", heap_many);
  add_reference(report, "reference: radix heap, 56-byte payload, M = 1M", radix_many);
  add_beside(report, "event queue alone, M = 1k, beside the radix heap", KernelReference(kFew), radix_few);
  add_beside(report, "event queue alone, M = 1M, beside the radix heap", KernelReference(kMany), radix_many);
  add_beside(report, "PHOLD, M = 1k, trace hash", WorldPhold(kFew, Keep::kHashes), heap_few, ratio_at_most(1.5));
  add_beside(report, "PHOLD, M = 1k, full trace", WorldPhold(kFew, Keep::kAll), heap_few);
  add_beside(report, "PHOLD, M = 1k, no trace", WorldPhold(kFew, Keep::kNothing), heap_few);
  // Anywhere: each hop counts on one of a million links, 4 MB of counters that no plain loop has.
  add_beside(report, "PHOLD, M = 1k, trace hash, any destination", WorldPhold(kFew, Keep::kHashes, kProcesses),
             heap_few);
  add_beside(report, "PHOLD, M = 1M, trace hash", WorldPhold(kMany, Keep::kHashes), radix_many, ratio_at_most(1.5));
  add_beside(report, "PHOLD, M = 1M, full trace", WorldPhold(kMany, Keep::kAll), radix_many);
}

}  // namespace twice::bench

// Replication designs under load and faults, and anti-entropy among a thousand nodes.
#include "bench/clusters.h"

#include <malloc.h>

#include <fmt/format.h>

#include "bench/bench.h"
#include "bench/reference.h"
#include "check/spectrum.h"
#include "lab/client_log.h"
#include "protocols/client/client.h"
#include "protocols/primary_backup/primary_backup.h"
#include "protocols/quorum/quorum.h"

namespace twice::bench {

namespace {

using protocols::ClientNode;
using world::NodeSetup;
using world::World;

// A crash and a partition in every ten seconds.
void add_faults(World& world, std::int64_t until_s) {
  for (std::int64_t s = 1; s < until_s; s += 10) {
    const std::string text = fmt::format(
        "crash n2 lose mixed @{}s; restart n2 @{}s; partition n1,n3|n2,n4,n5 @{}s; heal @{}s", s, s + 2, s + 5, s + 7);
    auto steps = std::get<std::vector<world::Step>>(world::parse_steps(text));
    for (world::Step& step : steps) world.add(std::move(step));
  }
}

}  // namespace

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 1; i <= count; ++i) all.push_back(fmt::format("n{}", i));
  return all;
}

void add_clients(std::vector<NodeSetup>& nodes, std::size_t servers, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    ClientNode client;
    client.parameters.keys = 100;
    client.parameters.think = milliseconds(5);
    client.parameters.timeout = milliseconds(500);
    client.parameters.retry = protocols::RetryPolicy::kRetrySameId;
    client.seed = 1;
    client.client = i;
    client.self = {static_cast<std::uint16_t>(nodes.size())};
    for (std::uint16_t s = 0; s < servers; ++s) client.servers.push_back({s});
    nodes.push_back({.name = fmt::format("c{}", i + 1), .node = make_node(std::move(client))});
  }
}

World five(std::vector<NodeSetup> nodes, Trace::Keep keep) {
  for (NodeSetup& node : nodes) node.sync_cost = microseconds(200);
  add_clients(nodes, 5, 10);
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(5)};
  link.loss = Probability{1'000'000};
  World world(1, std::move(nodes), link, keep);
  add_faults(world, 600);
  return world;
}

namespace {

World five_quorum(Trace::Keep keep) {
  protocols::QuorumParameters p;
  p.n = 3;
  p.anti_entropy = seconds(1);
  p.sloppy = true;
  return five(protocols::make_quorum(names(5), 0, p), keep);
}
World five_primary_backup(Trace::Keep keep) {
  protocols::PrimaryBackupParameters p;
  p.acknowledge = protocols::Acknowledge::kSemiSync;
  return five(protocols::make_primary_backup(names(5), p), keep);
}

double reference_seconds(std::uint64_t events) {
  return cpu_seconds([&] {
    PlainPhold<FourHeap<PlainEvent>, PlainEvent> plain(1000);
    plain.run(events);
  });
}

/// The check that runs beside every event of a scenario: what clients asked and were told, with who and when.
class Recording final : public world::Observer {
 public:
  void event(const World& world, const Event& event, const std::vector<Effect>&) override {
    const Node& node = world.node(event.node);
    if (node.kind() == ClientNode::kName) log.listen(world, *state_of<ClientNode>(node));
  }
  lab::ClientLog log;
};

constexpr Sequence kClusterEvents = 500'000;

template <class Make>
Versus against_plain_loop(const Make& make, Trace::Keep keep, bool records, double& virtual_seconds) {
  const auto subject = [&] {
    World world = make(keep);
    Recording recording;
    const double seconds = cpu_seconds([&] { world.run(kEndOfTime, kClusterEvents, records ? &recording : nullptr); });
    virtual_seconds = double((world.now() - Time{}).ns) / 1e9;
    return seconds * 1e9 / kClusterEvents;
  };
  return side_by_side(subject, [] { return reference_seconds(kClusterEvents) * 1e9 / kClusterEvents; });
}

/// Every model from linearizable to eventual, judged when the run is over.
template <class Make>
void judged(Report& report, std::string_view name, const Make& make) {
  World world = make(Trace::Keep::kHashes);
  Recording recording;
  world.run(kEndOfTime, kClusterEvents, &recording);
  const check::History& history = recording.log.history();
  const check::SpectrumOptions options{.object = check::Object::kRegister,
                                       .linearizable_budget = 3'000'000,
                                       .sequential_budget = 1'000'000,
                                       .session_budget = 30'000'000};
  const double seconds = cpu_seconds([&] { (void)check::spectrum(history, options); });
  report.add({fmt::format("{}, spectrum of {} operations", name, history.operations.size()), seconds, "s"});
}

template <class Make>
void five_nodes(Report& report, std::string_view name, const Make& make) {
  double virtual_seconds = 0;
  const Versus ns = against_plain_loop(make, Trace::Keep::kHashes, false, virtual_seconds);
  report.add({fmt::format("{}, hash, against the plain loop", name), ns.value, "ns/event", ns.reference});
  report.add({fmt::format("{}, hash", name), 1e3 / ns.value, "M events/s"});
  const Versus on = against_plain_loop(make, Trace::Keep::kAll, true, virtual_seconds);
  report.add({fmt::format("{}, full trace, histories", name), 1e3 / on.value, "M events/s", {}, at_least(1)});
  report.add({fmt::format("{}, {:.0f} events a virtual second", name, kClusterEvents / virtual_seconds),
              virtual_seconds / (on.value * kClusterEvents / 1e9), "x real"});
  judged(report, name, make);
}

// Bytes in use, large blocks that the system gave by themselves included.
double heap() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

void thousand(Report& report) {
  constexpr std::size_t kNodes = 1000;
  const double before = heap();
  protocols::QuorumParameters p;
  p.r = p.w = 1;
  p.repair = protocols::ReadRepair::kOff;
  p.anti_entropy = seconds(1);
  p.persist = protocols::Persist::kNever;
  auto nodes = protocols::make_quorum(names(kNodes), 0, p);
  add_clients(nodes, kNodes, 10);
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(10)};
  link.loss = Probability{100'000'000};
  World world(1, std::move(nodes), link, Trace::Keep::kHashes);
  world.run(Time{} + seconds(2));
  const Sequence first = world.events();
  const double seconds_used = cpu_seconds([&] { world.run(Time{} + seconds(60)); });
  const auto events = static_cast<double>(world.events() - first);
  report.add({"1,000 quorum nodes, anti-entropy each second", seconds_used * 1e9 / events, "ns/event"});
  report.add({"1,000 quorum nodes, memory of the world", (heap() - before) / kNodes / 1024, "KB/node"});
}

}  // namespace

void run_clusters(Report& report) {
  five_nodes(report, "5-node quorum", five_quorum);
  five_nodes(report, "5-node primary-backup", five_primary_backup);
  thousand(report);
}

}  // namespace twice::bench

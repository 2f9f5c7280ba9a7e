// Paxos under drawn crashes, partitions, losses and duplicates: servers never disagree, and with a mistake built in
// they do.
#include "check/agreement.h"
#include "protocols/cluster.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"

namespace twice::protocols {
namespace {

using check::Agreement;
using paxos::Bug;

#ifdef TWICE_SANITIZED
constexpr std::uint64_t kSeeds = 10;
#else
constexpr std::uint64_t kSeeds = 150;
#endif

class Watch final : public world::Observer {
 public:
  void event(const world::World& w, const Event& event, const std::vector<Effect>& effects) override {
    listener.event(w, event, effects);
    agreement.event(w, event);
  }
  Listener listener;
  Agreement agreement;
};

ClientParameters asks(Workload workload) {
  return {.workload = workload,
          .keys = 1,
          .reads = {300'000'000},
          .think = milliseconds(30),
          .to = at(seconds(5)),
          .timeout = milliseconds(400),
          .retry = RetryPolicy::kRetrySameId,
          .attempts = 8};
}

world::World run(std::uint64_t seed, std::vector<world::NodeSetup> nodes, Workload workload, Watch& watch,
                 std::string_view lose = "") {
  const std::size_t servers = nodes.size();
  const auto names = node_names(servers);
  add_clients(nodes, seed, 3, asks(workload), node_ids(servers));
  world::World w(seed, std::move(nodes), rough_link(3, 2), Trace::Keep::kNothing);
  plan(w, drawn_faults(seed, names, seconds(4), true, lose));
  w.run(at(seconds(16)), ~Sequence{0}, &watch);
  return w;
}

TEST_CASE("a single decree: all servers learn one value, and it stays", "[paxos]") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    Watch watch;
    run(seed, paxos::make_single_decree(node_names(3 + 2 * (seed % 2)), {}), Workload::kRegister, watch);
    CHECK_FALSE(watch.agreement.broken());
    CHECK(watch.agreement.chosen() == 1);
    // Whoever was told of a value was told of the same.
    std::set<std::int64_t> values;
    for (const Told& told : watch.listener.told) {
      if (told.asked.phase != Asked::Phase::kOk) continue;
      if (told.asked.command.writes())
        values.insert(told.asked.command.value);
      else if (!told.asked.result.empty())
        values.insert(told.asked.result.front());
    }
    CHECK(values.size() == 1);
  }
}

TEST_CASE("Multi-Paxos: logs agree, and no acknowledged append is lost or done twice", "[paxos]") {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    Watch watch;
    const world::World w = run(seed, paxos::make_multi_paxos(node_names(5), {}), Workload::kAppend, watch);
    CHECK_FALSE(watch.agreement.broken());
    std::uint64_t chosen = 0;
    std::map<std::uint32_t, Cell> cells;
    for (std::uint16_t i = 0; i < 5; ++i) {
      const auto& server = *state_of<paxos::MultiPaxosNode>(w.node({i}));
      if (i > 0) CHECK(server.chosen == chosen);  // long after the last fault all know the same
      if (server.chosen >= chosen) chosen = server.chosen, cells = server.machine.store.cells;
    }
    const Appends judged = judge_appends(watch.listener.told, cells);
    CHECK(judged.lost == 0);
    CHECK(judged.doubled == 0);
    CHECK(judged.invented == 0);
    CHECK(judged.stale_reads == 0);
    acknowledged += judged.acknowledged;
  }
  CHECK(acknowledged > 10 * kSeeds);
}

// Found by random search: the checker must see what the mistakes do.
template <class Make>
std::uint64_t seeds_until_broken(Workload workload, Make&& make) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    Watch watch;
    run(seed, make(), workload, watch, " lose unsynced");
    if (watch.agreement.broken()) return seed;
  }
  return 0;
}

// n1 and n3 do not hear each other; n2 promises both, and loses power before n1's Accept comes.
bool agrees_after_power_loss(Bug bug) {
  paxos::SingleDecreeParameters p;
  p.bug = bug;
  std::vector<world::NodeSetup> nodes = paxos::make_single_decree(node_names(3), p);
  for (world::NodeSetup& node : nodes) node.sync_cost = milliseconds(1);
  ClientParameters client = asks(Workload::kRegister);
  client.reads = {0};
  client.at_most = 1;
  client.timeout = seconds(20);
  add_clients(nodes, 1, 1, client, {{0}});
  client.from = at(milliseconds(14));
  add_clients(nodes, 1, 1, client, {{2}}, 1);
  world::World w(1, std::move(nodes), {.latency = {milliseconds(10), milliseconds(10)}}, Trace::Keep::kNothing);
  plan(w, "cut n1>n3 @0s; cut n3>n1 @0s; crash n2 lose unsynced @38ms; restart n2 @40ms");
  Watch watch;
  w.run(at(seconds(2)), ~Sequence{0}, &watch);
  return !watch.agreement.broken();
}

TEST_CASE("an acceptor that forgets its promise with the power breaks agreement", "[paxos]") {
  CHECK(agrees_after_power_loss(Bug::kNone));
  CHECK_FALSE(agrees_after_power_loss(Bug::kPromiseForgotten));
}

TEST_CASE("a proposer that insists and an acceptor that accepts anything break agreement", "[paxos]") {
  for (const Bug bug : {Bug::kOwnValue, Bug::kAcceptsOldBallot}) {
    CAPTURE(name_of(bug));
    CHECK(seeds_until_broken(Workload::kRegister, [&] {
            paxos::SingleDecreeParameters p;
            p.bug = bug;
            return paxos::make_single_decree(node_names(3), p);
          }) > 0);
  }
}

TEST_CASE("every mistake of Multi-Paxos breaks agreement", "[paxos]") {
  for (const Bug bug : {Bug::kOwnValue, Bug::kPromiseForgotten, Bug::kAcceptsOldBallot}) {
    CAPTURE(name_of(bug));
    CHECK(seeds_until_broken(Workload::kAppend, [&] {
            paxos::MultiPaxosParameters p;
            p.bug = bug;
            return paxos::make_multi_paxos(node_names(3), p);
          }) > 0);
  }
}

TEST_CASE("proposers that never wait duel for ever, and a drawn wait ends it", "[paxos]") {
  const auto duel = [](DurationRange backoff) {
    paxos::SingleDecreeParameters p;
    p.backoff = backoff;
    std::vector<world::NodeSetup> nodes = paxos::make_single_decree(node_names(3), p);
    // Two clients at two servers, both at once, every message as long as any other.
    ClientParameters client = asks(Workload::kRegister);
    client.reads = {0};
    client.at_most = 1;
    client.timeout = seconds(20);
    add_clients(nodes, 1, 1, client, {{0}});
    add_clients(nodes, 1, 1, client, {{2}}, 1);
    world::World w(1, std::move(nodes), {.latency = {milliseconds(5), milliseconds(5)}}, Trace::Keep::kNothing);
    Watch watch;
    w.run(at(seconds(10)), ~Sequence{0}, &watch);
    return watch.agreement.chosen();
  };
  CHECK(duel({milliseconds(2), milliseconds(2)}) == 0);
  CHECK(duel({milliseconds(10), milliseconds(100)}) == 1);
}

}  // namespace
}  // namespace twice::protocols

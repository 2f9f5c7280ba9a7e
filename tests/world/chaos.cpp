// Chaos is a timeline: what is drawn, what the budget allows, and what the liveness phase heals.
#include "world/chaos.h"

#include <algorithm>
#include <map>
#include <set>

#include "world/probe.h"

namespace twice::world {
namespace {

const std::vector<std::string> kNodes{"n1", "n2", "n3", "n4", "n5"};

ChaosOptions wild() {
  ChaosOptions o;
  o.from = Time{} + seconds(1);
  o.to = Time{} + seconds(15);
  o.slot = milliseconds(250);
  o.chance = Probability{700'000'000};
  o.lasts = {milliseconds(100), seconds(3)};
  o.weight.fill(1);
  o.max_faults = 30, o.max_crashes = 4, o.max_partitions = 5, o.max_down = 2;
  o.slow_by = {milliseconds(1), milliseconds(20)};
  o.max_skew = milliseconds(500), o.max_drift_ppb = 100'000;
  return o;
}

Time time_of(const Step& step) { return std::get<AtTime>(step.when).at; }

bool is_partition(const Action& what) {
  return std::holds_alternative<Partition>(what) || std::holds_alternative<OneWay>(what) ||
         std::holds_alternative<Bridge>(what) || std::holds_alternative<MajoritiesRing>(what) ||
         std::holds_alternative<Isolate>(what);
}

// Everybody tells everybody, every 50 ms.
void gossip(Probe& p, Time, const Input& input, Effects& effects) {
  if (std::holds_alternative<Received>(input)) {
    ++p.count;
    return;
  }
  for (std::uint16_t i = 0; i < kNodes.size(); ++i)
    if (i != p.self.index) effects.send(NodeId{i}, number(p.self.index));
  effects.set_timer(0, DurationRange{milliseconds(40), milliseconds(60)});
}

World world_with(const std::vector<Step>& steps, std::uint64_t seed, Probe::React react = silent) {
  World world(seed, probes(std::vector<Probe::React>(kNodes.size(), react)), constant_latency(milliseconds(2)));
  for (const Step& step : steps) REQUIRE_FALSE(world.add(step));
  return world;
}

}  // namespace

TEST_CASE("Chaos keeps its budget, its window and its order for a thousand seeds") {
  const ChaosOptions o = wild();
  std::set<std::size_t> kinds_seen;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    std::set<std::string> down;
    std::size_t crashes = 0, partitions = 0, most_down = 0;
    bool divided = false;
    Time last{};
    for (const Step& step : expand_chaos(o, kNodes, seed)) {
      kinds_seen.insert(step.what.index());
      REQUIRE(time_of(step) >= o.from);
      REQUIRE(time_of(step) >= last);
      last = time_of(step);
      if (const auto* c = std::get_if<Crash>(&step.what)) REQUIRE((++crashes, down.insert(c->node).second));
      if (const auto* p = std::get_if<Pause>(&step.what)) REQUIRE(down.insert(p->node).second);
      if (const auto* r = std::get_if<Restart>(&step.what)) REQUIRE(down.erase(r->node) == 1);
      if (const auto* r = std::get_if<Resume>(&step.what)) REQUIRE(down.erase(r->node) == 1);
      if (is_partition(step.what)) REQUIRE((++partitions, !std::exchange(divided, true)));
      if (std::holds_alternative<Heal>(step.what)) divided = false;
      most_down = std::max(most_down, down.size());
    }
    REQUIRE(crashes <= o.max_crashes);
    REQUIRE(partitions <= o.max_partitions);
    REQUIRE(most_down <= o.max_down);
    REQUIRE(last < o.to + seconds(3));
    REQUIRE_FALSE(divided);
    REQUIRE(down.empty());
  }
  CHECK(kinds_seen.size() == 14);  // every step that chaos can draw
}

TEST_CASE("Chaos counts its faults") {
  ChaosOptions o = wild();
  o.weight.fill(0);
  o.weight[static_cast<std::size_t>(ChaosKind::kClock)] = 1;
  o.chance = Probability{1'000'000'000};
  o.max_faults = 7;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto steps = expand_chaos(o, kNodes, seed);
    REQUIRE(steps.size() == 7);
    for (const Step& step : steps) {
      const auto& clock = std::get<SetClock>(step.what);
      REQUIRE((clock.skew <= o.max_skew && clock.skew.ns >= -o.max_skew.ns));
      REQUIRE((clock.drift_ppb <= o.max_drift_ppb && clock.drift_ppb >= -o.max_drift_ppb));
    }
  }
  o.max_faults = 0;
  CHECK(expand_chaos(o, kNodes, 1).empty());
}

TEST_CASE("The same seed draws the same chaos, another one another") {
  CHECK(expand_chaos(wild(), kNodes, 7) == expand_chaos(wild(), kNodes, 7));
  std::set<std::string> texts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) texts.insert(to_text(expand_chaos(wild(), kNodes, seed)));
  CHECK(texts.size() == 100);
}

TEST_CASE("What chaos draws can be said with --do") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    ChaosOptions o = wild();
    o.liveness = Liveness{Time{} + seconds(16)};
    const auto steps = expand_chaos(o, kNodes, seed);
    const auto back = parse_steps(to_text(steps));
    REQUIRE(std::holds_alternative<std::vector<Step>>(back));
    CHECK(std::get<std::vector<Step>>(back) == steps);
  }
}

TEST_CASE("A slot keeps its draws when the window around it changes") {
  ChaosOptions wide = wild(), narrow = wild();
  // Clocks never stand in each other's way, so nothing but the draws decides.
  for (ChaosOptions* o : {&wide, &narrow}) {
    o->weight.fill(0);
    o->weight[static_cast<std::size_t>(ChaosKind::kClock)] = 1;
    o->max_faults = 1000;
  }
  narrow.from = Time{} + seconds(5);
  narrow.to = Time{} + seconds(9);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::vector<Step> within;
    for (const Step& step : expand_chaos(wide, kNodes, seed))
      if (time_of(step) >= narrow.from && time_of(step) < narrow.to) within.push_back(step);
    CHECK(within == expand_chaos(narrow, kNodes, seed));
    CHECK_FALSE(within.empty());
  }
}

TEST_CASE("A swarm turns a random subset of the kinds off, never all") {
  ChaosOptions o = wild();
  o.swarm = true;
  std::map<std::size_t, std::size_t> on;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const auto weights = swarm_weights(o, seed);
    const auto left = static_cast<std::size_t>(std::count(weights.begin(), weights.end(), 1u));
    REQUIRE(left > 0);
    for (std::size_t kind = 0; kind < kChaosKinds; ++kind) on[kind] += weights[kind];
  }
  // Each half of the time: standard error 15.8.
  for (const auto& [kind, times] : on) CHECK((times > 420 && times < 580));
  o.weight.fill(0);
  o.weight[2] = 5;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK(swarm_weights(o, seed)[2] == 5);
}

TEST_CASE("A swizzle clogs nodes one by one and unclogs the same ones in another order") {
  ChaosOptions o = wild();
  o.weight.fill(0);
  o.weight[static_cast<std::size_t>(ChaosKind::kSwizzleClog)] = 1;
  o.max_faults = 1;
  std::size_t other_orders = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::vector<std::string> clogged, unclogged;
    for (const Step& step : expand_chaos(o, kNodes, seed)) {
      if (const auto* c = std::get_if<Clog>(&step.what)) {
        clogged.push_back(c->from);
        CHECK(unclogged.empty());
      } else {
        unclogged.push_back(std::get<Unclog>(step.what).from);
      }
    }
    other_orders += clogged != unclogged;
    std::sort(clogged.begin(), clogged.end()), std::sort(unclogged.begin(), unclogged.end());
    CHECK(clogged == unclogged);
    CHECK_FALSE(clogged.empty());
  }
  CHECK(other_orders > 60);
}

TEST_CASE("In the liveness phase the core runs and is connected; faults elsewhere stay") {
  ChaosOptions o = wild();
  o.max_down = 4;
  o.lasts = {seconds(1), seconds(30)};
  o.liveness = Liveness{Time{} + seconds(16), Liveness::Core::kNamed, {"n1", "n2", "n3"}};
  std::size_t outside_still_faulty = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    World world = world_with(expand_chaos(o, kNodes, seed), seed);
    world.run(Time{} + seconds(60));
    for (std::uint16_t node = 0; node < 3; ++node) {
      INFO("seed " << seed << ", n" << node + 1);
      CHECK(world.is_up({node}));
      CHECK_FALSE(world.is_paused({node}));
      CHECK(world.slowness({node}) == Duration{});
      for (std::uint16_t other = 0; other < kNodes.size(); ++other) {
        CHECK_FALSE(world.network().is_cut({node}, {other}));
        CHECK_FALSE(world.network().is_cut({other}, {node}));
        if (other < 3) CHECK_FALSE(world.network().is_clogged({node}, {other}));
      }
    }
    const auto faulty = [&](NodeId n) { return !world.is_up(n) || world.is_paused(n) || world.slowness(n).ns != 0; };
    outside_still_faulty += faulty({3}) || faulty({4});
    CHECK(world.pending_steps() == 0);
  }
  CHECK(outside_still_faulty > 50);
}

TEST_CASE("The drawn core of the liveness phase is a majority, and not always the same") {
  ChaosOptions o = wild();
  o.liveness = Liveness{Time{} + seconds(16)};
  std::set<std::vector<std::string>> cores;
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    for (const Step& step : expand_chaos(o, kNodes, seed))
      if (const auto* heal = std::get_if<Heal>(&step.what); heal && time_of(step) == o.liveness->at) {
        CHECK(heal->nodes.size() == 3);
        cores.insert(heal->nodes);
      }
  CHECK(cores.size() == 10);
}

TEST_CASE("A run under chaos is the same run twice, and in a copy that was made halfway") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto steps = expand_chaos(wild(), kNodes, seed);
    World one = world_with(steps, seed, gossip), other = world_with(steps, seed, gossip);
    one.run(Time{} + seconds(8));
    World copy = one;
    for (World* world : {&one, &other, &copy}) world->run(Time{} + seconds(20));
    CHECK(one.trace().hash() == other.trace().hash());
    CHECK(one.digest() == other.digest());
    CHECK(copy.trace().hash() == one.trace().hash());
    CHECK(copy.digest() == one.digest());
    CHECK(one.events() > 5000);
  }
}

TEST_CASE("After chaos with a full core everybody hears everybody again") {
  ChaosOptions o = wild();
  o.lasts = {seconds(2), seconds(20)};
  o.liveness = Liveness{Time{} + seconds(16), Liveness::Core::kAll, {}};
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    World world = world_with(expand_chaos(o, kNodes, seed), seed, gossip);
    world.run(Time{} + seconds(30));
    std::vector<std::uint64_t> before;
    for (std::uint16_t n = 0; n < kNodes.size(); ++n) before.push_back(probe(world, n).count);
    world.run(Time{} + seconds(31));
    // Four others, each twenty times a second, give or take two.
    for (std::uint16_t n = 0; n < kNodes.size(); ++n) {
      INFO("seed " << seed << ", n" << n + 1);
      CHECK((probe(world, n).count - before[n] > 66 && probe(world, n).count - before[n] < 100));
    }
  }
}

TEST_CASE("Chaos knows clusters of one and two nodes") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed)
    for (const std::size_t nodes : {1u, 2u}) {
      const std::vector<std::string> few(kNodes.begin(), kNodes.begin() + static_cast<std::ptrdiff_t>(nodes));
      for (const Step& step : expand_chaos(wild(), few, seed)) {
        CHECK_FALSE(std::holds_alternative<Bridge>(step.what));
        CHECK_FALSE((nodes == 1 && is_partition(step.what)));
      }
    }
  CHECK(expand_chaos(wild(), {}, 1).empty());
}

}  // namespace twice::world

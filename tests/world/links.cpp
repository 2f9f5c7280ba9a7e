// Partitions by shape, clogs, queues, slow nodes and clocks: what steps do beyond crash and cut.
#include <set>

#include "world/probe.h"

namespace twice::world {
namespace {

void counts(Probe& p, Time, const Input& input, Effects&) { p.count += std::holds_alternative<Received>(input); }

// Sends 1, 2, 3 … to the next node, one every 10 ms.
void tick(Probe& p, Time, const Input& input, Effects& effects) {
  if (is_start(input)) return effects.set_timer(0, milliseconds(10));
  if (!std::holds_alternative<TimerFired>(input)) return;
  effects.send(n2, number(++p.count));
  effects.set_timer(0, milliseconds(10));
}

World silence(std::size_t nodes) { return World(1, probes(std::vector<Probe::React>(nodes, silent))); }

// Whom a node hears, itself included.
std::set<std::uint16_t> heard_by(const World& world, std::uint16_t node) {
  std::set<std::uint16_t> heard{node};
  for (std::uint16_t from = 0; from < world.size(); ++from)
    if (!world.network().is_cut({from}, {node})) heard.insert(from);
  return heard;
}

World after(std::size_t nodes, std::string_view steps, std::uint64_t seed = 1) {
  World world(seed, probes(std::vector<Probe::React>(nodes, silent)));
  add_steps(world, steps);
  world.run();
  return world;
}

World ticking(std::string_view steps, physics::LinkProfile link = constant_latency(milliseconds(3))) {
  World world(1, probes({tick, counts, silent}), link);
  add_steps(world, steps);
  return world;
}

Log run_for(World& world, Duration time) {
  Log log;
  world.run(Time{} + time, ~Sequence{0}, &log);
  return log;
}

}  // namespace

TEST_CASE("A one-way partition stops one direction between two groups") {
  const World world = after(4, "partition n1,n2>n3 @1s");
  CHECK((world.network().is_cut({0}, {2}) && world.network().is_cut({1}, {2})));
  CHECK_FALSE((world.network().is_cut({2}, {0}) || world.network().is_cut({0}, {1})));
  CHECK(heard_by(world, 3).size() == 4);
}

TEST_CASE("Over a bridge both halves reach one node and not each other") {
  const World world = after(5, "bridge n3 @1s");
  CHECK(heard_by(world, 2).size() == 5);
  CHECK(heard_by(world, 0) == std::set<std::uint16_t>{0, 1, 2});
  CHECK(heard_by(world, 1) == std::set<std::uint16_t>{0, 1, 2});
  CHECK(heard_by(world, 3) == std::set<std::uint16_t>{2, 3, 4});
  CHECK(heard_by(world, 4) == std::set<std::uint16_t>{2, 3, 4});
}

TEST_CASE("In a ring of majorities every node hears a majority and no two hear the same") {
  for (std::size_t nodes = 3; nodes <= 12; ++nodes) {
    const World world = after(nodes, "majorities-ring @1s");
    std::set<std::set<std::uint16_t>> different;
    for (std::uint16_t node = 0; node < nodes; ++node) {
      const auto heard = heard_by(world, node);
      INFO(nodes << " nodes, n" << node + 1);
      CHECK(heard.size() == nodes / 2 + 1);
      different.insert(heard);
    }
    CHECK(different.size() == nodes);
  }
}

TEST_CASE("A shape may be drawn among some nodes only; the others reach everybody") {
  const World world = after(5, "majorities-ring among n1,n2,n3 @1s");
  CHECK(heard_by(world, 3).size() == 5);
  CHECK(heard_by(world, 0) == std::set<std::uint16_t>{0, 1, 3, 4});
}

TEST_CASE("Random halves are drawn from the seed, are halves, and say who stands where") {
  std::set<std::set<std::uint16_t>> sides;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    World world(seed, probes(std::vector<Probe::React>(5, silent)));
    add_steps(world, "halves @1s");
    Log log;
    world.run(kEndOfTime, ~Sequence{0}, &log);
    CHECK(log.with("mark side").size() == 5);
    const auto side = heard_by(world, 0);
    CHECK((side.size() == 2 || side.size() == 3));
    for (const std::uint16_t node : side) CHECK(heard_by(world, node) == side);
    sides.insert(side);
    CHECK(after(5, "halves @1s", seed).network().is_cut({0}, {4}) == world.network().is_cut({0}, {4}));
  }
  CHECK(sides.size() >= 8);  // of the ten ways
}

TEST_CASE("An isolated node is alone, earlier cuts stay, and healing it leaves the others' cuts alone") {
  const World world = after(4, "cut n3>n4 @1s; isolate n1 @2s");
  CHECK(heard_by(world, 0).size() == 1);
  CHECK(heard_by(world, 1) == std::set<std::uint16_t>{1, 2, 3});
  CHECK(world.network().is_cut({2}, {3}));
  const World healed = after(4, "cut n3>n4 @1s; isolate n1 @2s; heal n1 @3s");
  CHECK(heard_by(healed, 0).size() == 4);
  CHECK(healed.network().is_cut({2}, {3}));
}

TEST_CASE("A clogged link delivers nothing, loses nothing, and keeps the order") {
  World world = ticking("clog n1>n2 @11ms; unclog n1>n2 @45ms");
  const Log log = run_for(world, milliseconds(60));
  // The first was on its way when the link was clogged.
  CHECK(log.with("n2 deliver") == Lines{"45ms n2 deliver 1 from n1", "45ms n2 deliver 2 from n1",
                                        "45ms n2 deliver 3 from n1", "45ms n2 deliver 4 from n1",
                                        "53ms n2 deliver 5 from n1"});
  CHECK(log.with("clogged").size() == 4);
  CHECK(log.has("13ms n1 clogged Number"));
}

TEST_CASE("Whatever is clogged and unclogged, every message arrives once") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    physics::LinkProfile link;
    link.latency = {milliseconds(1), milliseconds(40)};
    World world(seed, probes({tick, counts, silent}), link);
    add_steps(world,
              "clog n1 @50ms; clog n2 @100ms; unclog n1 @200ms; clog n1>n2 @250ms; unclog n2 @400ms; "
              "clog n2>n1 @450ms; clog n2 @500ms; unclog @700ms");
    Log log;
    world.run(Time{} + seconds(1), ~Sequence{0}, &log);
    CHECK(world.clogged() == 0);
    CHECK(world.network().sent(n1, n2) - probe(world, 1).count <= 4);  // those of the last 40 ms
    std::set<std::string> lines;
    for (const std::string& line : log.with("n2 deliver")) CHECK(lines.insert(line.substr(line.find("n2"))).second);
  }
}

TEST_CASE("What waits at a clogged link finds a crashed receiver down, and a restarted one up") {
  World world = ticking(
      "clog n1>n2 @11ms; crash n2 @20ms; unclog @25ms; clog n1>n2 @26ms; restart n2 @40ms; "
      "unclog @45ms");
  const Log log = run_for(world, milliseconds(50));
  CHECK(log.has("25ms n2 ignored Number"));
  CHECK(log.with("n2 deliver") == Lines{"45ms n2 deliver 3 from n1", "45ms n2 deliver 4 from n1"});
}

TEST_CASE("A copy of a world takes what is clogged with it") {
  World world = ticking("clog n1>n2 @11ms; unclog @45ms");
  world.run(Time{} + milliseconds(30));
  World copy = world;
  CHECK(copy.clogged() == 2);
  CHECK(copy.digest() == world.digest());
  world.run(Time{} + milliseconds(100));
  copy.run(Time{} + milliseconds(100));
  CHECK(copy.digest() == world.digest());
  CHECK(copy.trace().hash() == world.trace().hash());
}

TEST_CASE("On an ordered network no message overtakes, not even a delayed one") {
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(60)};
  link.in_order = true;
  World world = ticking("delay n1>n2#5 by 300ms", link);
  const Log log = run_for(world, seconds(1));
  std::uint64_t last = 0;
  for (const std::string& line : log.with("n2 deliver")) {
    const std::uint64_t n = std::stoull(line.substr(line.find("deliver ") + 8));
    CHECK(n == last + 1);
    last = n;
  }
  CHECK(last > 80);
}

TEST_CASE("Bandwidth lets messages wait for those before them, lost ones included") {
  physics::LinkProfile link = constant_latency(milliseconds(3));
  link.capacity = 50;  // one every 20 ms, and one is sent every 10 ms
  World world = ticking("drop n1>n2#2", link);
  const Log log = run_for(world, milliseconds(95));
  CHECK(log.with("n2 deliver") == Lines{"13ms n2 deliver 1 from n1", "53ms n2 deliver 3 from n1",
                                        "73ms n2 deliver 4 from n1", "93ms n2 deliver 5 from n1"});
}

TEST_CASE("Words about a message leave it its fate") {
  World world(1, probes({tick, counts}), constant_latency(milliseconds(3)));
  CHECK_FALSE(world.add({AtMessage{"n1", "n2", 2}, Note{"the second one is lost"}}));
  CHECK_FALSE(world.add({AtMessage{"n1", "n2", 2}, Drop{}}));
  const Log log = run_for(world, milliseconds(35));
  CHECK(log.with("n2 deliver") == Lines{"13ms n2 deliver 1 from n1", "33ms n2 deliver 3 from n1"});
  CHECK(world.pending_steps() == 0);
}

TEST_CASE("A reordered message is a record, and others overtake it") {
  physics::LinkProfile link = constant_latency(milliseconds(3));
  link.reorder = Probability{200'000'000};
  link.reorder_by = {milliseconds(25), milliseconds(25)};
  World world = ticking("note start @0s", link);
  const Log log = run_for(world, seconds(1));
  const std::size_t held_back = log.with("n1 reordered Number").size();
  CHECK(held_back > 5);
  std::size_t overtaken = 0;
  std::uint64_t most = 0;
  for (const std::string& line : log.with("n2 deliver")) {
    const std::uint64_t n = std::stoull(line.substr(line.find("deliver ") + 8));
    overtaken += n < most;
    most = std::max(most, n);
  }
  CHECK(overtaken > 5);
}

TEST_CASE("A message of one name may have a latency of its own") {
  World world = ticking("note start @0s");
  world.set_link(n1, n2, constant_latency(milliseconds(7)), "Number");
  CHECK(run_for(world, milliseconds(18)).with("deliver") == Lines{"17ms n2 deliver 1 from n1"});
  World other = ticking("note start @0s");
  other.set_link(n1, n2, constant_latency(milliseconds(7)), "Letter");
  CHECK(run_for(other, milliseconds(18)).with("deliver") == Lines{"13ms n2 deliver 1 from n1"});
}

TEST_CASE("A slow node takes one input after the other, in order, until it is slow no more") {
  World world = ticking("slow n2 by 25ms @12ms; slow n2 by 0s @80ms");
  const Log log = run_for(world, milliseconds(125));
  // Arrivals at 13, 23, 33 …; each keeps the node busy for 25 ms.
  CHECK(log.with("n2 deliver") ==
        Lines{"13ms n2 deliver 1 from n1", "38ms n2 deliver 2 from n1", "63ms n2 deliver 3 from n1",
              "88ms n2 deliver 4 from n1", "88ms n2 deliver 5 from n1", "88ms n2 deliver 6 from n1",
              "88ms n2 deliver 7 from n1", "88ms n2 deliver 8 from n1", "93ms n2 deliver 9 from n1",
              "103ms n2 deliver 10 from n1", "113ms n2 deliver 11 from n1", "123ms n2 deliver 12 from n1"});
}

TEST_CASE("A pause of a slow node keeps the order, and a crash loses what waited for its turn") {
  World paused = ticking("slow n2 by 25ms @12ms; pause n2 @37ms; resume n2 @60ms");
  CHECK(run_for(paused, milliseconds(140)).with("n2 deliver") ==
        Lines{"13ms n2 deliver 1 from n1", "60ms n2 deliver 2 from n1", "85ms n2 deliver 3 from n1",
              "110ms n2 deliver 4 from n1", "135ms n2 deliver 5 from n1"});
  World crashed = ticking("slow n2 by 25ms @12ms; crash n2 @35ms; restart n2 @36ms; slow n2 by 0s @40ms");
  // 2 and 3 waited; the restart itself keeps it busy until 61 ms.
  CHECK(run_for(crashed, milliseconds(64)).with("n2 deliver") ==
        Lines{"13ms n2 deliver 1 from n1", "61ms n2 deliver 4 from n1", "61ms n2 deliver 5 from n1",
              "63ms n2 deliver 6 from n1"});
}

TEST_CASE("A timer that was cancelled while it waited for its turn does not stop the queue") {
  const auto fickle = [](Probe& p, Time, const Input& input, Effects& effects) {
    if (is_start(input)) return effects.set_timer(0, milliseconds(15));
    if (std::holds_alternative<Received>(input)) {
      ++p.count;
      effects.cancel_timer(0);
    }
  };
  World world(1, probes({tick, fickle}), constant_latency(milliseconds(3)));
  add_steps(world, "slow n2 by 25ms @1ms");
  const Log log = run_for(world, milliseconds(90));
  CHECK(log.with("n2 timer").empty());
  CHECK(log.with("n2 deliver") == Lines{"13ms n2 deliver 1 from n1", "38ms n2 deliver 2 from n1",
                                        "63ms n2 deliver 3 from n1", "88ms n2 deliver 4 from n1"});
}

TEST_CASE("A clock that is set is off by its skew from that moment, and drifts from there") {
  World world = silence(2);
  add_steps(world, "clock n1 skew -200ms drift 1000ppm @10s; clock n2 drift 1000ppm @10s; clock n2 drift 1000ppm @10s");
  world.run();
  const Time then = Time{} + seconds(10);
  CHECK(world.clock(n1).local(then) == then - milliseconds(200));
  CHECK(world.clock(n1).local(then + seconds(1)) == then + milliseconds(801));
  CHECK(world.clock(n2).local(then + seconds(1)) == then + milliseconds(1001));
  CHECK(world.took_effect(1));
  CHECK_FALSE(world.took_effect(2));
}

TEST_CASE("A node with a fast clock that waits for a moment gets there") {
  // Waits for the rest of a second again and again: the last nanosecond of a fast clock is less than one of ours.
  const auto wait = [](Probe& p, Time now, const Input&, Effects& effects) {
    ++p.count;
    if (now < Time{} + seconds(1)) effects.set_timer(0, (Time{} + seconds(1)) - now);
  };
  for (const std::int64_t drift : {-90'000'000, -7, 7, 50'000, 90'000'000}) {
    auto nodes = probes({wait});
    nodes[0].clock.drift_ppb = drift;
    World world(1, std::move(nodes));
    world.run(Time{} + seconds(2), 1000);
    CHECK(world.clock(n1).local(world.now()) >= Time{} + seconds(1));
    CHECK(probe(world, 0).count < 10);
  }
}

TEST_CASE("New steps that change nothing say so") {
  World world = silence(3);
  add_steps(world,
            "heal n1 @1ms; isolate n1 @2ms; isolate n1 @3ms; heal n2 @4ms; heal n2 @5ms; unclog @6ms; clog n1 @7ms; "
            "clog n1 @8ms; unclog n2 @9ms; unclog n1 @10ms; slow n1 by 0s @11ms; slow n1 by 1ms @12ms; slow n1 by 1ms "
            "@13ms; clock n1 skew 0s drift 0ppm @14ms; clock n1 skew 1s drift 0ppm @15ms");
  world.run();
  const std::vector<bool> expected{false, true, false, true, false, false, true, false,
                                   false, true, false, true, false, false, true};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO(to_text(world.steps()[i]));
    CHECK(world.took_effect(i) == expected[i]);
  }
}

TEST_CASE("A new step that names no node of this world is refused") {
  World world = silence(3);
  for (const char* text : {"isolate n9 @1s", "heal n1,n9 @1s", "clog n9 @1s", "clog n1>n9 @1s", "unclog n9 @1s",
                           "slow n9 by 1s @1s", "clock n9 skew 1s @1s", "bridge n9 @1s", "bridge n1 among n2,n9 @1s",
                           "halves among n1,n9 @1s", "majorities-ring among n9 @1s", "partition n1>n9 @1s"}) {
    const auto error = world.add(std::get<std::vector<Step>>(parse_steps(text)).front());
    INFO(text);
    REQUIRE(error);
    CHECK(*error == "there is no node 'n9' (nodes: n1, n2, n3)");
  }
}

}  // namespace twice::world

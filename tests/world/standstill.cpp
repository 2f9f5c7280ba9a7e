// Time that stands still: a run that would never end says so, and a busy instant is none.
#include "world/probe.h"

namespace twice::world {
namespace {

// Sends itself what it gets, one more.
void tells_itself(Probe& self, Time, const Input& input, Effects& effects) {
  const auto* received = std::get_if<Received>(&input);
  if (is_start(input) || received) effects.send(self.self, number(++self.count));
}
// The same, as often as the longest chain allows.
void tells_itself_for_long(Probe& self, Time now, const Input& input, Effects& effects) {
  if (self.count < kLongestChain) tells_itself(self, now, input, effects);
}
void waits_for_nothing(Probe&, Time, const Input&, Effects& effects) { effects.set_timer(7, Duration{0}); }
void answers(Probe& self, Time, const Input& input, Effects& effects) {
  const auto* received = std::get_if<Received>(&input);
  if (received) effects.send(received->from, number(++self.count));
}
void asks_n2(Probe& self, Time now, const Input& input, Effects& effects) {
  if (is_start(input)) effects.send(n2, number(0));
  answers(self, now, input, effects);
}
// 400 messages to n2, which makes 400 of each: 160,000 events at one moment, in a chain of two.
void sends_many(Probe&, Time, const Input& input, Effects& effects) {
  for (std::uint64_t i = 0; is_start(input) && i < 400; ++i) effects.send(n2, number(i));
}
void makes_many(Probe&, Time, const Input& input, Effects& effects) {
  for (std::uint64_t i = 0; std::holds_alternative<Received>(input) && i < 400; ++i) effects.send(n3, number(i));
}

World world_of(const std::vector<Probe::React>& reactions, Duration latency = {}) {
  return World(1, probes(reactions), constant_latency(latency), Trace::Keep::kNothing);
}

TEST_CASE("a node that sends to itself without latency ends the run, by its name, the message and the time") {
  World world = world_of({tells_itself});
  world.run(Time{} + seconds(1));
  REQUIRE(world.standstill());
  CHECK(world.standstill()->node == n1);
  CHECK(world.standstill()->at == Time{});
  CHECK(to_text(*world.standstill(), world) ==
        "time-stands-still: at 0.000 s more than 100,000 events follow from each other and no time passes; the last "
        "one: message Number reaches node 'n1'");
  CHECK(world.events() == kLongestChain + 2);  // the start, the longest chain, and one more
  CHECK_FALSE(world.step());
  World copy = world;
  CHECK_FALSE(copy.step());
}

TEST_CASE("a timer of no length that is set again and again ends the run by its number") {
  World world = world_of({waits_for_nothing});
  world.run();
  REQUIRE(world.standstill());
  CHECK(to_text(*world.standstill(), world).find("timer 7 of node 'n1' ends") != std::string::npos);
}

TEST_CASE("two nodes that answer each other without latency end the run, wherever its clock stands") {
  World world = world_of({silent, answers});
  add_steps(world, "tell n2 \"nothing\" @2s");
  world.run();
  CHECK_FALSE(world.standstill());  // an outside command has no sender who would answer
  World pair = world_of({asks_n2, answers});
  pair.run();
  REQUIRE(pair.standstill());
}

TEST_CASE("time that passes, however little, is no standstill") {
  World world = world_of({tells_itself}, nanoseconds(1));
  world.run(Time{} + microseconds(200));
  CHECK_FALSE(world.standstill());
  CHECK(world.events() == 200'001);
}

TEST_CASE("a chain as long as is allowed is no standstill") {
  World world = world_of({tells_itself_for_long});
  world.run();
  CHECK_FALSE(world.standstill());
  CHECK(world.events() == kLongestChain + 1);
}

TEST_CASE("many events at one moment side by side are no standstill") {
  World world = world_of({sends_many, makes_many, silent});
  world.run();
  CHECK_FALSE(world.standstill());
  CHECK(world.events() > std::uint64_t{kLongestChain} + 60'000);
  CHECK(world.now() == Time{});
}

TEST_CASE("a busy moment long before does not count for a later one") {
  const auto busy_each_second = [](Probe& self, Time, const Input& input, Effects& effects) {
    const bool fires = is_start(input) || std::holds_alternative<TimerFired>(input);
    if (fires) effects.set_timer(0, seconds(1)), self.count = 0;
    if (self.count++ < 60'000) effects.send(self.self, number(self.count));
  };
  World world = world_of({busy_each_second});
  world.run(Time{} + seconds(3));
  CHECK_FALSE(world.standstill());
  CHECK(world.events() > 180'000);
}

}  // namespace
}  // namespace twice::world

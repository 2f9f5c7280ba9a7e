// How the steps of a timeline meet a running world.
#include "world/probe.h"

namespace twice::world {
namespace {

// Sends 1, 2, 3 … to the next node of three, one every 10 ms, and marks each.
void tick(Probe& p, Time, const Input& input, Effects& effects) {
  if (is_start(input)) return effects.set_timer(0, milliseconds(10));
  if (!std::holds_alternative<TimerFired>(input)) return;
  effects.send(NodeId{static_cast<std::uint16_t>((p.self.index + 1) % 3)}, number(++p.count));
  effects.mark("sent", p.count, p.self.index + 1u);
  effects.set_timer(0, milliseconds(10));
}

World ticking(std::string_view steps, Duration latency = milliseconds(3)) {
  World world(1, probes({tick, silent, silent}), constant_latency(latency));
  if (!steps.empty()) add_steps(world, steps);
  return world;
}

Log run_for(World& world, Duration time) {
  Log log;
  world.run(Time{} + time, ~Sequence{0}, &log);
  return log;
}

}  // namespace

TEST_CASE("A timed step happens at its moment, before the events of that moment") {
  World world = ticking("note before @13ms");
  const Log log = run_for(world, milliseconds(15));
  CHECK(log.lines == Lines{"0s n1 start", "0s n2 start", "0s n3 start", "10ms n1 timer 0", "10ms n1 mark sent",
                           "13ms - step note before @13ms", "13ms n2 deliver 1 from n1"});
}

TEST_CASE("Timed steps happen in order of time, equal ones in order of addition") {
  World world = ticking("note c @5ms; note a @2ms; note d @5ms; note b @3ms");
  const Log log = run_for(world, milliseconds(6));
  CHECK(log.with("step") ==
        Lines{"2ms - step note a @2ms", "3ms - step note b @3ms", "5ms - step note c @5ms", "5ms - step note d @5ms"});
}

TEST_CASE("A timed step happens on time even when nothing else does, or only things that reach nobody") {
  // The timer that is still in the queue belongs to the crashed life of n1.
  World world = ticking("crash n1 @5ms; restart n1 @7ms; crash n1 @8ms; restart n1 @1s");
  const Log log = run_for(world, milliseconds(1011));
  CHECK(log.with("n1 start") == Lines{"0s n1 start", "7ms n1 start", "1s n1 start"});
  CHECK(log.with("n1 timer") == Lines{"1.01s n1 timer 0"});
}

TEST_CASE("A step after the horizon waits") {
  World world = ticking("note late @50ms");
  run_for(world, milliseconds(49));
  CHECK(world.pending_steps() == 1);
  CHECK_FALSE(world.fired(0));
  run_for(world, milliseconds(50));
  CHECK(world.fired(0));
  CHECK(world.pending_steps() == 0);
}

TEST_CASE("A step at event n happens just before that event") {
  World world = ticking("crash n1 @event:5");
  Log log;
  world.run(Time{} + milliseconds(30), ~Sequence{0}, &log);
  // Events 1-3 are the starts, 4 the first timer, 5 would have been the delivery.
  CHECK(log.lines[5] == "13ms - step crash n1 @event:5");
  CHECK(log.has("13ms n2 deliver 1 from n1"));
  CHECK(log.with("timer") == Lines{"10ms n1 timer 0"});
}

TEST_CASE("A step at a mark happens within the step that made the mark, and stops the rest of it") {
  World world = ticking("crash n1 @sent:2");
  const Log log = run_for(world, seconds(1));
  // The message before the mark had left, the timer after it was never set.
  CHECK(log.with("deliver") == Lines{"13ms n2 deliver 1 from n1", "23ms n2 deliver 2 from n1"});
  CHECK(log.with("timer").size() == 2);
}

TEST_CASE("A mark of another scope or value triggers nothing") {
  World world = ticking("crash n1 @sent:2/2; crash n1 @sent:0; crash n1 @send:2");
  run_for(world, seconds(1));
  CHECK(world.pending_steps() == 3);
  World right = ticking("crash n1 @sent:2/1");
  run_for(right, seconds(1));
  CHECK(right.took_effect(0));
}

TEST_CASE("A message is dropped, doubled or delayed by its address") {
  World dropped = ticking("drop n1>n2#2");
  CHECK(run_for(dropped, milliseconds(35)).with("deliver") ==
        Lines{"13ms n2 deliver 1 from n1", "33ms n2 deliver 3 from n1"});
  World doubled = ticking("duplicate n1>n2#2");
  const Log twice_delivered = run_for(doubled, milliseconds(35));
  CHECK(twice_delivered.count("23ms n2 deliver 2 from n1") == 2);
  CHECK(twice_delivered.has("20ms n1 duplicated Number"));
  World delayed = ticking("delay n1>n2#1 by 12ms");
  CHECK(run_for(delayed, milliseconds(35)).with("deliver") ==
        Lines{"23ms n2 deliver 2 from n1", "25ms n2 deliver 1 from n1", "33ms n2 deliver 3 from n1"});
}

TEST_CASE("What arrives at a crashed node is ignored, and told") {
  World world = ticking("crash n2 @11ms");
  const Log log = run_for(world, milliseconds(20));
  CHECK(log.has("13ms n2 ignored Number"));
  CHECK(log.with("deliver").empty());
}

TEST_CASE("A node with a supervisor starts again after its delay") {
  auto nodes = probes({tick, silent, silent});
  nodes[0].restart_after = milliseconds(100);
  World world(1, std::move(nodes), constant_latency(milliseconds(3)));
  add_steps(world, "crash n1 @15ms");
  const Log log = run_for(world, milliseconds(130));
  CHECK(log.with("n1 start") == Lines{"0s n1 start", "115ms n1 start"});
  CHECK(log.with("n1 timer") == Lines{"10ms n1 timer 0", "125ms n1 timer 0"});
}

TEST_CASE("A paused node does nothing until it is resumed, and then everything in order") {
  const auto both = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(25));
  };
  World world(1, probes({tick, both, silent}), constant_latency(milliseconds(3)));
  add_steps(world, "pause n2 @12ms; resume n2 @40ms");
  const Log log = run_for(world, milliseconds(45));
  CHECK(log.with("ms n2 ") == Lines{"40ms n2 deliver 1 from n1", "40ms n2 deliver 2 from n1", "40ms n2 timer 0",
                                    "40ms n2 deliver 3 from n1", "43ms n2 deliver 4 from n1"});
}

TEST_CASE("A crash during a pause loses what was held") {
  World world = ticking("pause n2 @12ms; crash n2 @30ms; restart n2 @31ms");
  const Log log = run_for(world, milliseconds(35));
  CHECK(log.with("n2 deliver") == Lines{"33ms n2 deliver 3 from n1"});
  CHECK_FALSE(world.is_paused(n2));
}

TEST_CASE("Nodes on two sides of a partition cannot reach each other until it heals; others reach both") {
  const auto all = [](Probe& p, Time, const Input& input, Effects& effects) {
    if (is_start(input) || std::holds_alternative<TimerFired>(input)) {
      for (std::uint16_t i = 0; i < 3; ++i)
        if (i != p.self.index) effects.send(NodeId{i}, number(p.self.index + 1u));
      effects.set_timer(0, milliseconds(100));
    }
  };
  World world(1, probes({all, all, all}), constant_latency(milliseconds(3)));
  add_steps(world, "partition n1|n2 @50ms; heal @150ms");
  const Log log = run_for(world, milliseconds(290));
  CHECK(log.with("103ms").size() == 4);
  CHECK_FALSE(log.has("103ms n2 deliver 1 from n1"));
  CHECK(log.has("103ms n3 deliver 1 from n1"));
  CHECK(log.has("103ms n1 deliver 3 from n3"));
  CHECK(log.has("100ms n1 cut Number"));
  CHECK(log.with("203ms").size() == 6);
}

TEST_CASE("A new partition replaces the one before; a cut stops one direction only") {
  World world = ticking("partition n1|n2 @1ms; partition n1|n3 @2ms; cut n2>n1 @3ms");
  run_for(world, milliseconds(5));
  CHECK_FALSE(world.network().is_cut(n1, n2));
  CHECK(world.network().is_cut(n2, n1));
  CHECK(world.network().is_cut(n1, n3));
  CHECK(world.network().is_cut(n3, n1));
}

TEST_CASE("A cut does not stop what is already on its way") {
  World world = ticking("cut n1>n2 @11ms");
  CHECK(run_for(world, milliseconds(40)).with("deliver") == Lines{"13ms n2 deliver 1 from n1"});
}

TEST_CASE("A command from outside reaches the node as a message") {
  World world = ticking("run n2 @5ms");
  const Log log = run_for(world, milliseconds(6));
  CHECK(log.with("n2 deliver").size() == 1);
  CHECK(world.took_effect(0));
}

TEST_CASE("Steps that change nothing say so") {
  World world = ticking(
      "restart n1 @1ms; resume n1 @1ms; heal @1ms; crash n2 @2ms; crash n2 @3ms; pause n2 @3ms; run n2 @3ms; cut n1>n2 "
      "@4ms; "
      "cut n1>n2 @5ms; pause n1 @6ms; pause n1 @7ms; resume n1 @8ms; heal @9ms; restart n2 @9ms");
  run_for(world, milliseconds(20));
  const std::vector<bool> expected{false, false, false, true,  false, false, false,
                                   true,  false, true,  false, true,  true,  true};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO(to_text(world.steps()[i]));
    CHECK(world.fired(i));
    CHECK(world.took_effect(i) == expected[i]);
  }
}

TEST_CASE("A step that names no node of this world is refused with the names there are") {
  World world = ticking("");
  for (const char* text : {"crash n9 @1s", "cut n1>n9 @1s", "drop n9>n1#1", "partition n1|n9 @1s", "run n9 @1s"}) {
    const auto error = world.add(std::get<std::vector<Step>>(parse_steps(text)).front());
    INFO(text);
    REQUIRE(error);
    CHECK(*error == "there is no node 'n9' (nodes: n1, n2, n3)");
  }
  CHECK(world.steps().empty());
}

TEST_CASE("A group's name means its member that was started last") {
  auto nodes = probes({silent, silent, silent});
  nodes[0].group = nodes[1].group = "loader";
  nodes[1].starts = false;
  World world(1, std::move(nodes));
  CHECK(world.find("loader") == n1);
  world.run();
  CHECK(world.find("loader") == n1);
  add_steps(world, "restart n2 @1s");
  world.run();
  CHECK(world.find("loader") == n2);
  CHECK(world.find("n1") == n1);
  CHECK_FALSE(world.find("nobody"));
}

TEST_CASE("The name of a group that lives side by side means all its members, in every step") {
  const auto after = [](const char* steps) {
    auto nodes = probes({silent, silent, silent, silent});
    nodes[1].group = nodes[2].group = "app";
    World world(1, std::move(nodes));
    add_steps(world, steps);
    world.run();
    return world;
  };
  constexpr NodeId server{0}, first{1}, second{2}, other{3};
  for (const char* steps : {"partition n1|app @1s", "partition n1>app @1s", "cut n1>app @1s", "isolate app @1s",
                            "isolate app @1s; heal n4 @2s"}) {
    const World world = after(steps);
    INFO(steps);
    CHECK(world.network().is_cut(server, first));
    CHECK(world.network().is_cut(server, second));
    CHECK_FALSE(world.network().is_cut(server, other));
  }
  CHECK_FALSE(after("isolate app @1s; heal app @2s").network().any_cut());
  CHECK(after("clog n1>app @1s").network().is_clogged(server, first));
  CHECK(after("clog app @1s").network().is_clogged(second, server));
  CHECK_FALSE(after("clog app @1s; unclog app @2s").network().is_clogged(first, server));
  const World crashed = after("crash app @1s");
  CHECK((crashed.is_up(server) && !crashed.is_up(first) && !crashed.is_up(second) && crashed.is_up(other)));
  const World back = after("crash app @1s; restart app @2s");
  CHECK((back.is_up(first) && back.is_up(second)));
  const World bridge = after("bridge app among n1,app,n4 @1s");
  CHECK(bridge.network().is_cut(server, other));
  CHECK_FALSE((bridge.network().is_cut(server, first) || bridge.network().is_cut(second, other)));
}

TEST_CASE("A message is between two nodes: a group of several is refused as its end") {
  auto nodes = probes({silent, silent, silent});
  nodes[1].group = nodes[2].group = "app";
  World world(1, std::move(nodes));
  const auto error = world.add({AtMessage{"app", "n1", 2}, Drop{}});
  REQUIRE(error);
  CHECK(*error == "'app' is 2 nodes, and a message travels between two: name one of them, such as 'n2'");
}

TEST_CASE("A step on a message that crashes its sender loses what still waited for the disk") {
  const auto write_then_send = [](Probe&, Time, const Input& input, Effects& effects) {
    if (!is_start(input)) return;
    const WriteToken written = effects.write(1, number(1));
    for (std::uint64_t i = 1; i <= 3; ++i) effects.send(n2, number(i), written);
  };
  World world(1, probes({write_then_send, silent}), constant_latency(milliseconds(3)));
  REQUIRE_FALSE(world.add({AtMessage{"n1", "n2", 2}, Crash{"n1"}}));
  const Log log = run_for(world, seconds(1));
  CHECK(log.with("deliver") == Lines{"5ms n2 deliver 1 from n1", "5ms n2 deliver 2 from n1"});
  CHECK_FALSE(world.is_up(n1));
}

}  // namespace twice::world

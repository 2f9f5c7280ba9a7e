// What the host does with a node's effects.
#include "world/probe.h"

namespace twice::world {
namespace {

void write_then_tell(Probe&, Time, const Input& input, Effects& effects) {
  if (!is_start(input)) return;
  effects.send(n2, number(1));
  const WriteToken first = effects.write(1, number(10));
  effects.send(n2, number(2), first);
  const WriteToken second = effects.write(2, number(20));
  effects.send(n2, number(3), second);
}

}  // namespace

TEST_CASE("A send that waits for a write leaves when the write is durable, others at once") {
  World world(1, probes({write_then_tell, silent}), constant_latency(milliseconds(10)));
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("deliver") ==
        Lines{"10ms n2 deliver 1 from n1", "12ms n2 deliver 2 from n1", "12ms n2 deliver 3 from n1"});
  CHECK(log.has("2ms n1 written 2"));
}

TEST_CASE("A crash before a write is durable loses the sends that waited for it") {
  World world(1, probes({write_then_tell, silent}), constant_latency(milliseconds(10)));
  add_steps(world, "crash n1 lose unsynced @1ms");
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("deliver") == Lines{"10ms n2 deliver 1 from n1"});
  CHECK(log.with("written").empty());
}

TEST_CASE("A restarted node finds what was durable, and nothing else") {
  const auto keep_counting = [](Probe& p, Time, const Input& input, Effects& effects) {
    const auto* start = std::get_if<Start>(&input);
    if (!start) return;
    for (const Record& record : start->durable) p.count = number_in(record.value);
    effects.write(1, number(p.count + 1));
  };
  for (const auto& [steps, expected] : {std::pair{"crash n1 lose unsynced @1ms; restart n1 @1s", 0u},
                                        std::pair{"crash n1 lose unsynced @3ms; restart n1 @1s", 1u},
                                        std::pair{"crash n1 lose nothing @1ms; restart n1 @1s", 1u}}) {
    World world(1, probes({keep_counting}));
    add_steps(world, steps);
    world.run();
    INFO(steps);
    CHECK(probe(world, 0).count == expected);
  }
}

TEST_CASE("Writes of one node become durable one after the other") {
  const auto write_twice = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(1)), effects.write(1, number(1));
    if (std::holds_alternative<TimerFired>(input)) effects.write(1, number(2));
  };
  World world(1, probes({write_twice}));
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("written") == Lines{"2ms n1 written 1", "4ms n1 written 2"});
}

TEST_CASE("A timer that is set again fires once, at the new time") {
  const auto reset = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(5)), effects.set_timer(1, milliseconds(3));
    if (const auto* fired = std::get_if<TimerFired>(&input); fired && fired->timer == 1)
      effects.set_timer(0, milliseconds(10));
  };
  World world(1, probes({reset}));
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("timer") == Lines{"3ms n1 timer 1", "13ms n1 timer 0"});
}

TEST_CASE("A cancelled timer does not fire, and may be set again") {
  const auto cancel = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input))
      effects.set_timer(0, milliseconds(5)), effects.set_timer(1, milliseconds(3)),
          effects.set_timer(2, milliseconds(8));
    const auto* fired = std::get_if<TimerFired>(&input);
    if (fired && fired->timer == 1) effects.cancel_timer(0), effects.cancel_timer(9);
    if (fired && fired->timer == 2) effects.set_timer(0, milliseconds(1));
  };
  World world(1, probes({cancel}));
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("timer") == Lines{"3ms n1 timer 1", "8ms n1 timer 2", "9ms n1 timer 0"});
}

TEST_CASE("A timer of an earlier life does not fire in the next") {
  const auto once = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(10));
  };
  World world(1, probes({once}));
  add_steps(world, "crash n1 @5ms; restart n1 @7ms");
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("timer") == Lines{"17ms n1 timer 0"});
}

TEST_CASE("A random wait is drawn from its range, by the host") {
  const auto wait = [](Probe& p, Time, const Input&, Effects& effects) {
    if (++p.count < 200) effects.set_timer(0, DurationRange{milliseconds(150), milliseconds(300)});
  };
  World world(1, probes({wait}));
  Time last{};
  Duration least = seconds(1), most{};
  while (world.step()) {
    if (world.events() > 1) least = std::min(least, world.now() - last), most = std::max(most, world.now() - last);
    last = world.now();
  }
  CHECK((least >= milliseconds(150) && least < milliseconds(155)));
  CHECK((most <= milliseconds(300) && most > milliseconds(295)));
}

TEST_CASE("A spawned node starts with its argument, a running one is left alone") {
  const auto launch = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.spawn(n2, number(7)), effects.set_timer(0, milliseconds(50));
    if (std::holds_alternative<TimerFired>(input)) effects.spawn(n2, number(8));
  };
  const auto child = [](Probe& p, Time, const Input& input, Effects&) {
    if (const auto* start = std::get_if<Start>(&input)) p.count = number_in(start->argument);
  };
  auto nodes = probes({launch, child});
  nodes[1].starts = false;
  World world(1, std::move(nodes), constant_latency(milliseconds(10)));
  Log log;
  CHECK_FALSE(world.is_up(n2));
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("n2 start") == Lines{"10ms n2 start from n1"});
  CHECK(probe(world, 1).count == 7);
}

TEST_CASE("News of a watched node's death travels over the link; a machine without power tells nobody") {
  const auto watch = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(1));
    if (std::holds_alternative<TimerFired>(input)) effects.watch(n2), effects.watch(n2);
  };
  for (const auto& [steps, news] : {std::pair{"crash n2 @20ms", Lines{"30ms n1 down from n2"}},
                                    std::pair{"crash n2 lose unsynced @20ms", Lines{}}}) {
    World world(1, probes({watch, silent}), constant_latency(milliseconds(10)));
    add_steps(world, steps);
    Log log;
    world.run(kEndOfTime, ~Sequence{0}, &log);
    INFO(steps);
    CHECK(log.with("down") == news);
  }
}

TEST_CASE("Watching a node that is down already brings the news at once, and a cut link brings none") {
  const auto watch_late = [](Probe&, Time, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, milliseconds(30));
    if (std::holds_alternative<TimerFired>(input)) effects.watch(n2);
  };
  for (const auto& [steps, news] : {std::pair{"crash n2 @20ms", Lines{"40ms n1 down from n2"}},
                                    std::pair{"crash n2 @20ms; cut n2>n1 @25ms", Lines{}}}) {
    World world(1, probes({watch_late, silent}), constant_latency(milliseconds(10)));
    add_steps(world, steps);
    Log log;
    world.run(kEndOfTime, ~Sequence{0}, &log);
    INFO(steps);
    CHECK(log.with("down") == news);
  }
}

TEST_CASE("A node sees its own clock: skewed and drifting") {
  const auto remember = [](Probe& p, Time now, const Input& input, Effects& effects) {
    if (is_start(input)) effects.set_timer(0, seconds(11));
    if (std::holds_alternative<TimerFired>(input)) p.count = static_cast<std::uint64_t>(now.ns);
  };
  auto nodes = probes({remember});
  nodes[0].clock = {milliseconds(500), 100'000'000};  // ahead by half a second, gains 10 %
  World world(1, std::move(nodes));
  world.run();
  CHECK(world.now() == Time{} + seconds(10));
  CHECK(probe(world, 0).count == static_cast<std::uint64_t>(milliseconds(11'500).ns));
}

}  // namespace twice::world

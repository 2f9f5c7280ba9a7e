// A forced schedule: what happens, in which order, and what a run does that cannot follow it.
#include "world/probe.h"

namespace twice::world {
namespace {

/// Tells the others how many inputs it has had: 1, 2, 3 at its start.
void tell_three(Probe&, Time, const Input& input, Effects& effects) {
  if (!is_start(input)) return;
  for (std::uint64_t i = 1; i <= 3; ++i) effects.send(n2, number(i));
}

void two_timers(Probe&, Time, const Input& input, Effects& effects) {
  if (!is_start(input)) return;
  effects.set_timer(0, seconds(1));
  effects.set_timer(3, seconds(9));
}

/// Sets its timer again whenever it hears something.
void patient(Probe&, Time, const Input& input, Effects& effects) {
  if (!std::holds_alternative<TimerFired>(input)) effects.set_timer(0, seconds(1));
}

/// Remembers the local time it was last asked at.
void look_at_clock(Probe& p, Time now, const Input&, Effects& effects) {
  p.count = static_cast<std::uint64_t>(now.ns);
  effects.set_timer(0, seconds(1));
}

void write_and_tell(Probe& p, Time, const Input& input, Effects& effects) {
  const auto* start = std::get_if<Start>(&input);
  if (start)
    for (const Record& record : start->durable) p.count = number_in(record.value);
  if (!start && !std::holds_alternative<TimerFired>(input)) return;
  const WriteToken token = effects.write(1, number(p.count + 1));
  effects.send(n2, number(p.count + 1), token);
  if (start) effects.set_timer(0, seconds(1));
}

Schedule schedule_of(const std::vector<std::string>& lines, bool disks_wait = false) {
  Schedule schedule;
  schedule.disks_wait = disks_wait;
  for (const std::string& line : lines) schedule.choices.push_back(parse_choice(line).value());
  return schedule;
}

struct Followed {
  World world;
  Log log;
};

Followed follow(std::vector<NodeSetup> nodes, const Schedule& schedule, const physics::LinkProfile& link = {}) {
  Followed run{World(1, std::move(nodes), link), {}};
  REQUIRE_FALSE(run.world.follow(schedule));
  run.world.run(kEndOfTime, ~Sequence{0}, &run.log);
  return run;
}

std::vector<std::size_t> not_carried_out(const World& world) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < world.schedule()->choices.size(); ++i)
    if (!world.carried_out(i)) found.push_back(i);
  return found;
}

}  // namespace

TEST_CASE("A choice reads back as it was printed, and nothing else is one") {
  for (const char* text :
       {"deliver n1>n2#3", "drop client-1>n2#12", "fire n1 0", "sync n1", "crash n1", "restart coordinator"}) {
    const auto choice = parse_choice(text);
    REQUIRE(choice);
    CHECK(to_text(*choice) == text);
  }
  for (const char* text : {"", "deliver", "deliver n1", "deliver n1>n2", "deliver n1>n2#0", "deliver n1>n2#x",
                           "deliver n1>#1", "fire n1", "fire n1 256", "fire n1 0 1", "crash n1 n2", "heal n1"})
    CHECK_FALSE(parse_choice(text));
}

TEST_CASE("Under a schedule messages arrive when it names them, whatever the network") {
  physics::LinkProfile bad = constant_latency(seconds(5));
  bad.loss.ppb = 1'000'000'000;
  const Followed run = follow(probes({tell_three, silent}), schedule_of({"deliver n1>n2#3", "deliver n1>n2#1"}), bad);
  CHECK(run.log.with("deliver") == Lines{"1ms n2 deliver 3 from n1", "2ms n2 deliver 1 from n1"});
  REQUIRE(run.world.unplanned().size() == 1);
  CHECK(number_in(run.world.unplanned()[0].body) == 2);
  CHECK(not_carried_out(run.world).empty());
}

TEST_CASE("Under a schedule a message arrives as often as it is named") {
  const Followed run =
      follow(probes({tell_three, silent}), schedule_of({"deliver n1>n2#2", "deliver n1>n2#1", "deliver n1>n2#2"}));
  CHECK(run.log.with("deliver") ==
        Lines{"1ms n2 deliver 2 from n1", "2ms n2 deliver 1 from n1", "3ms n2 deliver 2 from n1"});
  CHECK(run.log.with("duplicated") == Lines{"0s n1 duplicated Number"});
}

TEST_CASE("Under a schedule a message is lost at the moment of its choice") {
  const Followed run = follow(probes({tell_three, silent}), schedule_of({"deliver n1>n2#1", "drop n1>n2#2"}));
  CHECK(run.log.with("deliver") == Lines{"1ms n2 deliver 1 from n1"});
  CHECK(run.log.with("lost") == Lines{"2ms n1 lost Number"});
  CHECK(not_carried_out(run.world).empty());
}

TEST_CASE("Under a schedule a timer ends when it is named, and no other does") {
  const Followed run = follow(probes({two_timers}), schedule_of({"fire n1 3"}));
  CHECK(run.log.with("timer") == Lines{"1ms n1 timer 3"});
  CHECK(run.world.events() == 2);
  CHECK(run.world.unplanned().size() == 1);
}

TEST_CASE("Under a schedule a timer that is set anew keeps its choice") {
  const Followed run = follow(probes({tell_three, patient}), schedule_of({"deliver n1>n2#1", "fire n2 0"}));
  CHECK(run.log.with("timer") == Lines{"2ms n2 timer 0"});
  CHECK(not_carried_out(run.world).empty());
}

TEST_CASE("Under a schedule local clocks stand still") {
  std::vector<NodeSetup> nodes = probes({look_at_clock, look_at_clock});
  nodes[1].clock = {milliseconds(250), 50'000, Time{}};
  const Followed run = follow(std::move(nodes), schedule_of({"fire n1 0", "fire n2 0"}));
  CHECK(run.world.now() == Time{} + milliseconds(2));
  CHECK(probe(run.world, 0).count == 0);
  CHECK(probe(run.world, 1).count == 250'000'000);
}

TEST_CASE("Under a schedule a write is durable with the step that makes it") {
  const Followed run = follow(probes({write_and_tell, silent}), schedule_of({"deliver n1>n2#1"}));
  CHECK(run.log.has("0s n1 written 1"));
  CHECK(run.log.with("deliver") == Lines{"1ms n2 deliver 1 from n1"});
}

TEST_CASE("Where disks wait, each sync makes the oldest writes durable, and a crash loses the others") {
  const Followed run =
      follow(probes({write_and_tell, silent}),
             schedule_of({"fire n1 0", "sync n1", "crash n1", "restart n1", "sync n1", "deliver n1>n2#2"}, true));
  CHECK(run.log.with("written") == Lines{"2ms n1 written 1", "5ms n1 written 3"});
  // What the restarted node found is the first write: the second was lost.
  CHECK(run.log.with("deliver") == Lines{"6ms n2 deliver 2 from n1"});
  CHECK(not_carried_out(run.world).empty());
}

TEST_CASE("A message to a node that is down reaches nobody") {
  const Followed run = follow(probes({tell_three, silent}),
                              schedule_of({"crash n2", "deliver n1>n2#1", "restart n2", "deliver n1>n2#2"}));
  CHECK(run.log.with("ignored") == Lines{"2ms n2 ignored Number"});
  CHECK(run.log.with("deliver") == Lines{"4ms n2 deliver 2 from n1"});
}

TEST_CASE("A choice that cannot be carried out is told, and the run goes on") {
  const Followed run = follow(probes({tell_three, two_timers}),
                              schedule_of({"deliver n1>n2#4", "fire n2 1", "fire n1 0", "fire n2 0", "fire n2 0"}));
  CHECK(not_carried_out(run.world) == std::vector<std::size_t>{0, 1, 2, 4});
  CHECK(run.log.with("timer") == Lines{"4ms n2 timer 0"});
}

TEST_CASE("A schedule of a node that does not exist is refused") {
  World world(1, probes({silent}));
  CHECK(world.follow(schedule_of({"crash n7"})) == "the schedule says 'crash n7': there is no node 'n7'");
  CHECK_FALSE(world.schedule());
}

TEST_CASE("Beside a schedule steps that say when a message arrives are refused, others are carried out") {
  World world(1, probes({tell_three, silent}));
  REQUIRE_FALSE(world.follow(schedule_of({"deliver n1>n2#1", "deliver n1>n2#2"})));
  for (const char* text : {"delay n1>n2#1 by 2s", "duplicate n1>n2#1"}) {
    const auto error = world.add(std::get<std::vector<Step>>(parse_steps(text)).front());
    REQUIRE(error);
    CHECK(error->find("means nothing here: a schedule says when") != std::string::npos);
  }
  add_steps(world, "pause n2 @1500us; resume n2 @10ms");
  Log log;
  world.run(kEndOfTime, ~Sequence{0}, &log);
  CHECK(log.with("deliver") == Lines{"1ms n2 deliver 1 from n1", "10ms n2 deliver 2 from n1"});
}

TEST_CASE("A copy of a world goes on with the schedule, to the same end") {
  World world(1, probes({tell_three, patient}));
  REQUIRE_FALSE(world.follow(schedule_of({"deliver n1>n2#2", "fire n2 0", "crash n2", "restart n2", "fire n2 0"})));
  world.run(kEndOfTime, 3);
  World copy = world;
  world.run();
  copy.run();
  CHECK(copy.digest() == world.digest());
  CHECK(not_carried_out(copy).empty());
}

}  // namespace twice::world

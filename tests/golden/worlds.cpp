#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "suite.h"
#include "world/world.h"

namespace twice::golden {
namespace {

using world::NodeSetup;
using world::World;

struct Ball {
  static constexpr std::string_view kName = "Ball";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round);
  }
  std::uint64_t round = 0;
};

// Returns the ball with the next number; serves again when it stays away. Loss, duplicates, latency, timer draws.
struct Player {
  static constexpr std::string_view kName = "player";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("opponent", self.opponent), v("round", self.round), v("late", self.late);
  }

  void step(Time, const Input& input, Effects& effects) {
    if (const auto* received = std::get_if<Received>(&input)) {
      const Ball* ball = received->body.get<Ball>();
      if (!ball || ball->round < round) return;
      round = ball->round + 1;
    } else if (std::holds_alternative<TimerFired>(input)) {
      ++late;
    }
    effects.send(opponent, Payload(Ball{round}));
    effects.set_timer(0, DurationRange{milliseconds(20), milliseconds(30)});
  }

  NodeId opponent;
  std::uint64_t round = 0, late = 0;
};

// Counts on disk and tells the next node a number only when it is durable. Disk, waiting sends, crashes, restarts.
struct Counter {
  static constexpr std::string_view kName = "counter";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("next", self.next), v("count", self.count), v("heard", self.heard);
  }

  void step(Time, const Input& input, Effects& effects) {
    if (const auto* start = std::get_if<Start>(&input)) {
      for (const Record& record : start->durable)
        if (const Ball* kept = record.value.get<Ball>()) count = kept->round;
      effects.set_timer(0, milliseconds(5));
    } else if (const auto* received = std::get_if<Received>(&input)) {
      if (const Ball* ball = received->body.get<Ball>()) heard = ball->round;
    } else if (std::holds_alternative<TimerFired>(input)) {
      const WriteToken token = effects.write(1, Payload(Ball{++count}));
      effects.send(next, Payload(Ball{count}), token);
      effects.mark("count", count);
      effects.set_timer(0, DurationRange{milliseconds(3), milliseconds(7)});
    }
  }

  NodeId next;
  std::uint64_t count = 0, heard = 0;
};

NodeSetup setup(std::string name, std::unique_ptr<Node> node) {
  NodeSetup made;
  made.name = std::move(name);
  made.node = std::move(node);
  return made;
}

Result finish(World world, Time until) {
  world.run(until);
  return {mix(world.trace().hash(), world.digest()), fmt::format("{} events", world.events())};
}

// The steps are texts of the `--do` grammar, so that the grammar takes part in the hash.
void add_steps(World& world, std::string_view text) {
  auto steps = std::get<std::vector<world::Step>>(world::parse_steps(text));
  for (world::Step& step : steps)
    if (const auto error = world.add(std::move(step))) throw std::invalid_argument(*error);
}

Result ping_pong() {
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(5)};
  link.loss = Probability{100'000'000};
  link.duplicate = Probability{50'000'000};
  std::vector<NodeSetup> nodes;
  nodes.push_back(setup("left", make_node(Player{NodeId{1}})));
  nodes.push_back(setup("right", make_node(Player{NodeId{0}})));
  return finish(World(42, std::move(nodes), link), Time{} + seconds(10));
}

std::vector<NodeSetup> counters() {
  std::vector<NodeSetup> nodes;
  for (std::uint16_t i = 0; i < 5; ++i) {
    NodeSetup counter =
        setup(fmt::format("n{}", i + 1), make_node(Counter{NodeId{static_cast<std::uint16_t>((i + 1) % 5)}}));
    counter.clock = {milliseconds(10 * i), 100'000 * (i - 2)};
    if (i == 0) counter.restart_after = milliseconds(300);
    nodes.push_back(std::move(counter));
  }
  return nodes;
}

physics::LinkProfile exponential_link() {
  physics::LinkProfile link;
  link.latency = {physics::Exponential{milliseconds(4)}, milliseconds(1)};
  return link;
}

Result durable_counters() {
  World world(7, counters(), exponential_link());
  add_steps(world, "crash n1 lose mixed @count:40; crash n3 lose unsynced @1s; restart n3 @2s");
  return finish(std::move(world), Time{} + seconds(5));
}

Result message_faults() {
  World world(7, counters(), exponential_link());
  add_steps(world, "partition n1,n2|n3,n4,n5 @1s; heal @2s; pause n4 @2500ms; resume n4 @3s; cut n5>n1 @3500ms");
  add_steps(world, "drop n1>n2#10; duplicate n2>n3#12; delay n3>n4#15 by 200ms");
  return finish(std::move(world), Time{} + seconds(5));
}

// A fork that went another way must leave the original alone.
Result fork() {
  World original(7, counters(), exponential_link());
  original.run(Time{} + seconds(1));
  World other = original;
  add_steps(other, "crash n2 @1100ms");
  const Result changed = finish(std::move(other), Time{} + seconds(3));
  Result result = finish(std::move(original), Time{} + seconds(3));
  result.hash = mix(result.hash, changed.hash);
  return result;
}

}  // namespace

Suite worlds() {
  return {"worlds",
          {},
          {{"ping-pong", ping_pong},
           {"durable-counters", durable_counters},
           {"message-faults", message_faults},
           {"fork", fork}}};
}

}  // namespace twice::golden

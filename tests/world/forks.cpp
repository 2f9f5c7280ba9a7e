// The world is a value: copies are forks, and any event of a run can be reached again.
#include "core/json.h"
#include "world/checkpoints.h"
#include "world/probe.h"

namespace twice::world {
namespace {

// Gossip with everything the host offers: random waits, writes, sends that wait for them, marks, large payloads.
struct Rumour {
  static constexpr std::string_view kName = "Rumour";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round), v("path", self.path);
  }
  std::uint64_t round = 0;
  std::vector<NodeId> path;
};

struct Gossip {
  static constexpr std::string_view kName = "gossip";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("self", self.self), v("heard", self.heard), v("last", self.last), v("written", self.written);
  }

  void step(Time, const Input& input, Effects& effects) {
    if (const auto* start = std::get_if<Start>(&input))
      for (const Record& record : start->durable) written = number_in(record.value);
    if (const auto* received = std::get_if<Received>(&input))
      if (const auto* rumour = received->body.get<Rumour>()) return hear(*rumour, effects);
    if (std::holds_alternative<Start>(input) || std::holds_alternative<TimerFired>(input)) {
      effects.send(next(1), Payload(Rumour{++heard, {self}}));
      effects.set_timer(0, DurationRange{milliseconds(5), milliseconds(15)});
    }
  }
  void hear(const Rumour& rumour, Effects& effects) {
    ++heard;
    last = rumour.path;
    if (heard % 3 != 0) return;
    const WriteToken token = effects.write(1, number(++written));
    Rumour passed = rumour;
    passed.path.push_back(self);
    if (passed.path.size() < 6) effects.send(next(heard % 4 + 1), Payload(std::move(passed)), token);
    effects.mark("heard", heard, self.index + 1u);
  }
  NodeId next(std::uint64_t by) const { return NodeId{static_cast<std::uint16_t>((self.index + by) % 5)}; }

  NodeId self;
  std::uint64_t heard = 0;
  std::vector<NodeId> last;
  std::uint64_t written = 0;
};

constexpr std::string_view kFaults =
    "crash n1 lose mixed @heard:30; restart n1 @400ms; partition n1,n2|n3,n4,n5 @500ms; heal @700ms; pause n4 @800ms; "
    "resume n4 @1s; drop n2>n3#20; duplicate n3>n4#12; delay n4>n5#15 by 200ms; crash n5 @event:900; restart n5 "
    "@1500ms";

World gossip(std::uint64_t seed, std::string_view steps = kFaults) {
  std::vector<NodeSetup> nodes;
  for (std::uint16_t i = 0; i < 5; ++i) {
    NodeSetup setup;
    setup.name = fmt::format("n{}", i + 1);
    setup.node = make_node(Gossip{NodeId{i}, 0, {}, 0});
    setup.clock = {milliseconds(i), 1'000'000 * (i - 2)};
    nodes.push_back(std::move(setup));
  }
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(8)};
  link.loss = Probability{50'000'000};
  link.duplicate = Probability{50'000'000};
  World world(seed, std::move(nodes), link);
  if (!steps.empty()) add_steps(world, steps);
  return world;
}

constexpr Time kEnd = Time{} + seconds(3);

}  // namespace

TEST_CASE("The same seed and steps give the same run, another seed another") {
  World first = gossip(1), second = gossip(1), other = gossip(2);
  first.run(kEnd), second.run(kEnd), other.run(kEnd);
  CHECK(first.events() > 2000);
  CHECK(first.trace().hash() == second.trace().hash());
  CHECK(first.trace().block_hashes() == second.trace().block_hashes());
  CHECK(first.digest() == second.digest());
  CHECK(first.trace().hash() != other.trace().hash());
}

TEST_CASE("Keeping less of the trace, or watching, changes no run") {
  World watched = gossip(1), quiet = gossip(1);
  Log log;
  quiet.keep_only(Trace::Keep::kHashes);
  watched.run(kEnd, ~Sequence{0}, &log);
  quiet.run(kEnd);
  CHECK(watched.trace().hash() == quiet.trace().hash());
  CHECK(watched.digest() == quiet.digest());
}

TEST_CASE("A run in pieces is the run in one") {
  World whole = gossip(3), pieces = gossip(3);
  whole.run(kEnd);
  for (Duration t{}; Time{} + t < kEnd; t += milliseconds(7)) pieces.run(Time{} + t);
  pieces.run(kEnd);
  CHECK(whole.digest() == pieces.digest());
}

TEST_CASE("A copy of a world lives the same future") {
  for (const Sequence at : {0u, 1u, 57u, 400u, 901u, 1500u}) {
    World original = gossip(4);
    original.run(kEnd, at);
    World copy = original;
    CHECK(copy.digest() == original.digest());
    original.run(kEnd);
    copy.run(kEnd);
    INFO("copied at event " << at);
    CHECK(copy.digest() == original.digest());
    CHECK(copy.trace().hash() == original.trace().hash());
  }
}

TEST_CASE("A fork that goes another way leaves the original alone") {
  World undisturbed = gossip(5);
  undisturbed.run(kEnd);
  World original = gossip(5);
  original.run(Time{} + seconds(1));
  const std::uint64_t before = original.digest();
  const std::string state = to_json(*state_of<Gossip>(original.node(NodeId{2})));
  {
    World fork = original;
    add_steps(fork, "crash n3 lose unsynced @1100ms; cut n1>n2 @1200ms");
    fork.run(kEnd);
    CHECK(fork.digest() != undisturbed.digest());
  }
  CHECK(original.digest() == before);
  CHECK(to_json(*state_of<Gossip>(original.node(NodeId{2}))) == state);
  original.run(kEnd);
  CHECK(original.digest() == undisturbed.digest());
}

TEST_CASE("Going to any event gives the world that a run from zero gives") {
  World world = gossip(6);
  Checkpoints checkpoints(world, 16);
  std::vector<std::uint64_t> digests{world.digest()};
  while (world.step(kEnd)) {
    checkpoints.offer(world);
    // A mark's step may share its event with the step that made it: keep the last state of each number.
    digests.resize(world.events() + 1);
    digests[world.events()] = world.digest();
  }
  REQUIRE(world.events() > 2000);
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Sequence n = draw(6, Purpose::kNode, i).below(world.events() + 1);
    if (digests[n] == 0) continue;
    INFO("event " << n);
    const World there = checkpoints.at(n);
    CHECK(there.events() == n);
    CHECK(there.digest() == digests[n]);
  }
  CHECK(checkpoints.at(world.events()).digest() == world.digest());
  CHECK(checkpoints.at(0).digest() == digests[0]);
}

TEST_CASE("Checkpoints keep to their capacity by doubling their spacing") {
  World world = gossip(7, "");
  Checkpoints checkpoints(world, 4);
  while (world.events() < 20'000 && world.step()) {
    checkpoints.offer(world);
    REQUIRE(checkpoints.size() <= 4);
  }
  CHECK(checkpoints.spacing() >= 20'000 / 4);
  World again = gossip(7, "");
  again.run(kEndOfTime, 12'345);
  CHECK(checkpoints.at(12'345).digest() == again.digest());
}

TEST_CASE("A broken seek would be seen: a world one event off has another digest") {
  World one = gossip(8), off = gossip(8);
  one.run(kEnd, 500);
  off.run(kEnd, 501);
  CHECK(one.digest() != off.digest());
}

}  // namespace twice::world

// Exhaustive search: counts that others have published, small models counted by hand, and witnesses.
#include "lab/search_models.h"

#include <algorithm>
#include <set>

#include "lab/search/report.h"
#include "support/catch.h"
#include "world/world.h"

namespace twice::lab::search {
namespace {

using Kind = Property::Kind;
using protocols::Persist;
using protocols::TwoPhaseCommitParameters;

/// Wants something that no search can do.
struct Asker {
  static constexpr std::string_view kName = "asker";
  template <class Self, class V>
  static void visit(Self&, V&) {}
  void step(Time, const Input&, Effects& effects) { effects.watch({0}); }
};

/// Writes three records at its start, later a fourth, and names the third when it tells the second node.
struct LateTeller {
  static constexpr std::string_view kName = "late teller";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("told", self.told), v("newest", self.newest);
  }
  void step(Time, const Input& input, Effects& effects) {
    told = told || std::holds_alternative<Received>(input);
    if (std::holds_alternative<Start>(input)) {
      for (std::uint64_t key = 1; key <= 3; ++key) newest = effects.write(key, Payload(Ping{}));
      effects.set_timer(0, seconds(1));
    }
    if (!std::holds_alternative<TimerFired>(input)) return;
    effects.write(4, Payload(Ping{}));
    effects.send({1}, Payload(Ping{}), newest);
  }
  bool told = false;
  WriteToken newest = 0;
};

const Lamp& lamp(const Seen& seen) { return *state_of<Lamp>(*seen.local->node); }

Model lamp_with(bool breaks, Property property) {
  Model model = model_with(Lamp{breaks});
  model.properties.push_back(std::move(property));
  return model;
}

Result with_network(NetworkKind kind, std::uint32_t drops = 0) {
  Options options;
  options.network = kind;
  options.drops = drops;
  return explore(pings(options));
}

}  // namespace

// TLC, Stateright, Spin and rumur agree on these.
TEST_CASE("two-phase commit has exactly the published states, transitions and depth") {
  struct Published {
    std::size_t participants;
    std::uint32_t states;
    std::uint64_t generated;
    std::uint32_t depth;
  };
  for (const Published& p :
       {Published{3, 288, 1'146, 11}, Published{5, 8'832, 58'146, 17}, Published{7, 296'448, 2'744'706, 23}}) {
    const Result r = search_commit(p.participants);
    CHECK(r.states == p.states);
    CHECK(r.generated == p.generated);
    CHECK(r.depth == p.depth);
    CHECK(r.stop == Stop::kComplete);
    CHECK(r.verdict() == Verdict::kHolds);
  }
}

TEST_CASE("up to renaming participants, two-phase commit has exactly the published orbits") {
  Options options;
  options.symmetry = true;
  CHECK(search_commit(5, options).states == 314);
  CHECK(search_commit(7, options).states == 920);
  const Result r = search_commit(8, options);
  CHECK(r.states == 1'461);
  CHECK(r.depth == 26);
  CHECK(finding(r, "all commit").story.size() == 25);
}

// Burnside's lemma: (27 + 3·3 + 2·3) / 6 and (256 + 6·16 + 3·16 + 8·4 + 6·4) / 24.
TEST_CASE("orbits are exact where members speak of each other and signatures tie") {
  CHECK(explore(admirers(3, false)).states == 27);
  CHECK(explore(admirers(3, true)).states == 7);
  CHECK(explore(admirers(4, false)).states == 256);
  CHECK(explore(admirers(4, true)).states == 19);
}

TEST_CASE("a set repeats and reorders messages, a multiset reorders them, a fifo does neither") {
  CHECK(with_network(NetworkKind::kSet).states == 7);
  CHECK(with_network(NetworkKind::kMultiset).states == 5);
  CHECK(with_network(NetworkKind::kFifo).states == 3);
  CHECK(with_network(NetworkKind::kFifo, 1).states == 6);
}

TEST_CASE("a coordinator that commits without every vote is found, by the shortest way") {
  TwoPhaseCommitParameters broken;
  broken.needed = 2;
  const Result r = search_commit(3, {}, broken);
  const Finding& atomic = finding(r, "atomic");
  CHECK(atomic.verdict == Verdict::kBroken);
  CHECK(r.stop == Stop::kFoundOne);
  // Two votes, two deliveries, a decision, one that hears of it and one that refuses.
  REQUIRE(atomic.story.size() == 7);
  int votes = 0, refusals = 0;
  for (const StoryStep& step : atomic.story) {
    votes += step.words.find("prepares") != std::string::npos;
    refusals += step.words.find("refuses") != std::string::npos;
  }
  CHECK(votes == 2);
  CHECK(refusals == 1);
  CHECK(to_text(atomic.story).find("phase: prepared -> committed") != std::string::npos);
}

TEST_CASE("with symmetry the same violation is found as short, as a run that really happens") {
  TwoPhaseCommitParameters broken;
  broken.needed = 2;
  Options options;
  options.symmetry = true;
  CHECK(finding(search_commit(3, options, broken), "atomic").story.size() == 7);
}

TEST_CASE("a participant that forgets its vote in a crash is found, one that wrote it down is not") {
  Options options;
  options.crashes = 1;
  CHECK(search_commit(3).verdict() == Verdict::kHolds);
  CHECK(finding(search_commit(3, options), "atomic").verdict == Verdict::kHolds);
  TwoPhaseCommitParameters forgetful;
  forgetful.persist = Persist::kNever;
  CHECK(finding(search_commit(3, {}, forgetful), "atomic").verdict == Verdict::kHolds);
  CHECK(finding(search_commit(3, options, forgetful), "atomic").verdict == Verdict::kBroken);
}

TEST_CASE("answers that do not wait for the disk are found only where a crash may lose writes") {
  TwoPhaseCommitParameters hasty;
  hasty.persist = Persist::kLater;
  Options options;
  options.crashes = 1;
  CHECK(finding(search_commit(2, options, hasty), "atomic").verdict == Verdict::kHolds);
  options.disk = DiskKind::kLater;
  CHECK(finding(search_commit(2, options, hasty), "atomic").verdict == Verdict::kBroken);
  CHECK(finding(search_commit(2, options), "atomic").verdict == Verdict::kHolds);
}

TEST_CASE("bounds stop a search cleanly, and what it did not see is unknown") {
  Options options;
  options.memory = 100'000;
  const Result memory = search_commit(7, options);
  CHECK(memory.stop == Stop::kMemory);
  CHECK(memory.states < 296'448);
  CHECK(finding(memory, "atomic").verdict == Verdict::kUnknown);
  CHECK(memory.verdict() == Verdict::kUnknown);
  options = {};
  options.max_states = 100;
  const Result states = search_commit(3, options);
  CHECK(states.stop == Stop::kStates);
  CHECK(states.states == 100);
  options = {};
  options.max_depth = 4;
  const Result depth = search_commit(3, options);
  CHECK(depth.stop == Stop::kDepth);
  CHECK(depth.depth == 4);
  CHECK(finding(depth, "all commit").verdict == Verdict::kUnknown);
  CHECK(finding(depth, "all abort").verdict == Verdict::kHolds);  // three refusals
  std::uint32_t calls = 0;
  CHECK(explore(model_of(commit_spec(3), 1, {}), [&](const Progress&) { return ++calls == 0; }).stop ==
        Stop::kInterrupted);
}

TEST_CASE("sometimes: a state that shows it is the witness, and without one it is broken") {
  const auto is_lit = [](auto seen) { return lamp(seen[0]).lit; };
  const Result lit = explore(lamp_with(false, {"lit", Kind::kSometimes, is_lit}));
  CHECK(lit.findings[0].verdict == Verdict::kHolds);
  CHECK(lit.findings[0].story.size() == 1);
  const auto is_broken = [](auto seen) { return lamp(seen[0]).broken; };
  const Result never = explore(lamp_with(false, {"broken", Kind::kSometimes, is_broken}));
  CHECK(never.findings[0].verdict == Verdict::kBroken);
  CHECK(never.findings[0].story.empty());
}

TEST_CASE("properties may speak of marks") {
  const auto is_lit = [](NodeId, const Mark& mark) { return mark.label == "lit"; };
  const Result some = explore(lamp_with(false, {"a mark", Kind::kSometimes, {}, {}, is_lit}));
  CHECK(some.findings[0].verdict == Verdict::kHolds);
  REQUIRE(some.findings[0].story.size() == 1);
  CHECK(some.findings[0].story[0].marks == std::vector<std::string>{"lit:1"});
  const auto is_other = [](NodeId, const Mark& mark) { return mark.label != "lit"; };
  CHECK(explore(lamp_with(false, {"no mark", Kind::kAlways, {}, {}, is_other})).verdict() == Verdict::kBroken);
  CHECK(explore(lamp_with(false, {"only it", Kind::kAlways, {}, {}, is_lit})).verdict() == Verdict::kHolds);
}

TEST_CASE("eventually: a run that goes round for ever without it breaks it") {
  const auto is_broken = [](auto seen) { return lamp(seen[0]).broken; };
  const Result r = explore(lamp_with(true, {"breaks", Kind::kEventually, is_broken}));
  CHECK(r.findings[0].verdict == Verdict::kBroken);
  CHECK(r.findings[0].story.size() == 2);
  CHECK(r.findings[0].back_to == std::size_t{0});
  const auto was_lit = [](auto seen) { return lamp(seen[0]).lit || lamp(seen[0]).broken; };
  CHECK(explore(lamp_with(true, {"is lit", Kind::kEventually, was_lit})).verdict() == Verdict::kHolds);
}

TEST_CASE("eventually: a run that ends without it breaks it") {
  const auto decided = [](std::span<const Seen> nodes) {
    for (const Seen& node : nodes)
      if (const auto* p = state_of<protocols::ParticipantNode>(*node.local->node))
        if (p->phase == protocols::Phase::kWorking || p->phase == protocols::Phase::kPrepared) return false;
    return true;
  };
  for (const std::uint32_t drops : {0u, 1u}) {
    Options options;
    options.network = NetworkKind::kMultiset;
    options.drops = drops;
    Model model = model_of(commit_spec(2), 1, options);
    model.properties = {{"decided", Kind::kEventually, decided}};
    const Result r = explore(model);
    CHECK(r.findings[0].verdict == (drops == 0 ? Verdict::kHolds : Verdict::kBroken));
    CHECK(r.findings[0].story.empty() == (drops == 0));
    CHECK_FALSE(r.findings[0].back_to);
  }
}

TEST_CASE("a bound on timers that fire is part of what is searched") {
  Options options;
  options.timers = 1;
  Model model = model_of(commit_spec(2), 1, options);
  const Result r = explore(model);
  CHECK(r.stop == Stop::kComplete);
  CHECK(finding(r, "all commit").verdict == Verdict::kBroken);
  CHECK(finding(r, "all abort").verdict == Verdict::kHolds);  // the coordinator gives up
}

TEST_CASE("a search begins where a simulated run stands") {
  const scenario::Spec spec = commit_spec(3);
  world::World world(1, protocols::make_two_phase_commit({"n1", "n2", "n3"}, {}));
  world.run(kEndOfTime, 4);  // all have started
  CHECK(explore(model_of(world, spec.cluster->protocol, {})).states == 288);
  while (state_of<protocols::CoordinatorNode>(world.node({3}))->prepared.size() < 3) world.step();
  REQUIRE_FALSE(world.carry_out_now({world::AtTime{world.now()}, world::Crash{"coordinator"}}));
  const Result r = explore(model_of(world, spec.cluster->protocol, {}));
  CHECK(finding(r, "atomic").verdict == Verdict::kHolds);
  CHECK(finding(r, "all commit").verdict == Verdict::kBroken);
  const Finding& abort = finding(r, "all abort");
  CHECK(abort.verdict == Verdict::kHolds);
  REQUIRE(abort.story.size() == 4);
  CHECK(abort.story[0].words == "coordinator starts again");
}

// The same nodes, in the other host: nothing that a run does is outside of what was searched.
TEST_CASE("every state that simulated runs go through is one that the search has seen") {
  using Digests = std::vector<std::uint64_t>;
  TwoPhaseCommitParameters close;  // refusals, decisions and giving up all happen
  close.prepare = milliseconds(60), close.refuse = milliseconds(50);
  close.decide = milliseconds(40), close.give_up = milliseconds(80);
  std::set<Digests> searched, simulated;
  Model model = model_of(commit_spec(3, close), 1, {});
  model.properties = {{"seen", Kind::kAlways, [&](std::span<const Seen> nodes) {
                         Digests row;
                         for (const Seen& node : nodes) row.push_back(node.local->node->digest());
                         return searched.insert(row), true;
                       }}};
  explore(model);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    physics::LinkProfile link;
    link.latency = {milliseconds(1), milliseconds(30)};
    world::World world(seed, protocols::make_two_phase_commit({"n1", "n2", "n3"}, close), link);
    world.run(kEndOfTime, 4);
    do {
      Digests row;
      for (std::uint16_t i = 0; i < world.size(); ++i) row.push_back(world.node({i}).digest());
      simulated.insert(row);
    } while (world.step());
  }
  CHECK(simulated.size() > 60);
  CHECK(std::includes(searched.begin(), searched.end(), simulated.begin(), simulated.end()));
}

// A token of an earlier count names a write that has long been durable.
TEST_CASE("a send that waits for a write of long ago leaves with the next one") {
  Model model = model_with(LateTeller{}, LateTeller{});
  model.properties = {{"told", Kind::kSometimes,
                       [](std::span<const Seen> nodes) { return state_of<LateTeller>(*nodes[1].local->node)->told; }}};
  CHECK(explore(model).verdict() == Verdict::kHolds);
}

TEST_CASE("what a search cannot follow is refused by name") {
  CHECK(explore(model_with(Asker{})).error == "node 'n1' (asker) watches another node: a search cannot do that");
}

TEST_CASE("two searches of one thing tell the same, byte by byte") {
  TwoPhaseCommitParameters broken;
  broken.needed = 2;
  Options options;
  options.keep_going = true;
  options.crashes = 1;
  Report a, b;
  a.result = search_commit(3, options, broken);
  b.result = search_commit(3, options, broken);
  CHECK(search_json(a) == search_json(b));
}

}  // namespace twice::lab::search

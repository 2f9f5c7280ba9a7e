// A way that a search found is a run: the same nodes in the other host break the same property.
#include "lab/search/witness.h"

#include <algorithm>
#include <array>

#include "lab/cluster_world.h"
#include "lab/live_run.h"
#include "lab/search/replay.h"
#include "lab/search_models.h"
#include "lab/zoo_search.h"
#include "scenario/load.h"
#include "support/catch.h"

namespace twice::lab::search {
namespace {

using protocols::Persist;
using protocols::TwoPhaseCommitParameters;

/// Runs every way that a search of this cluster told of; counts those that show what was found.
struct Ways {
  std::size_t told = 0, shown = 0;
};
Ways run_ways(const scenario::Spec& spec, const Options& options) {
  const Model model = model_of(spec, 1, options);
  const Result result = explore(model);
  REQUIRE(result.error.empty());
  Ways ways;
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& found = result.findings[i];
    if (found.story.empty()) continue;
    INFO(found.name << "\n" << to_text(found.story));
    ++ways.told;
    const bool shown = shows(build_cluster(spec, 1, Trace::Keep::kNothing), schedule_of(found.story, options),
                             model.properties[i], model);
    CHECK(shown);
    ways.shown += shown;
  }
  return ways;
}

Options with(NetworkKind network, std::uint32_t crashes = 0, DiskKind disk = DiskKind::kAtOnce) {
  Options options;
  options.network = network;
  options.crashes = crashes;
  options.disk = disk;
  return options;
}

TwoPhaseCommitParameters two_of_three() {
  TwoPhaseCommitParameters parameters;
  parameters.needed = 2;
  return parameters;
}

scenario::Scenario parsed(const std::string& text) {
  scenario::Loaded loaded = scenario::parse_scenario("witness.toml", text, {});
  for (const auto& diagnostic : loaded.diagnostics.shown) UNSCOPED_INFO(diagnostic.message);
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

scenario::Scenario shipped_search() {
  scenario::Loaded loaded = scenario::load_scenario("scenarios/zoo/search.toml");
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

/// A file whose schedule breaks election safety: two votes of one server.
std::string vote_twice() {
  const scenario::Scenario small = shipped_search();
  const auto report = zoo::search_for(protocols::raft::Bug::kVoteTwice, small, {});
  REQUIRE(report);
  const auto lane = std::find_if(small.variants.begin(), small.variants.end(),
                                 [](const scenario::Variant& v) { return v.name == "vote-twice"; });
  REQUIRE(lane != small.variants.end());
  const auto witness = witness_of(small, *lane, *report);
  if (const auto* error = std::get_if<std::string>(&witness)) FAIL(*error);
  return std::get<0>(witness).text;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

const lab::Finding* finding_with(const RunReport& report, std::string_view part) {
  for (const lab::Finding& f : report.findings)
    if (f.name.find(part) != std::string::npos) return &f;
  return nullptr;
}

}  // namespace

TEST_CASE("every way that a search of two-phase commit tells of runs to the same end in a world") {
  for (const NetworkKind network : {NetworkKind::kSet, NetworkKind::kMultiset, NetworkKind::kFifo}) {
    CHECK(run_ways(commit_spec(3), with(network)).told == 2);
    CHECK(run_ways(commit_spec(3, two_of_three()), with(network)).told >= 1);
  }
}

TEST_CASE("crashes, restarts, losses and disks that write later are part of the way") {
  TwoPhaseCommitParameters forgetful, hasty;
  forgetful.persist = Persist::kNever;
  hasty.persist = Persist::kLater;
  CHECK(run_ways(commit_spec(3, forgetful), with(NetworkKind::kSet, 1)).told >= 1);
  CHECK(run_ways(commit_spec(2, forgetful), with(NetworkKind::kMultiset, 1)).told >= 1);
  CHECK(run_ways(commit_spec(2, hasty), with(NetworkKind::kSet, 1, DiskKind::kLater)).told >= 1);
  Options losing = with(NetworkKind::kMultiset);
  losing.drops = 1;
  const scenario::Spec spec = commit_spec(2);
  Model model = model_of(spec, 1, losing);
  model.properties = {{"decided", Property::Kind::kEventually, [](std::span<const Seen> nodes) {
                         return std::none_of(nodes.begin(), nodes.end(), [](const Seen& node) {
                           const auto* p = state_of<protocols::ParticipantNode>(*node.local->node);
                           return p &&
                                  (p->phase == protocols::Phase::kWorking || p->phase == protocols::Phase::kPrepared);
                         });
                       }}};
  const Result result = explore(model);
  const std::vector<StoryStep>& story = result.findings[0].story;
  REQUIRE(std::any_of(story.begin(), story.end(),
                      [](const StoryStep& step) { return std::holds_alternative<world::choice::Drop>(step.choice); }));
  CHECK(shows(build_cluster(spec, 1, Trace::Keep::kNothing), schedule_of(story, losing), model.properties[0], model));
}

TEST_CASE("a way up to renaming is told and run with the real names") {
  Options options;
  options.symmetry = true;
  CHECK(run_ways(commit_spec(3, two_of_three()), options).shown >= 1);
}

TEST_CASE("in a set a message may come twice, and the schedule says so") {
  Model model = pings({});
  model.properties = {{"twice the same", Property::Kind::kSometimes, [](std::span<const Seen> nodes) {
                         const auto& got = state_of<Pinger>(*nodes[1].local->node)->got;
                         return got == std::vector<std::uint32_t>{2, 2};
                       }}};
  const Result result = explore(model);
  REQUIRE(result.findings[0].story.size() == 2);
  const world::Schedule schedule = schedule_of(result.findings[0].story, model.options);
  CHECK(world::to_text(schedule.choices[0]) == "deliver n1>n2#2");
  CHECK(schedule.choices[0] == schedule.choices[1]);
  std::vector<world::NodeSetup> nodes;
  nodes.push_back({.name = "n1", .node = make_node(Pinger{true, {}})});
  nodes.push_back({.name = "n2", .node = make_node(Pinger{})});
  CHECK(shows(world::World(1, std::move(nodes)), schedule, model.properties[0], model));
}

TEST_CASE("every way that the zoo's searches tell of runs to the same end in a world") {
  const scenario::Scenario small = shipped_search();
  std::size_t broken = 0;
  for (const scenario::Variant& lane : small.variants) {
    const auto bug = zoo::bug_of(lane);
    const auto options = bug ? zoo::bounds_of(*bug) : std::nullopt;
    // The others take seconds each.
    if (!options || (*bug != protocols::raft::Bug::kVoteTwice && *bug != protocols::raft::Bug::kNoUpToDateCheck))
      continue;
    INFO(lane.name);
    const Ways ways = run_ways(lane.spec, *options);
    CHECK(ways.told == ways.shown);
    broken += ways.told;
  }
  CHECK(broken >= 2);
}

TEST_CASE("two servers of Paxos that learn different values are found, and run") {
  const std::string text = R"(
scenario = 1
title = "t"
[cluster]
nodes = 2
protocol = "paxos"
[cluster.paxos]
bug = "own-value"
[[client]]
name = "left"
to = ["n1"]
follow = false
workload = "register"
keys = 1
reads = 0
operations = 1
timeout = "10s"
[[client]]
name = "right"
to = ["n2"]
follow = false
workload = "register"
keys = 1
reads = 0
operations = 1
timeout = "10s"
)";
  Options options = with(NetworkKind::kMultiset);
  options.timers = 2;
  const scenario::Scenario scenario = parsed(text);
  const scenario::Spec& spec = scenario.variants.front().spec;
  CHECK(finding(explore(model_of(spec, 1, options)), "agreement").verdict == Verdict::kBroken);
  CHECK(run_ways(spec, options).shown == 2);
}

TEST_CASE("a saved way is a scenario that breaks the same property with its last event, always with the same hash") {
  const scenario::Scenario scenario = parsed(vote_twice());
  REQUIRE(scenario.variants.size() == 1);
  const scenario::Variant& lane = scenario.variants.front();
  REQUIRE(lane.spec.expect.always.size() == 1);
  CHECK(lane.spec.expect.always[0].value == "election-safety");
  const Ready ready = make_ready(lane);
  LiveRun live(ready, 1, {});
  REQUIRE(live.error().empty());
  live.advance(~Sequence{0});
  REQUIRE_FALSE(live.log().raft().violations().empty());
  CHECK(live.log().raft().violations().front().at ==
        live.world().schedule()->at(lane.spec.schedule->choices.size() - 1));
  const RunReport report = live.report();
  CHECK(report.held() == Held::kNo);
  CHECK(report.ended);
  CHECK(run(lane, 1, {}).hash == report.hash);
  CHECK_FALSE(verify_determinism(lane, 1, {}));
  CHECK_FALSE(finding_with(report, "of the schedule"));
}

TEST_CASE("a schedule breaks nothing by itself") {
  const std::string clean = replaced(vote_twice(), "bug = \"vote-twice\"", "bug = \"none\"");
  const scenario::Scenario scenario = parsed(clean);
  const RunReport report = run(scenario.variants.front(), 1, {});
  const lab::Finding* safety = finding_with(report, "election-safety");
  REQUIRE(safety);
  CHECK(safety->held == Held::kYes);
}

TEST_CASE("a choice that cannot be carried out leaves the run undecided, and says which and why") {
  const std::string text = vote_twice();
  const scenario::Scenario wrong = parsed(replaced(text, "choices = [", "choices = [\n  \"deliver n1>n2#77\","));
  RunOptions options;
  options.until = Time{} + seconds(1);
  const RunReport report = run(wrong.variants.front(), 1, options);
  const lab::Finding* found = finding_with(report, "choice 1 of the schedule: deliver n1>n2#77");
  REQUIRE(found);
  CHECK(found->held == Held::kUnknown);
  CHECK(found->seen.starts_with("n1 sent "));
  CHECK(found->span.begin.line > 1);
}

TEST_CASE("what a person does besides a schedule is done; to say when a message arrives is refused") {
  const scenario::Scenario scenario = parsed(vote_twice());
  const scenario::Variant& lane = scenario.variants.front();
  RunOptions options;
  options.steps = std::get<0>(world::parse_steps("crash n1 @1us; crash n2 @1us; crash n3 @1us"));
  const RunReport crashed = run(lane, 1, options);
  const lab::Finding* lost = finding_with(crashed, "choice 1 of the schedule");
  REQUIRE(lost);
  CHECK(lost->held == Held::kUnknown);
  options.steps = std::get<0>(world::parse_steps("delay n1>n2#1 by 2s"));
  CHECK(run(lane, 1, options).error.find("means nothing here") != std::string::npos);
  options = {};
  options.timeline = false;  // without what the file says happens, it is an ordinary run
  CHECK_FALSE(finding_with(run(lane, 1, options), "of the schedule"));
}

TEST_CASE("a way that begins in the middle of a run, or that is none, is not saved") {
  const scenario::Scenario small = shipped_search();
  Report report;
  report.from = 12;
  CHECK(std::holds_alternative<std::string>(witness_of(small, small.variants.front(), report)));
  report.from.reset();
  CHECK(
      std::get<std::string>(witness_of(small, small.variants.front(), report)).starts_with("there is nothing to save"));
}

}  // namespace twice::lab::search

// The zoo as a whole: every mistake has its file, random search finds mistakes and nothing else, and exhaustive search
// finds the shortest way.
#include "lab/zoo.h"

#include "lab/search/models.h"
#include "lab/shipped.h"
#include "lab/zoo_report.h"
#include "lab/zoo_search.h"

namespace twice::lab::zoo {
namespace {

scenario::Scenario file_of(Bug bug) { return shipped("zoo/" + std::string(name_of(bug)) + ".toml"); }

Hunts hunt_for(const scenario::Variant& lane, std::uint32_t trials, std::uint32_t limit, unsigned workers = 1) {
  const scenario::Scenario mix = shipped("zoo/random-search.toml");
  HuntOptions options;
  options.trials = trials;
  options.limit = limit;
  options.workers.workers = workers;
  return hunt({&lane}, mix.variants.front(), options);
}

std::vector<std::optional<std::uint32_t>> seeds_of(const Hunt& hunt) {
  std::vector<std::optional<std::uint32_t>> seeds;
  for (const Trial& trial : hunt.trials) seeds.push_back(trial.seeds);
  return seeds;
}

TEST_CASE("each of the 51 mistakes has a file that breaks a named check, and holds without the mistake") {
  REQUIRE(bug_names().size() == 51);
  for (const std::string& flag : bug_names()) {
    INFO(flag);
    const Bug bug = *bug_named(flag);
    const scenario::Scenario scenario = file_of(bug);
    const auto lanes = lanes_of(scenario, bug);
    REQUIRE(lanes);
    const Shown shown = show(*lanes, scenario.shared().seeds.first);
    CHECK_FALSE(shown.check.empty());
    CHECK_FALSE(shown.seen.empty());
    CHECK(shown.broken);
    CHECK(shown.holds);
    CHECK((shown.broke == 0) == shown.cause.empty());
  }
}

TEST_CASE("what a file of the zoo shows is named with its moment, and with what broke first") {
  const scenario::Scenario scenario = file_of(Bug::kVoteTwice);
  const Shown shown = show(*lanes_of(scenario, Bug::kVoteTwice), 1);
  CHECK(shown.check == "one-vote");
  CHECK(shown.seen.find(", event ") != std::string::npos);
  CHECK(shown.cause == "one-vote");
  CHECK(shown.broke >= 2);
  const scenario::Scenario counted = file_of(Bug::kTransferBeforeCaughtUp);
  CHECK(show(*lanes_of(counted, Bug::kTransferBeforeCaughtUp), 1).check == "elections >= 3");
}

TEST_CASE("a file whose lanes are not those of the mistake is no file of the zoo") {
  CHECK_FALSE(lanes_of(file_of(Bug::kVoteTwice), Bug::kTermNotPersisted));
  CHECK_FALSE(lanes_of(shipped("zoo/search.toml"), Bug::kVoteTwice));
  CHECK_FALSE(bug_named("none"));
  CHECK(number_of(*bug_named("vote-not-persisted")) == 1);
  CHECK(number_of(*bug_named("no-randomisation")) == 51);
}

TEST_CASE("a lane that breaks what it should keep is shown as such") {
  const scenario::Scenario scenario = file_of(Bug::kVoteTwice);
  const Lanes lanes = *lanes_of(scenario, Bug::kVoteTwice);
  const Shown swapped = show({lanes.wrong, lanes.right}, 1);
  CHECK_FALSE(swapped.broken);
}

TEST_CASE("the median is the middle one, and none counts as more than any") {
  using Numbers = std::vector<std::optional<std::uint32_t>>;
  CHECK(median_of(Numbers{7}) == 7);
  CHECK(median_of(Numbers{9, 1, 5}) == 5);
  CHECK(median_of(Numbers{4, 1, 3, 2}) == 3);
  CHECK(median_of(Numbers{1, std::nullopt, 2}) == 2);
  CHECK_FALSE(median_of(Numbers{std::nullopt, 1, std::nullopt}));
}

TEST_CASE("random search finds a mistake, in the same seeds with any number of workers") {
  const scenario::Scenario scenario = file_of(Bug::kVoteTwice);
  const scenario::Variant& lane = *lanes_of(scenario, Bug::kVoteTwice)->wrong;
  const Hunt one = hunt_for(lane, 3, 60).of.front();
  CHECK(one.found() == 3);
  CHECK(one.median());
  CHECK(one.unfair() == 0);
  CHECK(one.check() == "one-vote");
  CHECK(seeds_of(one) == seeds_of(hunt_for(lane, 3, 60, 2).of.front()));
}

TEST_CASE("without a mistake random search finds nothing") {
  const scenario::Scenario scenario = file_of(Bug::kVoteTwice);
  const Hunt none = hunt_for(*lanes_of(scenario, Bug::kVoteTwice)->right, 2, 15).of.front();
  CHECK(none.found() == 0);
  CHECK(none.unfair() == 0);
  CHECK_FALSE(none.median());
}

TEST_CASE("seeds that break something without the mistake as well are passed over, and told") {
  const scenario::Scenario scenario = file_of(Bug::kNoCheckQuorum), mix = shipped("zoo/random-search.toml");
  scenario::Variant unsafe = *lanes_of(scenario, Bug::kNoCheckQuorum)->wrong;
  std::get<scenario::RaftSpec>(unsafe.spec.cluster->protocol).p.check_quorum = false;  // then the mistake is none
  HuntOptions options;
  options.trials = 1;
  options.limit = 20;
  const Hunt hunted = hunt({&unsafe}, mix.variants.front(), options).of.front();
  CHECK(hunted.found() == 0);
  CHECK(hunted.unfair() > 0);
  const Control broken = control({&unsafe}, mix.variants.front(), options);
  CHECK(broken.runs == 20);
  REQUIRE_FALSE(broken.broken.empty());
  CHECK(broken.broken.front().find("linearizable") != std::string::npos);
  const scenario::Scenario safe = file_of(Bug::kVoteTwice);
  CHECK(control({&safe.variants.back()}, mix.variants.front(), options).broken.empty());
}

TEST_CASE("a search that is told to stop says so") {
  const scenario::Scenario scenario = file_of(Bug::kVoteTwice), mix = shipped("zoo/random-search.toml");
  HuntOptions options;
  options.workers.progress = [](std::size_t, std::size_t) { return false; };
  CHECK(hunt({lanes_of(scenario, Bug::kVoteTwice)->wrong}, mix.variants.front(), options).stopped);
}

TEST_CASE("a random run has the commands of the mistake's own timeline, at drawn times") {
  const scenario::Variant mix = shipped("zoo/random-search.toml").variants.front();
  const auto steps_for = [&](Bug bug, std::uint64_t seed) {
    const scenario::Scenario scenario = file_of(bug);
    return world::to_text(operator_steps(*lanes_of(scenario, bug)->wrong, mix, seed));
  };
  CHECK(steps_for(Bug::kVoteTwice, 1).empty());
  CHECK(steps_for(Bug::kSnapshotSetsTerm, 1).find("snapshot") != std::string::npos);
  CHECK(steps_for(Bug::kSnapshotSetsTerm, 1) != steps_for(Bug::kSnapshotSetsTerm, 2));
  CHECK(steps_for(Bug::kSnapshotSetsTerm, 1) == steps_for(Bug::kSnapshotSetsTerm, 1));
  const std::string membership = steps_for(Bug::kReconfigBeforeNoop, 1);
  CHECK(membership.find("add") != std::string::npos);
  CHECK(membership.find("remove") != std::string::npos);
  CHECK(steps_for(Bug::kPersistErrorIgnored, 1).find("fail n") != std::string::npos);
}

TEST_CASE("exhaustive search finds two votes of one server in the fewest steps, and nothing without the mistake") {
  const scenario::Scenario small = shipped("zoo/search.toml");
  const auto found = search_for(Bug::kVoteTwice, small, {});
  REQUIRE(found);
  CHECK(found->result.verdict() == search::Verdict::kBroken);
  for (const search::Finding& finding : found->result.findings)
    if (finding.verdict == search::Verdict::kBroken) CHECK(finding.name == "election-safety");
  CHECK_FALSE(search_for(Bug::kNoRandomisation, small, {}));
  const search::Options bounds = *bounds_of(Bug::kVoteTwice);
  const search::Result clean = explore(search::model_of(small.variants.front().spec, 1, bounds));
  CHECK(clean.stop == search::Stop::kComplete);
  CHECK(clean.verdict() == search::Verdict::kHolds);
}

}  // namespace
}  // namespace twice::lab::zoo

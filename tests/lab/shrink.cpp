// A failing run shrinks to a file that fails the same.
#include "lab/shrink.h"

#include <fmt/format.h>

#include "lab/shipped.h"
#include "scenario/toml_text.h"

namespace twice::lab {
namespace {

FailingRun failing_lane(const scenario::Scenario& s, std::string_view lane, const FailingOptions& options = {}) {
  for (const scenario::Variant& variant : s.variants) {
    if (variant.name != lane) continue;
    auto failing = find_failing({&variant}, seeds_of(s), options);
    REQUIRE(failing);
    return *failing;
  }
  FAIL("no lane " << lane);
  return {};
}

Shrunk shrink_lane(const scenario::Scenario& s, std::string_view lane, std::uint64_t runs = 600) {
  ShrinkOptions options;
  options.runs = runs;
  const Shrunk shrunk = shrink(s, failing_lane(s, lane), options);
  INFO(shrunk.error);
  REQUIRE(shrunk.error.empty());
  return shrunk;
}

/// The file as anybody would run it.
RunReport reload(const Shrunk& shrunk) {
  const scenario::Loaded loaded = scenario::parse_scenario("shrunk.toml", shrunk.text);
  INFO(scenario::render(loaded.diagnostics) << shrunk.text);
  REQUIRE(loaded.scenario);
  REQUIRE(loaded.scenario->variants.size() == 1);
  CHECK(loaded.scenario->shared().seeds.first == shrunk.seed);
  CHECK(loaded.scenario->shared().seeds.count == 1);
  return run(loaded.scenario->variants.front(), shrunk.seed, {});
}

void check_fails_the_same(const Shrunk& shrunk) {
  const RunReport report = reload(shrunk);
  INFO(shrunk.text);
  CHECK(reaches(report, shrunk.goal));
  CHECK(report.hash == shrunk.hash);
  CHECK(report.events == shrunk.after.events);
  CHECK(shrunk.after.parts() < shrunk.before.parts());
}

}  // namespace

TEST_CASE("a load that ends with duplicates shrinks to a row, a crash and a retry") {
  const Shrunk shrunk = shrink_lane(shipped("loaders/crash-at-800.toml"), "append");
  check_fails_the_same(shrunk);
  CHECK(shrunk.goal.letter == 'D');
  CHECK(shrunk.before.rows == 1000);
  CHECK(shrunk.after.rows == 1);
  CHECK(shrunk.after.steps == 1);
  CHECK(shrunk.complete);
}

TEST_CASE("a cluster's failing run shrinks to a smaller file that fails the same expectation") {
  for (const auto& [file, lane] : {std::pair{"replication/split-brain.toml", "async, failover"},
                                   {"replication/quorum-stale.toml", "R 1, W 1"},
                                   {"replication/power-loss.toml", "never"}}) {
    const Shrunk shrunk = shrink_lane(shipped(file), lane);
    INFO(file);
    check_fails_the_same(shrunk);
    CHECK(shrunk.after.operations * 5 < shrunk.before.operations);
  }
}

TEST_CASE("what is under test is not what shrinks: the protocol's parameters stay") {
  const scenario::Scenario s = shipped("replication/quorum-stale.toml");
  const Shrunk shrunk = shrink_lane(s, "R 1, W 2", 300);
  const auto loaded = scenario::parse_scenario("shrunk.toml", shrunk.text);
  REQUIRE(loaded.scenario);
  const auto& before = std::get<scenario::QuorumSpec>(s.variants.at(1).spec.cluster->protocol).p;
  const auto& after = std::get<scenario::QuorumSpec>(loaded.scenario->variants.front().spec.cluster->protocol).p;
  CHECK(after.r == before.r);
  CHECK(after.w == before.w);
}

TEST_CASE("shrinking twice gives the same file, byte for byte") {
  const scenario::Scenario s = shipped("replication/split-brain.toml");
  const Shrunk once = shrink_lane(s, "async, failover", 150), again = shrink_lane(s, "async, failover", 150);
  CHECK(once.text == again.text);
  CHECK(once.hash == again.hash);
}

TEST_CASE("the budget ends the search with the best so far, which still fails") {
  const Shrunk few = shrink_lane(shipped("loaders/crash-at-800.toml"), "append", 12);
  CHECK(few.runs <= 12);
  CHECK_FALSE(few.complete);
  check_fails_the_same(few);
}

TEST_CASE("who stops the search gets the best so far") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  ShrinkOptions options;
  options.progress = [](std::uint64_t runs, const RunSize&) { return runs < 10; };
  const Shrunk shrunk = shrink(s, failing_lane(s, "append"), options);
  CHECK(shrunk.runs == 10);
  CHECK_FALSE(shrunk.complete);
  check_fails_the_same(shrunk);
}

TEST_CASE("a run that does not fail is no failing run") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  CHECK_FALSE(find_failing({&s.variants.at(1)}, {1}, {}));
  const scenario::Scenario quorum = shipped("replication/quorum-stale.toml");
  CHECK_FALSE(find_failing({&quorum.variants.at(2)}, {1, 2}, {}));
  FailingOptions by_name;
  by_name.expect = "converged";
  CHECK_FALSE(find_failing({&quorum.variants.at(0)}, {1}, by_name));
}

TEST_CASE("an expectation that the file does not have can be asked for by name") {
  const scenario::Scenario s = shipped("replication/split-brain.toml");
  FailingOptions by_name;
  by_name.expect = "monotonic-reads";
  const auto failing = find_failing({&s.variants.at(0)}, seeds_of(s), by_name);
  REQUIRE(failing);
  ShrinkOptions options;
  options.runs = 200;
  const Shrunk shrunk = shrink(s, *failing, options);
  CHECK(shrunk.error.empty());
  CHECK(shrunk.text.find("finally = [\"monotonic-reads\"]") != std::string::npos);
  check_fails_the_same(shrunk);
}

TEST_CASE("messages that chance lost become steps, and only those that matter are left") {
  const scenario::Scenario s = shipped("loaders/lost-messages.toml");
  std::optional<FailingRun> failing;
  for (const std::uint64_t seed : seeds_of(s)) {
    const RunReport report = run(s.variants.at(0), seed, {});
    if (report.load && report.load->letter == 'D') {
      failing = FailingRun{&s.variants.at(0), seed, {}, {}};
      failing->goal.letter = 'D';
      break;
    }
  }
  REQUIRE(failing);
  ShrinkOptions budget;
  budget.runs = 400;
  const Shrunk shrunk = shrink(s, *failing, budget);
  REQUIRE(shrunk.error.empty());
  check_fails_the_same(shrunk);
  CHECK(shrunk.text.find("loss") == std::string::npos);
  CHECK(shrunk.text.find("drop = true") != std::string::npos);
  CHECK(shrunk.after.rows < 10);
}

TEST_CASE("a scenario's tree printed as a file reads back as the same tree") {
  for (const auto& file : shipped_files()) {
    const auto text = scenario::read_text_file(file.string(), 8u << 20);
    scenario::Diagnostics out;
    auto table = scenario::read_toml(std::get<std::string>(text), 0, out);
    REQUIRE(table);
    // Lanes are cut to one before anything is printed.
    if (scenario::Entry* lanes = scenario::find(*table, "lane"))
      lanes->value = scenario::Value{(*lanes->value.list())[0]};
    const std::string once = scenario::toml_text(*table);
    INFO(file.string() << "\n" << once);
    auto again = scenario::read_toml(once, 0, out);
    REQUIRE(again);
    if (scenario::Entry* lanes = scenario::find(*again, "lane"))
      lanes->value = scenario::Value{(*lanes->value.list())[0]};
    CHECK(scenario::toml_text(*again) == once);
  }
}

TEST_CASE("the median of factors is the middle one, the lower of two") {
  CHECK(median({}) == 0);
  CHECK(median({30}) == 30);
  CHECK(median({50, 10, 30}) == 30);
  CHECK(median({50, 10, 30, 40}) == 30);
}

}  // namespace twice::lab

// Chaos from a file to a report.
#include "lab/chaos_steps.h"
#include "lab/run.h"
#include "scenario/load.h"
#include "support/catch.h"

namespace twice::lab {
namespace {

scenario::Scenario chaos() {
  auto loaded = scenario::load_scenario(std::string(TWICE_SOURCE_DIR) + "/tests/scenario/good/chaos.toml");
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

}  // namespace

TEST_CASE("A run under chaos shows its steps, and the same seed gives the same run") {
  const scenario::Scenario scenario = chaos();
  const scenario::Variant& variant = scenario.variants.front();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const RunReport one = run(variant, seed, {}), other = run(variant, seed, {});
    CHECK(one.error.empty());
    CHECK(one.hash == other.hash);
    const auto steps = chaos_steps(variant.spec, seed);
    REQUIRE(one.steps.size() == steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      CHECK(one.steps[i].text == world::to_text(steps[i]));
      CHECK(one.steps[i].drawn);
    }
    CHECK(run_report_from_json(to_json(one)).steps.front().drawn);
  }
}

TEST_CASE("Chaos replayed with --do is the same run") {
  const scenario::Scenario scenario = chaos();
  const scenario::Variant& variant = scenario.variants.front();
  const auto text = world::to_text(chaos_steps(variant.spec, 3));
  const RunOptions options{.steps = std::get<0>(world::parse_steps(text)), .timeline = false};
  CHECK(run(variant, 3, options).hash == run(variant, 3, {}).hash);
}

TEST_CASE("A drawn step that changes nothing is no finding; a written one is") {
  const scenario::Scenario scenario = chaos();
  const scenario::Variant& variant = scenario.variants.front();
  bool idle = false;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const RunReport report = run(variant, seed, {});
    for (const StepReport& step : report.steps) idle = idle || !step.effective;
    CHECK(report.held() == Held::kYes);
  }
  CHECK(idle);
  RunOptions options;
  options.steps = std::get<0>(world::parse_steps("heal @1ms"));
  CHECK(run(variant, 1, options).held() == Held::kUnknown);
}

TEST_CASE("Without the timeline there is no chaos") {
  const scenario::Scenario scenario = chaos();
  RunOptions options;
  options.timeline = false;
  CHECK(run(scenario.variants.front(), 1, options).steps.empty());
}

TEST_CASE("Nodes of a cluster have the clocks, disks and links of their file") {
  const auto loaded = scenario::load_scenario(std::string(TWICE_SOURCE_DIR) + "/tests/scenario/good/faults.toml");
  REQUIRE(loaded.scenario);
  const Built built = build_world(loaded.scenario->variants.front(), 1, {});
  REQUIRE(built.world);
  CHECK(built.world->clock({0}).skew == milliseconds(200));
  CHECK(built.world->clock({1}).drift_ppb == -1'500);
  CHECK(built.world->clock({2}).drift_ppb == 0);
  CHECK(built.world->network().reads_names());
  CHECK(built.world->network().profile({0}, {1}).capacity == 0);
  CHECK(built.world->network().profile({1}, {0}).capacity == 10'000);
  CHECK(std::holds_alternative<physics::Measured>(built.world->network().profile({0}, {4}).latency.shape));
}

}  // namespace twice::lab

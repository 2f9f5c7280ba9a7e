// When a failure became inevitable.
#include "lab/inevitable.h"

#include <algorithm>

#include "lab/report_shrink.h"
#include "lab/shipped.h"

namespace twice::lab {
namespace {

std::vector<world::Step> steps(const char* text) {
  return std::get<std::vector<world::Step>>(world::parse_steps(text));
}

InevitableOptions few(std::uint32_t samples, std::uint32_t points) {
  InevitableOptions options;
  options.samples = samples;
  options.points = points;
  return options;
}

// A server without a disk it waits for: what its power loss takes is drawn at that moment.
constexpr const char* kPowerLoss = "crash n1 lose mixed @3s; restart n1 @4s";

Inevitable power_loss(unsigned workers) {
  const scenario::Scenario s = shipped("replication/power-loss.toml");
  const FailingOptions failing{steps(kPowerLoss), false, {}};
  const auto run = find_failing({&s.variants.at(1)}, seeds_of(s), failing);
  REQUIRE(run);
  InevitableOptions options = few(12, 4);
  options.steps = failing.steps;
  options.timeline = false;
  options.workers = workers;
  return find_inevitable(*run, options);
}

}  // namespace

TEST_CASE("where one step decides, the share of failures jumps to one at that step") {
  const Inevitable result = power_loss(1);
  REQUIRE(result.from);
  CHECK(result.what == "crash n1 lose mixed @3s");
  REQUIRE(result.curve.size() >= 4);
  CHECK(result.curve.front().event == 0);
  CHECK(result.curve.back().event == result.events);
  bool before_is_open = false;
  for (const Rerun& rerun : result.curve) {
    CHECK(rerun.of == 12);
    if (rerun.event >= *result.from) CHECK(rerun.always());
    if (rerun.event < *result.from) before_is_open = before_is_open || !rerun.always();
    if (rerun.event == *result.from) CHECK(rerun.at == Time{} + seconds(3));
  }
  CHECK(before_is_open);
  CHECK(inevitable_text(result, {}).find("(crash n1 lose mixed @3s)") != std::string::npos);
}

TEST_CASE("the curve does not depend on the number of workers") {
  CHECK(inevitable_json(power_loss(1)) == inevitable_json(power_loss(2)));
}

TEST_CASE("a load whose links draw nothing fails from the start, and this is said") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  const auto run = find_failing({&s.variants.at(0)}, {1}, {});
  REQUIRE(run);
  const Inevitable result = find_inevitable(*run, few(2, 3));
  CHECK(result.certain());
  CHECK(inevitable_text(result, {}).find("certain from the start") != std::string::npos);
}

TEST_CASE("forks of a load with a warehouse draw anew, and the moment does not depend on the workers") {
  const scenario::Scenario s = shipped("loaders/lost-messages.toml");
  std::optional<FailingRun> run;
  for (const std::uint64_t seed : seeds_of(s))
    if (const RunReport report = lab::run(s.variants.at(0), seed, {}); report.load && report.load->letter == 'D') {
      run = FailingRun{&s.variants.at(0), seed, {}, {}};
      run->goal.letter = 'D';
      break;
    }
  REQUIRE(run);
  InevitableOptions options = few(4, 4);
  const Inevitable one = find_inevitable(*run, options);
  options.workers = 2;
  const Inevitable two = find_inevitable(*run, options);
  REQUIRE(one.from);
  CHECK(*one.from > 0);
  CHECK(one.curve.front().failed < 4);
  CHECK(inevitable_json(one) == inevitable_json(two));
}

TEST_CASE("a run that does not fail has no such moment") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  Goal goal;
  goal.letter = 'D';
  const Inevitable result = find_inevitable({&s.variants.at(1), 1, goal, {}}, few(2, 3));
  CHECK(result.error == "the run does not fail");
  CHECK(result.curve.empty());
}

TEST_CASE("who stops it gets no moment") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  const auto run = find_failing({&s.variants.at(0)}, {1}, {});
  InevitableOptions options = few(2, 3);
  options.progress = [](std::size_t done, std::size_t) { return done < 2; };
  CHECK_FALSE(find_inevitable(*run, options).from);
}

TEST_CASE("Wilson's interval: 0 of 10, 5 of 10, 10 of 10, 1 of 40") {
  const auto is = [](std::uint32_t failed, std::uint32_t of, std::uint32_t low, std::uint32_t high) {
    const Interval interval = wilson(failed, of);
    CHECK(interval.low == low);
    CHECK(interval.high == high);
  };
  is(0, 10, 0, 278);
  is(5, 10, 236, 764);
  is(10, 10, 722, 1000);
  is(1, 40, 4, 129);
}

}  // namespace twice::lab

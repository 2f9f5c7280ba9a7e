// What expectations, metrics and the narration say of streams and object stores.
#include "lab/shipped.h"

namespace twice::lab {
namespace {

RunReport run_lane(std::string_view file, std::string_view lane, const RunOptions& options = {}) {
  const scenario::Scenario s = shipped(file);
  for (const scenario::Variant& variant : s.variants)
    if (variant.spec.lane.name.value == lane) return run(variant, 1, options);
  FAIL("no such lane: " << lane);
  return {};
}

RunOptions ends_at(Time until) {
  RunOptions options;
  options.until = until;
  return options;
}

RunOptions narrated() {
  RunOptions options;
  options.narrate = true;
  return options;
}

const Finding& finding(const RunReport& report, std::string_view name) {
  const auto at =
      std::find_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return f.name == name; });
  REQUIRE(at != report.findings.end());
  return *at;
}

std::optional<std::int64_t> metric(const RunReport& report, std::string_view name) {
  for (const auto& [known, value] : report.metrics)
    if (known == name) return value;
  return std::nullopt;
}

bool told(const RunReport& report, std::string_view words) {
  return std::any_of(report.narration.begin(), report.narration.end(),
                     [&](const Narrated& n) { return n.text.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("nothing is lost before all have come to rest: until then it is unknown, and it says who is not done") {
  const RunReport early = run_lane("pipeline/offsets.toml", "with the output", ends_at(Time{} + seconds(1)));
  CHECK(finding(early, "finally exactly-once-effect").held == Held::kUnknown);
  CHECK(finding(early, "finally exactly-once-effect").seen.find("the producer is not done") != std::string::npos);
  CHECK_FALSE(metric(early, "effects.lost"));
  CHECK(metric(early, "effects"));
}

TEST_CASE("what counts twice counts twice at once, and the finding names the first moment") {
  const RunReport run = run_lane("pipeline/offsets.toml", "after");
  const Finding& doubled = finding(run, "finally not nothing-doubled");
  CHECK(doubled.held == Held::kYes);
  REQUIRE(doubled.at);
  const RunReport early = run_lane("pipeline/offsets.toml", "after", ends_at(*doubled.at + milliseconds(1)));
  CHECK(finding(early, "finally not nothing-doubled").held == Held::kYes);
  CHECK(finding(early, "finally nothing-lost").held == Held::kUnknown);
}

TEST_CASE("effects are records, less the lost, more the doubled, and deliveries are counted apart") {
  for (const char* lane : {"before", "after", "after, upsert", "with the output"}) {
    const RunReport run = run_lane("pipeline/offsets.toml", lane);
    INFO(lane << complaints(run));
    REQUIRE(metric(run, "effects.lost"));
    CHECK(metric(run, "records") == 300);
    CHECK(*metric(run, "effects") ==
          *metric(run, "records") - *metric(run, "effects.lost") + *metric(run, "effects.doubled"));
    CHECK(*metric(run, "deliveries") >= *metric(run, "effects"));
    CHECK_FALSE(metric(run, "files.listed"));
  }
}

TEST_CASE("a store has files and no deliveries, another cluster has neither") {
  const RunReport store = run_lane("pipeline/file-names.toml", "fresh names");
  CHECK(metric(store, "files.listed") == 7);
  CHECK(metric(store, "effects.doubled") == 90);
  CHECK_FALSE(metric(store, "deliveries"));
  const scenario::Scenario other = shipped("cluster/healthy.toml");
  const RunReport heartbeats = run(other.variants.front(), 1, {});
  for (const char* name : {"records", "effects", "deliveries", "files.listed", "conflicts", "checkpoints"})
    CHECK_FALSE(metric(heartbeats, name));
}

TEST_CASE("the narration says when a record counts twice, when somebody asks again, and when a swap was refused") {
  CHECK(told(run_lane("pipeline/offsets.toml", "after", narrated()), "is in the sink twice"));
  const RunReport retry = run_lane("pipeline/producer-retry.toml", "send again, with an id", narrated());
  CHECK(told(retry, "heard nothing and sends batch"));
  CHECK(told(retry, "has this batch already"));
  CHECK_FALSE(told(retry, "twice"));
  CHECK(told(run_lane("pipeline/two-writers.toml", "compare-and-swap", narrated()), "another pointer"));
  CHECK(told(run_lane("pipeline/file-names.toml", "fresh names", narrated()), "a row of slice 1 is there"));
}

}  // namespace twice::lab

// The shipped scenarios do what they say, and the faults in them bite.
#include "lab/shipped.h"

namespace twice::lab {
namespace {

bool has_tag(const scenario::Scenario& s, std::string_view tag) {
  const auto& tags = s.shared().tags;
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_right(const LoadReport& load) { return load.letter == '=' || load.letter == '~'; }

/// A lane that no run without faults can satisfy.
bool meant_to_fail(const scenario::Variant& variant) {
  const scenario::VerdictSet& verdict = variant.spec.lane.verdict;
  return variant.spec.lane.loads() && !verdict.contains(scenario::Verdict::kExactlyOnce) &&
         !verdict.contains(scenario::Verdict::kPartialState);
}

bool source_changes(const scenario::Variant& variant) { return variant.source.size() > 1; }

}  // namespace

TEST_CASE("every shipped scenario loads without a word of complaint") {
  REQUIRE(shipped_files().size() >= 63);
  for (const auto& file : shipped_files()) {
    const scenario::Loaded loaded = scenario::load_scenario(file.string());
    INFO(scenario::render(loaded.diagnostics));
    CHECK(loaded.scenario);
    CHECK(loaded.diagnostics.shown.empty());
  }
}

TEST_CASE("every shipped scenario tells its story, its tags and what it leaves out") {
  for (const auto& file : shipped_files()) {
    const scenario::Scenario s = shipped(std::filesystem::relative(file, shipped_folder()).string());
    INFO(file.filename().string());
    CHECK_FALSE(s.shared().story.empty());
    CHECK_FALSE(s.shared().tags.empty());
    CHECK_FALSE(s.shared().leaves_out.empty());
  }
}

TEST_CASE("every shipped scenario does what its file says, with each of its seeds") {
  for (const auto& file : shipped_files()) {
    const scenario::Scenario s = shipped(std::filesystem::relative(file, shipped_folder()).string());
    if (has_tag(s, "slow")) continue;
    const Batch batch = run_all(s);
    std::string wrong;
    for (const RunReport& run : batch.runs)
      if (run.held() != Held::kYes) wrong += complaints(run);
    const bool all = s.shared().seeds.count <= kSeedsTried;
    for (const Finding& f : batch.over_seeds)
      if (all && f.held != Held::kYes) wrong += f.name + ": wanted " + f.wanted + ", seen " + f.seen + "\n";
    INFO(file.filename().string());
    CHECK(wrong == "");
    CHECK((!all || batch.held() == Held::kYes));
    CHECK(batch.runs.size() == s.variants.size() * std::min(s.shared().seeds.count, kSeedsTried));
  }
}

TEST_CASE("a lane that is meant to fail fails because of its faults: without them it loads every row once") {
  int checked = 0;
  for (const auto& file : shipped_files()) {
    const scenario::Scenario s = shipped(std::filesystem::relative(file, shipped_folder()).string());
    for (const scenario::Variant& variant : s.variants) {
      if (!meant_to_fail(variant) || variant.steps.empty()) continue;
      INFO(file.filename().string() << ", " << variant.name);
      const RunReport with = run(variant, s.shared().seeds.first, {});
      for (const StepReport& step : with.steps) {
        INFO(step.text);
        CHECK(step.fired);
        CHECK(step.effective);
      }
      REQUIRE(with.load);
      CHECK_FALSE(is_right(*with.load));
      ++checked;
      if (source_changes(variant)) continue;  // it wants the second version, which only a retry reads
      RunOptions calm;
      calm.timeline = false;
      const RunReport without = run(variant, s.shared().seeds.first, calm);
      REQUIRE(without.load);
      CHECK(is_right(*without.load));
    }
  }
  CHECK(checked >= 20);
}

TEST_CASE("a lane that is meant to fail and does not is a failure: the fault did not bite") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  RunOptions calm;
  calm.timeline = false;
  const RunReport append = run(s.variants.at(0), 1, calm);
  CHECK(append.held() == Held::kNo);
  CHECK(complaints(append).find("verdict: wanted duplicates") != std::string::npos);
}

TEST_CASE("a fault whose moment never comes leaves the answer unknown") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  RunOptions options;
  options.timeline = false;
  options.steps = {{world::AtMark{"row", 800, 7}, world::Crash{"loader"}}};
  CHECK(run(s.variants.at(1), 1, options).held() != Held::kYes);
}

TEST_CASE("the shipped loaders cover every word of a verdict and every kind of source") {
  std::vector<scenario::Verdict> seen;
  bool csv = false, jsonl = false, sql = false, generated = false;
  for (const auto& file : shipped_files()) {
    const scenario::Scenario s = shipped(std::filesystem::relative(file, shipped_folder()).string());
    for (const scenario::Variant& variant : s.variants) {
      for (const scenario::Verdict verdict : variant.spec.lane.verdict.any_of) seen.push_back(verdict);
      if (!variant.spec.source) continue;
      csv = csv || variant.spec.source->csv, jsonl = jsonl || variant.spec.source->jsonl;
      sql = sql || variant.spec.source->sql, generated = generated || variant.spec.source->generate;
    }
  }
  for (const auto& word : scenario::words(scenario::Verdict{})) {
    INFO(word.name);
    CHECK(std::find(seen.begin(), seen.end(), word.value) != seen.end());
  }
  CHECK((csv && jsonl && sql && generated));
}

}  // namespace twice::lab

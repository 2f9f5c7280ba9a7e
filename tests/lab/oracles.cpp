// Each oracle is shown a load that it must fail, and one that it must pass.
#include <string>

#include "lab/outcome.h"
#include "lab/run.h"
#include "lab/sweep.h"
#include "scenario/load.h"
#include "scenario/save.h"
#include "support/catch.h"

namespace twice::lab {
namespace {

constexpr const char* kWarehouse = R"(
scenario = 1
title = "test"
[warehouse]
setup = """
CREATE TABLE t (day TEXT, id INTEGER, amount INTEGER);
INSERT INTO t VALUES ('2026-06-22', 1, 10);
"""
SETTINGS
[source]
generate = { rows = 40, columns = { day = "2026-06-23", id = "row", amount = "1..500" } }
[job]
day = "2026-06-23"
[dashboard]
every = "1s"
sql = "SELECT count(*) AS orders FROM t"
[[lane]]
name = "lane"
table = "t"
slice = "day = :day"
verdict = ["exactly-once", "duplicates", "lost", "partial-state", "wrong-values", "corrupt", "fails"]
)";

constexpr const char* kInsert = "row = \"INSERT INTO t VALUES (:day, :id, :amount);\"\n";
constexpr const char* kDelete = "before = \"DELETE FROM t WHERE day = :day;\"\n";

scenario::Scenario scenario_of(const std::string& lane, const std::string& settings = "",
                               const std::string& timeline = "", const std::string& constraint = "") {
  std::string text = std::string(kWarehouse) + lane + timeline;
  text.insert(text.find(");\nINSERT"), constraint);
  text.replace(text.find("SETTINGS"), 8, settings);
  scenario::Loaded loaded = scenario::parse_scenario("test.toml", text);
  INFO(scenario::render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

LoadReport load(const scenario::Scenario& s, std::uint64_t seed = 1) {
  const RunReport report = run(s.variants.front(), seed, {});
  REQUIRE(report.error.empty());
  REQUIRE(report.load);
  return *report.load;
}

LaneSweep swept(const scenario::Scenario& s, const char* points, bool memoise = true) {
  SweepOptions options;
  options.points = *parse_points(points);
  options.memoise = memoise;
  SweepResult result = sweep({&s.variants.front()}, options);
  REQUIRE(result.lanes.front().error == "");
  return std::move(result.lanes.front());
}

const PointOutcome& second_run(const LaneSweep& lane, std::uint64_t number) {
  for (const PointOutcome& p : lane.points)
    if (p.point.stop == Stop::kSecondRun && p.point.number == number) return p;
  FAIL("no second run");
  return lane.points.front();
}

// Keeps state where no world can see it.
struct Leaky {
  static constexpr std::string_view kName = "leaky";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("value", self.value);
  }
  void step(Time, const Input& input, Effects& effects) {
    if (std::holds_alternative<TimerFired>(input) && ++ticks == 5000)
      value = ++leaks();  // state from outside the world
    effects.set_timer(0, milliseconds(1 + static_cast<std::int64_t>(value)));
  }
  static std::uint64_t& leaks() {
    static std::uint64_t count = 0;
    return count;
  }
  std::uint64_t value = 0, ticks = 0;
};

std::string batches(const char* rule) { return std::string("commit = \"") + rule + "\"\n"; }

}  // namespace

TEST_CASE("oracle 0: a second clean run of an append doubles the slice, of delete + insert changes nothing") {
  const LaneSweep append = swept(scenario_of(batches("every 10") + kInsert), "rows");
  CHECK(second_run(append, 1).letter == 'D');
  CHECK(second_run(append, 1).rows == 80);
  CHECK(second_run(append, 2).rows == 120);
  const LaneSweep replace = swept(scenario_of(batches("once") + kDelete + kInsert), "rows");
  CHECK(second_run(replace, 1).letter == '=');
  CHECK(second_run(replace, 2).letter == '=');
}

TEST_CASE("oracle 1: the slice's rows are compared as a multiset with a run without faults") {
  const std::string crash = "[timeline]\nsteps = [{ after-row = 20, attempt = 1, crash = \"loader\" }]\n";
  const LoadReport append = load(scenario_of(batches("every 10") + kInsert, "", crash));
  CHECK(append.letter == 'D');
  CHECK(append.rows == 60);
  CHECK(append.duplicated == 20);
  CHECK(append.duplicated_samples.size() == check::TableDifference::kSamples);
  const LoadReport replace = load(scenario_of(batches("once") + kDelete + kInsert, "", crash));
  CHECK(replace.letter == '=');
  CHECK(replace.duplicated + replace.lost + replace.changed == 0);
}

TEST_CASE("oracle 1: a sum that is wrong under a right row count is seen") {
  const std::string add =
      "key = [\"day\", \"id\"]\nrow = \"INSERT INTO t VALUES (:day, :id, :amount) ON CONFLICT (day, id) DO UPDATE SET "
      "amount = amount + excluded.amount;\"\n";
  const scenario::Scenario s =
      scenario_of("commit = \"each-row\"\n" + add, "",
                  "[timeline]\nsteps = [{ after-row = 20, attempt = 1, crash = \"loader\" }]\n", ", UNIQUE (day, id)");
  const LoadReport report = load(s);
  CHECK(report.letter == 'W');
  CHECK(report.rows == 40);
  CHECK(report.changed == 20);
}

TEST_CASE(
    "oracle 2: a commit that was acknowledged and vanished is seen with synchronous FULL, and does not happen with "
    "EXTRA") {
  const auto vanished = [](const char* synchronous) {
    const scenario::Scenario s =
        scenario_of(batches("once") + kInsert, std::string("synchronous = \"") + synchronous + "\"");
    const scenario::Variant& variant = s.variants.front();
    Reference reference = make_reference(std::get<Pipeline>(prepare(variant)), 1);
    int found = 0;
    for (std::uint64_t io = 1; io <= reference.io; ++io) {
      RunOptions options;
      options.steps = {{world::AtIo{io, true}, world::Crash{"warehouse", physics::Lose::kUnsynced}}};
      const RunReport report = run(variant, 1, options);
      found += report.load->acknowledged_lost;
    }
    // After the load's report, when nothing is left to be asked of the disk.
    RunOptions late;
    late.steps = {{world::AtMark{"run-ok", 1, 0}, world::Crash{"warehouse", physics::Lose::kUnsynced}}};
    found += run(variant, 1, late).load->acknowledged_lost;
    return found;
  };
  CHECK(vanished("full") > 0);
  CHECK(vanished("extra") == 0);
}

TEST_CASE("oracle 3: readers of batches see a part of the slice, readers of one transaction never") {
  CHECK(load(scenario_of(batches("every 10") + kDelete + kInsert)).partial_seen);
  CHECK_FALSE(load(scenario_of(batches("once") + kDelete + kInsert)).partial_seen);
}

TEST_CASE("oracle 4: truncate and load with one day of data loses the day before, delete of the slice does not") {
  const LoadReport truncate = load(scenario_of(batches("once") + "before = \"DELETE FROM t;\"\n" + kInsert));
  CHECK(truncate.others_touched);
  CHECK_FALSE(load(scenario_of(batches("once") + kDelete + kInsert)).others_touched);
}

TEST_CASE("oracle 5: a disk without syncs that tears sectors at a power loss corrupts some database, with syncs none") {
  const auto corrupted = [](const char* synchronous) {
    const scenario::Scenario s =
        scenario_of(batches("every 4") + kInsert, std::string("synchronous = \"") + synchronous + "\"");
    int found = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      RunOptions options;
      options.steps = {{world::AtMark{"row", 28, 1}, world::Crash{"warehouse", physics::Lose::kMixed}}};
      const RunReport report = run(s.variants.front(), seed, options);
      found += report.load->integrity != "ok" || report.load->last_error.find("malformed") != std::string::npos;
    }
    return found;
  };
  CHECK(corrupted("off") > 0);
  CHECK(corrupted("extra") == 0);
}

TEST_CASE("a sweep's forks and memory give what plain runs from zero give, for every point") {
  for (const char* rule : {"every 10", "once", "each-row"}) {
    const scenario::Scenario s = scenario_of(batches(rule) + kInsert);
    const LaneSweep fast = swept(s, "rows,statements,io");
    const LaneSweep slow = swept(s, "rows,statements,io", false);
    REQUIRE(fast.points.size() == slow.points.size());
    CHECK(fast.futures < slow.futures);
    for (std::size_t i = 0; i < fast.points.size(); ++i) {
      INFO(rule << ": " << to_text(fast.points[i].point));
      CHECK(fast.points[i].letter == slow.points[i].letter);
      CHECK(fast.points[i].rows == slow.points[i].rows);
      if (fast.points[i].point.stop == Stop::kSecondRun || i % 7 != 0) continue;
      RunOptions options;
      options.steps = steps_of(fast.points[i].point);
      const RunReport plain = run(s.variants.front(), 1, options);
      CHECK(plain.load->rows == fast.points[i].rows);
      CHECK(plain.load->letter == fast.points[i].letter);
    }
  }
}

TEST_CASE("a sweep gives the same result with 1, 2 and 4 workers, and after a worker was killed") {
  const scenario::Scenario s = scenario_of(batches("every 10") + kInsert);
  const auto result = [&](unsigned workers, std::size_t kill) {
    SweepOptions options;
    options.points = *parse_points("all");
    options.workers.workers = workers;
    options.workers.kill_once = kill;
    return sweep({&s.variants.front()}, options);
  };
  const SweepResult one = result(1, ~std::size_t{0});
  for (const unsigned workers : {2u, 4u}) {
    const SweepResult many = result(workers, workers == 2 ? 1 : ~std::size_t{0});
    CHECK(many.reports.size() == (workers == 2 ? 1u : 0u));
    REQUIRE(many.lanes[0].points.size() == one.lanes[0].points.size());
    CHECK(many.lanes[0].futures == one.lanes[0].futures);
    for (std::size_t i = 0; i < one.lanes[0].points.size(); ++i) {
      CHECK(many.lanes[0].points[i].letter == one.lanes[0].points[i].letter);
      CHECK(many.lanes[0].points[i].rows == one.lanes[0].points[i].rows);
    }
  }
}

TEST_CASE("a batch of runs gives the same reports with 1 and 2 workers") {
  const scenario::Scenario s = scenario_of(batches("every 10") + kInsert);
  WorkerOptions two;
  two.workers = 2;
  const Batch a = run_batch({&s.variants.front()}, {1, 2, 3}, {}, {});
  const Batch b = run_batch({&s.variants.front()}, {1, 2, 3}, {}, two);
  REQUIRE(a.runs.size() == 3);
  REQUIRE(b.runs.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(to_json(a.runs[i]) == to_json(b.runs[i]));
}

TEST_CASE("a run is reported as different when a world is not a function of its seed") {
  const auto make = [] {
    std::vector<world::NodeSetup> nodes;
    nodes.push_back({.name = "n1", .node = make_node(Leaky{})});
    return world::World(1, std::move(nodes));
  };
  const auto found = first_divergence(make, Time{seconds(30).ns});
  REQUIRE(found);
  CHECK(found->event == 5002);  // the first event after the leak: start, 5,000 ticks, then a timer at another time
  CHECK(found->first != found->second);
  const scenario::Scenario s = scenario_of(batches("every 10") + kInsert);
  CHECK_FALSE(verify_determinism(s.variants.front(), 1, {}));
}

TEST_CASE("steps saved into a scenario give the run they came from") {
  const std::string text = [] {
    std::string t = std::string(kWarehouse) + batches("every 10") + kInsert;
    return t.replace(t.find("SETTINGS"), 8, "");
  }();
  const auto steps = std::get<std::vector<world::Step>>(
      world::parse_steps("crash loader @stmt:17; drop warehouse>loader-2#5; delay loader-3>warehouse#2 by 2s; crash "
                         "warehouse lose mixed @io:60+"));
  const scenario::Loaded plain = scenario::parse_scenario("test.toml", text);
  const scenario::Loaded saved = scenario::parse_scenario("test.toml", scenario::with_steps(text, steps, false));
  INFO(scenario::render(saved.diagnostics));
  REQUIRE(saved.scenario);
  RunOptions options;
  options.steps = steps;
  CHECK(run(plain.scenario->variants.front(), 7, options).hash == run(saved.scenario->variants.front(), 7, {}).hash);
  const std::string again = scenario::with_steps(scenario::with_steps(text, steps, false), steps, true);
  CHECK(scenario::parse_scenario("test.toml", again).scenario->variants.front().steps.size() == steps.size());
}

}  // namespace twice::lab

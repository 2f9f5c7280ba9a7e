// Crash points a second, with all oracles on. Sweeps run in worker processes: wall time, one and two workers.
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "bench/bench.h"
#include "lab/sweep.h"
#include "scenario/load.h"

namespace twice::bench {
namespace {

constexpr std::string_view kHead = R"(
scenario = 1
title = "bench"
[warehouse]
setup = "CREATE TABLE t (day TEXT, id INTEGER, amount INTEGER);"
[source]
generate = { rows = 1000, columns = { day = "2026-06-23", id = "row", amount = "1..500" } }
[job]
day = "2026-06-23"
[network]
latency = "10ms"
[[lane]]
name = "bench"
table = "t"
verdict = ["exactly-once", "duplicates", "partial-state"]
row = "INSERT INTO t VALUES (:day, :id, :amount);"
)";

scenario::Scenario lane(std::string_view rest) {
  scenario::Loaded loaded = scenario::parse_scenario("bench.toml", std::string(kHead) + std::string(rest));
  if (!loaded.scenario) throw std::runtime_error(scenario::render(loaded.diagnostics));
  return std::move(*loaded.scenario);
}

struct Timed {
  double seconds;
  std::size_t points;
};

Timed timed_sweep(const scenario::Scenario& scenario, std::string_view points, unsigned workers) {
  lab::SweepOptions options;
  options.points = *lab::parse_points(points);
  options.workers.workers = workers;
  const auto start = std::chrono::steady_clock::now();
  const lab::SweepResult result = lab::sweep({&scenario.variants.front()}, options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!result.lanes.front().error.empty()) throw std::runtime_error(result.lanes.front().error);
  return {taken.count(), result.lanes.front().points.size()};
}

void points_per_second(Report& report, const std::string& name, std::string_view rest, std::string_view points) {
  const scenario::Scenario scenario = lane(rest);
  const double rate = median_of_3([&] {
    const Timed t = timed_sweep(scenario, points, 1);
    return static_cast<double>(t.points) / t.seconds;
  });
  report.add({fmt::format("sweep, {}, {}", name, points), rate, "points/s", {}, at_least(1000)});
}

}  // namespace

void run_loaders(Report& report) {
  constexpr std::string_view kDelete = "before = \"DELETE FROM t WHERE day = :day;\"\n";
  points_per_second(report, "append every 100", "commit = \"every 100\"\n", "rows,statements");
  points_per_second(report, "append every 100", "commit = \"every 100\"\n", "io");
  points_per_second(report, "delete + insert once", fmt::format("commit = \"once\"\n{}", kDelete), "rows,statements");
  points_per_second(report, "delete + insert once", fmt::format("commit = \"once\"\n{}", kDelete), "io");
  const scenario::Scenario each = lane("commit = \"each-row\"\n");
  const Timed one = timed_sweep(each, "rows", 1);
  const Timed two = timed_sweep(each, "rows", 2);
  report.add({"strip of an each-row loader, 1,001 rows", one.seconds, "s", {}, at_most(15)});
  report.add({"two workers against one", one.seconds / two.seconds, "x", {}, at_least(1.8)});
}

}  // namespace twice::bench

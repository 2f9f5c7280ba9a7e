// What the observer keeps of clients: the history, what stays open, and what replicas hold.
#include "lab/client_log.h"

#include <set>

#include "lab/live_run.h"
#include "lab/shipped.h"

namespace twice::lab {
namespace {

scenario::Scenario parsed(const std::string& text) {
  scenario::Loaded loaded = scenario::parse_scenario("test.toml", text, {});
  INFO(scenario::render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

std::string cluster(const std::string& protocol, const std::string& client, const std::string& rest = {}) {
  return "scenario = 1\ntitle = \"t\"\nuntil = \"4s\"\n[cluster]\n" + protocol +
         "\n[network]\nlatency = \"1ms..10ms\"\n[[client]]\nname = \"app\"\nthink = \"20ms\"\nuntil = \"2s\"\n" +
         client + "\n" + rest;
}
constexpr const char* kOneServer = "nodes = 1\nprotocol = \"single\"";

LiveRun finished(const Ready& ready, std::uint64_t seed) {
  LiveRun run(ready, seed, {});
  REQUIRE(run.error().empty());
  run.advance(~Sequence{0});
  return run;
}

RunOptions with_spectrum() {
  RunOptions options;
  options.spectrum = true;
  return options;
}

using Phase = protocols::Asked::Phase;

std::size_t count(const ClientLog& log, Phase phase) {
  return static_cast<std::size_t>(std::count_if(log.operations().begin(), log.operations().end(),
                                                [&](const Answered& o) { return o.phase == phase; }));
}

}  // namespace

TEST_CASE("the history is what clients asked and were told, in real time, with who asked and who answered") {
  const scenario::Scenario s = parsed(cluster(kOneServer, "count = 3\nkeys = 2"));
  const Ready ready = make_ready(s.variants.front());
  const LiveRun run = finished(ready, 1);
  const ClientLog& log = run.log().clients();
  const auto& history = log.history().operations;
  REQUIRE(history.size() == log.operations().size());
  REQUIRE(history.size() > 100);
  CHECK(log.is_complete());
  std::set<std::string> sessions;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const check::Operation& o = history[i];
    const Answered& entry = log.operations()[i];
    CHECK(entry.operation == i);
    CHECK(o.invoked == entry.invoked);
    CHECK(o.outcome == check::Outcome::kOk);
    CHECK(o.returned == entry.returned);
    CHECK(o.server == "n1");
    CHECK(o.key == protocols::key_name(entry.command.key));
    CHECK((o.function == check::Function::kWrite) == entry.command.writes());
    if (i > 0) CHECK(history[i - 1].call < o.call);
    sessions.insert(o.session);
  }
  CHECK(sessions == std::set<std::string>{"app-1", "app-2", "app-3"});
}

TEST_CASE("an operation nobody answered stays open, and its client goes on as a new process") {
  const scenario::Scenario s =
      parsed(cluster(kOneServer, "timeout = \"200ms\"", "[timeline]\nsteps = [{ at = \"1s\", crash = \"n1\" }]"));
  const Ready ready = make_ready(s.variants.front());
  const LiveRun run = finished(ready, 1);
  const ClientLog& log = run.log().clients();
  REQUIRE(count(log, Phase::kUnknown) >= 2);
  std::set<std::uint32_t> ended;
  for (std::size_t i = 0; i < log.operations().size(); ++i) {
    const check::Operation& o = log.history().operations[i];
    CHECK_FALSE(ended.count(o.process));
    if (log.operations()[i].phase != Phase::kUnknown) continue;
    CHECK(o.outcome == check::Outcome::kUnknown);
    CHECK(o.returned == kEndOfTime);
    CHECK(o.session == "app");
    ended.insert(o.process);
  }
  CHECK(ended.size() == count(log, Phase::kUnknown));
}

TEST_CASE("an operation under way when the run ends is open, not answered and not failed") {
  const scenario::Scenario s =
      parsed(cluster(kOneServer, "timeout = \"10s\"", "[timeline]\nsteps = [{ at = \"1s\", pause = \"n1\" }]"));
  const Ready ready = make_ready(s.variants.front());
  LiveRun run = finished(ready, 1);
  CHECK(count(run.log().clients(), Phase::kInvoked) == 1);
  CHECK(count(run.log().clients(), Phase::kUnknown) == 0);
  const RunReport report = run.report();
  REQUIRE(report.clients);
  CHECK(report.clients->open == 1);
}

TEST_CASE("a compare-and-set that failed has seen another value and counts; one that nobody could do does not") {
  const scenario::Scenario s = parsed(cluster(kOneServer, "count = 3\nworkload = \"cas\""));
  const Ready ready = make_ready(s.variants.front());
  const LiveRun run = finished(ready, 1);
  std::size_t failed = 0;
  for (const check::Operation& o : run.log().clients().history().operations)
    failed += o.outcome == check::Outcome::kFail;
  CHECK(failed > 0);
  CHECK(failed == count(run.log().clients(), Phase::kFailed));
  const scenario::Scenario lonely =
      parsed(cluster("nodes = 3\nprotocol = \"primary-backup\"\nprimary-backup = { failover = false }",
                     "workload = \"cas\"\nto = [\"n2\"]\nfollow = false"));
  const Ready refused = make_ready(lonely.variants.front());
  const LiveRun other = finished(refused, 1);
  REQUIRE(count(other.log().clients(), Phase::kFailed) > 0);
  for (const check::Operation& o : other.log().clients().history().operations)
    if (o.function == check::Function::kCas) CHECK(o.outcome != check::Outcome::kFail);
}

TEST_CASE("removals are no part of a history and all of them are among the set's changes") {
  const scenario::Scenario s = parsed(cluster("nodes = 3\nprotocol = \"crdt\"", "count = 2\nworkload = \"set\""));
  const Ready ready = make_ready(s.variants.front());
  const LiveRun run = finished(ready, 1);
  const ClientLog& log = run.log().clients();
  CHECK_FALSE(log.is_complete());
  CHECK(log.history().operations.empty());
  const auto changes = set_changes(run.world(), log);
  const auto removals = std::count_if(changes.begin(), changes.end(), [](const auto& c) { return c.removes; });
  CHECK(removals > 5);
  CHECK(static_cast<std::size_t>(removals) < changes.size() / 2);
  CHECK(changes.front().client.starts_with("app-"));
}

TEST_CASE("what replicas hold is asked of every one that is up, and of all shards as one copy") {
  const scenario::Scenario three = parsed(cluster("nodes = 3\nprotocol = \"quorum\"\nquorum = { n = 3, w = 3 }", "",
                                                  "[timeline]\nsteps = [{ at = \"3s\", crash = \"n2\" }]"));
  const Ready ready = make_ready(three.variants.front());
  const LiveRun run = finished(ready, 1);
  const auto replicas = replicas_of(run.world(), check::Object::kRegister);
  REQUIRE(replicas.size() == 2);
  CHECK(replicas[0].name == "n1");
  CHECK(replicas[1].name == "n3");
  CHECK(replicas[0].values == replicas[1].values);
  const scenario::Scenario shards = parsed(cluster("nodes = 3\nprotocol = \"sharding\"\nsharding = { rows = 50 }", ""));
  const Ready ready_shards = make_ready(shards.variants.front());
  const LiveRun sharded = finished(ready_shards, 1);
  const auto one = replicas_of(sharded.world(), check::Object::kRegister);
  REQUIRE(one.size() == 1);
  CHECK(one[0].name == "the shards");
}

TEST_CASE("copies are compared only when clients have been quiet for a second") {
  const auto converged = [](const std::string& until) {
    const scenario::Scenario s = parsed(
        cluster("nodes = 3\nprotocol = \"crdt\"", "workload = \"counter\"",
                "[expect]\nfinally = [\"converged\"]\n[[lane]]\nname = \"a\"\nclient = [{ name = \"app\", workload "
                "= \"counter\", think = \"20ms\", until = \"" +
                    until + "\" }]"));
    const RunReport report = run(s.variants.front(), 1, with_spectrum());
    REQUIRE(report.findings.size() == 1);
    REQUIRE(report.clients);
    return std::pair{report.findings[0], report.clients->spectrum.back()};
  };
  const auto [busy, busy_row] = converged("3900ms");
  CHECK(busy.held == Held::kUnknown);
  CHECK(busy.seen == "clients were writing up to the end: let them stop a second before it");
  CHECK(busy_row.held == check::Judgement::kUnknown);
  const auto [quiet, quiet_row] = converged("2500ms");
  CHECK(quiet.held == Held::kYes);
  CHECK(quiet_row.held == check::Judgement::kHeld);
}

TEST_CASE("a quantile is the smallest value that so many do not exceed") {
  std::vector<Duration> ten;
  for (int i = 1; i <= 10; ++i) ten.push_back(milliseconds(i));
  CHECK(quantile(ten, 500) == milliseconds(5));
  CHECK(quantile(ten, 990) == milliseconds(10));
  CHECK(quantile(ten, 1) == milliseconds(1));
  CHECK(quantile({}, 500) == Duration{});
}

TEST_CASE("clients travel through the report's JSON with their latencies and every model") {
  const scenario::Scenario s = shipped("consistency/spectrum-failover.toml");
  const RunReport report = run(s.variants.at(1), 1, with_spectrum());
  REQUIRE(report.clients);
  const RunReport back = run_report_from_json(to_json(report));
  REQUIRE(back.clients);
  const ClientsReport &a = *report.clients, &b = *back.clients;
  CHECK(a.ok > 100);
  CHECK((a.ok == b.ok && a.failed == b.failed && a.unknown == b.unknown && a.open == b.open));
  CHECK((a.reads.count == b.reads.count && a.reads.p50 == b.reads.p50 && a.reads.p999 == b.reads.p999));
  CHECK((a.writes.p95 == b.writes.p95 && a.writes.p99 == b.writes.p99 && a.writes.longest == b.writes.longest));
  CHECK((a.stale_versions == b.stale_versions && a.stale_time == b.stale_time));
  REQUIRE(a.spectrum.size() == b.spectrum.size());
  REQUIRE(a.spectrum.size() == check::kModels.size());
  for (std::size_t i = 0; i < a.spectrum.size(); ++i) {
    CHECK(a.spectrum[i].model == b.spectrum[i].model);
    CHECK(a.spectrum[i].held == b.spectrum[i].held);
    CHECK(a.spectrum[i].witness == b.spectrum[i].witness);
    CHECK(a.spectrum[i].operation == b.spectrum[i].operation);
  }
  CHECK(to_json(back) == to_json(report));
}

TEST_CASE("a report without clients has none in its JSON") {
  const scenario::Scenario s = shipped("cluster/healthy.toml");
  const RunReport report = run(s.variants.front(), 1, {});
  CHECK_FALSE(report.clients);
  CHECK_FALSE(run_report_from_json(to_json(report)).clients);
}

}  // namespace twice::lab

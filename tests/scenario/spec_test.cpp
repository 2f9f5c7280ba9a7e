// What a good file means.
#include <map>

#include "scenario/expand.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {

TEST_CASE("the loader scenario says what its file says") {
  const Loaded loaded = load_scenario((root() / "scenarios/loaders/crash-at-800.toml").string());
  REQUIRE(loaded.scenario);
  const Scenario& s = *loaded.scenario;
  REQUIRE(s.variants.size() == 3);
  const Variant& append = s.variants[0];
  CHECK(append.name == "append");
  CHECK(append.source.front().table->rows.size() == 1000);
  CHECK(append.source.front().table->columns == std::vector<std::string>{"order_date", "order_id", "amount"});
  CHECK(append.spec.lane.verdict.any_of == std::vector<Verdict>{Verdict::kDuplicates});
  CHECK(append.spec.lane.loader.commit == CommitRule{CommitRule::Kind::kEvery, 100, {}});
  CHECK(append.spec.orchestrator.retry.attempts == 3);
  CHECK(append.spec.orchestrator.retry.after == seconds(30));
  CHECK(to_text(append.steps.front().step) == "crash loader @row:800/1");
  CHECK(append.spec.expect.columns.at("orders").finally->value == Operand{std::int64_t{1800}});
  CHECK(append.spec.expect.always.front().value == "the day before is untouched");
  CHECK(s.variants[1].spec.lane.loader.commit.kind == CommitRule::Kind::kOnce);
}

TEST_CASE("{table} stands for the lane's own table in every SQL of the lane") {
  const Loaded loaded = load_scenario((root() / "scenarios/loaders/crash-at-800.toml").string());
  REQUIRE(loaded.scenario);
  const Spec& upsert = loaded.scenario->variants[2].spec;
  CHECK(upsert.lane.loader.row.front().text.find("INSERT INTO daily_orders_k VALUES") == 0);
  CHECK(upsert.dashboard->sql.text.find("FROM daily_orders_k WHERE") != std::string::npos);
  CHECK(upsert.expect.define.begin()->second.sql.text.find("FROM daily_orders_k") != std::string::npos);
}

TEST_CASE("SQL knows the line of its first byte, inside a block as well") {
  const Loaded loaded =
      parse(small("[[lane]]\nname = \"b\"\ntable = \"t\"\nrow = '''\n\nINSERT INTO t VALUES (:id, 1)'''\n"));
  REQUIRE(loaded.scenario);
  CHECK(loaded.scenario->variants[0].spec.lane.loader.row.front().first_line == 10);
  CHECK(loaded.scenario->variants[1].spec.lane.loader.row.front().first_line == 15);
}

TEST_CASE("a lane overrides any section key by key and leaves the others alone") {
  const Loaded loaded = parse(small(
      "[lane.warehouse]\njournal = \"wal\"\n[network]\nloss = 0.25\nlatency = \"2ms\"\n"
      "[[lane]]\nname = \"b\"\ntable = \"t\"\nrow = \"INSERT INTO t VALUES (1, 2)\"\nnetwork = { loss = 0.5 }\n"));
  REQUIRE(loaded.scenario);
  const Spec &a = loaded.scenario->variants[0].spec, &b = loaded.scenario->variants[1].spec;
  CHECK(a.warehouse->journal == Journal::kWal);
  CHECK(b.warehouse->journal == Journal::kDelete);
  CHECK(a.warehouse->setup.text == b.warehouse->setup.text);
  CHECK(a.network.loss.ppb == 250'000'000);
  CHECK(b.network.loss.ppb == 500'000'000);
  CHECK(b.network.latency == Latency{DurationRange{milliseconds(2), milliseconds(2)}});
}

TEST_CASE("the matrix makes every combination of its values a variant of every lane") {
  const Loaded loaded = parse(
      small("[[lane]]\nname = \"b\"\ntable = \"t\"\nrow = \"INSERT INTO t VALUES (1, 2)\"\n"
            "[matrix]\nwarehouse.journal = [\"delete\", \"wal\"]\n\"orchestrator.retry.attempts\" = [1, 2, 3]\n"));
  REQUIRE(loaded.scenario);
  REQUIRE(loaded.scenario->variants.size() == 12);
  const Variant& last = loaded.scenario->variants.back();
  CHECK(last.name == "b · warehouse.journal = wal · orchestrator.retry.attempts = 3");
  CHECK(last.spec.warehouse->journal == Journal::kWal);
  CHECK(last.spec.orchestrator.retry.attempts == 3);
  CHECK(last.cell.size() == 2);
}

TEST_CASE("--set wins over the file, the lanes and the matrix, and has positions of its own") {
  const Loaded loaded = parse(small("[lane.network]\nloss = 0.5\n"),
                              {"network.loss=0.1", "network.latency=3ms", "lane.a.commit=each-row"});
  REQUIRE(loaded.scenario);
  const Spec& a = loaded.scenario->variants[0].spec;
  CHECK(a.network.loss.ppb == 100'000'000);
  CHECK(a.network.latency == Latency{DurationRange{milliseconds(3), milliseconds(3)}});
  CHECK(a.lane.loader.commit.kind == CommitRule::Kind::kEachRow);

  const Loaded wrong = parse(small(), {"network.los=0.1", "nonsense", "lane.z.commit=once"});
  CHECK_FALSE(wrong.scenario);
  const std::string text = render(wrong.diagnostics);
  CHECK(text.find("--set:1:9: error: unknown key 'los' in [network]\n 1 | network.los=0.1\n   |         ^^^\n") !=
        std::string::npos);
  CHECK(text.find("an override is PATH=VALUE") != std::string::npos);
  CHECK(text.find("there is no lane 'z'") != std::string::npos);
}

TEST_CASE("probabilities are read from the digits, exactly") {
  for (const auto& [written, ppb] : std::map<std::string, std::uint32_t>{{"0", 0},
                                                                         {"1", 1'000'000'000},
                                                                         {"0.1", 100'000'000},
                                                                         {"0.000000001", 1},
                                                                         {"0.3", 300'000'000},
                                                                         {"1.0", 1'000'000'000}}) {
    const Loaded loaded = parse(small("[network]\nloss = " + written + "\n"));
    REQUIRE(loaded.scenario);
    CHECK(loaded.scenario->shared().network.loss.ppb == ppb);
  }
}

TEST_CASE("a source may change between attempts, and a query may be one") {
  const Loaded loaded = parse(R"toml(scenario = 1
title = "versions"
[warehouse]
setup = "CREATE TABLE t (id INTEGER);"
[source]
setup = "CREATE TABLE s (id INTEGER); INSERT INTO s VALUES (3), (1), (2);"
sql = "SELECT id FROM s WHERE id > :least ORDER BY id"
then = [{ from-attempt = 2, generate = { rows = 5, columns = { id = "row from 10" } } }]
[job]
least = 1
[[lane]]
name = "a"
table = "t"
row = "INSERT INTO t VALUES (:id)"
)toml");
  INFO(render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  const auto& source = loaded.scenario->variants[0].source;
  REQUIRE(source.size() == 2);
  CHECK(source[0].table->rows == std::vector<pipeline::SqlRow>{{std::int64_t{2}}, {std::int64_t{3}}});
  CHECK(source[1].from_attempt == 2);
  CHECK(source[1].table->rows.back() == pipeline::SqlRow{std::int64_t{14}});
}

TEST_CASE("generated rows are a function of the spec alone") {
  const std::string text = small();
  const auto rows = [&] { return parse(text).scenario->variants[0].source[0].table->rows; };
  CHECK(rows() == rows());
  CHECK(rows().size() == 3);
  CHECK(rows()[2][0] == pipeline::SqlValue{std::int64_t{3}});
}

TEST_CASE("steps of the timeline become the world's steps") {
  const std::string cluster =
      "scenario = 1\ntitle = \"c\"\nuntil = \"20s\"\n[cluster]\nnodes = 3\nprotocol = \"heartbeat\"\n";
  const Loaded loaded = parse(cluster + R"toml([timeline]
steps = [
  { at = "3s", partition = [["n1"], ["n2", "n3"]] },
  { at = "4s", crash = "n2", lose = "mixed" },
  { at = "5s", restart = "n2" },
  { message = "n1>n2#37", delay = "2s" },
  { message = "n1>n2#38", drop = true },
  { on = "suspect", value = 2, cut = "n1>n3" },
  { event = 120, pause = "n1" },
  { at = "9s", heal = "all" },
  { at = "10s", note = "now wait" },
]
)toml");
  INFO(render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  std::string all;
  for (const PlannedStep& step : loaded.scenario->variants[0].steps) all += to_text(step.step) + "\n";
  CHECK(all ==
        "partition n1|n2,n3 @3s\ncrash n2 lose mixed @4s\nrestart n2 @5s\ndelay n1>n2#37 by 2s\ndrop n1>n2#38\n"
        "cut n1>n3 @suspect:2\npause n1 @event:120\nheal @9s\nnote now wait @10s\n");
}

TEST_CASE("comparisons compare by value, and NULL equals only NULL") {
  const auto is = [](const char* text, pipeline::SqlValue left) { return holds(*parse_comparison(text), left); };
  CHECK(is("== 10", std::int64_t{10}));
  CHECK(is("== 10", 10.0));
  CHECK_FALSE(is("== 9007199254740993", 9007199254740992.0));
  CHECK(is(">= 500", std::int64_t{500}));
  CHECK_FALSE(is("> 500", std::int64_t{500}));
  CHECK(is("== 'open'", std::string("open")));
  CHECK_FALSE(is("== 10", std::string("10")));
  CHECK(is("!= 10", std::string("10")));
  CHECK(is("== NULL", pipeline::Null{}));
  CHECK_FALSE(is("== 0", pipeline::Null{}));
  CHECK_FALSE(is("< 5", pipeline::Null{}));
  CHECK(holds(*parse_comparison("<= 2s"), milliseconds(1999)));
  CHECK_FALSE(parse_comparison("about 5"));
}

TEST_CASE("calendar times are read and written without the machine's time zone") {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-06-24T02:00:00Z", "9999-12-31T00:00:00Z"})
    CHECK(to_text(*parse_calendar(text)) == text);
  CHECK(parse_calendar("2026-06-24T02:00:00Z")->unix_seconds == 1'782'266'400);
  for (const char* text :
       {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-06-24T24:00:00Z", "2026-06-24 02:00:00", ""})
    CHECK_FALSE(parse_calendar(text));
}

}  // namespace twice::scenario

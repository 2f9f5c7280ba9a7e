// Whatever nothing would miss is found; what bites is left alone.
#include "lab/bites.h"

#include "lab/report_bites.h"
#include "lab/shipped.h"

namespace twice::lab {
namespace {

using Kind = Toothless::Kind;

/// Three nodes that watch each other; n3 dies after a second.
std::string watch(const std::string& more_steps = {}, const std::string& more = {},
                  const std::string& metric = R"({ of = "suspicions.false", is = "== 0" })") {
  return R"(scenario = 1
title = "who is alive"
seeds = { first = 1, count = 2 }
until = "3s"
[cluster]
nodes = 3
protocol = "heartbeat"
[cluster.heartbeat]
interval = "100ms"
timeout = "500ms"
[network]
latency = "1ms..10ms"
[timeline]
steps = [
  { at = "1s", crash = "n3" },
)" + more_steps +
         R"(]
[expect]
finally = ["crash-suspected"]
metrics = [)" +
         metric + "]\n" + more;
}

scenario::Scenario toothed(const std::string& text) {
  scenario::Loaded loaded = scenario::parse_scenario("fixture.toml", text);
  INFO(scenario::render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

Bites bites_of(const std::string& text, std::uint64_t runs = 2000) {
  const scenario::Scenario s = toothed(text);
  BitesOptions options;
  options.seeds = seeds_of(s);
  options.runs = runs;
  return find_toothless(s, options);
}

/// "kind name" of all that was found.
std::vector<std::string> names_of(const Bites& result) {
  std::vector<std::string> names;
  for (const Toothless& f : result.found) names.push_back(std::string(name_of(f.kind)) + " " + f.name);
  return names;
}

using Names = std::vector<std::string>;

std::string quorum(const std::string& nodes, const std::string& side) {
  return R"(scenario = 1
title = "a quorum"
seeds = { first = 1, count = 3 }
until = "4s"
[cluster]
nodes = )" +
         nodes + R"(
protocol = "quorum"
[cluster.quorum]
n = 3
r = 2
w = 2
timeout = "150ms"
[network]
latency = "1ms..10ms"
[[client]]
name = "app"
count = 3
keys = 5
think = "20ms"
timeout = "500ms"
until = "3s"
[timeline]
steps = [
  { at = "1s", partition = )" +
         side + R"( },
  { at = "2s", heal = "all" },
]
[expect]
metrics = [{ of = "ops.ok", is = ">= 1" }]
[[lane]]
name = "strict"
[[lane]]
name = "sloppy"
cluster.quorum.sloppy = true
)";
}

}  // namespace

TEST_CASE("a scenario whose lanes, steps and expectations all bite is clean") {
  const Bites result = bites_of(watch());
  INFO(bites_text(toothed(watch()), result, {}, false));
  CHECK(names_of(result) == Names{});
  CHECK(result.open.empty());
  CHECK(result.limit.empty());
  CHECK_FALSE(result.any());
  CHECK(result.steps == 1);
  CHECK(result.expectations == 2);
}

TEST_CASE("a step that never acts is named, with its line") {
  const std::string text = watch("  { at = \"2s\", restart = \"n1\" },\n");
  const Bites result = bites_of(text);
  CHECK(names_of(result) == Names{"idle-step step 2"});
  CHECK(result.found.front().span.begin.line == 16);
  CHECK(result.any());
}

TEST_CASE("a step that acts and that nothing would miss is named") {
  const Bites result = bites_of(watch("  { at = \"2.9s\", slow = \"n1\", by = \"1ns\" },\n"));
  CHECK(names_of(result) == Names{"missed-step step 2"});
}

TEST_CASE("a bound that no run comes near is named; one that is near bites") {
  const std::string far = R"({ of = "suspicions.false", is = "== 0" }, { of = "messages.sent", is = "<= 900000" })";
  const Bites result = bites_of(watch({}, {}, far));
  CHECK(names_of(result) == Names{"expectation metric messages.sent <= 900000"});
  CHECK(result.found.front().message.find("a run shows") != std::string::npos);
  const std::string near = R"({ of = "suspicions.false", is = "== 0" }, { of = "messages.sent", is = "<= 200" })";
  CHECK(names_of(bites_of(watch({}, {}, near))) == Names{});
}

TEST_CASE("two lanes that are the same are named") {
  const std::string lanes = "[[lane]]\nname = \"a\"\n[[lane]]\nname = \"b\"\ncluster.heartbeat.timeout = \"500ms\"\n";
  const Bites result = bites_of(watch({}, lanes));
  CHECK(names_of(result) == Names{"lane lane b"});
  CHECK(result.found.front().message.find("'a'") != std::string::npos);
}

TEST_CASE("a sloppy quorum of three nodes with three replicas is a strict one; with five nodes it is another") {
  const auto three = names_of(bites_of(quorum("3", R"([["n1", "n2"], ["n3"]])")));
  CHECK(std::count(three.begin(), three.end(), "lane lane sloppy") == 1);
  const auto five = names_of(bites_of(quorum("5", R"([["n1", "n2", "n3"], ["n4", "n5"]])")));
  CHECK(std::count(five.begin(), five.end(), "lane lane sloppy") == 0);
}

TEST_CASE("an expectation of what clients saw is too early when they stop before the first fault") {
  const auto text = [](const char* until) {
    return std::string(R"(scenario = 1
title = "too early"
seeds = 1
until = "6s"
[cluster]
nodes = 3
protocol = "primary-backup"
[cluster.primary-backup]
acknowledge = "sync"
reads = "confirmed"
[network]
latency = "1ms..10ms"
[[client]]
name = "app"
count = 3
think = "20ms"
until = ")") +
           until + R"("
[timeline]
steps = [{ at = "3s", isolate = "n1" }, { at = "4s", heal = "all" }]
[expect]
finally = ["linearizable"]
)";
  };
  const auto early = names_of(bites_of(text("2s"))), late = names_of(bites_of(text("5s")));
  CHECK(std::count(early.begin(), early.end(), "too-early finally linearizable") == 1);
  CHECK(std::count(late.begin(), late.end(), "too-early finally linearizable") == 0);
}

TEST_CASE("[bites] excuses by name with a reason; a reason for what bites is itself found") {
  const std::string idle = "  { at = \"2s\", restart = \"n1\" },\n";
  const Bites excused =
      bites_of(watch(idle, "[bites]\n\"step 2\" = \"shows that a restart of a running node is nothing\"\n"));
  CHECK(names_of(excused) == Names{"idle-step step 2"});
  CHECK(excused.found.front().reason == "shows that a restart of a running node is nothing");
  CHECK_FALSE(excused.any());
  const Bites idle_excuse = bites_of(watch({}, "[bites]\n\"step 1\" = \"because\"\n"));
  CHECK(names_of(idle_excuse) == Names{"excuse step 1"});
  CHECK(idle_excuse.any());
}

TEST_CASE("an excuse without a reason is no scenario") {
  for (const char* reason : {"\"\"", "\"  \"", "true"}) {
    const auto loaded =
        scenario::parse_scenario("fixture.toml", watch({}, std::string("[bites]\n\"step 1\" = ") + reason));
    CHECK_FALSE(loaded.scenario);
  }
}

TEST_CASE("an expectation that fails as the file stands is undecided, by name") {
  const Bites result = bites_of(watch({}, {}, R"({ of = "messages.sent", is = "<= 10" })"));
  REQUIRE(result.open.size() == 1);
  CHECK(result.open.front().name == "metric messages.sent <= 10");
  CHECK(result.open.front().why.find("fails as the file stands") != std::string::npos);
}

TEST_CASE("a budget that ends too early leaves what is open undecided, with the name of the limit") {
  const Bites result = bites_of(watch(), 3);
  CHECK(result.limit == "--runs 3");
  CHECK(result.runs == 3);
  REQUIRE_FALSE(result.open.empty());
  CHECK(result.open.front().why.find("--runs 3") != std::string::npos);
  CHECK(names_of(result) == Names{});
}

TEST_CASE("the result does not depend on the number of workers") {
  const scenario::Scenario s = toothed(watch("  { at = \"2s\", restart = \"n1\" },\n"));
  BitesOptions options;
  options.seeds = seeds_of(s);
  const std::string alone = bites_json(s, find_toothless(s, options));
  options.workers.workers = 2;
  CHECK(bites_json(s, find_toothless(s, options)) == alone);
}

}  // namespace twice::lab

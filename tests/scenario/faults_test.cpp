// What the file says about links, nodes and faults arrives in the spec and in the steps.
#include "scenario/save.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

const std::string kCluster = "scenario = 1\ntitle = \"faults\"\n[cluster]\nnodes = 4\nprotocol = \"heartbeat\"\n";

std::string step_of(const std::string& toml) {
  const Loaded loaded = parse(kCluster + "[timeline]\nsteps = [{ at = \"3s\", " + toml + " }]\n");
  if (!loaded.scenario) return messages(loaded);
  return world::to_text(loaded.scenario->variants.front().steps.front().step);
}

}  // namespace

TEST_CASE("each fault of a timeline is the step that --do would say") {
  CHECK(step_of("one-way = [[\"n1\"], [\"n2\", \"n3\"]]") == "partition n1>n2,n3 @3s");
  CHECK(step_of("bridge = \"n3\"") == "bridge n3 among n1,n2,n3,n4 @3s");
  CHECK(step_of("bridge = \"n3\", among = [\"n1\", \"n2\"]") == "bridge n3 among n1,n2 @3s");
  CHECK(step_of("majorities-ring = true") == "majorities-ring among n1,n2,n3,n4 @3s");
  CHECK(step_of("halves = true, among = [\"n4\", \"n1\"]") == "halves among n4,n1 @3s");
  CHECK(step_of("isolate = \"n1\"") == "isolate n1 @3s");
  CHECK(step_of("heal = \"all\"") == "heal @3s");
  CHECK(step_of("heal = \"n1\"") == "heal n1 @3s");
  CHECK(step_of("heal = [\"n1\", \"n2\"]") == "heal n1,n2 @3s");
  CHECK(step_of("clog = \"n1>n2\"") == "clog n1>n2 @3s");
  CHECK(step_of("clog = \"n1\"") == "clog n1 @3s");
  CHECK(step_of("unclog = \"all\"") == "unclog @3s");
  CHECK(step_of("unclog = \"n1\"") == "unclog n1 @3s");
  CHECK(step_of("slow = \"n1\", by = \"50ms\"") == "slow n1 by 50ms @3s");
  CHECK(step_of("clock = \"n1\", skew = \"-200ms\", drift = \"50ppm\"") == "clock n1 skew -200ms drift 50ppm @3s");
  CHECK(step_of("clock = \"n1\", drift = \"1.5ppm\"") == "clock n1 skew 0s drift 1500ppb @3s");
}

TEST_CASE("the group of the others is every node and client that no other group names, a hidden node too") {
  CHECK(step_of("partition = [[\"n2\"], [\"others\"]]") == "partition n2|n1,n3,n4 @3s");
  CHECK(step_of("one-way = [[\"others\"], [\"n1\"]]") == "partition n2,n3,n4>n1 @3s");
  const std::string chain = R"toml(scenario = 1
title = "others"
[cluster]
nodes = 3
protocol = "chain"
[[client]]
name = "left"
[[client]]
name = "right"
count = 2
[timeline]
steps = [{ at = "3s", partition = [["n1", "left"], ["others"]] }]
)toml";
  const Loaded loaded = parse(chain);
  INFO(messages(loaded));
  REQUIRE(loaded.scenario);
  CHECK(world::to_text(loaded.scenario->variants.front().steps.front().step) ==
        "partition n1,left|n2,n3,master,right-1,right-2 @3s");
  CHECK(step_of("partition = [[\"others\"], [\"others\"]]").find("in this partition twice") != std::string::npos);
  CHECK(step_of("partition = [[\"n1\"], [\"n2\", \"others\"]]").find("there is no node 'others'") != std::string::npos);
}

TEST_CASE("a name of several clients stands for all of them, and only a message asks for one") {
  const auto said = [](const std::string& step) {
    const Loaded loaded = parse(
        "scenario = 1\ntitle = \"clients\"\n[cluster]\nnodes = 3\nprotocol = \"chain\"\n"
        "[[client]]\nname = \"app\"\ncount = 3\n[timeline]\nsteps = [{ " +
        step + " }]\n");
    return loaded.scenario ? world::to_text(loaded.scenario->variants.front().steps.front().step) : messages(loaded);
  };
  CHECK(said("at = \"3s\", partition = [[\"n1\", \"app\"], [\"others\"]]") == "partition n1,app|n2,n3,master @3s");
  CHECK(said("at = \"3s\", crash = \"app\"") == "crash app @3s");
  CHECK(said("at = \"3s\", majorities-ring = true, among = [\"app\"]") == "majorities-ring among app @3s");
  CHECK(said("at = \"3s\", partition = [[\"app\"], [\"app-2\"]]").find("'app-2' is in this partition twice") !=
        std::string::npos);
  const std::string message = said("message = \"app>n1#3\", drop = true");
  CHECK(message.find("'app' is 3 clients, and a message travels between two nodes") != std::string::npos);
}

TEST_CASE("a step that is saved into a file reads back as the same step") {
  const auto steps = std::get<std::vector<world::Step>>(world::parse_steps(
      "partition n1>n2,n3 @1s; bridge n3 among n1,n2 @2s; majorities-ring among n1,n2,n3 @3s; halves among n1,n2 @4s; "
      "isolate n1 @5s; heal @6s; heal n1,n2 @7s; clog n1>n2 @8s; clog n1 @9s; unclog @10s; unclog n1 @11s; unclog "
      "n1>n2 "
      "@12s; slow n1 by 50ms @13s; clock n1 skew -200ms drift -7ppb @14s; partition n1|n2 @15s; cut n1>n2 @16s"));
  const Loaded loaded = parse(with_steps(kCluster, steps, false));
  CHECK(messages(loaded) == "");
  REQUIRE(loaded.scenario);
  const auto& planned = loaded.scenario->variants.front().steps;
  REQUIRE(planned.size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) CHECK(world::to_text(planned[i].step) == world::to_text(steps[i]));
}

TEST_CASE("a node's clock, disk and supervisor are read by its name") {
  const Loaded loaded = load_scenario((root() / "tests/scenario/good/faults.toml").string());
  REQUIRE(loaded.scenario);
  const auto& nodes = loaded.scenario->shared().cluster->node;
  REQUIRE(nodes.size() == 2);
  CHECK(nodes.at("n1").skew == milliseconds(200));
  CHECK(nodes.at("n1").drift.ppb == 100'000);
  CHECK_FALSE(nodes.at("n1").sync_cost);
  CHECK(nodes.at("n2").drift.ppb == -1'500);
  CHECK(nodes.at("n2").sync_cost == milliseconds(5));
  CHECK(nodes.at("n2").restart_after == seconds(2));
}

}  // namespace twice::scenario

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

std::string designs(const std::string& rest) { return "pacelc " + shipped("consistency/designs.toml") + " " + rest; }

}  // namespace

TEST_CASE("pacelc prints one table of what was measured and one of the labels, and ends with 0") {
  const Folder folder;
  const Outcome o = folder.twice(designs("--only 'quorum R1 W1' --seeds 2"));
  CHECK(o.code == 0);
  for (const char* part : {"While split", "While healthy", "quorum R1 W1  PA/EL     PA/EL (Dynamo, Cassandra, Riak)"})
    CHECK(contains(o.out, part));
}

TEST_CASE("pacelc --json is one object a program can read") {
  const Folder folder;
  const Outcome o = folder.twice(designs("--only 'async, read anywhere' --seeds 2 --json"));
  REQUIRE(o.code == 0);
  const auto json = nlohmann::json::parse(o.out);
  CHECK(json.at("one_round_trip_ns").get<std::int64_t>() > 10'000'000);
  CHECK(json.at("quorum_round_trip_ns").get<std::int64_t>() > 10'000'000);
  REQUIRE(json.at("designs").size() == 1);
  const auto& design = json.at("designs").at(0);
  CHECK(design.at("label") == "neither/EL");
  CHECK(design.at("split_linearizable") == "violated");
  CHECK(design.at("sides").at(0).at("writes").at("asked") == design.at("sides").at(0).at("writes").at("answered"));
  CHECK(design.at("sides").at(1).at("writes").at("answered") == 0);
  CHECK(design.at("reads").at("p99_ns") >= design.at("reads").at("p50_ns"));
  CHECK_FALSE(design.at("difference").get<std::string>().empty());
  CHECK(design.at("error") == "");
}

TEST_CASE("pacelc refuses what it cannot measure, each with its exit code") {
  const Folder folder;
  CHECK(folder.twice("pacelc").code == 64);
  CHECK(folder.twice("pacelc --all " + shipped("consistency/designs.toml")).code == 64);
  for (const char* deadline : {"0s", "3s", "soon", "-1s"})
    CHECK(folder.twice(designs(std::string("--deadline=") + deadline)).code == 64);
  CHECK(folder.twice("pacelc nowhere.toml").code == 3);
  const Outcome heartbeats = folder.twice("pacelc " + shipped("cluster/healthy.toml"));
  CHECK(contains(heartbeats.err, "there is no design here that answers clients"));
  CHECK(heartbeats.code == folder.twice(designs("--only nobody")).code);
  CHECK(heartbeats.code != 0);
  CHECK(folder.twice("pacelc " + shipped("loaders/crash-at-800.toml")).code == heartbeats.code);
  CHECK(folder.twice("pacelc " + shipped("pipeline/offsets.toml")).code == heartbeats.code);
  CHECK(folder.twice("pacelc " + shipped("consensus/two-phase-commit.toml")).code == heartbeats.code);
}

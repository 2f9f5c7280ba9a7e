// `twice shrink` and `twice inevitable` as a person calls them.
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;
using Json = nlohmann::json;

TEST_CASE("shrink writes a scenario that runs and shows the same, and says by how much it is smaller") {
  const Folder folder;
  const Outcome made = folder.twice("shrink " + shipped("loaders/crash-at-800.toml") + " -o small.toml");
  INFO(made.err << made.out);
  CHECK(made.code == 0);
  CHECK(contains(made.out, "1,000 -> 1"));
  CHECK(contains(made.out, "fewer events"));
  CHECK(made.err.empty());
  CHECK(contains(folder.read("small.toml"), "# Shrunk from "));
  CHECK(contains(folder.read("small.toml"), "twice shrink "));
  const Outcome again = folder.twice("run small.toml");
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(contains(again.out, "duplicates"));
}

TEST_CASE("shrink without -o prints the file itself, the figures beside it") {
  const Folder folder;
  const Outcome made = folder.twice("shrink " + shipped("loaders/crash-at-800.toml") + " > small.toml");
  CHECK(made.code == 0);
  CHECK(contains(made.err, "fewer events"));
  CHECK(folder.twice("check small.toml").code == 0);
}

TEST_CASE("shrink does not replace a file that is there") {
  const Folder folder;
  folder.write("mine.toml", "precious");
  const Outcome refused = folder.twice("shrink " + shipped("loaders/crash-at-800.toml") + " -o mine.toml");
  CHECK(refused.code == 64);
  CHECK(contains(refused.err, "mine.toml"));
  CHECK(folder.read("mine.toml") == "precious");
}

TEST_CASE("shrink and inevitable refuse runs that do not fail") {
  const Folder folder;
  const std::string right = shipped("loaders/crash-at-800.toml") + " --lane 'delete + insert'";
  for (const char* command : {"shrink ", "inevitable "}) {
    const Outcome refused = folder.twice(command + right);
    CHECK(refused.code == 4);
    CHECK(contains(refused.err, "no run fails"));
    CHECK(refused.out.empty());
  }
}

TEST_CASE("shrink takes interventions: --do breaks a lane, and the file has the step") {
  const Folder folder;
  const Outcome made = folder.twice("shrink " + shipped("loaders/crash-at-800.toml") +
                                    " --lane append --no-timeline --do 'crash loader @row:300' -o small.toml");
  INFO(made.err);
  CHECK(made.code == 0);
  CHECK(contains(folder.read("small.toml"), "after-row"));
  CHECK(contains(folder.twice("run small.toml").out, "duplicates"));
}

TEST_CASE("a budget that ends too early is said and gives code 2") {
  const Folder folder;
  const Outcome made = folder.twice("shrink " + shipped("loaders/crash-at-800.toml") + " --runs 10 -o small.toml");
  CHECK(made.code == 2);
  CHECK(contains(made.out, "stopped there"));
  CHECK(contains(folder.twice("run small.toml").out, "duplicates"));
}

TEST_CASE("shrink --all goes through every failing lane and ends with the median") {
  const Folder folder;
  const std::string file = shipped("loaders/crash-at-800.toml");
  const Outcome table = folder.twice("shrink --all " + file);
  CHECK(table.code == 0);
  CHECK(contains(table.out, "1 failing run shrunk; median "));
  const Outcome json = folder.twice("shrink --all --json " + file);
  const Json line = Json::parse(json.out);
  CHECK(line["lane"] == "append");
  CHECK(line["after"]["rows"] == 1);
  CHECK(folder.twice("shrink --all -o x.toml " + file).code == 64);
}

TEST_CASE("inevitable says from which event on, the same with any number of workers") {
  const Folder folder;
  const std::string arguments =
      "inevitable " + shipped("replication/power-loss.toml") + " --lane later --samples 6 --points 5 --json";
  const Outcome one = folder.twice(arguments + " -j 1"), two = folder.twice(arguments + " -j 2");
  INFO(one.err);
  CHECK(one.code == 0);
  CHECK(one.out == two.out);
  const Json json = Json::parse(one.out);
  CHECK(json["from"].is_number());
  CHECK(json["curve"].back()["failed"] == 6);
}

TEST_CASE("inevitable says so when a failure was certain from the start") {
  const Folder folder;
  const Outcome certain =
      folder.twice("inevitable " + shipped("loaders/crash-at-800.toml") + " --lane append --samples 2 --points 3");
  INFO(certain.err);
  CHECK(certain.code == 0);
  CHECK(contains(certain.out, "certain from the start"));
}

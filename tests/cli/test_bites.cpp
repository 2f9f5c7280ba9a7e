// `twice check --bites` as a person calls it.
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;
using Json = nlohmann::json;

TEST_CASE("check --bites ends with 0 when everything bites, 1 when something does not, 2 undecided, 3 a bad file") {
  const Folder folder;
  folder.write("good.toml", small_scenario(20));
  const Outcome good = folder.twice("check --bites good.toml -j1");
  INFO(good.out << good.err);
  CHECK(good.code == 0);
  CHECK(contains(good.out, "everything bites"));

  folder.write("idle.toml", small_scenario(20,
                                           "{ after-row = 10, attempt = 1, crash = \"loader\" }, "
                                           "{ after-row = 10, attempt = 3, crash = \"loader\" }"));
  const Outcome idle = folder.twice("check --bites idle.toml -j1");
  INFO(idle.out << idle.err);
  CHECK(idle.code == 1);
  CHECK(contains(idle.out, "idle.toml:12: does not bite: this step never acts"));
  CHECK(contains(idle.out, "[bites]: \"step 2\""));

  const Outcome cut = folder.twice("check --bites good.toml --runs 3");
  CHECK(cut.code == 2);
  CHECK(contains(cut.out, "--runs 3"));
  CHECK(folder.twice("check --bites good.toml --time-limit 1ns").code == 2);

  folder.write("bad.toml", "scenario = 1\n");
  CHECK(folder.twice("check --bites bad.toml").code == 3);
  CHECK(folder.twice("check --bites good.toml bad.toml -j1").code == 3);
}

TEST_CASE("check --bites in JSON is one line a file, the same with one worker and with two") {
  const Folder folder;
  folder.write("load.toml", small_scenario(20));
  const Outcome one = folder.twice("check --bites load.toml --json -j1");
  const Outcome two = folder.twice("check --bites load.toml --json -j2");
  CHECK(one.out == two.out);
  CHECK(count_lines(one.out) == 1);
  const Json json = Json::parse(one.out);
  CHECK(json["file"] == "load.toml");
  CHECK(json["result"] == "everything bites");
  CHECK(json["found"].empty());
  CHECK(json["lanes"] == 2);
}

TEST_CASE("options of --bites without it are refused") {
  const Folder folder;
  folder.write("load.toml", small_scenario(20));
  CHECK(folder.twice("check load.toml --seeds 1..2").code == 64);
  CHECK(folder.twice("check load.toml --runs 5").code == 64);
}

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/exit_code.h"
#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

TEST_CASE("a scenario whose expectations are met ends with 0 and names hash and repro of each lane") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const Outcome o = folder.twice("run small.toml");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK(o.err.empty());
  CHECK(contains(o.out, "twice run small.toml --seed 1 --only append"));
  CHECK(contains(o.out, "--only overwrite"));
  CHECK(contains(o.out, "hash "));
  CHECK(contains(o.out, "as this lane is meant to show"));
}

TEST_CASE("a failed expectation ends with 1, and the last line names it with seed, time, repro and hash") {
  const Folder folder;
  std::string text = small_scenario(20);
  text.replace(text.find("finally = 20"), 12, "finally = 21");
  folder.write("small.toml", text);
  const Outcome o = folder.twice("run small.toml");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  const std::string last = o.out.substr(o.out.rfind('\n', o.out.size() - 2) + 1);
  CHECK(last.substr(0, 20) == "FAIL orders finally ");
  CHECK(contains(last, "seed 1"));
  CHECK(contains(last, "repro: twice run small.toml --seed 1 --only overwrite"));
  CHECK(contains(last, "hash "));
  CHECK(contains(o.out, "small.toml:30"));
}

TEST_CASE("a lane that is meant to fail and does not is a failure") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  CHECK(folder.twice("run small.toml --only append --no-timeline").code == 1);
}

TEST_CASE("a fault whose moment never comes leaves the run undecided") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  CHECK(folder.twice("run small.toml --only overwrite --do 'crash loader @row:15/3'").code == 2);
}

TEST_CASE("a bad scenario ends with 3, prints diagnostics, and runs nothing") {
  const Folder folder;
  std::string text = small_scenario(20);
  text.replace(text.find("[dashboard]"), 11, "[dashbord]");
  folder.write("bad.toml", text);
  folder.write("good.toml", small_scenario(20));
  const Outcome o = folder.twice("run good.toml bad.toml --junit out.xml");
  CHECK(o.code == 3);
  CHECK(o.out.empty());
  CHECK(contains(o.err, "bad.toml:"));
  CHECK(contains(o.err, "did you mean 'dashboard'?"));
  CHECK(contains(folder.read("out.xml"), "type=\"bad-scenario\""));
}

TEST_CASE("a lane nobody has, or a folder without scenarios, ends with 4") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const Outcome o = folder.twice("run small.toml --only apend");
  CHECK(o.code == 4);
  CHECK(contains(o.err, "did you mean 'append'?"));
  std::filesystem::create_directory(folder.path() + "/empty");
  CHECK(folder.twice("run empty").code == 4);
  CHECK(folder.twice("list empty").code == 4);
  CHECK(folder.twice("list nowhere").code == 4);
  CHECK(folder.twice("check empty").code == 4);
}

TEST_CASE("words that make no sense end with 64 and a hint") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const auto usage = [&](const std::string& words, const std::string& hint) {
    const Outcome o = folder.twice(words);
    INFO(words << ": " << o.code << " " << o.err);
    CHECK(o.code == 64);
    CHECK(o.out.empty());
    CHECK(contains(o.err, hint));
  };
  usage("swep small.toml", "did you mean 'sweep'?");
  usage("run small.toml --sede 3", "did you mean '--seed");
  usage("run small.toml --seed=x", "seed");
  usage("run small.toml --seeds 9..3", "no range of seeds");
  usage("run small.toml --seed 1 --seeds 1..3", "seed");
  usage("run small.toml --do 'crsh loader @row:3'", "--do:1:1");
  usage("run small.toml --time-limit soon", "'soon' is not a time: 60s, 10m");
  usage("run small.toml --verify-determinism=lots", "no percentage");
  usage("sweep small.toml --points rwos", "names no crash points");
  usage("run small.toml --trace t", "records one run");
  usage("new loadr", "did you mean 'loader'?");
  usage("", "");
}

TEST_CASE("help and version end with 0") {
  const Folder folder;
  CHECK(contains(folder.twice("--help").out, "Exit codes"));
  CHECK(contains(folder.twice("run --help").out, "--verify-determinism"));
  CHECK(contains(folder.twice("--version").out, "twice "));
}

TEST_CASE("the same run is the same, and is said to be so") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  CHECK(folder.twice("run small.toml --verify-determinism").code == 0);
  const Outcome one = folder.twice("run small.toml -j 1 --seeds 1..6"),
                two = folder.twice("run small.toml -j 2 --seeds 1..6");
  CHECK(one.code == 0);
  CHECK(one.out == two.out);
}

TEST_CASE("list shows titles, explain explains, schema is JSON, check says ok") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  CHECK(contains(folder.twice("list .").out, "a small load"));
  CHECK(folder.twice("explain warehouse.journal").code == 0);
  const Outcome unknown = folder.twice("explain warehouse.jurnal");
  CHECK(unknown.code == 4);
  CHECK(contains(unknown.err, "journal"));
  CHECK(folder.twice("schema").out.front() == '{');
  CHECK(folder.twice("check small.toml").out == "small.toml: ok\n");
}

TEST_CASE("a new loader runs as it stands, and nothing is overwritten") {
  const Folder folder;
  REQUIRE(folder.twice("new loader mine.toml").code == 0);
  CHECK(folder.names() == std::vector<std::string>{"mine-orders.csv", "mine.toml"});
  const Outcome o = folder.twice("run mine.toml");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  folder.write("mine.toml", "precious");
  CHECK(folder.twice("new loader mine.toml").code == 64);
  CHECK(folder.read("mine.toml") == "precious");
  CHECK(folder.names().size() == 2);
}

TEST_CASE("of several ends the worst counts, in one order of all exit codes") {
  using twice::cli::Exit;
  constexpr Exit kOrder[] = {Exit::kMet,         Exit::kUndecided,      Exit::kFailed, Exit::kNothingMatched,
                             Exit::kBadScenario, Exit::kNondeterminism, Exit::kUsage,  Exit::kInternal,
                             Exit::kInterrupted, Exit::kTerminated};
  for (std::size_t a = 0; a < std::size(kOrder); ++a)
    for (std::size_t b = 0; b < std::size(kOrder); ++b) CHECK(worse(kOrder[a], kOrder[b]) == kOrder[std::max(a, b)]);
  CHECK(static_cast<int>(Exit::kNondeterminism) == 5);
}

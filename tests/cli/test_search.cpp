#include "cli/program.h"
#include "support/catch.h"

namespace twice::test {

TEST_CASE("search tells counts, verdicts and the way to what must not be, and ends with the run's exit codes") {
  const Folder folder;
  const std::string healthy = shipped("consensus/two-phase-commit.toml");
  const Outcome all = folder.twice("search " + healthy);
  CHECK(all.code == 0);
  CHECK(contains(all.out, "288 distinct states, 1,146 generated, depth 11: every state was seen"));
  CHECK(contains(all.out, "always atomic  in every state"));
  const Outcome five = folder.twice("search --json --symmetry on --set cluster.nodes=5 " + healthy);
  CHECK(five.code == 0);
  CHECK(contains(five.out, "\"states\":314,"));
  const Outcome broken =
      folder.twice("search --only 'two of three' " + shipped("consensus/two-phase-commit-two-of-three.toml"));
  CHECK(broken.code == 1);
  CHECK(contains(broken.out, "broken after 7 steps"));
  CHECK(contains(broken.out, "coordinator decides to commit"));
  CHECK(folder.twice("search --max-states 100 " + healthy).code == 2);
}

TEST_CASE("search begins after an event of the run, with its faults") {
  const Folder folder;
  const std::string blocked = shipped("consensus/two-phase-commit-blocked.toml");
  const Outcome from = folder.twice("search --only blocked --from 12 " + blocked);
  CHECK(contains(from.out, "from event 12 of seed 1"));
  CHECK(folder.twice("search --only blocked --from 100000 " + blocked).code == 4);
  CHECK(folder.twice("search " + shipped("loaders/crash-at-800.toml")).code == 4);
  CHECK(folder.twice("search --network post " + blocked).code == 64);
}

TEST_CASE("what a search found is saved as a scenario that run, replay and search take like any other") {
  const Folder folder;
  const std::string zoo = shipped("zoo/search.toml");
  const std::string search = "search --only vote-twice --network multiset --timers 2 " + zoo;
  CHECK(contains(folder.twice(search).out, "--save FILE.toml makes a run of it"));
  const Outcome saved = folder.twice(search + " --save witness.toml");
  CHECK(saved.code == 1);
  CHECK(contains(saved.out, "twice run witness.toml"));
  CHECK(contains(saved.out, "twice ui witness.toml"));
  const Outcome ran = folder.twice("run witness.toml");
  CHECK(ran.code == 1);
  CHECK(contains(ran.out, "election-safety"));
  CHECK(folder.twice("run witness.toml").out == ran.out);
  CHECK(folder.twice("run --verify-determinism witness.toml").code == 1);
  CHECK(folder.twice("search --only vote-twice --network multiset --timers 2 witness.toml").code == 1);
  // It is not overwritten, and one file holds one way.
  CHECK(folder.twice(search + " --save witness.toml").code == 64);
  CHECK(folder.twice("search --timers 1 --save other.toml " + zoo).code == 64);
  const Outcome delayed = folder.twice("run witness.toml --do 'delay n1>n2#1 by 2s'");
  CHECK(delayed.code != 0);
  CHECK(contains(delayed.out + delayed.err, "means nothing here: a schedule says when"));
}

TEST_CASE("a search without a way to tell saves nothing and says why") {
  const Folder folder;
  const std::string zoo = shipped("zoo/search.toml");
  const Outcome none = folder.twice("search --only 'as the paper says' --timers 0 --save way.toml " + zoo);
  CHECK(contains(none.err, "there is nothing to save"));
  CHECK_FALSE(folder.has("way.toml"));
}

}  // namespace twice::test

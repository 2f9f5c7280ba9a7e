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

}  // namespace twice::test

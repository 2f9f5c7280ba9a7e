#include "cli/program.h"
#include "support/catch.h"

namespace twice::test {

TEST_CASE("zoo shows what a mistake breaks, how many seeds it took, and what exhaustive search finds") {
  const Folder folder;
  const std::string zoo = "zoo vote-twice --trials 1 --limit 40 --folder " + shipped("zoo");
  const Outcome text = folder.twice(zoo);
  CHECK(text.code == 0);
  CHECK(contains(text.out, "breaks one-vote: "));
  CHECK(contains(text.out, "without it, the same faults break nothing"));
  CHECK(contains(text.out, "seeds to find at random: "));
  CHECK(contains(text.out, "exhaustive search, 2 time-outs: election-safety broken after"));
  CHECK(contains(text.out, "40 random runs without the mistakes: nothing breaks"));
  const Outcome json = folder.twice(zoo + " --json -j 1");
  CHECK(contains(json.out, "\"flag\":\"vote-twice\""));
  CHECK(json.out == folder.twice(zoo + " --json -j 2").out);
  CHECK(contains(folder.twice(zoo + " --markdown").out, "| 6 | [vote-twice](#vote-twice) |"));
}

TEST_CASE("zoo refuses what it does not know") {
  const Folder folder;
  const Outcome unknown = folder.twice("zoo vote-twise --folder " + shipped("zoo"));
  CHECK(unknown.code == 64);
  CHECK(contains(unknown.err, "did you mean 'vote-twice'?"));
  CHECK(folder.twice("zoo none --folder " + shipped("zoo")).code == 64);
  CHECK(folder.twice("zoo vote-twice --folder nowhere").code == 3);
  CHECK(folder.twice("zoo --limit 0").code == 64);
  CHECK(folder.twice("zoo --json --markdown").code == 64);
}

}  // namespace twice::test

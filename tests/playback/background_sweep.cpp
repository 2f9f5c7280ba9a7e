#include "ui/playback/background_sweep.h"

#include <chrono>
#include <thread>

#include "support/catch.h"

namespace twice::playback {
namespace {

void wait(BackgroundSweep& sweep) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (sweep.running() && std::chrono::steady_clock::now() < limit) {
    sweep.poll();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  REQUIRE_FALSE(sweep.running());
}

}  // namespace

TEST_CASE("a sweep in the background gives the strip of every lane, with roles and the smallest failing schedule") {
  BackgroundSweep sweep;
  sweep.start(TWICE_PROGRAM, {"scenarios/loaders/crash-at-800.toml"});
  CHECK(sweep.running());
  wait(sweep);
  REQUIRE(sweep.output());
  CHECK(sweep.progress() > 0);
  REQUIRE(sweep.output()->lanes.size() == 3);
  const SweptLane& append = sweep.output()->lanes[0];
  CHECK(append.points.size() > 1'000);
  REQUIRE(append.smallest);
  CHECK(append.smallest->letter == 'D');
  CHECK_FALSE(append.schedule.empty());
  CHECK_FALSE(sweep.output()->lanes[1].smallest);
  bool commit = false;
  for (const lab::PointOutcome& p : append.points) commit = commit || p.point.role == pipeline::Role::kCommit;
  CHECK(commit);
}

TEST_CASE("a sweep that cannot start or run says why") {
  BackgroundSweep sweep;
  sweep.start("/no/such/program", {"x.toml"});
  wait(sweep);
  CHECK_FALSE(sweep.error().empty());
  sweep.start(TWICE_PROGRAM, {"no-such-file.toml"});
  wait(sweep);
  CHECK(sweep.error().find("no-such-file.toml") != std::string::npos);
  CHECK_FALSE(sweep.output());
}

TEST_CASE("a cancelled sweep ends at once and leaves the last result alone") {
  BackgroundSweep sweep;
  sweep.start(TWICE_PROGRAM, {"scenarios/loaders/ten-loaders.toml"});
  CHECK(sweep.running());
  sweep.cancel();
  CHECK_FALSE(sweep.running());
  CHECK_FALSE(sweep.output());
}

TEST_CASE("text that is no sweep's output is refused") {
  CHECK_FALSE(parse_sweep_output(""));
  CHECK_FALSE(parse_sweep_output("not json\n"));
  CHECK_FALSE(parse_sweep_output("{\"type\":\"sweep\"}\n"));
  CHECK_FALSE(parse_sweep_output("[1,2]\n"));
}

}  // namespace twice::playback

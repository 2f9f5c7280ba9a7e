#include "ui/playback/background_inevitable.h"

#include <chrono>
#include <thread>

#include "support/catch.h"

namespace twice::playback {
namespace {

constexpr const char* kZoo = "scenarios/zoo/vote-twice.toml";

void wait(BackgroundInevitable& search) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(240);
  while (search.running() && std::chrono::steady_clock::now() < limit) {
    search.poll();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  REQUIRE_FALSE(search.running());
}

}  // namespace

TEST_CASE("the point of no return of a zoo scenario is found in the background, with its curve") {
  BackgroundInevitable search;
  const BackgroundInevitable::Run run{0, 1, 1};
  search.start(TWICE_PROGRAM,
               {kZoo, "--seed", "1", "--only", "vote-twice", "--samples", "5", "--points", "6", "--jobs", "1"}, run);
  CHECK(search.running());
  CHECK_FALSE(search.found(run));
  wait(search);
  INFO(search.error());
  const NoReturn* found = search.found(run);
  REQUIRE(found);
  CHECK(search.progress() > 0);
  CHECK(found->points.size() >= 6);
  REQUIRE(found->from);
  for (std::size_t i = 0; i < found->points.size(); ++i) {
    const NoReturn::Point& point = found->points[i];
    CHECK(point.of == 5);
    CHECK(point.low <= 1000 * point.failed / point.of);
    CHECK(1000 * point.failed / point.of <= point.high);
    if (point.event >= *found->from) CHECK(point.failed == point.of);
    if (i > 0) CHECK(point.event > found->points[i - 1].event);
  }
  CHECK_FALSE(search.found({1, 1, 1}));
  CHECK_FALSE(search.found({0, 0, 1}));
  CHECK_FALSE(search.found({0, 1, 2}));
}

TEST_CASE("a run that does not fail has no point of no return, and the search says so") {
  BackgroundInevitable search;
  search.start(TWICE_PROGRAM, {kZoo, "--seed", "1", "--only", "as the paper says"}, {0, 0, 1});
  wait(search);
  CHECK_FALSE(search.found({0, 0, 1}));
  CHECK(search.error().find("no run fails") != std::string::npos);
}

TEST_CASE("a cancelled search for the point of no return ends at once") {
  BackgroundInevitable search;
  search.start(TWICE_PROGRAM, {kZoo, "--samples", "1000"}, {});
  CHECK(search.running());
  search.cancel();
  CHECK_FALSE(search.running());
  CHECK_FALSE(search.poll());
  CHECK_FALSE(search.found({}));
}

TEST_CASE("text that tells of no point of no return is refused") {
  CHECK_FALSE(parse_no_return(""));
  CHECK_FALSE(parse_no_return("[1]"));
  CHECK_FALSE(parse_no_return(R"({"what":"","shows":"","from":null,"curve":[]})"));
  const auto one = parse_no_return(
      R"({"what":"x","shows":"y","from":7,"curve":[{"event":7,"at_ns":9,"failed":1,"of":2,"low_thousandths":10,"high_thousandths":900}]})");
  REQUIRE(one);
  CHECK(one->from == Sequence{7});
  CHECK(one->points.front().share() == 0.5);
}

}  // namespace twice::playback

#include "physics/clock.h"

#include <cstdlib>

#include "support/catch.h"

namespace twice::physics {

TEST_CASE("A clock without skew and drift shows global time") {
  const Clock clock;
  CHECK(clock.local(Time{} + seconds(7)) == Time{} + seconds(7));
  CHECK(clock.global_wait(seconds(7)) == seconds(7));
}

TEST_CASE("A skewed clock is off by its skew at any time") {
  const Clock clock{milliseconds(-250), 0};
  CHECK(clock.local(Time{}) == Time{} - milliseconds(250));
  CHECK(clock.local(Time{} + seconds(9)) == Time{} + milliseconds(8750));
  CHECK(clock.global_wait(seconds(1)) == seconds(1));
}

TEST_CASE("A drifting clock gains in proportion to time, and its waits shrink accordingly") {
  const Clock fast{{}, 100'000'000};  // gains 10 %
  CHECK(fast.local(Time{} + seconds(10)) == Time{} + seconds(11));
  CHECK(fast.global_wait(seconds(11)) == seconds(10));
  const Clock slow{{}, -100'000'000};
  CHECK(slow.local(Time{} + seconds(10)) == Time{} + seconds(9));
  CHECK(slow.global_wait(seconds(9)) == seconds(10));
}

TEST_CASE("A clock that was set drifts from that moment on") {
  const Clock clock{milliseconds(5), 100'000'000, Time{} + seconds(10)};
  CHECK(clock.local(Time{} + seconds(10)) == Time{} + milliseconds(10'005));
  CHECK(clock.local(Time{} + seconds(20)) == Time{} + milliseconds(21'005));
}

TEST_CASE("After a wait the local clock has advanced by it, to the nanosecond") {
  for (const std::int64_t drift : {-900'000'000, -500'000, -1, 0, 1, 20'000, 999'999'999})
    for (const Duration wait : {nanoseconds(1), milliseconds(150), seconds(3600), minutes(60 * 24 * 30)}) {
      const Clock clock{milliseconds(3), drift};
      const Time start = Time{} + seconds(5);
      const Duration passed = clock.local(start + clock.global_wait(wait)) - clock.local(start);
      // Each division may round by one tick, and a tick of global time is up to two of a fast clock.
      INFO("drift " << drift << ", wait " << wait.ns);
      CHECK(std::abs((passed - wait).ns) <= 2);
    }
}

}  // namespace twice::physics

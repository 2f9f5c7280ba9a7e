#include "physics/network.h"

#include <algorithm>

#include "core/assert.h"
#include "support/catch.h"

namespace twice::physics {
namespace {

constexpr NodeId a{0}, b{1}, c{2};
const Draws draws(7);

LinkProfile uniform(Duration low, Duration high) {
  LinkProfile profile;
  profile.latency = {low, high};
  return profile;
}

}  // namespace

TEST_CASE("Messages are numbered on each directed link from 1") {
  Network network(3);
  CHECK(network.sent(a, b) == 0);
  CHECK(network.send(a, b, draws, 1).ordinal == 1);
  CHECK(network.send(a, b, draws, 2).ordinal == 2);
  CHECK(network.send(b, a, draws, 3).ordinal == 1);
  CHECK(network.sent(a, b) == 2);
  CHECK(network.sent(a, c) == 0);
  CHECK(network.sent(NodeId{9}, a) == 0);
}

TEST_CASE("Lost and cut messages are counted too, so addresses do not shift") {
  LinkProfile lossy;
  lossy.loss = Probability{1'000'000'000};
  Network network(2, lossy);
  CHECK(network.send(a, b, draws, 1).kind == Fate::Kind::kLost);
  network.cut(a, b);
  CHECK(network.send(a, b, draws, 2).kind == Fate::Kind::kCut);
  CHECK(network.sent(a, b) == 2);
}

TEST_CASE("A message's fate depends on its causal id, not on what was sent before") {
  LinkProfile profile = uniform(milliseconds(1), milliseconds(9));
  profile.loss = Probability{300'000'000};
  profile.duplicate = Probability{300'000'000};
  Network busy(2, profile), quiet(2, profile);
  for (CausalId id = 1; id < 500; ++id) {
    const Fate one = busy.send(a, b, draws, id);
    if (id % 7 != 0) continue;
    const Fate other = quiet.send(a, b, draws, id);
    REQUIRE(one.kind == other.kind);
    REQUIRE(one.copies == other.copies);
    REQUIRE(one.delay == other.delay);
  }
}

TEST_CASE("Latencies stay in their range, constants are constant, exponential ones start at the low end") {
  Network network(2, uniform(milliseconds(2), milliseconds(4)));
  Network constant(2, uniform(milliseconds(3), milliseconds(3)));
  LinkProfile tail;
  tail.latency = {Exponential{milliseconds(10)}, milliseconds(1)};
  Network exponential(2, tail);
  Duration total{};
  for (CausalId id = 1; id <= 2000; ++id) {
    const Duration d = network.send(a, b, draws, id).delay[0];
    REQUIRE((d >= milliseconds(2) && d <= milliseconds(4)));
    REQUIRE(constant.send(a, b, draws, id).delay[0] == milliseconds(3));
    const Duration e = exponential.send(a, b, draws, id).delay[0];
    REQUIRE(e >= milliseconds(1));
    total += e;
  }
  // Mean 11 ms, standard error 10 ms / sqrt(2000) = 0.224 ms: five of them.
  CHECK((total > milliseconds(2000 * 11 - 2240) && total < milliseconds(2000 * 11 + 2240)));
}

TEST_CASE("A duplicate is a second copy with a delay of its own") {
  LinkProfile profile = uniform(milliseconds(1), milliseconds(100));
  profile.duplicate = Probability{1'000'000'000};
  Network network(2, profile);
  const Fate fate = network.send(a, b, draws, 1);
  CHECK(fate.copies == 2);
  CHECK(fate.delay[0] != fate.delay[1]);
}

TEST_CASE("A cut stops one direction until all is healed") {
  Network network(3);
  CHECK_FALSE(network.any_cut());
  network.cut(a, b);
  network.cut(a, b);
  CHECK(network.is_cut(a, b));
  CHECK_FALSE(network.is_cut(b, a));
  CHECK(network.send(b, a, draws, 1).kind == Fate::Kind::kArrives);
  CHECK(network.send(a, b, draws, 2).kind == Fate::Kind::kCut);
  CHECK(network.any_cut());
  network.heal_all();
  CHECK_FALSE(network.any_cut());
  CHECK(network.send(a, b, draws, 3).kind == Fate::Kind::kArrives);
}

TEST_CASE("A link may have a profile of its own") {
  Network network(3, uniform(milliseconds(1), milliseconds(1)));
  network.set_profile(a, b, uniform(milliseconds(50), milliseconds(50)));
  CHECK(network.send(a, b, draws, 1).delay[0] == milliseconds(50));
  CHECK(network.send(b, a, draws, 2).delay[0] == milliseconds(1));
  CHECK(network.profile(a, b).latency == LatencyModel(milliseconds(50), milliseconds(50)));
  CHECK(network.profile(a, c).latency == LatencyModel(milliseconds(1), milliseconds(1)));
}

TEST_CASE("A link may treat messages of one name in its own way") {
  Network network(3, uniform(milliseconds(1), milliseconds(1)));
  CHECK_FALSE(network.reads_names());
  network.set_profile(a, b, uniform(milliseconds(50), milliseconds(50)), "Write");
  CHECK(network.reads_names());
  CHECK(network.send(a, b, draws, 1, "Write").delay[0] == milliseconds(50));
  CHECK(network.send(a, b, draws, 2, "Read").delay[0] == milliseconds(1));
  CHECK(network.send(b, a, draws, 3, "Write").delay[0] == milliseconds(1));
  network.set_profile(a, b, uniform(milliseconds(2), milliseconds(2)));
  CHECK(network.send(a, b, draws, 4, "Read").delay[0] == milliseconds(2));
  CHECK(network.send(a, b, draws, 5, "Write").delay[0] == milliseconds(50));
  network.set_all_profiles(uniform(milliseconds(9), milliseconds(9)), "Read");
  CHECK(network.send(a, b, draws, 6, "Read").delay[0] == milliseconds(9));
  CHECK(network.send(c, a, draws, 7, "Read").delay[0] == milliseconds(9));
  CHECK(network.send(c, a, draws, 8, "Write").delay[0] == milliseconds(1));
}

TEST_CASE("A reordered message is held back by a draw of its own; its latency stays") {
  LinkProfile profile = uniform(milliseconds(1), milliseconds(9));
  Network plain(2, profile);
  profile.reorder = Probability{300'000'000};
  profile.reorder_by = {milliseconds(100), milliseconds(200)};
  Network reordering(2, profile);
  std::size_t held_back = 0;
  for (CausalId id = 1; id <= 2000; ++id) {
    const Fate one = plain.send(a, b, draws, id), other = reordering.send(a, b, draws, id);
    const Duration extra = other.delay[0] - one.delay[0];
    held_back += other.reordered;
    REQUIRE(other.reordered == (extra.ns != 0));
    if (other.reordered) REQUIRE((extra >= milliseconds(100) && extra <= milliseconds(200)));
  }
  // 600 expected, standard error 20.5.
  CHECK((held_back > 500 && held_back < 700));
}

TEST_CASE("A link with a capacity lets one message after the other leave") {
  LinkProfile profile;
  profile.capacity = 100;
  Network network(3, profile);
  REQUIRE(network.queues());
  const Time now = Time{} + seconds(1);
  CHECK(network.departs(a, b, now) == now);
  CHECK(network.departs(a, b, now) == now + milliseconds(10));
  CHECK(network.departs(b, a, now) == now);
  CHECK(network.departs(a, b, now + milliseconds(5)) == now + milliseconds(20));
  CHECK(network.departs(a, b, now + seconds(1)) == now + seconds(1));
  CHECK_FALSE(Network(2).queues());
}

TEST_CASE("On an ordered link nothing arrives before an earlier message") {
  LinkProfile profile;
  profile.in_order = true;
  Network network(2, profile);
  CHECK(network.arrives(a, b, Time{50}) == Time{50});
  CHECK(network.arrives(a, b, Time{20}) == Time{50});
  CHECK(network.arrives(b, a, Time{20}) == Time{20});
  CHECK(network.arrives(a, b, Time{60}) == Time{60});
}

TEST_CASE("A link is clogged by itself or with either of its nodes") {
  Network network(3);
  CHECK_FALSE(network.any_clogged());
  CHECK(network.clog(a, b));
  CHECK_FALSE(network.clog(a, b));
  CHECK((network.is_clogged(a, b) && !network.is_clogged(b, a)));
  CHECK(network.clog(c));
  CHECK((network.is_clogged(c, a) && network.is_clogged(b, c) && !network.is_clogged(b, a)));
  CHECK(network.unclog(c));
  CHECK_FALSE(network.unclog(c));
  CHECK(network.is_clogged(a, b));
  CHECK(network.unclog(b));  // its links too
  CHECK_FALSE(network.any_clogged());
  CHECK_FALSE(network.unclog_all());
}

TEST_CASE("Healing one node heals its links only") {
  Network network(3);
  network.cut(a, b), network.cut(b, a), network.cut(b, c);
  CHECK(network.heal(a));
  CHECK_FALSE(network.heal(a));
  CHECK((!network.is_cut(a, b) && !network.is_cut(b, a) && network.is_cut(b, c)));
  CHECK(network.any_cut());
  CHECK(network.heal(c));
  CHECK_FALSE(network.any_cut());
}

TEST_CASE("A network beyond the dense table behaves the same") {
  Network network(3000, uniform(milliseconds(1), milliseconds(1)));
  const NodeId far{2999};
  CHECK(network.send(a, far, draws, 1).ordinal == 1);
  CHECK(network.send(a, far, draws, 2).ordinal == 2);
  CHECK(network.sent(a, far) == 2);
  CHECK(network.sent(far, a) == 0);
  network.cut(a, far);
  network.set_profile(far, a, uniform(milliseconds(5), milliseconds(5)));
  CHECK(network.send(a, far, draws, 3).kind == Fate::Kind::kCut);
  CHECK(network.send(far, a, draws, 4).delay[0] == milliseconds(5));
  network.heal_all();
  CHECK(network.send(a, far, draws, 5).kind == Fate::Kind::kArrives);
}

TEST_CASE("A message to a node that does not exist is an internal error") {
  Network network(2);
  CHECK_THROWS_AS(network.send(a, c, draws, 1), InternalError);
}

}  // namespace twice::physics

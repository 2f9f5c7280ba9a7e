// The failure detector: what it promises, and that it fails when its assumptions do.
#include "protocols/heartbeat/heartbeat.h"

#include "support/catch.h"

namespace twice::protocols {
namespace {

using world::World;

constexpr std::size_t kNodes = 5;
const HeartbeatParameters kParameters{milliseconds(100), milliseconds(350)};
constexpr Duration kLatency = milliseconds(40);  // largest

World cluster(std::uint64_t seed, HeartbeatParameters parameters = kParameters, std::string_view steps = "") {
  physics::LinkProfile link;
  link.latency = {milliseconds(1), kLatency};
  World made(seed, make_heartbeat_cluster({"n1", "n2", "n3", "n4", "n5"}, parameters), link);
  if (steps.empty()) return made;
  auto parsed = std::get<std::vector<world::Step>>(world::parse_steps(steps));
  for (world::Step& step : parsed) REQUIRE_FALSE(made.add(std::move(step)));
  return made;
}

const HeartbeatNode& detector(const World& w, std::size_t node) {
  return *state_of<HeartbeatNode>(w.node(NodeId{static_cast<std::uint16_t>(node)}));
}
// Peers are listed without the node itself.
const HeartbeatNode::Peer& peer_of(const World& w, std::size_t node, std::size_t peer) {
  return detector(w, node).peers[peer < node ? peer : peer - 1];
}

std::size_t who_suspect(const World& w, std::size_t peer) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kNodes; ++i) count += i != peer && peer_of(w, i, peer).suspected;
  return count;
}

std::uint64_t all_suspicions(const World& w) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kNodes; ++i) count += detector(w, i).suspicions;
  return count;
}

}  // namespace

TEST_CASE("A crashed node is suspected by all others within interval + timeout + latency") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World w = cluster(seed, kParameters, "crash n3 @2s");
    w.run(Time{} + seconds(2) + kParameters.interval + kParameters.timeout + kLatency);
    INFO("seed " << seed);
    CHECK(who_suspect(w, 2) == 4);
    CHECK(who_suspect(w, 0) == 0);
  }
}

TEST_CASE("A node that lives behind good links is never suspected") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World w = cluster(seed);
    w.run(Time{} + seconds(60));
    CHECK(all_suspicions(w) == 0);
  }
}

TEST_CASE("A timeout shorter than the interval suspects the living") {
  World w = cluster(1, {milliseconds(100), milliseconds(80)});
  w.run(Time{} + seconds(10));
  CHECK(all_suspicions(w) > 100);
  CHECK(detector(w, 0).wrong_suspicions > 0);
}

TEST_CASE("A timeout longer than the run suspects nobody, not even the dead") {
  World w = cluster(1, {milliseconds(100), seconds(60)}, "crash n3 @2s");
  w.run(Time{} + seconds(10));
  CHECK(who_suspect(w, 2) == 0);
}

TEST_CASE("A partition makes both sides suspect each other, and healing restores trust") {
  World w = cluster(3, kParameters, "partition n1,n2|n3,n4,n5 @2s; heal @4s");
  w.run(Time{} + seconds(4) - milliseconds(1));
  CHECK(who_suspect(w, 0) == 3);
  CHECK(who_suspect(w, 4) == 2);
  w.run(Time{} + seconds(4) + kParameters.interval + kLatency);
  for (std::size_t i = 0; i < kNodes; ++i) CHECK(who_suspect(w, i) == 0);
  // Nobody had died: every suspicion was wrong.
  CHECK(detector(w, 0).wrong_suspicions == 3);
  CHECK(detector(w, 4).wrong_suspicions == 2);
}

TEST_CASE("A restarted node begins afresh with the next incarnation and is trusted again") {
  World w = cluster(4, kParameters, "crash n2 lose unsynced @2s; restart n2 @5s");
  w.run(Time{} + seconds(5) - milliseconds(1));
  CHECK(who_suspect(w, 1) == 4);
  w.run(Time{} + seconds(7));
  CHECK(detector(w, 1).incarnation == 2);
  CHECK(detector(w, 1).suspicions == 0);
  CHECK(who_suspect(w, 1) == 0);
  CHECK(peer_of(w, 0, 1).incarnation == 2);
  CHECK(detector(w, 0).wrong_suspicions == 0);  // it had been dead indeed
}

TEST_CASE("A node that crashes before its incarnation is durable was never heard of") {
  // The disk takes 2 ms: at 1 ms nothing is durable, so no heartbeat has left, and the next start is the first again.
  World w = cluster(5, kParameters, "crash n2 lose unsynced @1ms; restart n2 @1s");
  w.run(Time{} + milliseconds(900));
  CHECK(w.network().sent(NodeId{1}, NodeId{0}) == 0);
  CHECK(peer_of(w, 0, 1).incarnation == 0);
  w.run(Time{} + seconds(2));
  CHECK(detector(w, 1).incarnation == 1);
  CHECK(peer_of(w, 0, 1).incarnation == 1);
}

TEST_CASE("A heartbeat from before a crash is no sign of life after the restart") {
  // The seventh heartbeat travels three seconds; meanwhile its sender has died and come back.
  World w = cluster(6, kParameters, "delay n2>n1#7 by 3s; crash n2 @1s; restart n2 @2s; crash n2 @3s");
  w.run(Time{} + seconds(5));
  CHECK(peer_of(w, 0, 1).incarnation == 2);
  CHECK(peer_of(w, 0, 1).suspected);
}

TEST_CASE("Suspicions are marks that a step can wait for") {
  World w = cluster(7, kParameters, "crash n1 @1s; crash n2 @suspect:1/3");
  w.run(Time{} + seconds(3));
  CHECK(w.took_effect(1));
  CHECK_FALSE(w.is_up(NodeId{1}));
  CHECK(who_suspect(w, 1) >= 3);
}

}  // namespace twice::protocols

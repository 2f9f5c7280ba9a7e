// Placement functions: who moves when the set of nodes changes.
#include "protocols/sharding/placement.h"

#include <map>
#include <numeric>

#include "support/catch.h"

namespace twice::protocols {
namespace {

constexpr std::uint32_t kKeys = 20'000;

std::vector<NodeId> nodes(std::uint16_t count) {
  std::vector<NodeId> made;
  for (std::uint16_t i = 0; i < count; ++i) made.push_back({i});
  return made;
}
std::vector<std::uint32_t> all_keys() {
  std::vector<std::uint32_t> keys(kKeys);
  std::iota(keys.begin(), keys.end(), 0u);
  return keys;
}
template <class Placement>
std::map<NodeId, std::uint32_t> load(const Placement& placement) {
  std::map<NodeId, std::uint32_t> rows;
  for (std::uint32_t key = 0; key < kKeys; ++key) ++rows[placement.owner(key)];
  return rows;
}

}  // namespace

TEST_CASE("A node that joins a ring takes about its share, and nothing moves between the others") {
  for (std::uint16_t n = 2; n <= 12; ++n) {
    const Ring before(nodes(n), 128);
    Ring after = before;
    after.add({n});
    CHECK(after == Ring(nodes(n + 1), 128));
    const std::uint64_t moved = rows_moved(before, after, all_keys());
    INFO(n << " to " << n + 1 << " nodes: ring moves " << moved << " of " << kKeys);
    CHECK(moved <= kKeys / (n + 1u) + kKeys / 20);
    CHECK(moved > 0);
    for (const std::uint32_t key : all_keys())
      if (before.owner(key) != after.owner(key) && after.owner(key) != NodeId{n}) FAIL("key " << key);
    after.remove({n});
    CHECK(after == before);
  }
}

TEST_CASE("Hash mod N moves most rows when N changes") {
  for (std::uint16_t n = 2; n <= 12; ++n) {
    const std::uint64_t moved = rows_moved(Modulo{nodes(n)}, Modulo{nodes(n + 1)}, all_keys());
    INFO(n << " to " << n + 1 << " nodes: mod N moves " << moved << " of " << kKeys);
    // n/(n+1) of them: a key stays only where both remainders agree.
    CHECK(moved >= std::uint64_t{kKeys} * n / (n + 1u) - kKeys / 20);
    CHECK(moved > kKeys / (n + 1u) + kKeys / 20);
  }
}

TEST_CASE("A ring with one point a node is uneven; virtual nodes even it out") {
  const auto spread = [](std::uint32_t virtual_nodes) {
    const auto rows = load(Ring(nodes(8), virtual_nodes));
    std::uint32_t most = 0;
    for (const auto& [node, count] : rows) most = std::max(most, count);
    return most;
  };
  INFO("most rows of 8 nodes, 2500 fair: " << spread(1) << " with 1, " << spread(256) << " with 256");
  CHECK(spread(256) < 2500 * 13 / 10);
  CHECK(spread(1) > 2500 * 2);
}

TEST_CASE("The preference list begins with the owner, names distinct nodes, and loses only who left") {
  const Ring ring(nodes(7));
  Ring smaller = ring;
  smaller.remove({3});
  for (std::uint32_t key = 0; key < 2000; ++key) {
    const auto list = ring.preference(key, 7);
    REQUIRE(list.size() == 7);
    REQUIRE(list.front() == ring.owner(key));
    REQUIRE(ring.preference(key, 3) == std::vector<NodeId>(list.begin(), list.begin() + 3));
    REQUIRE(ring.preference(key, 99) == list);
    auto without = list;
    std::erase(without, NodeId{3});
    REQUIRE(smaller.preference(key, 99) == without);
  }
  CHECK(Ring().preference(1, 3).empty());
}

TEST_CASE("Ranges keep neighbours together, split the widest part and close the gap of who left") {
  Ranges ranges(nodes(3), 90);
  CHECK(ranges.owner(29) == NodeId{0});
  CHECK(ranges.owner(30) == NodeId{1});
  CHECK(ranges.owner(1000) == NodeId{2});
  CHECK(ranges.owners(10, 20) == std::vector{NodeId{0}});
  CHECK(ranges.owners(29, 30) == std::vector{NodeId{0}, NodeId{1}});
  CHECK(ranges.owners(0, 500) == nodes(3));
  ranges.add({3});
  CHECK(ranges.owner(14) == NodeId{0});
  CHECK(ranges.owner(15) == NodeId{3});
  CHECK(ranges.owner(29) == NodeId{3});
  ranges.remove({0});
  CHECK(ranges.owner(0) == NodeId{3});
  CHECK(ranges.owner(30) == NodeId{1});
}

}  // namespace twice::protocols

// Sharding: rows stay single while they move, scans read what they must, placements cost what they promise.
#include "protocols/sharding/sharding.h"

#include <numeric>

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

constexpr std::size_t kShards = 5;
constexpr std::uint16_t kRouter = kShards;

struct ShardSetting {
  ShardingParameters sharding{};
  ClientParameters client{};
  std::uint32_t loss = 2, duplicates = 5;
  Duration end = seconds(10);
};

ClientParameters shard_appenders() {
  ClientParameters p;
  p.workload = Workload::kAppend;
  p.keys = 40;
  p.first_key = 580;  // half of them are in the table, the others come into being
  p.reads = {400'000'000};
  p.think = milliseconds(2);
  p.timeout = milliseconds(150);
  p.retry = RetryPolicy::kRetrySameId;
  p.attempts = 12;
  p.backoff = {milliseconds(10), milliseconds(30)};
  p.to = at(seconds(5));
  return p;
}

World sharded(std::uint64_t seed, const ShardSetting& s, std::string_view faults, bool loaded = true) {
  auto nodes = make_sharding(node_names(kShards), s.sharding);
  if (loaded) add_clients(nodes, seed, 4, s.client, {NodeId{kRouter}});
  World w(seed, std::move(nodes), rough_link(s.loss, s.duplicates), Trace::Keep::kHashes);
  plan(w, faults);
  return w;
}

const ShardNode& shard(const World& w, std::size_t i) {
  return *state_of<ShardNode>(w.node(NodeId{static_cast<std::uint16_t>(i)}));
}
const RouterNode& router(const World& w) { return *state_of<RouterNode>(w.node(NodeId{kRouter})); }

struct Rows {
  std::map<std::uint32_t, Cell> cells;
  std::uint64_t missing = 0, doubled = 0, on_their_way = 0;
};
Rows rows_of_all(const World& w, const Table& table) {
  Rows found;
  for (std::size_t i = 0; i < kShards; ++i)
    for (const auto& [date, partition] : shard(w, i).partitions) {
      found.on_their_way += partition.leaving.size();
      for (const auto& [key, cell] : partition.rows) {
        found.doubled += !found.cells.emplace(key, cell).second;
        CHECK(table.date_of(key) == date);
      }
    }
  for (std::uint32_t key = 0; key < table.rows; ++key) found.missing += !found.cells.count(key);
  return found;
}

/// Sees at every few events that no row has two owners.
class OneOwner final : public world::Observer {
 public:
  explicit OneOwner(Listener& next) : next_(next) {}
  void event(const World& w, const Event& event, const std::vector<Effect>& effects) override {
    next_.event(w, event, effects);
    if (++events_ % 40 != 0) return;
    std::set<std::uint32_t> owned;
    for (std::size_t i = 0; i < kShards; ++i) {
      if (!w.is_up(NodeId{static_cast<std::uint16_t>(i)})) continue;
      for (const auto& [date, partition] : shard(w, i).partitions)
        for (const auto& [key, cell] : partition.rows) twice += !owned.insert(key).second;
    }
  }
  std::uint64_t twice = 0;

 private:
  Listener& next_;
  std::uint64_t events_ = 0;
};

void say(World& w, std::string text, Duration when) { command(w, "router", std::move(text), when); }

}  // namespace

TEST_CASE("Resharding under load and crashes loses no row, doubles none, and forgets no acknowledged append") {
  std::uint64_t acknowledged = 0, moved = 0;
  for (const Partitioning by : {Partitioning::kModulo, Partitioning::kRing, Partitioning::kRange})
    for (const WhileMoving moving : {WhileMoving::kForward, WhileMoving::kRefuse})
      for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        ShardSetting s;
        s.sharding.partitioning = by;
        s.sharding.moving = moving;
        s.sharding.active = 3;
        s.client = shard_appenders();
        auto names = node_names(kShards);
        names.push_back("router");
        const std::string faults =
            seed % 3 == 0 ? "note calm @1s" : drawn_faults(seed, names, seconds(5), seed % 2 == 0);
        World w = sharded(seed, s, faults);
        if (seed % 2 == 0) w.keep_only(Trace::Keep::kHashes);
        say(w, "add-shard", milliseconds(700));
        say(w, "add-shard", milliseconds(2000));
        say(w, "remove-shard", milliseconds(3500));
        Listener heard;
        OneOwner watch(heard);
        w.run(at(s.end), ~Sequence{0}, &watch);
        const Rows rows = rows_of_all(w, s.sharding.table);
        const Appends verdict = judge_appends(heard.told, rows.cells);
        INFO("seed " << seed << " by " << name_of(by) << ", " << name_of(moving) << ": " << faults);
        CHECK_FALSE(router(w).moves);
        CHECK(rows.missing == 0);
        CHECK(rows.doubled == 0);
        CHECK(rows.on_their_way == 0);
        CHECK(watch.twice == 0);
        CHECK(verdict.lost == 0);
        CHECK(verdict.doubled == 0);
        CHECK(verdict.invented == 0);
        CHECK(verdict.stale_reads == 0);
        for (const auto& [key, cell] : rows.cells) {
          const NodeId owner = router(w).after->owner(key, s.sharding.table.date_of(key));
          CHECK(shard(w, owner.index).partitions.at(s.sharding.table.date_of(key)).rows.count(key) == 1);
        }
        acknowledged += verdict.acknowledged;
        moved += router(w).rows_moved;
      }
  INFO(acknowledged << " appends acknowledged, " << moved << " rows moved by the last resharding of 72 runs");
  CHECK(acknowledged > 5000);
  CHECK(moved > 0);
}

TEST_CASE("A shard that goes on answering from rows it gave away loses acknowledged appends") {
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ShardSetting s;
    s.sharding.partitioning = Partitioning::kModulo;
    s.sharding.active = 3;
    s.sharding.moving = WhileMoving::kCareless;
    s.client = shard_appenders();
    World w = sharded(seed, s, "note calm @1s");
    say(w, "add-shard", seconds(1));
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    lost += judge_appends(heard.told, rows_of_all(w, s.sharding.table).cells).lost;
  }
  INFO(lost << " acknowledged appends lost");
  CHECK(lost > 0);
}

TEST_CASE("Without sessions that move along, a request that is tried again is done twice") {
  std::uint64_t doubled = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ShardSetting s;
    s.sharding.sessions = false;
    s.client = shard_appenders();
    World w = sharded(seed, s, "note calm @1s");
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    doubled += judge_appends(heard.told, rows_of_all(w, s.sharding.table).cells).doubled;
  }
  CHECK(doubled > 0);
}

TEST_CASE("A new shard costs the ring its share, mod N most of the table, and a range half of its widest part") {
  std::map<Partitioning, std::uint64_t> rows, bytes;
  for (const Partitioning by : {Partitioning::kModulo, Partitioning::kRing, Partitioning::kRange}) {
    ShardSetting s;
    s.sharding.partitioning = by;
    s.sharding.active = 4;
    s.sharding.virtual_nodes = 128;
    World w = sharded(1, s, "note calm @1s", false);
    const Placement before = *router(w).after;
    say(w, "add-shard", seconds(1));
    w.run(at(seconds(9)));
    INFO(name_of(by));
    REQUIRE_FALSE(router(w).moves);
    rows[by] = router(w).rows_moved;
    bytes[by] = router(w).bytes_moved;
    CHECK(bytes[by] == rows[by] * s.sharding.table.row_bytes);
    std::uint64_t expected = 0;
    for (std::uint32_t key = 0; key < s.sharding.table.rows; ++key) {
      const std::uint32_t date = s.sharding.table.date_of(key);
      expected += before.owner(key, date) != router(w).after->owner(key, date);
    }
    CHECK(rows[by] == expected);
  }
  INFO("4 to 5 shards, 600 rows: mod N moves " << rows[Partitioning::kModulo] << ", the ring "
                                               << rows[Partitioning::kRing] << ", ranges "
                                               << rows[Partitioning::kRange]);
  CHECK(rows[Partitioning::kRing] <= 600 / 5 + 600 / 12);
  CHECK(rows[Partitioning::kModulo] > 600 * 7 / 10);
  CHECK(rows[Partitioning::kRange] <= 600 / 4);
}

TEST_CASE(
    "A scan finds the same rows however the table is spread, and reads only partitions of its dates if it prunes") {
  for (const Partitioning by : {Partitioning::kModulo, Partitioning::kRing, Partitioning::kRange})
    for (const bool pruning : {true, false}) {
      ShardSetting s;
      s.sharding.partitioning = by;
      s.sharding.pruning = pruning;
      const Table& table = s.sharding.table;
      World w = sharded(2, s, "note calm @1s", false);
      say(w, "scan 3 5", seconds(1));
      w.run(at(seconds(3)));
      std::uint64_t expected = 0;
      for (std::uint32_t key = 0; key < table.rows; ++key)
        expected += 3 <= table.date_of(key) && table.date_of(key) <= 5;
      const Scanned& result = router(w).last_scan;
      INFO(name_of(by) << (pruning ? " with" : " without") << " pruning: " << result.bytes_scanned << " bytes read of "
                       << result.partitions << " partitions for " << result.bytes);
      CHECK(result.rows == expected);
      CHECK(result.bytes == expected * table.row_bytes);
      const std::size_t asked = router(w).asked.size();
      if (pruning) {
        CHECK(result.bytes_scanned == result.bytes);
        CHECK(result.partitions == 3 * asked);
        CHECK(asked == (by == Partitioning::kRange ? 1 : kShards));
      } else {
        CHECK(result.bytes_scanned == std::uint64_t{table.rows} * table.row_bytes);
        CHECK(result.partitions == table.dates * kShards);
      }
      std::uint64_t scanned = 0, unpruned = 0;
      for (std::size_t i = 0; i < kShards; ++i)
        scanned += shard(w, i).bytes_scanned, unpruned += shard(w, i).bytes_unpruned;
      CHECK(scanned >= result.bytes_scanned);  // a request that was sent twice is served twice
      CHECK(unpruned >= scanned);
      CHECK((unpruned > scanned) == pruning);
    }
}

TEST_CASE("A scan asked during a resharding waits for its end and counts every row once") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ShardSetting s;
    s.sharding.partitioning = Partitioning::kModulo;
    s.sharding.active = 4;
    World w = sharded(seed, s, "crash n2 lose mixed @1.1s; restart n2 @1.4s", false);
    say(w, "add-shard", seconds(1));
    say(w, "scan 0 29", milliseconds(1050));
    w.run(at(milliseconds(1200)));
    CHECK(router(w).last_scan.rows == 0);
    w.run(at(s.end));
    INFO("seed " << seed);
    CHECK(router(w).last_scan.rows == s.sharding.table.rows);
  }
}

TEST_CASE("A hot date makes one shard of a range placement hot, and hashing spreads it") {
  const auto largest = [](Partitioning by, std::uint32_t hot_percent) {
    ShardSetting s;
    s.sharding.partitioning = by;
    s.sharding.table.hot_percent = hot_percent;
    s.sharding.virtual_nodes = 128;
    World w = sharded(1, s, "note calm @1s", false);
    w.run(at(seconds(1)));
    std::uint64_t most = 0, all = 0;
    for (std::size_t i = 0; i < kShards; ++i)
      most = std::max(most, shard(w, i).row_count()), all += shard(w, i).row_count();
    CHECK(all == s.sharding.table.rows);
    return most;
  };
  INFO("most rows of 5 shards, 120 fair: range "
       << largest(Partitioning::kRange, 0) << ", with half of the rows on one "
       << "date " << largest(Partitioning::kRange, 50) << "; ring " << largest(Partitioning::kRing, 50) << ", mod N "
       << largest(Partitioning::kModulo, 50));
  CHECK(largest(Partitioning::kRange, 0) < 160);
  CHECK(largest(Partitioning::kRange, 50) > 300);
  CHECK(largest(Partitioning::kRing, 50) < 180);
  CHECK(largest(Partitioning::kModulo, 50) < 160);
}

TEST_CASE("Commands that make no sense change nothing") {
  ShardSetting s;
  World w = sharded(1, s, "note calm @1s", false);
  for (const char* text : {"add-shard", "scan", "scan 3", "scan x 4", "scan 3 4 5", "dance"}) say(w, text, seconds(1));
  w.run(at(seconds(2)));
  CHECK(router(w).epoch == 0);
  CHECK(router(w).jobs.empty());
  CHECK(router(w).last_scan.number == 0);
  for (int i = 0; i < 6; ++i) say(w, "remove-shard", seconds(3));
  w.run(at(seconds(40)));
  CHECK(router(w).after->shards() == std::vector{NodeId{0}});
  CHECK(shard(w, 0).row_count() == s.sharding.table.rows);
}

}  // namespace twice::protocols

// Primary and backups: what each of the parameters promises, and what is lost without it.
#include "protocols/primary_backup/primary_backup.h"

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

struct BackupSetting {
  PrimaryBackupParameters cluster{};
  ClientParameters client{};
  std::uint32_t loss = 2, duplicates = 5;
  std::size_t members = 3;
  Duration sync_cost = milliseconds(2);
};

ClientParameters backed_appenders() {
  ClientParameters p;
  p.workload = Workload::kAppend;
  p.keys = 2;
  p.reads = {400'000'000};
  p.think = milliseconds(5);
  p.timeout = milliseconds(200);
  p.retry = RetryPolicy::kRetrySameId;
  p.attempts = 15;
  p.backoff = {milliseconds(10), milliseconds(30)};
  p.to = at(seconds(5));
  return p;
}

World make(std::uint64_t seed, const BackupSetting& s, std::string_view faults) {
  auto nodes = make_primary_backup(node_names(s.members), s.cluster);
  for (auto& node : nodes) node.sync_cost = s.sync_cost;
  add_clients(nodes, seed, 3, s.client, node_ids(s.members));
  World w(seed, std::move(nodes), rough_link(s.loss, s.duplicates), Trace::Keep::kHashes);
  plan(w, faults);
  return w;
}

const PrimaryBackupNode& backup_member(const World& w, std::size_t i) {
  return *state_of<PrimaryBackupNode>(w.node(NodeId{static_cast<std::uint16_t>(i)}));
}
// The primary of the newest view.
const PrimaryBackupNode& primary(const World& w, std::size_t members) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < members; ++i)
    if (std::pair(backup_member(w, i).view, backup_member(w, i).reigns) >
        std::pair(backup_member(w, best).view, backup_member(w, best).reigns))
      best = i;
  return backup_member(w, best);
}

struct Ran {
  Appends verdict;
  std::size_t equal = 0;  // members that hold what the primary holds
  std::uint64_t views = 0;
};
Ran run(std::uint64_t seed, const BackupSetting& s, std::string_view faults) {
  World w = make(seed, s, faults);
  Listener heard;
  w.run(at(seconds(9)), ~Sequence{0}, &heard);
  const PrimaryBackupNode& last = primary(w, s.members);
  Ran ran{judge_appends(heard.told, last.store.cells), 0, last.view};
  for (std::size_t i = 0; i < s.members; ++i)
    ran.equal += hash_of(backup_member(w, i).store.cells) == hash_of(last.store.cells);
  return ran;
}

BackupSetting sync_setting() {
  BackupSetting s;
  s.client = backed_appenders();
  s.cluster.acknowledge = Acknowledge::kSync;
  s.cluster.reads = ReadFrom::kConfirmed;
  return s;
}

constexpr std::string_view kSplit = "partition n1|n2,n3 @1s; heal @3s";

}  // namespace

TEST_CASE("A backup that gets writes out of order is never behind for longer than a heartbeat and a round trip") {
  BackupSetting s;
  s.client = backed_appenders();
  s.client.workload = Workload::kRegister;
  s.client.reads = {};
  s.client.think = milliseconds(1);
  s.loss = s.duplicates = 0;
  World w = make(1, s, "note quiet @1s");
  for (std::int64_t ms = 200; ms < 5000; ms += 50) {
    const std::uint64_t before = backup_member(w, 0).index;
    w.run(at(milliseconds(ms)));
    CHECK(backup_member(w, 1).index >= before);
    CHECK(backup_member(w, 2).index >= before);
  }
  CHECK(backup_member(w, 0).index > 500);
  CHECK(backup_member(w, 1).early.size() < 20);
}

TEST_CASE("Asynchronous failover loses acknowledged appends: those the old primary took alone") {
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    BackupSetting s;
    s.client = backed_appenders();
    const Ran ran = run(seed, s, kSplit);
    CHECK(ran.views > 0);
    CHECK(ran.equal == 3);  // the old primary has stepped down and holds what the new one holds
    lost += ran.verdict.lost;
  }
  CHECK(lost > 100);
}

TEST_CASE("Asynchronous failover after a crash of the primary loses acknowledged appends") {
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    BackupSetting s;
    s.client = backed_appenders();
    s.client.think = milliseconds(4);
    s.loss = 30;
    lost += run(seed, s, "crash n1 @1s; restart n1 @3s").verdict.lost;
  }
  CHECK(lost > 0);
}

TEST_CASE("Synchronous acknowledgement with confirmed reads loses nothing and reads nothing stale, in any seed") {
  std::uint64_t acknowledged = 0, views = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    BackupSetting s = sync_setting();
    s.sync_cost = milliseconds(static_cast<std::int64_t>(seed % 5));
    const std::string faults =
        seed % 10 == 0 ? std::string(kSplit) : drawn_faults(seed, node_names(3), seconds(5), seed % 2 == 0);
    const Ran ran = run(seed, s, faults);
    INFO("seed " << seed << ": " << faults);
    CHECK(ran.verdict.lost == 0);
    CHECK(ran.verdict.doubled == 0);
    CHECK(ran.verdict.invented == 0);
    CHECK(ran.verdict.stale_reads == 0);
    CHECK(ran.equal == 3);
    acknowledged += ran.verdict.acknowledged;
    views += ran.views;
  }
  CHECK(acknowledged > 150 * 30);
  CHECK(views > 150);
}

TEST_CASE("Reads from any replica are stale, and so are reads from a primary that was replaced") {
  std::uint64_t any = 0, replaced = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    BackupSetting s = sync_setting();
    s.cluster.acknowledge = Acknowledge::kAsync;
    s.cluster.reads = ReadFrom::kAny;
    s.client.route = Route::kRandom;
    s.cluster.failover = false;
    any += run(seed, s, "note quiet @1s").verdict.stale_reads;
    s = sync_setting();
    s.cluster.reads = ReadFrom::kPrimary;
    s.cluster.acknowledge = Acknowledge::kSemiSync;
    s.client.route = Route::kRandom;
    replaced += run(seed, s, kSplit).verdict.stale_reads;
  }
  CHECK(any > 0);
  CHECK(replaced > 0);
}

TEST_CASE("Without failover writes wait while the primary is down, and nothing is lost") {
  BackupSetting s;
  s.client = backed_appenders();
  s.cluster.failover = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Ran ran = run(seed, s, "crash n1 lose mixed @1s; restart n1 @2s; crash n2 lose mixed @3s; restart n2 @4s");
    CHECK(ran.verdict.lost + ran.verdict.doubled + ran.verdict.stale_reads == 0);
    CHECK(ran.equal == 3);
  }
}

TEST_CASE("A cluster in memory whose primary restarts alone does not take its empty store for the newest of its view") {
  BackupSetting s;
  s.client = backed_appenders();
  s.cluster.persist = Persist::kNever;
  s.cluster.acknowledge = Acknowledge::kSync;
  const Ran ran = run(1, s, "crash n1 @1s; restart n1 @1.05s");
  CHECK(ran.verdict.lost == 0);
  CHECK(ran.views > 0);
  CHECK(ran.equal == 3);
}

}  // namespace twice::protocols

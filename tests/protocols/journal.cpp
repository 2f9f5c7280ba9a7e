// A journal after a crash at any moment: a state the replica was in, never older than one somebody was told of.
#include "protocols/client/journal.h"

#include <functional>
#include <map>

#include "core/random.h"
#include "support/catch.h"

namespace twice::protocols {
namespace {

/// What is durable, what is on its way, and which of it a crash keeps.
struct Disk {
  std::map<std::uint64_t, Record> kept;
  std::vector<Write> pending;

  void put(const Record& record) {
    if (!record.value.empty())
      kept[record.key] = record;
    else
      kept.erase(record.key);
  }
  void take(const Effects& effects) {
    Effects copy = effects;
    for (const Effect& effect : copy.list())
      if (const auto* write = std::get_if<Write>(&effect)) pending.push_back(*write);
  }
  void sync(WriteToken up_to) {
    for (const Write& write : pending)
      if (write.token <= up_to) put(write.record);
    std::erase_if(pending, [&](const Write& write) { return write.token <= up_to; });
  }
  void crash(const std::function<bool(std::size_t)>& keeps) {
    for (std::size_t i = 0; i < pending.size(); ++i)
      if (keeps(i)) put(pending[i].record);
    pending.clear();
  }
  std::vector<Record> records() const {
    std::vector<Record> all;
    for (const auto& [key, record] : kept) all.push_back(record);
    return all;
  }
};

/// A replica of one journal, its disk, and what it has been through: `line[k]` is its store after entry k.
struct Replica {
  Disk disk;
  Journal journal;
  Store store;
  WriteToken last = 0;
  std::uint32_t asked = 0;
  std::vector<std::uint64_t> line{hash_of(Store{})};
  std::map<std::uint64_t, WriteToken> told_after;  // by place

  void write() {
    Request request{{NodeId{9}, ++asked}, asked, {Verb::kAppend, asked % 3, std::int64_t{asked}}, {}};
    if (asked % 5 == 0) request.command.verb = Verb::kWrite;
    store.apply(request, true);
    run([&](Effects& effects) {
      const WriteToken token = journal.append(1, asked, Block<Request>(request), store, effects);
      told_after[journal.place] = token;
    });
    line.push_back(hash_of(store));
  }
  void sync(WriteToken up_to) {
    disk.sync(up_to);
    for (auto at = told_after.begin(); at != told_after.end();)
      if (at->second <= up_to)
        told = std::max(told, at->first), at = told_after.erase(at);
      else
        ++at;
    run([&](Effects& effects) { journal.written(up_to, effects); });
  }
  /// A new life on what the crash left. Gives the place it goes on from.
  std::uint64_t crash(const std::function<bool(std::size_t)>& keeps) {
    disk.crash(keeps);
    journal = {}, store = {};
    told_after.clear();
    run([&](Effects& effects) { journal.recover(disk.records(), true, store, effects); });
    return journal.place;
  }
  void run(const std::function<void(Effects&)>& step) {
    Effects effects;
    effects.begin(last);
    step(effects);
    last = effects.last_token();
    disk.take(effects);
  }
  std::uint64_t told = 0;
};

constexpr std::uint64_t kNothing = 0, kAll = 1, kEven = 2, kOdd = 3, kWays = 6;

std::function<bool(std::size_t)> keeps(std::uint64_t way, std::uint64_t seed) {
  return [way, seed](std::size_t i) {
    if (way == kNothing || way == kAll) return way == kAll;
    if (way == kEven || way == kOdd) return i % 2 == (way == kOdd);
    return draw(seed, Purpose::kChaos, mix(way, i)).below(2) == 0;
  };
}

/// A recovery that believes every entry at the next place, whatever history it was made in.
std::uint64_t naive(const Disk& disk) {
  Store store;
  std::uint64_t place = 0;
  for (const Record& record : disk.records())
    if (const auto* kept = record.value.get<CheckpointRecord>()) store = *kept->store, place = kept->place;
  for (const Record& record : disk.records())
    if (const auto* entry = record.value.get<LogRecord>(); entry && entry->place == place + 1)
      store.apply(*entry->request, true), ++place;
  return hash_of(store);
}

}  // namespace

TEST_CASE("A journal recovers a state it was in and nothing older than it was told, wherever it crashes") {
  Replica replica;
  std::uint64_t checkpoints = 0, behind = 0;
  for (std::uint64_t i = 1; i <= 700; ++i) {
    replica.write();
    if (i % 7 == 0 && replica.last > 4) replica.sync(replica.last - 4);
    for (std::uint64_t way = 0; way < kWays; ++way) {
      Replica fork = replica;
      const std::uint64_t place = fork.crash(keeps(way, i));
      INFO("after " << i << " writes, way " << way);
      REQUIRE(place >= replica.told);
      REQUIRE(place < replica.line.size());
      REQUIRE(hash_of(fork.store) == replica.line[place]);
      if (way == kAll) REQUIRE(place == replica.journal.place);
      behind += place < replica.journal.place;
    }
    checkpoints = std::max(checkpoints, replica.journal.checkpoint);
  }
  CHECK(checkpoints >= 512);
  CHECK(behind > 700);
}

TEST_CASE("A checkpoint takes its log along once it is durable, and not before") {
  Replica replica;
  while (replica.journal.checkpoint == 0) replica.write();
  replica.sync(replica.last - 1);  // all but the checkpoint
  CHECK(replica.disk.kept.size() == replica.journal.place);
  replica.sync(replica.last);
  replica.sync(replica.last);  // the log's erasure
  CHECK(replica.disk.kept.size() == 1);
  CHECK(replica.disk.kept.begin()->first == kCheckpointRecord);
  const std::uint64_t before = replica.journal.place;
  CHECK(replica.crash(keeps(kNothing, 1)) == before);
}

TEST_CASE("Leftovers of a crash are erased, and do not come back after other things have happened") {
  std::uint64_t crashes = 0, lost = 0, fooled = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Replica replica;
    std::uint64_t place = 0, draws = 0;
    const auto below = [&](std::uint64_t n) { return draw(seed, Purpose::kNode, ++draws).below(n); };
    for (int life = 0; life < 12; ++life) {
      for (std::uint64_t writes = below(40); writes > 0; --writes) {
        replica.write();
        if (below(6) == 0) replica.sync(replica.last - std::min(replica.last, static_cast<WriteToken>(below(6))));
      }
      Disk raw = replica.disk;
      const std::uint64_t salt = mix(seed, static_cast<std::uint64_t>(life));
      raw.crash(keeps(4, salt));
      const std::uint64_t reached = replica.journal.place;
      place = replica.crash(keeps(4, salt));
      INFO("seed " << seed << ", life " << life);
      REQUIRE(place >= replica.told);
      REQUIRE(place < replica.line.size());
      REQUIRE(hash_of(replica.store) == replica.line[place]);
      fooled += naive(raw) != replica.line[place];
      ++crashes, lost += reached > place;
      replica.line.resize(place + 1);  // what was lost is not part of the replica's past any more
      replica.told = place;
    }
  }
  CHECK(crashes == 2400);
  CHECK(lost > 500);
  CHECK(fooled > 0);
}

TEST_CASE("A store that came as a whole stands for all before it, and what follows follows nothing else") {
  Replica replica;
  for (int i = 0; i < 10; ++i) replica.write();
  replica.sync(replica.last);
  Store other;
  other.cells[1] = {7};
  replica.store = other;
  replica.run([&](Effects& effects) { replica.journal.replace(2, 40, Block<Store>(other), effects); });
  Replica early = replica;
  early.crash(keeps(kNothing, 1));
  CHECK(hash_of(early.store) == replica.line[10]);  // not durable yet
  replica.sync(replica.last);
  replica.crash(keeps(kNothing, 1));
  CHECK(hash_of(replica.store) == hash_of(other));
  CHECK(replica.journal.history == 2);
  CHECK(replica.journal.index == 40);
}

}  // namespace twice::protocols

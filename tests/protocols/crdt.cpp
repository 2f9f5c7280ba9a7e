// Conflict-free replicated data: what holds of the types under any order of merges, and of replicas under faults.
#include "protocols/crdt/crdt.h"

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

constexpr std::size_t kReplicas = 4;

Actor actor(std::uint16_t node) { return {NodeId{node}, 1}; }

/// Random operations at four replicas and random merges between them, old states included; keys 0 counts, 1 is a set.
struct Orders {
  std::vector<CrdtCell> counters, sets;
  std::int64_t sum = 0;

  Orders(std::uint64_t seed, bool contexts) : counters(kReplicas), sets(kReplicas) {
    std::uint64_t place = 0;
    const auto pick = [&](std::uint64_t below) { return draw(seed, Purpose::kChaos, ++place).below(below); };
    std::vector<CrdtCell> under_way;
    for (int i = 0; i < 300; ++i) {
      const auto who = static_cast<std::uint16_t>(pick(kReplicas));
      const auto element = static_cast<std::int64_t>(pick(8));
      Command c;
      switch (pick(5)) {
        case 0:
          c.verb = Verb::kAdd, c.value = element - 3;
          CHECK(execute(counters[who], actor(who), c).status == Status::kOk);
          sum += c.value;
          break;
        case 1:
          c.verb = Verb::kAppend, c.value = element;
          execute(sets[who], actor(who), c);
          break;
        case 2:
          c.verb = Verb::kRemove, c.value = element;
          execute(sets[who], actor(who), c);
          break;
        case 3:
          under_way.push_back(pick(2) == 0 ? counters[who] : sets[who]);
          break;
        case 4:  // any message of the past, any number of times
          if (under_way.empty()) break;
          const CrdtCell& message = under_way[pick(under_way.size())];
          (message.counter.empty() ? sets : counters)[who].merge(message, contexts);
          break;
      }
    }
    const std::vector<CrdtCell> last_counters = counters, last_sets = sets;
    for (std::size_t who = 0; who < kReplicas; ++who)
      for (std::size_t i = 0; i < 3 * kReplicas; ++i) {
        const std::size_t from = (i * (2 * who + 1) + seed) % kReplicas;  // another order at each replica
        counters[who].merge(last_counters[from], contexts);
        sets[who].merge(last_sets[from], contexts);
      }
  }
};

struct CrdtSetting {
  CrdtParameters crdt{};
  ClientParameters client{};
  std::uint32_t loss = 5, duplicates = 10;
  Duration end = seconds(8);
  Duration sync_cost = milliseconds(2);
  std::size_t servers = kReplicas;  // whom clients ask
};

ClientParameters clients(Workload workload) {
  ClientParameters p;
  p.workload = workload;
  p.keys = 3;
  p.reads = {300'000'000};
  p.think = milliseconds(5);
  p.timeout = milliseconds(100);
  p.to = at(seconds(4));
  return p;
}

World crdt_world(std::uint64_t seed, const CrdtSetting& s, std::string_view faults) {
  auto nodes = make_crdt(node_names(kReplicas), s.crdt, s.sync_cost);
  add_clients(nodes, seed, 3, s.client, node_ids(s.servers));
  World w(seed, std::move(nodes), rough_link(s.loss, s.duplicates), Trace::Keep::kHashes);
  plan(w, faults);
  return w;
}

const CrdtNode& replica(const World& w, std::size_t i) {
  return *state_of<CrdtNode>(w.node(NodeId{static_cast<std::uint16_t>(i)}));
}
bool converged(const World& w) {
  for (std::size_t i = 1; i < kReplicas; ++i)
    for (std::uint32_t key = 0; key < 4; ++key)
      if (replica(w, i).read(key) != replica(w, 0).read(key)) return false;
  return true;
}

struct Sums {
  std::int64_t sure = 0, doubtful = 0, found = 0;
};
Sums count(const World& w, const Listener& heard) {
  Sums sums;
  sums.doubtful = static_cast<std::int64_t>(heard.still_open());
  for (const Told& t : heard.told) {
    if (!t.asked.command.writes()) continue;
    sums.sure += t.asked.phase == Asked::Phase::kOk;
    sums.doubtful += t.asked.phase == Asked::Phase::kUnknown;
  }
  for (std::uint32_t key = 0; key < 4; ++key)
    for (const std::int64_t value : replica(w, 0).read(key)) sums.found += value;
  return sums;
}

struct Elements {
  std::uint64_t inserted = 0, lost = 0, removed = 0, returned = 0;
};
// Every element is inserted by one operation, and removed by operations of the same client.
Elements judge_set(const World& w, const Listener& heard) {
  std::map<std::int64_t, std::pair<bool, bool>> sure;  // inserted, removed
  std::set<std::int64_t> touched;                      // perhaps removed
  for (const Told& t : heard.told) {
    const Command& c = t.asked.command;
    const bool ok = t.asked.phase == Asked::Phase::kOk;
    if (c.verb == Verb::kAppend && ok) sure[c.value].first = true;
    if (c.verb == Verb::kRemove && ok) sure[c.value].second = true;
    if (c.verb == Verb::kRemove && t.asked.phase != Asked::Phase::kFailed) touched.insert(c.value);
  }
  std::set<std::int64_t> found;
  for (std::uint32_t key = 0; key < 4; ++key)
    for (const std::int64_t value : replica(w, 0).read(key)) found.insert(value);
  Elements verdict;
  for (const auto& [element, what] : sure) {
    verdict.inserted += what.first;
    verdict.removed += what.second;
    verdict.lost += what.first && !touched.count(element) && !found.count(element);
    verdict.returned += what.first && what.second && found.count(element);
  }
  return verdict;
}

}  // namespace

TEST_CASE("Replicas that merged the same states are equal, in whatever order and however often") {
  std::size_t resurrected = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Orders run(seed, true), naive(seed, false);
    INFO("seed " << seed);
    for (std::size_t i = 0; i < kReplicas; ++i) {
      CHECK(run.counters[i] == run.counters[0]);
      CHECK(run.sets[i] == run.sets[0]);
      CHECK(run.counters[i].counter.value() == run.sum);
    }
    resurrected += naive.sets[0].read().size() > run.sets[0].read().size();
  }
  CHECK(resurrected > 100);  // a union brings back what was removed
}

TEST_CASE("An insertion that runs beside a removal of the same element wins") {
  CrdtCell a, b;
  a.set.insert(actor(0), 7);
  b.merge(a);
  REQUIRE(a.set.remove(7));
  b.set.insert(actor(1), 7);  // does not know of the removal, nor the removal of it
  a.merge(b);
  CHECK(a.read() == Cell{7});
  b.merge(a);
  CHECK(b == a);
  REQUIRE(b.set.remove(7));  // has seen all insertions
  a.merge(b);
  CHECK(a.read().empty());
  CHECK(a.set.elements.empty());  // no tombstone
}

TEST_CASE("A removal reaches everybody; a union of sets would bring the element back") {
  CrdtCell a, b;
  a.set.insert(actor(0), 7);
  b.merge(a);
  a.set.remove(7);
  CrdtCell union_of_both = a;
  union_of_both.merge(b, false);
  CHECK(union_of_both.read() == Cell{7});
  a.merge(b);
  CHECK(a.read().empty());
}

TEST_CASE("Write and cas are refused: they have no meaning that survives concurrency") {
  CrdtCell cell;
  CHECK(execute(cell, actor(0), {Verb::kWrite, 0, 5}).status == Status::kRefused);
  CHECK(execute(cell, actor(0), {Verb::kCas, 0, 5, 4}).status == Status::kRefused);
  CHECK(execute(cell, actor(0), {Verb::kAdd, 0, 5}).status == Status::kOk);
  CHECK(execute(cell, actor(0), {Verb::kAppend, 0, 5}).status == Status::kRefused);
  CHECK(execute(cell, actor(0), {Verb::kAdd, 0, -6, 0}).status == Status::kRefused);
  CHECK(cell.read() == Cell{5});
}

TEST_CASE("The counter is the sum of the acknowledged additions when nothing was lost") {
  for (const Ship ship : {Ship::kFull, Ship::kChanged})
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CrdtSetting s;
      s.crdt.ship = ship;
      s.client = clients(Workload::kCounter);
      s.loss = 0;
      World w = crdt_world(seed, s, "partition n1,c1|n2,n3,n4 @1s; heal @3s");
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      const Sums sums = count(w, heard);
      INFO("seed " << seed);
      CHECK(converged(w));
      CHECK(sums.sure > 100);
      CHECK(sums.doubtful == 0);
      CHECK(sums.found == sums.sure);
    }
  // Two replicas do not know that they were asked the same: an addition tried again elsewhere counts twice.
  std::int64_t surplus = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CrdtSetting s;
    s.client = clients(Workload::kCounter);
    s.client.retry = RetryPolicy::kRetrySameId;
    World w = crdt_world(seed, s, "note lossy @1s");
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    const Sums sums = count(w, heard);
    surplus += std::max<std::int64_t>(0, sums.found - sums.sure - sums.doubtful);
  }
  CHECK(surplus > 0);
}

TEST_CASE("Every replica answers at once, also when it is alone") {
  CrdtSetting s;
  s.client = clients(Workload::kSet);
  s.loss = 0;
  World w = crdt_world(3, s, "partition n1,c1|n2,c2|n3,c3|n4 @500ms; heal @4s");
  Listener heard;
  w.run(at(seconds(4)), ~Sequence{0}, &heard);
  CHECK(heard.count(Asked::Phase::kUnknown) <= 3);  // on their way when the cut came
  CHECK(heard.count(Asked::Phase::kOk) > 300);
  CHECK_FALSE(converged(w));
  w.run(at(s.end), ~Sequence{0}, &heard);
  CHECK(converged(w));
}

TEST_CASE("Replicas converge when faults stop, and no acknowledged insertion or removal is undone") {
  Elements all;
  for (const bool to_all : {false, true})
    for (const Ship ship : {Ship::kFull, Ship::kChanged})
      for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        CrdtSetting s;
        s.crdt.ship = ship;
        s.crdt.to_all = to_all;
        s.client = clients(Workload::kSet);
        const auto faults = drawn_faults(seed, node_names(kReplicas), seconds(4));
        World w = crdt_world(seed, s, faults);
        Listener heard;
        w.run(at(s.end), ~Sequence{0}, &heard);
        const Elements verdict = judge_set(w, heard);
        INFO("seed " << seed << " " << name_of(ship) << ": " << faults);
        CHECK(converged(w));
        CHECK(verdict.lost == 0);
        CHECK(verdict.returned == 0);
        all.inserted += verdict.inserted, all.removed += verdict.removed;
      }
  INFO(all.inserted << " insertions and " << all.removed << " removals acknowledged in 100 runs");
  CHECK(all.inserted > 1000);
  CHECK(all.removed > 100);
}

TEST_CASE("A union of sets converges as well, on elements that were removed") {
  Elements all;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CrdtSetting s;
    s.crdt.contexts = false;
    s.client = clients(Workload::kSet);
    World w = crdt_world(seed, s, drawn_faults(seed, node_names(kReplicas), seconds(4)));
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    all.returned += judge_set(w, heard).returned;
  }
  CHECK(all.returned > 0);
}

TEST_CASE("A replica that forgot what it did must not go on under its old name") {
  std::uint64_t lost[2] = {0, 0}, apart[2] = {0, 0};
  for (const bool incarnations : {false, true})
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      CrdtSetting s;
      s.crdt.incarnations = incarnations;
      s.crdt.gossip = milliseconds(7);  // the others know before the disk does
      s.crdt.to_all = true;
      s.sync_cost = milliseconds(9);
      s.client = clients(Workload::kSet);
      s.client.to = at(seconds(2));
      s.end = seconds(4);
      s.servers = 1;
      // It comes back, and clients ask it, before it hears from those who remember.
      World w = crdt_world(seed, s,
                           "crash n1 lose unsynced @1.003s; partition n1,c1,c2,c3|n2,n3,n4 @1.02s; "
                           "restart n1 @1.03s; heal @1.5s");
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      lost[incarnations] += judge_set(w, heard).lost;
      apart[incarnations] += !converged(w);
    }
  INFO("under the old name " << lost[0] << " insertions lost and " << apart[0] << " runs of 40 never converge; with "
                             << "incarnations " << lost[1] << " and " << apart[1]);
  CHECK(lost[0] > 0);
  CHECK(lost[1] == 0);
  CHECK(apart[1] == 0);
}

TEST_CASE("Acknowledging before the disk has it loses insertions in a crash") {
  std::uint64_t missing[2] = {0, 0};
  for (const bool before : {false, true})
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CrdtSetting s;
      s.crdt.persist = before ? Persist::kBeforeAnswer : Persist::kLater;
      s.sync_cost = milliseconds(10);
      s.client = clients(Workload::kSet);
      World w = crdt_world(seed, s, drawn_faults(seed, node_names(kReplicas), seconds(4), false, " lose unsynced"));
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      CHECK(converged(w));
      missing[before] += judge_set(w, heard).lost;
    }
  CHECK(missing[0] > 0);
  CHECK(missing[1] == 0);
}

}  // namespace twice::protocols

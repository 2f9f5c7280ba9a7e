// One server: what it answered is on its disk, whatever part of the rest a crash keeps. And clients that crash.
#include "protocols/single/single.h"

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

ClientParameters appenders() {
  ClientParameters p;
  p.workload = Workload::kAppend;
  p.keys = 3;
  p.reads = {300'000'000};
  p.think = milliseconds(1);
  p.timeout = milliseconds(100);
  p.retry = RetryPolicy::kRetrySameId;
  p.attempts = 20;
  p.backoff = {milliseconds(10), milliseconds(30)};
  p.to = at(seconds(5));
  return p;
}

Appends run_single(std::uint64_t seed, const SingleParameters& single, Duration sync_cost, std::string_view faults) {
  auto nodes = make_single_servers({"n1"}, single);
  nodes[0].sync_cost = sync_cost;
  add_clients(nodes, seed, 3, appenders(), node_ids(1));
  World w(seed, std::move(nodes), rough_link(2, 5), Trace::Keep::kHashes);
  plan(w, faults);
  Listener heard;
  w.run(at(seconds(8)), ~Sequence{0}, &heard);
  return judge_appends(heard.told, state_of<SingleNode>(w.node(NodeId{0}))->store.cells);
}

}  // namespace

TEST_CASE("A server keeps every acknowledged append exactly once, whatever part of its pending writes a crash keeps") {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed)
    for (const std::string_view lose : {" lose mixed", " lose unsynced"}) {
      const Duration sync_cost = milliseconds(static_cast<std::int64_t>(seed % 6));
      const Appends verdict = run_single(seed, {}, sync_cost, drawn_faults(seed, {"n1"}, seconds(5), false, lose));
      INFO("seed " << seed << lose);
      CHECK(verdict.lost + verdict.doubled + verdict.invented + verdict.stale_reads == 0);
      acknowledged += verdict.acknowledged;
    }
  CHECK(acknowledged > 120 * 50);
}

TEST_CASE("A server that answers before its disk loses acknowledged appends") {
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    lost += run_single(seed, {.persist = Persist::kLater}, milliseconds(5),
                       drawn_faults(seed, {"n1"}, seconds(5), false, " lose unsynced"))
                .lost;
  CHECK(lost > 0);
}

TEST_CASE("Without sessions a request that was asked again is done twice") {
  std::uint64_t doubled = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    doubled += run_single(seed, {.sessions = false}, milliseconds(2), "note nothing @1s").doubled;
  CHECK(doubled > 0);
}

TEST_CASE("A log never holds more than two checkpoints' worth of requests") {
  auto nodes = make_single_servers({"n1"}, {});
  nodes[0].sync_cost = microseconds(100);
  ClientParameters p = appenders();
  p.workload = Workload::kRegister;
  p.reads = {};
  add_clients(nodes, 1, 4, p, node_ids(1));
  World w(1, std::move(nodes), {.latency = {microseconds(100), microseconds(100)}}, Trace::Keep::kHashes);
  std::uint64_t most = 0, place = 0;
  while (w.step(at(seconds(5)))) {
    const Journal& journal = state_of<SingleNode>(w.node(NodeId{0}))->journal;
    most = std::max(most, journal.place + 1 - journal.oldest);
    place = journal.place;
  }
  CHECK(place > 5000);
  CHECK(most < 600);
}

TEST_CASE("A client that crashed asks under new ids and writes new values") {
  auto nodes = make_single_servers({"n1"}, {});
  ClientParameters p = appenders();
  add_clients(nodes, 1, 2, p, node_ids(1));
  World w(1, std::move(nodes), rough_link(0, 0), Trace::Keep::kHashes);
  plan(w, "crash c1 @1s; restart c1 @1.5s; crash c1 @2s; restart c1 @2.001s");
  Listener heard;
  w.run(at(seconds(8)), ~Sequence{0}, &heard);
  const Appends verdict = judge_appends(heard.told, state_of<SingleNode>(w.node(NodeId{0}))->store.cells);
  CHECK(verdict.lost + verdict.doubled + verdict.stale_reads == 0);
  std::set<std::uint32_t> numbers;
  for (const Told& t : heard.told)
    if (t.client == 0) CHECK(numbers.insert(t.asked.number).second);
  CHECK(numbers.size() > 200);
}

}  // namespace twice::protocols

// Chain replication: what van Renesse and Schneider promise, and which parameter each promise hangs on.
#include "protocols/chain/chain.h"

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

struct Setting {
  ChainParameters chain{};
  ClientParameters client{};
  std::size_t members = 4;
  std::uint32_t loss = 3, duplicates = 5;
  Duration end = seconds(9);
  Duration sync_cost = milliseconds(2);
  bool reader = false;  // the last client only reads
  bool clocks = false;  // apart by up to 2 s, at rates that differ by up to 2 %
};

ClientParameters appenders() {
  ClientParameters p;
  p.workload = Workload::kAppend;
  p.keys = 2;
  p.reads = {400'000'000};
  p.think = milliseconds(5);
  p.timeout = milliseconds(150);
  p.retry = RetryPolicy::kRetrySameId;
  p.attempts = 12;
  p.backoff = {milliseconds(10), milliseconds(30)};
  p.to = at(seconds(5));
  return p;
}

World chain_world(std::uint64_t seed, const Setting& s, std::string_view faults) {
  auto nodes = make_chain(node_names(s.members), s.chain, s.sync_cost);
  for (std::size_t i = 0; s.clocks && i < nodes.size(); ++i) {
    const auto pick = [&](std::uint64_t what) { return draw(seed, Purpose::kChaos, mix(what, i)).below(2001); };
    nodes[i].clock.skew = milliseconds(static_cast<std::int64_t>(pick(1)) - 1000);
    nodes[i].clock.drift_ppb = (static_cast<std::int64_t>(pick(2)) - 1000) * 10'000;
  }
  auto clients = s.client;
  add_clients(nodes, seed, s.reader ? 2 : 3, clients, node_ids(s.members));
  clients.reads = {1'000'000'000};
  clients.retry = RetryPolicy::kGiveUp;
  if (s.reader) add_clients(nodes, seed, 1, clients, node_ids(s.members), 2);
  World w(seed, std::move(nodes), rough_link(s.loss, s.duplicates), Trace::Keep::kHashes);
  plan(w, faults);
  return w;
}

const ChainNode& member(const World& w, std::size_t i) {
  return *state_of<ChainNode>(w.node(NodeId{static_cast<std::uint16_t>(i)}));
}
const ChainMaster& master(const World& w, std::size_t members) {
  return *state_of<ChainMaster>(w.node(NodeId{static_cast<std::uint16_t>(members)}));
}
std::size_t members_equal_to_tail(const World& w, std::size_t members) {
  const ChainMaster& m = master(w, members);
  std::size_t equal = 0;
  for (const NodeId node : m.chain)
    equal += hash_of(member(w, node.index).store) == hash_of(member(w, m.chain.back().index).store);
  return equal;
}

Appends judge(const World& w, const Listener& listener, std::size_t members) {
  return judge_appends(listener.told, member(w, master(w, members).chain.back().index).store.cells);
}

}  // namespace

TEST_CASE("A chain without faults answers every request") {
  Setting s;
  s.client = appenders();
  s.loss = s.duplicates = 0;
  World w = chain_world(1, s, "note quiet @1s");
  Listener heard;
  w.run(at(s.end), ~Sequence{0}, &heard);
  CHECK(heard.count(Asked::Phase::kOk) > 200);
  CHECK(heard.count(Asked::Phase::kOk) == heard.told.size());
  CHECK(master(w, 4).number == 1);
}

TEST_CASE(
    "A chain keeps every acknowledged append exactly once and reads are never stale, whatever crashes or is cut") {
  Setting s;
  s.client = appenders();
  std::uint64_t acknowledged = 0, configurations = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    s.clocks = seed % 3 == 0;
    // The master's own links may be cut; only its crash is outside the model.
    auto faults = drawn_faults(seed, node_names(4), seconds(5), seed % 2 == 0);
    if (seed % 4 == 0) faults = "partition master,n1|n2,n3,n4 @1s; heal @1.6s; " + faults;
    World w = chain_world(seed, s, faults);
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    const Appends verdict = judge(w, heard, 4);
    INFO("seed " << seed << ": " << faults);
    CHECK(verdict.lost == 0);
    CHECK(verdict.doubled == 0);
    CHECK(verdict.invented == 0);
    CHECK(verdict.stale_reads == 0);
    CHECK(master(w, 4).chain.size() == 4);
    CHECK(members_equal_to_tail(w, 4) == 4);
    acknowledged += verdict.acknowledged;
    configurations += master(w, 4).number;
  }
  INFO(acknowledged << " appends acknowledged in " << configurations << " configurations of 200 runs");
  CHECK(acknowledged > 200 * 50);
  CHECK(configurations > 200 * 4);
}

TEST_CASE("A member that gave up a longer history for a copy keeps all of the new one") {
  // A head cut off from its chain takes on many requests that nobody else ever has.
  for (const std::uint64_t seed : {105, 293, 673, 1133, 1753}) {
    Setting s;
    s.members = 3;
    s.client = appenders();
    s.client.interval = milliseconds(20);
    s.client.timeout = milliseconds(100 + static_cast<std::int64_t>(seed % 5) * 60);
    s.client.attempts = 7;
    s.client.backoff = {milliseconds(5), milliseconds(10)};
    s.client.keys = static_cast<std::uint32_t>(1 + seed % 3);
    s.clocks = true;
    s.loss = static_cast<std::uint32_t>(seed % 7 * 3), s.duplicates = static_cast<std::uint32_t>(seed % 5 * 8);
    s.sync_cost = milliseconds(static_cast<std::int64_t>(seed % 9));
    auto names = node_names(3);
    if (seed % 3 == 0) names.push_back("master");
    World w = chain_world(seed, s, drawn_faults(seed, names, seconds(5), seed % 5 != 0));
    Listener heard;
    w.run(at(seconds(40)), ~Sequence{0}, &heard);
    const Appends verdict = judge(w, heard, 3);
    INFO("seed " << seed);
    CHECK(verdict.lost + verdict.doubled + verdict.stale_reads == 0);
    CHECK(members_equal_to_tail(w, 3) == 3);
  }
}

TEST_CASE("Head, middle, tail and two members fail in turn, and come back at the tail") {
  for (const std::string_view crashed : {"n1", "n2", "n3", "n4", "n1,n2", "n3,n4", "n1,n4"}) {
    std::string steps;
    for (const std::string_view node : {crashed.substr(0, 2), crashed.size() > 2 ? crashed.substr(3) : ""})
      if (!node.empty()) steps += fmt::format("crash {} lose unsynced @1s; restart {} @3s; ", node, node);
    Setting s;
    s.client = appenders();
    World w = chain_world(7, s, steps + "note all-back @3s");
    Listener heard;
    w.run(at(seconds(2)), ~Sequence{0}, &heard);
    INFO(crashed);
    CHECK(master(w, 4).chain.size() == (crashed.size() > 2 ? 2 : 3));
    const std::uint64_t before = heard.count(Asked::Phase::kOk);
    w.run(at(seconds(3)), ~Sequence{0}, &heard);
    CHECK(heard.count(Asked::Phase::kOk) > before + 20);  // who is left goes on
    w.run(at(s.end), ~Sequence{0}, &heard);
    CHECK(master(w, 4).chain.size() == 4);
    const NodeId last{static_cast<std::uint16_t>(crashed.back() - '1')};
    CHECK((master(w, 4).chain[3] == last || crashed.size() > 2));
    const Appends verdict = judge(w, heard, 4);
    CHECK(verdict.lost + verdict.doubled + verdict.stale_reads == 0);
    CHECK(members_equal_to_tail(w, 4) == 4);
  }
}

TEST_CASE("Additions that were acknowledged are counted, each once, because sessions travel down the chain") {
  std::uint64_t surplus_without = 0;
  for (const bool sessions : {true, false})
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Setting s;
      s.chain.sessions = sessions;
      s.client = appenders();
      s.client.workload = Workload::kCounter;
      s.client.keys = 1;
      World w = chain_world(seed, s, drawn_faults(seed, node_names(4), seconds(5)));
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      std::uint64_t sure = 0, doubtful = heard.still_open();
      for (const Told& t : heard.told)
        if (t.asked.command.writes())
          sure += t.asked.phase == Asked::Phase::kOk, doubtful += t.asked.phase == Asked::Phase::kUnknown;
      const auto& cells = member(w, master(w, 4).chain.back().index).store.cells;
      const auto sum = static_cast<std::uint64_t>(cells.at(0).at(0));
      INFO("seed " << seed << " sure " << sure << " doubtful " << doubtful << " sum " << sum);
      CHECK(sum >= sure);
      if (sessions)
        CHECK(sum <= sure + doubtful);
      else
        surplus_without += sum > sure + doubtful;
    }
  CHECK(surplus_without > 0);
}

TEST_CASE("A tail that is cut off answers stale reads without a lease, and none with one") {
  std::uint64_t stale[2] = {0, 0}, answered[2] = {0, 0};
  for (const bool leased : {false, true})
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      Setting s;
      s.members = 3;
      s.chain.lease = leased ? milliseconds(200) : Duration{0};
      s.client = appenders();
      s.client.keys = 1;
      s.reader = true;
      // Two clients and the rest of the chain stay with the master, the third one with the tail.
      World w = chain_world(seed, s, "partition n1,n2,master,c1,c2|n3,c3 @1s; heal @3s");
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      const Appends verdict = judge(w, heard, 3);
      INFO("seed " << seed << " leased " << leased);
      CHECK(verdict.lost + verdict.doubled == 0);
      stale[leased] += verdict.stale_reads;
      answered[leased] += verdict.acknowledged;
    }
  INFO("stale reads: " << stale[0] << " without a lease, " << stale[1] << " with one");
  CHECK(stale[false] > 0);
  CHECK(stale[true] == 0);
  CHECK(answered[true] > 0);
}

TEST_CASE("A lease longer than the master's patience is none") {
  std::uint64_t stale = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Setting s;
    s.members = 3;
    s.chain.lease = seconds(2);
    s.client = appenders();
    s.client.keys = 1;
    s.reader = true;
    World w = chain_world(seed, s, "partition n1,n2,master,c1,c2|n3,c3 @1s; heal @3s");
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    stale += judge(w, heard, 3).stale_reads;
  }
  CHECK(stale > 0);
}

TEST_CASE("When all members lose power, only what was persisted before the answer is sure") {
  std::uint64_t lost[3] = {0, 0, 0};
  for (const Persist persist : {Persist::kBeforeAnswer, Persist::kLater, Persist::kNever})
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Setting s;
      s.members = 3;
      s.chain.persist = persist;
      s.client = appenders();
      s.sync_cost = milliseconds(30);
      std::string faults;
      for (const char* node : {"n1", "n2", "n3"})
        faults += fmt::format("crash {} lose {} @2s; restart {} @2.1s; ", node, seed % 2 ? "unsynced" : "mixed", node);
      World w = chain_world(seed, s, faults + "note dark @2s");
      Listener heard;
      w.run(at(s.end), ~Sequence{0}, &heard);
      const Appends verdict = judge(w, heard, 3);
      lost[static_cast<std::size_t>(persist)] += verdict.lost;
      INFO("seed " << seed << " " << name_of(persist));
      if (persist == Persist::kBeforeAnswer) CHECK(verdict.stale_reads == 0);
      CHECK(master(w, 3).chain.size() == 3);
    }
  INFO("lost appends: " << lost[0] << " before-answer, " << lost[1] << " later, " << lost[2] << " never");
  CHECK(lost[0] == 0);
  CHECK(lost[1] > 0);
  CHECK(lost[2] > lost[1]);
}

TEST_CASE("One member may lose its memory where others remain: a chain in memory survives it") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Setting s;
    s.chain.persist = Persist::kNever;
    s.client = appenders();
    const std::string node = fmt::format("n{}", 1 + seed % 4);
    World w = chain_world(
        seed, s, fmt::format("crash {} @1s; restart {} @1.05s; crash {} @3s; restart {} @4s", node, node, node, node));
    Listener heard;
    w.run(at(s.end), ~Sequence{0}, &heard);
    const Appends verdict = judge(w, heard, 4);
    INFO("seed " << seed);
    CHECK(verdict.lost + verdict.doubled + verdict.stale_reads == 0);
    CHECK(members_equal_to_tail(w, 4) == 4);
  }
}

}  // namespace twice::protocols

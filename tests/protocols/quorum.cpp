// Quorums: what R, W, repair, hints and versions promise, and what each of them does not.
#include "protocols/quorum/quorum.h"

#include "protocols/cluster.h"

namespace twice::protocols {
namespace {

using world::World;

const QuorumNode& store_of(const World& w, std::size_t i) {
  return *state_of<QuorumNode>(w.node(NodeId{static_cast<std::uint16_t>(i)}));
}
Cell cell_of(const QuorumNode& node, std::uint32_t key) {
  const auto at = node.keys.find(key);
  return at == node.keys.end() ? Cell{} : at->second->cell();
}

/// Asks what it is told to ask, one after another, and keeps the answers.
struct Scripted {
  static constexpr std::string_view kName = "scripted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("next", self.next), v("answers", self.answers);
  }
  struct Line {
    Duration when;
    NodeId to;
    Command command;
    bool with_context = false;  // of all it has read before
  };
  void step(Time, const Input& input, Effects& effects) {
    if (std::holds_alternative<Start>(input)) return wait({}, effects);
    if (std::holds_alternative<TimerFired>(input)) {
      const Line& line = lines[next];
      Request request{{self, static_cast<std::uint32_t>(++next)}, 0, line.command, {}};
      if (line.with_context) request.context = context;
      effects.send(line.to, Payload(std::move(request)));
      return wait(line.when, effects);
    }
    const auto* received = std::get_if<Received>(&input);
    const Response* response = received ? received->body.get<Response>() : nullptr;
    if (!response) return;
    answers[response->number] = response->reply;
    merge(context, response->context);
  }
  void wait(Duration since, Effects& effects) const {
    if (next < lines.size()) effects.set_timer(0, lines[next].when - since);
  }
  std::vector<Line> lines;
  NodeId self;
  std::size_t next = 0;
  std::map<std::uint32_t, Reply> answers;  // by line, from 1
  VersionVector context;
};

Command write(std::uint32_t key, std::int64_t value) { return {Verb::kWrite, key, value}; }
Command read(std::uint32_t key) { return {Verb::kRead, key}; }

/// Members n1, n2, … and one scripted client "c".
World scripted(std::uint64_t seed, std::size_t members, const QuorumParameters& p, std::vector<Scripted::Line> lines,
               std::string_view faults = "note quiet @1s", std::vector<Duration> skew = {}) {
  auto nodes = make_quorum(node_names(members), 0, p);
  for (std::size_t i = 0; i < skew.size(); ++i) nodes[i].clock.skew = skew[i];
  Scripted client;
  client.lines = std::move(lines);
  client.self = {static_cast<std::uint16_t>(members)};
  nodes.push_back({.name = "c", .node = make_node(std::move(client))});
  World w(seed, std::move(nodes), {.latency = {milliseconds(1), milliseconds(5)}}, Trace::Keep::kHashes);
  plan(w, faults);
  return w;
}
const Scripted& script_of(const World& w, std::size_t members) {
  return *state_of<Scripted>(w.node(NodeId{static_cast<std::uint16_t>(members)}));
}

/// A single writer and readers on one key. Values of one writer grow, so anomalies can be seen one by one.
struct Anomalies {
  std::uint64_t stale = 0;         // a read missed a write that was acknowledged before it was asked
  std::uint64_t new_then_old = 0;  // a read missed what an earlier read had seen
  std::uint64_t during_write = 0;  // … and neither value was acknowledged before the later read was asked
  std::uint64_t reads = 0;
};
Anomalies one_writer(std::uint64_t seed, const QuorumParameters& p, std::string_view faults = "note quiet @1s") {
  auto nodes = make_quorum(node_names(p.n), 0, p);
  ClientParameters client;
  client.think = milliseconds(1);
  client.to = at(seconds(2));
  client.timeout = milliseconds(300);
  client.reads = {};
  add_clients(nodes, seed, 1, client, node_ids(p.n));
  client.reads = {1'000'000'000};
  client.route = Route::kRandom;
  add_clients(nodes, seed, 3, client, node_ids(p.n), 1);
  physics::LinkProfile link;
  link.latency = {physics::Exponential{milliseconds(15)}, {}};
  // Clients stand beside their coordinators: time on the way to them would hide what is looked for.
  World w(seed, std::move(nodes), {}, Trace::Keep::kHashes);
  for (const std::string_view message : {StoreWrite::kName, StoreAck::kName, StoreRead::kName, StoreValue::kName})
    w.set_all_links(link, message);
  plan(w, faults);
  Listener heard;
  w.run(at(seconds(6)), ~Sequence{0}, &heard);
  Anomalies found;
  const auto value_of = [](const Told& t) { return t.asked.result.empty() ? 0 : t.asked.result.front(); };
  for (const Told& r : heard.told) {
    if (r.asked.command.writes() || r.asked.phase != Asked::Phase::kOk) continue;
    ++found.reads;
    std::int64_t acknowledged = 0, seen = 0;
    for (const Told& before : heard.told) {
      if (before.ret > r.call || before.asked.phase != Asked::Phase::kOk) continue;
      if (before.asked.command.writes()) acknowledged = std::max(acknowledged, before.asked.command.value);
      if (!before.asked.command.writes()) seen = std::max(seen, value_of(before));
    }
    found.stale += value_of(r) < acknowledged;
    found.new_then_old += value_of(r) < seen;
    found.during_write += value_of(r) < seen && seen > acknowledged;
  }
  return found;
}
Anomalies sum_over_seeds(const QuorumParameters& p, std::string_view faults = "note quiet @1s") {
  Anomalies sum;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Anomalies one = one_writer(seed, p, faults);
    sum.stale += one.stale, sum.new_then_old += one.new_then_old, sum.during_write += one.during_write;
    sum.reads += one.reads;
  }
  return sum;
}

QuorumParameters nrw(std::uint32_t n, std::uint32_t r, std::uint32_t w, ReadRepair repair = ReadRepair::kOff) {
  QuorumParameters p;
  p.n = n, p.r = r, p.w = w, p.repair = repair;
  return p;
}

}  // namespace

TEST_CASE("R + W <= N shows stale reads without any failure, R + W > N does not") {
  for (const auto& [n, r, w] : {std::tuple{3u, 1u, 1u}, {3u, 1u, 2u}, {3u, 2u, 1u}, {5u, 2u, 2u}}) {
    INFO(n << " " << r << " " << w);
    CHECK(sum_over_seeds(nrw(n, r, w)).stale > 0);
  }
  for (const auto& [n, r, w] : {std::tuple{3u, 2u, 2u}, {3u, 1u, 3u}, {3u, 3u, 1u}, {5u, 3u, 3u}}) {
    INFO(n << " " << r << " " << w);
    const Anomalies sum = sum_over_seeds(nrw(n, r, w));
    CHECK(sum.stale == 0);
    CHECK(sum.reads > 1000);
  }
}

TEST_CASE("R + W > N is not linearizability: a new value, then the old one, during one write in flight, no failure") {
  for (const ReadRepair repair : {ReadRepair::kOff, ReadRepair::kAsync}) {
    const Anomalies sum = sum_over_seeds(nrw(3, 2, 2, repair));
    CHECK(sum.stale == 0);
    CHECK(sum.new_then_old > 0);
    CHECK(sum.new_then_old == sum.during_write);
  }
}

TEST_CASE("Writing back before a read returns leaves one writer's readers no new-then-old, with a crash or without") {
  for (const std::string_view faults : {"note quiet @1s", "crash n3 lose mixed @1s; restart n3 @2s"}) {
    const Anomalies sum = sum_over_seeds(nrw(3, 2, 2, ReadRepair::kBeforeAnswer), faults);
    CHECK(sum.stale + sum.new_then_old == 0);
    CHECK(sum.reads > 1000);
  }
}

TEST_CASE("A sloppy write is acknowledged while all home replicas but one are cut off, and is on all after the heal") {
  QuorumParameters p = nrw(3, 1, 3);
  p.sloppy = true;
  p.handoff = milliseconds(300);
  p.timeout = milliseconds(100);
  const ReplicaPlacement placement{6};
  for (std::uint32_t key = 0; key < 6; ++key) {
    const NodeId home = placement.preferred(key, 0);
    std::string cut, rest = "c";
    for (std::uint16_t i = 0; i < 6; ++i) {
      const bool is_cut = NodeId{i} == placement.preferred(key, 1) || NodeId{i} == placement.preferred(key, 2);
      std::string& side = is_cut ? cut : rest;
      side += (side.empty() ? "n" : ",n") + std::to_string(i + 1);
    }
    const std::string faults = "partition " + cut + "|" + rest + " @500ms; heal @3s";
    for (const bool sloppy : {true, false}) {
      p.sloppy = sloppy;
      World w = scripted(key + 1, 6, p, {{seconds(1), home, write(key, 7)}}, faults);
      w.run(at(seconds(3)));
      CHECK(script_of(w, 6).answers.count(1) == sloppy);
      if (!sloppy) continue;
      CHECK(cell_of(store_of(w, placement.preferred(key, 1).index), key).empty());
      w.run(at(seconds(5)));
      std::size_t hints = 0;
      for (std::size_t i = 0; i < 6; ++i) hints += store_of(w, i).hints.size();
      CHECK(hints == 0);
      for (std::size_t place = 0; place < 3; ++place)
        CHECK(cell_of(store_of(w, placement.preferred(key, place).index), key) == Cell{7});
    }
  }
}

TEST_CASE("Hints survive a crash that loses what was not synced") {
  QuorumParameters p = nrw(3, 1, 3);
  p.sloppy = true;
  p.handoff = milliseconds(300);
  p.timeout = milliseconds(100);
  const ReplicaPlacement placement{4};
  const std::string missing = "n" + std::to_string(placement.preferred(0, 1).index + 1);
  const std::string stand_in = "n" + std::to_string(placement.preferred(0, 3).index + 1);
  const std::string faults = fmt::format(
      "crash {0} @500ms; crash {1} lose unsynced @2s; restart {1} @2.5s; restart {0} @3s", missing, stand_in);
  for (const Persist persist : {Persist::kBeforeAnswer, Persist::kNever}) {
    p.persist = persist;
    World w = scripted(1, 4, p, {{seconds(1), placement.preferred(0, 0), write(0, 7)}}, faults);
    w.run(at(seconds(2)) - nanoseconds(1));
    CHECK(script_of(w, 4).answers.count(1) == 1);
    CHECK(store_of(w, placement.preferred(0, 3).index).hints.size() == 1);
    w.run(at(seconds(5)));
    const bool kept = persist == Persist::kBeforeAnswer;
    CHECK(cell_of(store_of(w, placement.preferred(0, 1).index), 0) == (kept ? Cell{7} : Cell{}));
  }
}

TEST_CASE("Asynchronous read repair brings up whoever answered with less, and without it nothing does") {
  for (const ReadRepair repair : {ReadRepair::kAsync, ReadRepair::kOff}) {
    const std::string faults = "crash n3 @500ms; restart n3 @1.5s";
    World w = scripted(1, 3, nrw(3, 2, 2, repair),
                       {{seconds(1), NodeId{0}, write(0, 7)}, {seconds(2), NodeId{1}, read(0)}}, faults);
    w.run(at(milliseconds(1900)));
    CHECK(cell_of(store_of(w, 2), 0).empty());
    w.run(at(seconds(3)));
    CHECK(script_of(w, 3).answers.at(2).value == Cell{7});
    CHECK(cell_of(store_of(w, 2), 0) == (repair == ReadRepair::kAsync ? Cell{7} : Cell{}));
  }
}

TEST_CASE("Anti-entropy makes replicas equal without any read, and without it they stay apart") {
  for (const bool compares : {true, false}) {
    QuorumParameters p = nrw(5, 1, 1);
    if (compares) p.anti_entropy = milliseconds(100);
    std::vector<Scripted::Line> lines;
    for (std::uint32_t i = 0; i < 100; ++i)
      lines.push_back({milliseconds(600 + 10 * i), NodeId{static_cast<std::uint16_t>(i % 2)}, write(i % 40, i)});
    World w = scripted(1, 5, p, lines, "partition n1,n2,c|n3,n4,n5 @500ms; heal @3s");
    w.run(at(seconds(3)));
    CHECK(store_of(w, 3).keys.empty());
    w.run(at(seconds(6)));
    for (std::size_t i = 1; i < 5; ++i)
      CHECK((hash_of(store_of(w, i).keys) == hash_of(store_of(w, 0).keys)) == (compares || i == 1));
  }
}

TEST_CASE("Vector clocks keep two concurrent writes until a write that has seen both") {
  QuorumParameters p = nrw(3, 2, 2);
  p.conflict = Conflict::kVectorClocks;
  World w = scripted(1, 3, p,
                     {{seconds(1), NodeId{0}, write(0, 1)},
                      {seconds(1), NodeId{1}, write(0, 2)},
                      {seconds(2), NodeId{2}, read(0)},
                      {seconds(3), NodeId{1}, write(0, 3), true},
                      {seconds(4), NodeId{0}, read(0)}});
  w.run(at(seconds(5)));
  Cell both = script_of(w, 3).answers.at(3).value;
  std::sort(both.begin(), both.end());
  CHECK(both == Cell{1, 2});
  CHECK(script_of(w, 3).answers.at(5).value == Cell{3});
}

TEST_CASE("Last writer wins: of two concurrent writes that were both acknowledged one vanishes") {
  World w = scripted(
      1, 3, nrw(3, 2, 2),
      {{seconds(1), NodeId{0}, write(0, 1)}, {seconds(1), NodeId{1}, write(0, 2)}, {seconds(2), NodeId{2}, read(0)}});
  w.run(at(seconds(3)));
  CHECK(script_of(w, 3).answers.at(1).status == Status::kOk);
  CHECK(script_of(w, 3).answers.at(2).status == Status::kOk);
  CHECK(script_of(w, 3).answers.at(3).value.size() == 1);
}

TEST_CASE("Last writer wins by the clock: a later write by a coordinator whose clock is behind vanishes") {
  for (const bool skewed : {true, false}) {
    World w = scripted(
        1, 3, nrw(3, 2, 2),
        {{seconds(1), NodeId{0}, write(0, 1)}, {seconds(2), NodeId{1}, write(0, 2)}, {seconds(3), NodeId{2}, read(0)}},
        "note quiet @1s", {{}, skewed ? seconds(-5) : seconds(0)});
    w.run(at(seconds(4)));
    CHECK(script_of(w, 3).answers.at(2).status == Status::kOk);
    CHECK(script_of(w, 3).answers.at(3).value == Cell{skewed ? 1 : 2});
  }
}

TEST_CASE("No version is numbered twice, though crashes lose what was not synced") {
  QuorumParameters p = nrw(3, 2, 2);
  p.conflict = Conflict::kVectorClocks;
  for (const Persist persist : {Persist::kBeforeAnswer, Persist::kLater}) {
    p.persist = persist;
    std::vector<Scripted::Line> lines;
    for (std::int64_t i = 0; i < 40; ++i) lines.push_back({milliseconds(1001 + 20 * i), NodeId{0}, write(0, i + 1)});
    std::string faults;
    for (int i = 0; i < 12; ++i)
      faults += fmt::format("{0}crash n1 lose unsynced @{1}ms; restart n1 @{2}ms", i ? "; " : "", 1015 + 61 * i,
                            1017 + 61 * i);
    World w = scripted(1, 3, p, lines, faults);
    // A version's number and its value belong together for ever, wherever and whenever it is seen.
    std::map<VersionVector, Cell> known;
    std::uint32_t lives = 0;
    while (w.step(at(seconds(3))))
      for (std::size_t i = 0; i < 3; ++i)
        for (const auto& [key, state] : store_of(w, i).keys)
          for (const Versioned& version : state->versions) {
            CHECK(known.try_emplace(version.seen, version.value).first->second == version.value);
            lives = std::max(lives, store_of(w, 0).life);
          }
    CHECK(known.size() > 10);
    CHECK(lives > 5);
  }
}

}  // namespace twice::protocols

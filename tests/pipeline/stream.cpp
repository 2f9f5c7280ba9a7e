// Streams: what each way of acknowledging, committing and writing promises, and what it does not.
#include <algorithm>

#include "pipeline/models.h"

namespace twice::pipeline::stream {
namespace {

const std::vector<std::string> kAll{"producer", "bus", "consumer", "sink"};

/// Everything goes wrong for three seconds, and is well again after that.
std::string bad_weather(std::uint64_t seed) { return drawn_faults(seed, kAll, seconds(3), true, " lose mixed"); }

Parameters exact() {
  Parameters p;
  p.producer_id = ProducerId::kKept;
  p.commit = CommitOffset::kWithOutput;
  p.timeout = milliseconds(60);
  return p;
}

bool is_exact(const Ran& ran) {
  INFO(ran.tally.unsettled << ran.tally.lost << " lost, " << ran.tally.doubled << " doubled");
  CHECK(ran.tally.unsettled.empty());
  return ran.tally.unsettled.empty() && ran.tally.lost + ran.tally.doubled + ran.tally.invented == 0;
}

}  // namespace

TEST_CASE("Without a fault every stream counts every record once, whatever its parameters") {
  for (const Origin origin : {Origin::kLog, Origin::kDualWrite, Origin::kPublishFirst, Origin::kOutbox})
    for (const Acks acks : {Acks::kNone, Acks::kBus})
      for (const CommitOffset commit :
           {CommitOffset::kBefore, CommitOffset::kAfter, CommitOffset::kWithOutput, CommitOffset::kCheckpoint})
        for (const SinkWrite sink : {SinkWrite::kInsert, SinkWrite::kUpsert, SinkWrite::kTransactional}) {
          if (sink == SinkWrite::kTransactional && commit != CommitOffset::kCheckpoint) continue;
          Parameters p;
          p.origin = origin, p.acks = acks, p.commit = commit, p.sink = sink;
          const Ran ran = run_stream(1, p);
          INFO(name_of(origin) << ", " << name_of(acks) << ", " << name_of(commit) << ", " << name_of(sink));
          CHECK(is_exact(ran));
          CHECK(ran.tally.records == p.records);
          CHECK(ran.seen.stream.sent() == p.records);
          CHECK(ran.seen.stream.delivered_again() == 0);
        }
}

TEST_CASE("A kept producer id and offsets in the sink: once each, whatever crashes, is cut off, lost or doubled") {
  std::uint64_t again = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const Ran ran = run_stream(seed, exact(), bad_weather(seed), rough_link(5, 5));
    CHECK(is_exact(ran));
    again += ran.seen.stream.delivered_again();
  }
  CHECK(again > 0);  // it is the effect that happens once, not the delivery
}

TEST_CASE("A producer without an id doubles what it sends again") {
  Parameters p = exact();
  p.producer_id = ProducerId::kNone;
  const Ran ran = run_stream(1, p, "drop bus>producer#5");
  CHECK(ran.tally.lost == 0);
  CHECK(ran.tally.doubled > 0);
  REQUIRE(ran.seen.stream.first_doubled());
}

TEST_CASE("An id for each life recognises what is sent again, and nothing that another life sends again") {
  Parameters p = exact();
  p.producer_id = ProducerId::kPerLife;
  CHECK(is_exact(run_stream(1, p, "drop bus>producer#5")));
  const std::string_view crash = "crash producer @acked:20; restart producer @1s";
  CHECK(run_stream(1, p, crash).tally.doubled > 0);
  CHECK(is_exact(run_stream(1, exact(), crash)));
}

TEST_CASE("A producer that sends once and forgets never doubles, and loses what is lost on the way") {
  Parameters p = exact();
  p.acks = Acks::kNone;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Ran ran = run_stream(seed, p, bad_weather(seed), rough_link(5, 0));
    INFO("seed " << seed);
    CHECK(ran.tally.doubled == 0);
    CHECK(ran.tally.lost > 0);
    CHECK(ran.seen.stream.sent() <= p.records + 1);
  }
}

TEST_CASE("Offsets committed before the output: nothing twice, and an output that is lost is lost") {
  Parameters p = exact();
  p.commit = CommitOffset::kBefore;
  CHECK(run_stream(1, p, "drop consumer>sink#3").tally.lost > 0);
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Ran ran = run_stream(seed, p, bad_weather(seed), rough_link(3, 0));
    INFO("seed " << seed);
    CHECK(ran.tally.unsettled.empty());
    CHECK(ran.tally.doubled == 0);
    lost += ran.tally.lost;
  }
  CHECK(lost > 0);
}

TEST_CASE("Offsets committed after the output: nothing lost, and a crash in between doubles") {
  Parameters p = exact();
  p.commit = CommitOffset::kAfter;
  CHECK(run_stream(1, p, "crash consumer @written:5; restart consumer @1s").tally.doubled > 0);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Ran ran = run_stream(seed, p, bad_weather(seed), rough_link(5, 5));
    INFO("seed " << seed);
    CHECK(ran.tally.unsettled.empty());
    CHECK(ran.tally.lost == 0);
  }
}

TEST_CASE("At whatever event a consumer dies: before never doubles, after never loses, with the output does neither") {
  Parameters before = exact(), after = exact(), with = exact();
  before.commit = CommitOffset::kBefore, after.commit = CommitOffset::kAfter;
  for (Parameters* p : {&before, &after, &with}) p->records = 30, p->batch = 3;
  std::uint64_t lost = 0, doubled = 0;
  for (std::uint64_t n = 5; n <= 200; ++n) {
    INFO("event " << n);
    const std::string faults = fmt::format("crash consumer @event:{}; restart consumer @2s", n);
    const auto tally = [&](const Parameters& p) { return run_stream(1, p, faults).tally; };
    CHECK(tally(before).doubled == 0);
    CHECK(tally(after).lost == 0);
    CHECK(is_exact(run_stream(1, with, faults)));
    lost += tally(before).lost > 0, doubled += tally(after).doubled > 0;
  }
  CHECK(lost >= 10);
  CHECK(doubled >= 10);
}

TEST_CASE("At least once into a sink that writes over rows is once, with the same deliveries") {
  Parameters p = exact();
  p.producer_id = ProducerId::kNone;
  p.commit = CommitOffset::kAfter;
  p.sink = SinkWrite::kUpsert;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    const Ran ran = run_stream(seed, p, bad_weather(seed), rough_link(5, 5));
    CHECK(is_exact(ran));
    CHECK(ran.seen.stream.delivered_again() > 0);
  }
}

TEST_CASE("A bus that answers before its disk forgets what it answered for") {
  Parameters p = exact();
  const std::string_view crash = "crash bus lose unsynced @1s; restart bus @1.2s";
  const auto nodes = [&] {
    auto all = make_stream({"consumer"}, p);
    for (auto& node : all)
      if (node.name == "bus") node.sync_cost = milliseconds(40);
    return all;
  };
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    p.flush = true;
    CHECK(is_exact(run_model(seed, nodes(), crash, rough_link(0, 0))));
    p.flush = false;
    lost += run_model(seed, nodes(), crash, rough_link(0, 0)).tally.lost;
  }
  CHECK(lost > 0);
}

TEST_CASE("A consumer reads nothing that the bus could still forget") {
  std::uint64_t looks = 0;
  const Ran ran = run_stream(1, exact(), bad_weather(1), rough_link(0, 0), [&](const World& w) {
    const auto& bus = state_in<BusNode>(w, "bus");
    std::uint64_t durable = 0;
    for (const Record& record : w.disk(*w.find("bus")).durable())
      if (const auto* entry = record.value.get<BusEntry>()) durable += entry->records.size();
    if (!w.is_up(*w.find("bus"))) return;
    CHECK(bus.end_of(0) <= durable);
    ++looks;
  });
  CHECK(looks > 100);
}

TEST_CASE("Count and offset of a checkpoint belong together: the count is right after any crash") {
  Parameters p = exact();
  p.commit = CommitOffset::kCheckpoint;
  p.checkpoint = milliseconds(300);
  for (const SinkWrite sink : {SinkWrite::kInsert, SinkWrite::kUpsert, SinkWrite::kTransactional}) {
    p.sink = sink;
    std::uint64_t doubled = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      const Ran ran = run_stream(seed, p, bad_weather(seed), rough_link(5, 5));
      INFO("seed " << seed << ", " << name_of(sink));
      CHECK(ran.tally.unsettled.empty());
      CHECK(ran.tally.lost == 0);
      CHECK(ran.seen.stream.counted(ran.world) == ran.tally.records);
      doubled += ran.tally.doubled;
    }
    CHECK((doubled > 0) == (sink == SinkWrite::kInsert));
  }
}

TEST_CASE("A transactional sink shows nothing that no checkpoint covers") {
  Parameters p = exact();
  p.commit = CommitOffset::kCheckpoint;
  p.sink = SinkWrite::kTransactional;
  std::uint64_t held = 0;
  run_stream(3, p, bad_weather(3), rough_link(5, 5), [&](const World& w) {
    std::uint64_t saved = 0;
    for (const Record& record : w.disk(*w.find("consumer")).durable())
      if (const auto* checkpoint = record.value.get<CheckpointRecord>()) saved = checkpoint->offset;
    const auto& sink = state_in<SinkNode>(w, "sink");
    CHECK(sink.rows.size() <= saved);
    held = std::max<std::uint64_t>(held, sink.held[0].size());
  });
  CHECK(held > 0);
}

TEST_CASE("A count that is only in memory begins again at nothing") {
  const Ran ran = run_stream(1, exact(), "crash consumer @1s; restart consumer @1.2s");
  CHECK(is_exact(ran));
  CHECK(ran.seen.stream.counted(ran.world) < ran.tally.records);
}

TEST_CASE("Row first loses messages, message first makes them up, an outbox does neither") {
  Parameters p = exact();
  const std::string_view faults =
      "crash producer @sent:20; restart producer @500ms; cut producer>bus @800ms; crash producer @1s; heal @1.1s; "
      "restart producer @1.1s";
  p.origin = Origin::kDualWrite;
  const Ran row_first = run_stream(1, p, faults);
  CHECK(row_first.tally.lost > 0);
  CHECK(row_first.tally.invented == 0);
  p.origin = Origin::kPublishFirst;
  CHECK(run_stream(1, p, faults).tally.invented > 0);
  p.origin = Origin::kOutbox;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    CHECK(is_exact(run_stream(seed, p, bad_weather(seed), rough_link(5, 5))));
  }
  p.producer_id = ProducerId::kNone;
  const Ran no_id = run_stream(1, p, faults);
  CHECK(no_id.tally.lost + no_id.tally.invented == 0);
  CHECK(no_id.tally.doubled > 0);
}

TEST_CASE("Orders that come while the producer is down are turned away, and their numbers are not used again") {
  Parameters p = exact();
  p.origin = Origin::kOutbox;
  const Ran ran = run_stream(1, p, "crash producer @500ms; restart producer @1s");
  CHECK(is_exact(ran));
  CHECK(ran.tally.records < p.records);
  CHECK(ran.tally.records > p.records - 60);
  const auto& rows = state_in<ProducerNode>(ran.world, "producer").rows;
  CHECK(rows.count(75) == 0);
  CHECK(rows.count(p.records) == 1);
}

TEST_CASE("Each consumer reads a partition of its own, and together they read everything") {
  Parameters p = exact();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::string faults = drawn_faults(seed, {"a", "b", "c", "bus"}, seconds(3), true, " lose mixed");
    const Ran ran = run_model(seed, make_stream({"a", "b", "c"}, p), faults, rough_link(5, 5));
    INFO("seed " << seed);
    CHECK(is_exact(ran));
    for (const char* name : {"a", "b", "c"}) CHECK(state_in<ConsumerNode>(ran.world, name).position >= 60);
  }
}

TEST_CASE("Nothing is called lost while somebody is not done") {
  Parameters p = exact();
  CHECK(run_stream(1, p, "crash consumer @1s").tally.unsettled == "consumer is down");
  CHECK(run_stream(1, p, "cut producer>bus @1s").tally.unsettled == "the producer is not done");
  CHECK(run_stream(1, p, "cut bus>consumer @1s").tally.unsettled == "consumer is not done");
}

}  // namespace twice::pipeline::stream

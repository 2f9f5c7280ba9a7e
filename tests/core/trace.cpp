#include "core/trace.h"

#include <vector>

#include "core/assert.h"
#include "core/random.h"
#include "support/catch.h"

namespace twice {
namespace {

struct Labelled {
  TraceRecord record;
  std::string label;
};

std::string label_of(std::uint64_t n) { return "label-" + std::to_string(n); }

// A run's worth of records of every kind, with some labels beyond the short form.
std::vector<Labelled> random_records(std::uint64_t seed, std::size_t count) {
  std::vector<Labelled> records;
  std::uint64_t draws = 0;
  const auto below = [&](std::uint64_t n) { return draw(seed, Purpose::kNode, ++draws).below(n); };
  Sequence sequence = 0;
  Time now{};
  for (std::size_t i = 0; i < count; ++i) {
    Labelled item;
    TraceRecord& record = item.record;
    record.kind = static_cast<RecordKind>(sequence == 0 ? 0 : below(15));
    item.label = label_of(below(below(4) == 0 ? 40 : 4));
    if (is_event(record.kind)) {
      now = now + Duration{static_cast<std::int64_t>(below(std::uint64_t{1} << below(40)))};
      record.sequence = ++sequence;
      record.cause = below(sequence);
    } else {
      record.sequence = sequence;
    }
    record.at = now;
    record.node.index = static_cast<std::uint16_t>(below(3) == 0 ? below(65'000) : below(5));
    const bool link = record.kind == RecordKind::kLost || record.kind == RecordKind::kCut ||
                      record.kind == RecordKind::kDuplicated || record.kind == RecordKind::kReordered ||
                      record.kind == RecordKind::kClogged;
    if (link) record.peer.index = static_cast<std::uint16_t>(below(65'000));
    if (link || record.kind == RecordKind::kStep || record.kind == RecordKind::kMark)
      record.value = below(1'000'000'000'000);
    if (record.kind == RecordKind::kMark) record.scope = static_cast<std::uint32_t>(below(1'000'000));
    records.push_back(std::move(item));
  }
  return records;
}

void write(Trace& trace, const std::vector<Labelled>& records, std::size_t from = 0) {
  for (std::size_t i = from; i < records.size(); ++i) {
    const auto& [record, label] = records[i];
    if (is_event(record.kind))
      trace.event(record, label, i);
    else
      trace.between(record, label);
  }
}

// The first record that does not come back, or the number of records.
std::size_t same_until(const Trace& trace, const std::vector<Labelled>& records) {
  std::size_t i = 0;
  trace.for_each([&](const TraceRecord& read) {
    if (i >= records.size()) return false;
    const TraceRecord& r = records[i].record;
    if (read.kind != r.kind || read.at != r.at || read.sequence != r.sequence || read.cause != r.cause ||
        read.node != r.node)
      return false;
    if (read.peer != r.peer || read.value != r.value || read.scope != r.scope) return false;
    if (trace.labels()[read.label] != records[i].label) return false;
    ++i;
    return true;
  });
  return i;
}

}  // namespace

TEST_CASE("A trace gives back every record it was given") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<Labelled> records = random_records(seed, 20'000);
    Trace trace;
    write(trace, records);
    INFO("seed " << seed);
    CHECK(same_until(trace, records) == records.size());
  }
}

TEST_CASE("A comparison of traces sees a single changed record") {
  std::vector<Labelled> records = random_records(1, 1000);
  Trace trace;
  write(trace, records);
  ++records[700].record.node.index;
  CHECK(same_until(trace, records) == 700);
}

TEST_CASE("A copy of a trace goes on by itself") {
  const std::vector<Labelled> records = random_records(3, 40'000);
  const std::vector<Labelled> start(records.begin(), records.begin() + 30'000);
  Trace original;
  write(original, start);
  Trace copy = original;
  write(copy, records, start.size());
  CHECK(same_until(copy, records) == records.size());
  CHECK(same_until(original, records) == start.size());
}

TEST_CASE("The hash of a trace covers time, node, kind, order, payload and what lies between events") {
  const auto hash_with = [](auto change) {
    std::vector<Labelled> records = random_records(5, 500);
    change(records);
    Trace trace;
    write(trace, records);
    return trace.hash();
  };
  const std::uint64_t original = hash_with([](auto&) {});
  CHECK(hash_with([](auto&) {}) == original);
  CHECK(hash_with([](auto& r) { r[0].record.at.ns += 1; }) != original);
  CHECK(hash_with([](auto& r) { r[0].record.node.index ^= 1; }) != original);
  CHECK(hash_with([](auto& r) { r[0].record.kind = RecordKind::kTimer; }) != original);
  CHECK(hash_with([](auto& r) { r.pop_back(); }) != original);
  CHECK(hash_with([](auto& r) {
          for (Labelled& item : r)
            if (!is_event(item.record.kind)) {
              item.record.value ^= 1;
              return;
            }
        }) != original);
  Trace one, other;
  const TraceRecord record{RecordKind::kStart, Time{}, 1, 0, NodeId{0}};
  one.event(record, "x", 1);
  other.event(record, "x", 2);
  CHECK(one.hash() != other.hash());
}

TEST_CASE("Keeping less of a trace changes no hash and counts all events") {
  const std::vector<Labelled> records = random_records(6, 20'000);
  Trace all(Trace::Keep::kAll), hashes(Trace::Keep::kHashes), nothing(Trace::Keep::kNothing);
  write(all, records), write(hashes, records), write(nothing, records);
  CHECK(all.hash() == hashes.hash());
  CHECK(all.block_hashes() == hashes.block_hashes());
  CHECK(all.block_hashes().size() == all.events() / Trace::kHashEvery);
  CHECK(nothing.events() == all.events());
  CHECK(hashes.bytes() == 0);
  all.keep_only(Trace::Keep::kHashes);
  CHECK(all.bytes() == 0);
  CHECK(all.hash() == hashes.hash());
  CHECK_THROWS_AS(all.keep_only(Trace::Keep::kAll), InternalError);
}

TEST_CASE("Any event, and any moment, is found without reading the trace from its start") {
  const std::vector<Labelled> records = random_records(9, 60'000);
  Trace trace;
  write(trace, records);
  REQUIRE(trace.bytes() > 3 * 64 * 1024);  // several chunks
  for (std::size_t i = 0; i < records.size(); i += 97) {
    const TraceRecord& wanted = records[i].record;
    const auto found = trace.record_of(wanted.sequence);
    REQUIRE(found);
    REQUIRE(found->sequence == wanted.sequence);
    REQUIRE(found->at == wanted.at);
    Sequence last = wanted.sequence;
    for (std::size_t j = i + 1; j < records.size() && records[j].record.at == wanted.at; ++j)
      last = records[j].record.sequence;
    REQUIRE(trace.events_until(wanted.at) == last);
  }
  std::size_t later = 0, wanted = 0;
  for (const Labelled& item : records) wanted += item.record.sequence >= 30'000;
  trace.for_each_from(30'000, [&](const TraceRecord&) { return ++later > 0; });
  CHECK(later == wanted);
  CHECK_FALSE(trace.record_of(trace.events() + 1));
  CHECK_FALSE(trace.record_of(0));
  CHECK(trace.events_until(Time{-1}) == 0);
}

TEST_CASE("A common event takes at most 10 bytes") {
  // Five nodes, exponential gaps of 1 ms on average, causes some ten events back.
  Trace trace;
  Time now{};
  constexpr Sequence kEvents = 100'000;
  for (Sequence n = 1; n <= kEvents; ++n) {
    now = now + exponential(milliseconds(1), draw(1, Purpose::kNode, n));
    const NodeId node{static_cast<std::uint16_t>(n % 5)};
    trace.event({RecordKind::kDeliver, now, n, n > 10 ? n - 10 : 0, node}, "Heartbeat", n);
  }
  CHECK(trace.bytes() <= 10 * kEvents);
}

}  // namespace twice

// What it costs to write an event down.
#include "core/trace.h"
#include "bench/bench.h"
#include "core/random.h"

namespace twice::bench {
namespace {

constexpr Sequence kTraceEvents = 4'000'000;

struct Written {
  double ns;
  double bytes;
  std::uint64_t hash;
};

// Five nodes, gaps of a millisecond on average, four kinds of messages, causes a few events back.
Written write_trace(Trace::Keep keep) {
  constexpr std::string_view kLabels[] = {"AppendEntries", "AppendReply", "Heartbeat", ""};
  Trace trace(keep);
  std::vector<TraceRecord> records;
  Time now{};
  for (Sequence n = 1; n <= 4096; ++n) {
    const std::uint64_t bits = mix(n);
    now = now + exponential(milliseconds(1), Draw{bits});
    const NodeId node{static_cast<std::uint16_t>(bits % 5)};
    records.push_back({RecordKind::kDeliver, now, n, n > 8 ? n - 8 : 0, node});
  }
  const Duration lap = now - Time{};
  const double seconds = cpu_seconds([&] {
    for (Sequence n = 1; n <= kTraceEvents; ++n) {
      TraceRecord record = records[(n - 1) % records.size()];
      record.at = record.at + lap * static_cast<std::int64_t>((n - 1) / records.size());
      record.sequence = n;
      record.cause = n > 8 ? n - 8 : 0;
      trace.event(record, kLabels[n % 4], n);
    }
  });
  return {seconds * 1e9 / kTraceEvents, static_cast<double>(trace.bytes()) / kTraceEvents, trace.hash()};
}

}  // namespace

void run_trace(Report& report) {
  double bytes = 0;
  const double full = median_of_3([&] {
    const Written w = write_trace(Trace::Keep::kAll);
    bytes = w.bytes;
    return w.ns;
  });
  const double hashes = median_of_3([&] { return write_trace(Trace::Keep::kHashes).ns; });
  report.add({"trace, append with hash", full, "ns/event", {}, at_most(20)});
  report.add({"trace, hash only", hashes, "ns/event"});
  report.add({"trace, size", bytes, "B/event", {}, at_most(10)});
}

}  // namespace twice::bench

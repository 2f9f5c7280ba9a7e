#pragma once
// What producer, bus, consumer and sink say to each other, and what they keep on their disks. A record is its number,
// from 1: all that matters here is how often it counts.
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/payload.h"

namespace twice::pipeline::stream {

using RecordId = std::uint64_t;
using Records = std::vector<RecordId>;

// --- producer and bus
/// `producer`: 0 = the bus cannot tell one producer, or one life of it, from another.
struct Produce {
  static constexpr std::string_view kName = "Produce";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("producer", self.producer), v("records", self.records);
  }
  std::uint64_t producer = 0;
  Records records;  // ascending
};

struct Produced {
  static constexpr std::string_view kName = "Produced";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("last", self.last);
  }
  RecordId last = 0;  // of the batch
};

// --- consumer and bus (or the sink, where the offset lies with the output)
struct AskPosition {
  static constexpr std::string_view kName = "AskPosition";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition);
  }
  std::uint32_t partition = 0;
};

struct Position {
  static constexpr std::string_view kName = "Position";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("offset", self.offset);
  }
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;  // of the next record to read
};

struct Fetch {
  static constexpr std::string_view kName = "Fetch";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("from", self.from);
  }
  std::uint32_t partition = 0;
  std::uint64_t from = 0;
};

struct Fetched {
  static constexpr std::string_view kName = "Fetched";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("from", self.from), v("end", self.end), v("records", self.records);
  }
  std::uint32_t partition = 0;
  std::uint64_t from = 0, end = 0;  // end: of what may be read
  Records records;
};

struct Commit {
  static constexpr std::string_view kName = "CommitOffset";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("offset", self.offset);
  }
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
};

struct Committed {
  static constexpr std::string_view kName = "OffsetCommitted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("offset", self.offset);
  }
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
};

// --- consumer and sink; the sink keeps both on its disk, in the order of their arrival
struct Output {
  static constexpr std::string_view kName = "Output";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("from", self.from), v("records", self.records);
  }
  std::uint32_t partition = 0;
  std::uint64_t from = 0;  // offset of the first
  Records records;
};

struct OutputDone {
  static constexpr std::string_view kName = "OutputDone";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("from", self.from), v("to", self.to);
  }
  std::uint32_t partition = 0;
  std::uint64_t from = 0, to = 0;
};

/// The checkpoint up to this offset is complete: what was held back may be seen.
struct Release {
  static constexpr std::string_view kName = "Release";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("to", self.to);
  }
  std::uint32_t partition = 0;
  std::uint64_t to = 0;
};

struct Released {
  static constexpr std::string_view kName = "Released";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("to", self.to);
  }
  std::uint32_t partition = 0;
  std::uint64_t to = 0;
};

// --- what survives a crash
struct ProducerRecord {
  static constexpr std::string_view kName = "producer record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("position", self.position);
  }
  std::uint64_t life = 0;
  RecordId position = 0;  // of a log: up to here it need not be read again
};

/// A row of the producer's database; of an outbox, with its message.
struct OrderRow {
  static constexpr std::string_view kName = "order";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("order", self.order), v("sent", self.sent);
  }
  RecordId order = 0;
  bool sent = false;  // the outbox's mark
};

struct BusEntry {
  static constexpr std::string_view kName = "log entry";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("producer", self.producer), v("records", self.records);
  }
  std::uint64_t producer = 0;
  Records records;
};

struct OffsetRecord {
  static constexpr std::string_view kName = "offset";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("partition", self.partition), v("offset", self.offset);
  }
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
};

/// The consumer's state and how far it had read when it was so: one record, so that they fit together.
struct CheckpointRecord {
  static constexpr std::string_view kName = "checkpoint";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("offset", self.offset), v("counted", self.counted);
  }
  std::uint64_t offset = 0, counted = 0;
};

}  // namespace twice::pipeline::stream

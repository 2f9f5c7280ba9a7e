#pragma once
// What a file may choose about a stream.
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace twice::pipeline::stream {

/// Where the producer has its records from.
enum class Origin : std::uint8_t {
  kLog,           // something that stays and can be read again: a file, a table
  kDualWrite,     // orders: a row in its database, then a message
  kPublishFirst,  // orders: a message, then a row in its database
  kOutbox,        // orders: row and message in one transaction; a relay sends what is not marked as sent
};
std::string_view name_of(Origin origin);

enum class Acks : std::uint8_t {
  kNone,  // send once, and forget
  kBus,   // send again until the bus answers
};
std::string_view name_of(Acks acks);

/// By what the bus recognises a batch that it has already.
enum class ProducerId : std::uint8_t { kNone, kPerLife, kKept };
std::string_view name_of(ProducerId id);

/// When the consumer says how far it has read.
enum class CommitOffset : std::uint8_t {
  kBefore,      // before the records are written to the sink
  kAfter,       // after that
  kWithOutput,  // in the sink, in the transaction of the records themselves
  kCheckpoint,  // with its state, every now and then, on its own disk
};
std::string_view name_of(CommitOffset commit);

/// How the sink writes records.
enum class SinkWrite : std::uint8_t {
  kInsert,         // every record that comes is one more row
  kUpsert,         // a record that is there already is written over
  kTransactional,  // held back until the checkpoint that covers it is complete
};
std::string_view name_of(SinkWrite write);

struct Parameters {
  std::uint64_t records = 200;
  Duration every = milliseconds(10);  // a record comes
  std::uint32_t batch = 10;           // records in one message, at most
  Origin origin = Origin::kLog;
  Acks acks = Acks::kBus;
  ProducerId producer_id = ProducerId::kNone;
  bool flush = true;  // the bus answers when a record is on its disk, and shows it to consumers only then
  CommitOffset commit = CommitOffset::kAfter;
  Duration checkpoint = milliseconds(500);  // between two, of kCheckpoint
  SinkWrite sink = SinkWrite::kInsert;
  Duration timeout = milliseconds(200);  // without an answer, ask again
  Duration poll = milliseconds(20);      // nothing new on the bus: ask again after this

  bool is_database() const { return origin != Origin::kLog; }
};

}  // namespace twice::pipeline::stream

#pragma once
// Streams in a scenario file: a producer, a bus, consumers, a sink.
#include <string_view>

#include "scenario/field.h"
#include "scenario/pipeline_words.h"

namespace twice::scenario {

struct StreamSpec {
  static constexpr std::string_view kName = "stream";
  static constexpr std::string_view kDoc =
      "A pipeline: a node \"producer\" publishes records on a node \"bus\"; the cluster's nodes read them, each a "
      "partition, and write them to a node \"sink\".";
  pipeline::stream::Parameters p;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "records", .doc = "How many records there are.", .unit = "records", .min = 1, .max = 100'000},
      self.p.records);
    v(Field{.name = "every", .doc = "How often one comes.", .min = 1000}, self.p.every);
    v(Field{.name = "batch",
            .doc = "How many records a message carries at most.",
            .unit = "records",
            .min = 1,
            .max = 10'000},
      self.p.batch);
    v(Field{.name = "origin", .doc = "Where the producer has its records from."}, self.p.origin);
    v(Field{.name = "acks", .doc = "What the producer waits for before it takes a batch for published."}, self.p.acks);
    v(Field{.name = "producer-id", .doc = "By what the bus recognises a batch that it has already."},
      self.p.producer_id);
    v(Field{.name = "flush",
            .doc = "The bus answers when a record is on its disk; without, at once, and a power loss forgets some."},
      self.p.flush);
    v(Field{.name = "commit", .doc = "When a consumer says how far it has read."}, self.p.commit);
    v(Field{.name = "checkpoint-every",
            .doc = "Time between two checkpoints, of commit = \"checkpoint\".",
            .min = 1000},
      self.p.checkpoint);
    v(Field{.name = "sink", .doc = "How the sink writes what it is sent."}, self.p.sink);
    v(Field{.name = "timeout",
            .doc = "Without an answer for this long, producer and consumers ask again.",
            .min = 1000},
      self.p.timeout);
    v(Field{.name = "poll", .doc = "A consumer that found nothing to read asks again after this.", .min = 1000},
      self.p.poll);
  }
};

}  // namespace twice::scenario

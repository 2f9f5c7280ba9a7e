#pragma once
#include <deque>
#include <map>
#include <string_view>
#include <utility>

#include "core/node.h"
#include "pipeline/stream/messages.h"
#include "pipeline/stream/parameters.h"

namespace twice::pipeline::stream {

/// Takes records on, one every so often, and publishes them in batches, one batch at a time. Of a log it remembers how
/// far it has come; orders come from outside, once, and it keeps them in its database.
/// Marks: "order" = this order is in the database · "sent", "sent-again", "acked" = number of the batch, in this life.
struct ProducerNode {
  static constexpr std::string_view kName = "producer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("taken", self.taken), v("position", self.position), v("batches", self.batches);
    v("in-flight", self.in_flight), v("waiting", self.waiting), v("rows", self.rows);
  }
  void step(Time now, const Input& input, Effects& effects);

  bool idle() const { return taken == parameters.records && waiting.empty() && in_flight.empty() && writing.empty(); }

  // Fixed.
  Parameters parameters;
  NodeId bus;
  // Durable.
  std::uint64_t life = 0;
  RecordId position = 0;          // of a log: up to here all is published
  std::map<RecordId, bool> rows;  // of a database: order -> the outbox has marked it as sent
  // Volatile.
  RecordId taken = 0;  // the last record it took on
  Records waiting;     // to be published
  Records in_flight;   // the batch that is not answered
  std::uint64_t batches = 0;
  WriteToken announced_after = 0;                       // an id that is not on the disk could be used twice
  std::deque<std::pair<WriteToken, RecordId>> writing;  // rows that are not durable yet

 private:
  void begin(Time now, const Start& start, Effects& effects);
  void expect_next(Time now, Effects& effects) const;
  void take(Time now, Effects& effects);
  void rows_durable(WriteToken token, Effects& effects);
  void send_next(Effects& effects);
  void send(WriteToken after, Effects& effects) const;
  void hear(const Produced& answer, Effects& effects);
  WriteToken remember(Effects& effects);
  WriteToken write_row(RecordId order, bool sent, Effects& effects);
};

}  // namespace twice::pipeline::stream

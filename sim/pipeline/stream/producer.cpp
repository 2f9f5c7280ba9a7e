#include "pipeline/stream/producer.h"

#include <algorithm>

namespace twice::pipeline::stream {
namespace {

enum : std::uint8_t { kNext, kResend };
constexpr std::uint64_t kSelfKey = 0;  // orders have their numbers as keys

}  // namespace

void ProducerNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(now, *start, effects);
  if (const auto* written = std::get_if<Written>(&input)) return rows_durable(written->token, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    if (fired->timer == kNext) return take(now, effects);
    send(announced_after, effects);
    effects.mark("sent-again", batches);
    return effects.set_timer(kResend, parameters.timeout);
  }
  const auto* received = std::get_if<Received>(&input);
  if (const Produced* answer = received ? received->body.get<Produced>() : nullptr) hear(*answer, effects);
}

void ProducerNode::begin(Time now, const Start& start, Effects& effects) {
  for (const Record& record : start.durable) {
    if (const auto* self = record.value.get<ProducerRecord>()) life = self->life, position = self->position;
    if (const auto* row = record.value.get<OrderRow>()) {
      rows[row->order] = row->sent;
      if (parameters.origin == Origin::kOutbox && !row->sent) waiting.push_back(row->order);
    }
  }
  ++life;
  announced_after = remember(effects);
  taken = position;
  if (parameters.is_database()) {
    // Orders that came while nobody was there were turned away.
    const auto missed = static_cast<RecordId>(std::max<std::int64_t>(now.ns, 0) / parameters.every.ns);
    taken = std::min(parameters.records, std::max(missed, rows.empty() ? 0 : rows.rbegin()->first));
  }
  expect_next(now, effects);
  send_next(effects);
}

// A log is read at its pace; orders come at times of their own.
void ProducerNode::expect_next(Time now, Effects& effects) const {
  if (taken == parameters.records) return;
  const Time due = Time{parameters.every.ns * static_cast<std::int64_t>(taken + 1)};
  const Duration wait = parameters.is_database() ? std::max(due - now, Duration{}) : parameters.every;
  effects.set_timer(kNext, wait);
}

void ProducerNode::take(Time now, Effects& effects) {
  ++taken;
  if (parameters.origin == Origin::kDualWrite || parameters.origin == Origin::kOutbox)
    writing.emplace_back(write_row(taken, false, effects), taken);
  else
    waiting.push_back(taken);
  expect_next(now, effects);
  send_next(effects);
}

void ProducerNode::rows_durable(WriteToken token, Effects& effects) {
  for (; !writing.empty() && writing.front().first <= token; writing.pop_front()) {
    effects.mark("order", writing.front().second);
    waiting.push_back(writing.front().second);
  }
  send_next(effects);
}

void ProducerNode::send_next(Effects& effects) {
  while (in_flight.empty() && !waiting.empty()) {
    const auto end = waiting.begin() + std::min<std::ptrdiff_t>(std::ssize(waiting), parameters.batch);
    in_flight.assign(waiting.begin(), end);
    waiting.erase(waiting.begin(), end);
    ++batches;
    if (parameters.acks == Acks::kBus) {
      send(announced_after, effects);
      effects.mark("sent", batches);
      return effects.set_timer(kResend, parameters.timeout);
    }
    // At most once: what is sent is never sent again, so first it is written down that it was.
    position = in_flight.back();
    send(parameters.is_database() ? announced_after : remember(effects), effects);
    effects.mark("sent", batches);
    if (parameters.origin == Origin::kPublishFirst)
      for (const RecordId order : in_flight) write_row(order, true, effects);
    in_flight.clear();
  }
}

void ProducerNode::send(WriteToken after, Effects& effects) const {
  const std::uint64_t id = parameters.producer_id == ProducerId::kNone   ? 0
                           : parameters.producer_id == ProducerId::kKept ? 1
                                                                         : life;
  effects.send(bus, Payload(Produce{id, in_flight}), after);
}

void ProducerNode::hear(const Produced& answer, Effects& effects) {
  if (in_flight.empty() || answer.last != in_flight.back()) return;  // the answer to an earlier batch, once more
  effects.mark("acked", batches);
  effects.cancel_timer(kResend);
  if (parameters.origin == Origin::kLog) position = in_flight.back(), remember(effects);
  if (parameters.origin == Origin::kPublishFirst || parameters.origin == Origin::kOutbox)
    for (const RecordId order : in_flight) write_row(order, true, effects);
  in_flight.clear();
  send_next(effects);
}

WriteToken ProducerNode::remember(Effects& effects) {
  return effects.write(kSelfKey, Payload(ProducerRecord{life, position}));
}

WriteToken ProducerNode::write_row(RecordId order, bool sent, Effects& effects) {
  rows[order] = sent;
  return effects.write(order, Payload(OrderRow{order, sent}));
}

}  // namespace twice::pipeline::stream

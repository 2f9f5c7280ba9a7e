#include "pipeline/stream/sink.h"

#include <algorithm>

namespace twice::pipeline::stream {

void SinkNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) {
    for (const Record& record : start->durable) {
      kept = record.key;
      if (const auto* output = record.value.get<Output>()) apply(*output);
      if (const auto* release = record.value.get<Release>()) apply(*release);
    }
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (const auto* output = received->body.get<Output>()) {
    keep(*output, effects);
    const std::uint64_t to = output->from + output->records.size();
    effects.send(received->from, Payload(OutputDone{output->partition, output->from, to}), newest);
  } else if (const auto* release = received->body.get<Release>()) {
    keep(*release, effects);
    effects.send(received->from, Payload(Released{release->partition, release->to}), newest);
  } else if (const auto* who = received->body.get<AskPosition>()) {
    effects.send(received->from, Payload(Position{who->partition, offsets[who->partition]}), newest);
  }
}

template <class Message>
void SinkNode::keep(const Message& message, Effects& effects) {
  newest = effects.write(++kept, Payload(message));
  apply(message);
  effects.mark("stored", kept);
}

void SinkNode::apply(const Output& output) {
  std::uint64_t& offset = offsets[output.partition];
  const bool knows_offsets = parameters.commit == CommitOffset::kWithOutput;
  const bool holds_back = parameters.sink == SinkWrite::kTransactional;
  for (std::uint64_t i = 0; i < output.records.size(); ++i) {
    if ((knows_offsets || holds_back) && output.from + i < offset) continue;  // it is in the table
    holds_back ? static_cast<void>(held[output.partition][output.from + i] = output.records[i])
               : add(output.records[i]);
  }
  if (knows_offsets) offset = std::max<std::uint64_t>(offset, output.from + output.records.size());
}

void SinkNode::apply(const Release& release) {
  auto& waiting = held[release.partition];
  const auto to = waiting.lower_bound(release.to);
  for (auto at = waiting.begin(); at != to; ++at) add(at->second);
  waiting.erase(waiting.begin(), to);
  offsets[release.partition] = std::max(offsets[release.partition], release.to);
}

void SinkNode::add(RecordId record) {
  std::uint32_t& copies = rows[record];
  copies = parameters.sink == SinkWrite::kUpsert ? 1 : copies + 1;
}

}  // namespace twice::pipeline::stream

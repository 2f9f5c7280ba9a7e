#include "pipeline/stream/bus.h"

#include <algorithm>

namespace twice::pipeline::stream {
namespace {

constexpr std::uint64_t kFirstEntry = 1;
constexpr std::uint64_t kFirstOffset = std::uint64_t{1} << 40;  // keys of offsets lie behind all entries

}  // namespace

void BusNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* written = std::get_if<Written>(&input)) {
    for (; !pending.empty() && pending.front().token <= written->token; pending.pop_front())
      readable = pending.front().ends;
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* produce = body.get<Produce>()) return append(received->from, *produce, effects);
  if (const auto* wanted = body.get<Fetch>()) return fetch(received->from, *wanted, effects);
  if (const auto* offset = body.get<Commit>()) return commit(received->from, *offset, effects);
  if (const auto* who = body.get<AskPosition>())
    effects.send(received->from, Payload(Position{who->partition, offsets[who->partition]}));
}

// A log ends at its first gap: what lies behind it was never answered, or the disk had promised nothing. An entry that
// was to be erased and was not repeats its producer.
void BusNode::begin(const Start& start, Effects& effects) {
  bool gap = false;
  for (const Record& record : start.durable) {
    if (const auto* offset = record.value.get<OffsetRecord>()) offsets[offset->partition] = offset->offset;
    const auto* entry = record.value.get<BusEntry>();
    if (!entry) continue;
    gap = gap || record.key != kFirstEntry + entries ||
          (entry->producer != 0 && entry->records.back() <= newest[entry->producer]);
    gap ? static_cast<void>(effects.write(record.key, Payload())) : add(*entry);
  }
  readable = ends();
}

void BusNode::add(const BusEntry& entry) {
  ++entries;
  for (const RecordId record : entry.records) partitions[record % partitions.size()].push_back(record);
  if (entry.producer != 0) newest[entry.producer] = entry.records.back();
}

void BusNode::append(NodeId from, const Produce& produce, Effects& effects) {
  BusEntry entry{produce.producer, produce.records};
  if (produce.producer != 0)
    std::erase_if(entry.records, [&](RecordId record) { return record <= newest[produce.producer]; });
  if (entry.records.empty()) {
    effects.mark("recognised", entries);
  } else {
    last_entry = effects.write(kFirstEntry + entries, Payload(entry));
    add(entry);
    pending.push_back({last_entry, ends()});
    effects.mark("appended", entries);
  }
  effects.send(from, Payload(Produced{produce.records.back()}), parameters.flush ? last_entry : 0);
}

void BusNode::fetch(NodeId from, const Fetch& wanted, Effects& effects) const {
  Fetched answer{wanted.partition, wanted.from, end_of(wanted.partition), {}};
  const Records& log = partitions[wanted.partition];
  if (wanted.from < answer.end) {
    const std::uint64_t to = std::min<std::uint64_t>(answer.end, wanted.from + parameters.batch);
    answer.records.assign(log.begin() + static_cast<std::ptrdiff_t>(wanted.from),
                          log.begin() + static_cast<std::ptrdiff_t>(to));
  }
  effects.send(from, Payload(std::move(answer)));
}

void BusNode::commit(NodeId from, const Commit& wanted, Effects& effects) {
  std::uint64_t& offset = offsets[wanted.partition];
  WriteToken token = 0;
  if (wanted.offset > offset) {  // else an echo
    offset = wanted.offset;
    token = effects.write(kFirstOffset + wanted.partition, Payload(OffsetRecord{wanted.partition, offset}));
  }
  effects.send(from, Payload(Committed{wanted.partition, wanted.offset}), token);
}

std::vector<std::uint64_t> BusNode::ends() const {
  std::vector<std::uint64_t> all;
  for (const Records& log : partitions) all.push_back(log.size());
  return all;
}

}  // namespace twice::pipeline::stream

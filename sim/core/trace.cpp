#include "core/trace.h"

#include <algorithm>
#include <iterator>

#include "core/assert.h"
#include "core/visit.h"

namespace twice {
namespace {

// A record: [kind | label << 4] [label, when it did not fit] [time since the last event] [node] then by kind.
// All numbers are little-endian base-128.
constexpr std::uint32_t kInlineLabels = 15;

char* put(char* p, std::uint64_t value) {
  while (value >= 0x80) {
    *p++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *p++ = static_cast<char>(value);
  return p;
}

std::uint64_t take(const std::string& bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    TWICE_ASSERT(at < bytes.size(), "a trace chunk ends inside a record");
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return value;
}

bool has_peer(RecordKind kind) {
  return kind == RecordKind::kLost || kind == RecordKind::kCut || kind == RecordKind::kDuplicated ||
         kind == RecordKind::kReordered || kind == RecordKind::kClogged;
}
bool has_value(RecordKind kind) { return has_peer(kind) || kind == RecordKind::kMark || kind == RecordKind::kStep; }

}  // namespace

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::kStart:
      return "start";
    case EventKind::kDeliver:
      return "deliver";
    case EventKind::kTimer:
      return "timer";
    case EventKind::kWritten:
      return "written";
    case EventKind::kDone:
      return "done";
    case EventKind::kDown:
      return "down";
  }
  return {};
}

std::string_view name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kStart:
      return "start";
    case RecordKind::kDeliver:
      return "deliver";
    case RecordKind::kTimer:
      return "timer";
    case RecordKind::kWritten:
      return "written";
    case RecordKind::kDone:
      return "done";
    case RecordKind::kDown:
      return "down";
    case RecordKind::kStep:
      return "step";
    case RecordKind::kLost:
      return "lost";
    case RecordKind::kCut:
      return "cut";
    case RecordKind::kDuplicated:
      return "duplicated";
    case RecordKind::kIgnored:
      return "ignored";
    case RecordKind::kCrash:
      return "crash";
    case RecordKind::kMark:
      return "mark";
    case RecordKind::kReordered:
      return "reordered";
    case RecordKind::kClogged:
      return "clogged";
  }
  return {};
}

void Trace::between(const TraceRecord& record, std::string_view label) {
  if (keep_ == Keep::kNothing) return;
  hash_ = mix(hash_ ^ hash_text(label) ^ (record.value << 24) ^ (std::uint64_t{record.scope} << 16) ^
              (std::uint64_t{record.node.index} << 4) ^ static_cast<std::uint64_t>(record.kind));
  if (keep_ == Keep::kAll) append(record, label);
}

std::uint32_t Trace::label_index(std::string_view label) {
  for (std::uint32_t i = 0; i < labels_.size(); ++i)
    if (labels_[i] == label) return i;
  labels_.emplace_back(label);
  return static_cast<std::uint32_t>(labels_.size() - 1);
}

void Trace::append(const TraceRecord& record, std::string_view label) {
  char buffer[64];
  char* p = buffer;
  const std::uint32_t index = label_index(label);
  const std::uint32_t head = index < kInlineLabels ? index : kInlineLabels;
  *p++ = static_cast<char>(static_cast<std::uint32_t>(record.kind) | head << 4);
  if (head == kInlineLabels) p = put(p, index);
  if (is_event(record.kind)) {
    p = put(p, static_cast<std::uint64_t>(record.at.ns - last_.ns));
    p = put(p, record.sequence - record.cause);
    last_ = record.at;
  }
  p = put(p, record.node.index);
  if (has_peer(record.kind)) p = put(p, record.peer.index);
  if (has_value(record.kind)) p = put(p, record.value);
  if (record.kind == RecordKind::kMark) p = put(p, record.scope);
  tail_.append(buffer, static_cast<std::size_t>(p - buffer));
  if (tail_.size() >= kChunk) {
    chunks_.emplace_back(std::move(tail_));
    before_chunk_.push_back({last_, events_});
    tail_.clear();
    tail_.reserve(kChunk + sizeof buffer);
  }
}

TraceRecord Trace::Decoder::next(const std::string& bytes, std::size_t& at_byte) {
  TraceRecord record;
  const auto head = static_cast<unsigned char>(bytes[at_byte++]);
  record.kind = static_cast<RecordKind>(head & 15);
  record.label = head >> 4;
  if (record.label == kInlineLabels) record.label = static_cast<std::uint32_t>(take(bytes, at_byte));
  if (is_event(record.kind)) {
    at = at + Duration{static_cast<std::int64_t>(take(bytes, at_byte))};
    ++sequence;
    record.cause = sequence - take(bytes, at_byte);
  }
  record.at = at;
  record.sequence = sequence;
  record.node.index = static_cast<std::uint16_t>(take(bytes, at_byte));
  if (has_peer(record.kind)) record.peer.index = static_cast<std::uint16_t>(take(bytes, at_byte));
  if (has_value(record.kind)) record.value = take(bytes, at_byte);
  if (record.kind == RecordKind::kMark) record.scope = static_cast<std::uint32_t>(take(bytes, at_byte));
  return record;
}

std::size_t Trace::chunk_of(Sequence event) const {
  const auto later = std::lower_bound(before_chunk_.begin(), before_chunk_.end(), event,
                                      [](const Decoder& d, Sequence wanted) { return d.sequence < wanted; });
  return static_cast<std::size_t>(later - before_chunk_.begin());
}

Sequence Trace::events_until(Time at) const {
  const auto later = std::upper_bound(before_chunk_.begin(), before_chunk_.end(), at,
                                      [](Time wanted, const Decoder& d) { return wanted < d.at; });
  Sequence last = later == before_chunk_.begin() ? 0 : std::prev(later)->sequence;
  decode(static_cast<std::size_t>(later - before_chunk_.begin()), [&](const TraceRecord& record) {
    if (record.at > at) return false;
    last = record.sequence;
    return true;
  });
  return last;
}

std::optional<TraceRecord> Trace::record_of(Sequence event) const {
  std::optional<TraceRecord> found;
  for_each_from(event, [&](const TraceRecord& record) {
    if (record.sequence == event && is_event(record.kind)) found = record;
    return record.sequence <= event && !found;
  });
  return found;
}

std::size_t Trace::bytes() const {
  std::size_t total = tail_.size();
  for (const auto& chunk : chunks_) total += chunk->size();
  return total;
}

void Trace::keep_only(Keep keep) {
  TWICE_ASSERT(keep >= keep_, "a trace cannot remember what it did not keep");
  keep_ = keep;
  if (keep == Keep::kAll) return;
  chunks_.clear();
  before_chunk_.clear();
  tail_.clear();
  labels_.clear();
}

}  // namespace twice

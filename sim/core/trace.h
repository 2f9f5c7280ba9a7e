#pragma once
// What happened, compactly: one record an event, and one for every fault, mark and note in between. The rolling hash
// covers time, sequence, node, kind and payload of every event and every record between them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/event.h"

namespace twice {

enum class RecordKind : std::uint8_t {
  // Events: each takes the next sequence number.
  kStart,
  kDeliver,
  kTimer,
  kWritten,
  kDone,
  kDown,
  kStep,  // a step of the timeline was carried out
  // Between events: what the host did while performing the last event's effects.
  kLost,        // a message vanished on its link
  kCut,         // a message met a cut link
  kDuplicated,  // a message will arrive twice
  kIgnored,     // something reached a node that is down
  kCrash,
  kMark,
  kReordered,  // a message is held back, so that later ones may overtake it
  kClogged,    // a message has come to the end of a clogged link and waits there
};
constexpr bool is_event(RecordKind kind) { return kind <= RecordKind::kStep; }
std::string_view name_of(RecordKind kind);

struct TraceRecord {
  RecordKind kind = RecordKind::kStart;
  Time at;
  Sequence sequence = 0;    // of the event, or of the event it belongs to
  Sequence cause = 0;       // events: the event that asked for it, 0 = the environment
  NodeId node;              // whom it happened to; for a message on its link: the sender
  NodeId peer = kNobody;    // of a message on its link: the receiver
  std::uint32_t label = 0;  // index into Trace::labels(): the message's name, the mark's name
  std::uint64_t value = 0;  // Mark: its value · of a message: ordinal on the link · Step: index of the step
  std::uint32_t scope = 0;  // Mark: the attempt
};

/// Append-only; at most 10 bytes an event in the common case. A copy shares all full chunks.
class Trace {
 public:
  static constexpr Sequence kHashEvery = 4096;  // a block hash is kept every so many events

  /// What is kept of a run: everything, the hashes only, or nothing but the count (forks of a sweep).
  enum class Keep : std::uint8_t { kAll, kHashes, kNothing };

  explicit Trace(Keep keep = Keep::kAll) : keep_(keep) {}

  /// REQUIRES record.sequence == events() + 1.
  void event(const TraceRecord& record, std::string_view label, std::uint64_t payload_digest) {
    ++events_;
    if (keep_ == Keep::kNothing) return;
    hash_ =
        mix(hash_ ^ static_cast<std::uint64_t>(record.at.ns) * 0x9e3779b97f4a7c15u ^
            (record.sequence << 20 | std::uint64_t{record.node.index} << 4 | static_cast<std::uint64_t>(record.kind)) ^
            (payload_digest >> 7 | payload_digest << 57));
    if (keep_ == Keep::kAll) append(record, label);
    if (events_ % kHashEvery == 0) block_hashes_.push_back(hash_);
  }
  void between(const TraceRecord& record, std::string_view label);

  std::uint64_t hash() const { return hash_; }
  Sequence events() const { return events_; }
  Keep keep() const { return keep_; }
  /// Rolling hash after events kHashEvery, 2·kHashEvery, …
  const std::vector<std::uint64_t>& block_hashes() const { return block_hashes_; }
  std::size_t bytes() const;
  /// Names of messages and marks in order of first use.
  const std::vector<std::string>& labels() const { return labels_; }

  /// Decodes all records in order. `f(const TraceRecord&)`; stops early when it returns false.
  template <class F>
  void for_each(F&& f) const {
    decode(0, f);
  }
  /// The same from the first record of event `first` on; finds its place without decoding what lies far before it.
  template <class F>
  void for_each_from(Sequence first, F&& f) const {
    decode(chunk_of(first), [&](const TraceRecord& record) { return record.sequence < first || f(record); });
  }
  /// How many events happened up to and including this moment. REQUIRES Keep::kAll, as the next one does.
  Sequence events_until(Time at) const;
  /// nullopt for an event that this trace does not have.
  std::optional<TraceRecord> record_of(Sequence event) const;

  /// From here on keeps less than before; what was stored beyond that is dropped.
  void keep_only(Keep keep);

 private:
  struct Decoder {
    Time at;
    Sequence sequence = 0;
    TraceRecord next(const std::string& bytes, std::size_t& at_byte);
  };
  static constexpr std::size_t kChunk = 64 * 1024;

  std::size_t chunk_of(Sequence event) const;
  template <class F>
  void decode(std::size_t from_chunk, F&& f) const {
    Decoder decoder = from_chunk == 0 ? Decoder{} : before_chunk_[from_chunk - 1];
    for (std::size_t i = from_chunk; i <= chunks_.size(); ++i) {
      const std::string& bytes = i < chunks_.size() ? *chunks_[i] : tail_;
      std::size_t at = 0;
      while (at < bytes.size())
        if (!f(decoder.next(bytes, at))) return;
    }
  }

  void append(const TraceRecord& record, std::string_view label);
  std::uint32_t label_index(std::string_view label);

  Keep keep_;
  std::uint64_t hash_ = 0x7477696365u;  // "twice"
  Sequence events_ = 0;
  Time last_{};
  std::vector<std::uint64_t> block_hashes_;
  std::vector<Block<std::string>> chunks_;
  std::vector<Decoder> before_chunk_;  // where decoding stands at the start of chunk 1, 2, … and of the tail
  std::string tail_;
  std::vector<std::string> labels_;
};

}  // namespace twice

#pragma once
#include <cstdint>
#include <vector>

#include "core/node.h"
#include "core/random.h"
#include "physics/byte_disk.h"

namespace twice::physics {

/// The disk of a protocol node: typed records by key. Writes become durable in the order they were made; a crash
/// loses writes that were not yet durable.
class RecordDisk {
 public:
  /// Time from a write (or from the end of the one before it) to its durability.
  Duration sync_cost = milliseconds(2);

  void write(WriteToken token, Record record) { pending_.push_back({token, std::move(record)}); }
  /// Ends every write up to and including `token`: they are durable, or, when the disk fails, lost.
  void settle(WriteToken token);
  /// From here on no write succeeds; what is durable can be read.
  void fail() { fails_ = true; }
  bool fails() const { return fails_; }
  /// It took the place of one that was lost, and nothing was stored on it yet.
  bool is_new() const { return replaced_ && durable_.empty(); }
  /// kNothing keeps pending writes (the operating system had them), kUnsynced drops them, kMixed keeps a drawn subset;
  /// kEverything puts an empty disk in its place.
  void crash(Lose lose, std::uint64_t seed, CausalId id);
  /// Durable records, ordered by key.
  const std::vector<Record>& durable() const { return durable_; }
  bool is_durable(WriteToken token) const { return token <= settled_; }
  std::size_t pending() const { return pending_.size(); }
  /// `f(token, record)` for every write that is not yet durable, oldest first.
  template <class F>
  void for_each_pending(F&& f) const {
    for (const Pending& write : pending_) f(write.token, write.record);
  }

 private:
  struct Pending {
    WriteToken token;
    Record record;
  };
  void apply(Record record);

  std::vector<Record> durable_;
  std::vector<Pending> pending_;  // oldest first
  WriteToken settled_ = 0;
  bool fails_ = false, replaced_ = false;
};

}  // namespace twice::physics

#pragma once
// How a replica that applies requests one after another survives a crash at any moment: a log of requests, and now and
// then all it knows as one record. A crash may keep any part of what was not yet durable; what recovers is always a
// state the replica was in, and never an older one than somebody was told of.
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/operation.h"

namespace twice::protocols {

/// One request. It counts after exactly the history it was made in: `before` is the digest of that.
struct LogRecord {
  static constexpr std::string_view kName = "log entry";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("place", self.place), v("before", self.before), v("history", self.history), v("index", self.index),
        v("request", self.request);
  }
  std::uint64_t place = 0, before = 0;
  std::uint64_t history = 0, index = 0;  // the design's own numbers

  Block<Request> request;
};
/// The whole store after the entry at `place`: one record, which a crash keeps or loses as a whole.
struct CheckpointRecord {
  static constexpr std::string_view kName = "checkpoint";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("place", self.place), v("digest", self.digest), v("history", self.history), v("index", self.index),
        v("store", self.store);
  }
  std::uint64_t place = 0, digest = 0;
  std::uint64_t history = 0, index = 0;
  Block<Store> store;
};

struct Journal {
  static constexpr std::string_view kName = "journal";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("history", self.history), v("index", self.index), v("place", self.place), v("checkpoint", self.checkpoint);
  }
  /// The newest checkpoint and the log as far as it follows without a gap. What is left over is erased: what nobody was
  /// told of may not come back after other things have happened.
  void recover(const std::vector<Record>& durable, bool remember, Store& store, Effects& effects);
  /// REQUIRES that `store` has just applied `request`. The store is durable as it is now when the token is.
  WriteToken append(std::uint64_t in_history, std::uint64_t at_index, const Block<Request>& request, const Store& store,
                    Effects& effects);
  /// The store came as a whole.
  WriteToken replace(std::uint64_t in_history, std::uint64_t at_index, const Block<Store>& store, Effects& effects);
  /// To be told of everything that became durable.
  void written(WriteToken token, Effects& effects);

  std::uint64_t history = 0, index = 0;  // of the newest entry or checkpoint: the design's own numbers
  std::uint64_t place = 0;               // entries ever written; none is written twice at one place in one life
  std::uint64_t digest = 0;              // names all that the store has been through
  std::uint64_t checkpoint = 0;          // place of the newest, durable or not
  std::uint64_t oldest = 1;              // place of the first entry that is on the disk
  WriteToken covers_from = 0;            // entries up to `checkpoint` go when this is durable; 0: they went

 private:
  WriteToken save_checkpoint(const Block<Store>& store, Effects& effects);
};

/// Keys of the record disk; designs use the numbers below.
constexpr std::uint64_t kCheckpointRecord = std::uint64_t{4} << 40;
constexpr std::uint64_t kLogRecords = std::uint64_t{5} << 40;  // + place

}  // namespace twice::protocols

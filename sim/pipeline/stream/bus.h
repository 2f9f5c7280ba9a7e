#pragma once
#include <deque>
#include <map>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/stream/messages.h"
#include "pipeline/stream/parameters.h"

namespace twice::pipeline::stream {

/// A log in as many partitions as there are consumers, and how far each of them has read. Record i is in partition
/// i mod partitions.
/// Marks: "appended", "recognised" = entries of the log.
struct BusNode {
  static constexpr std::string_view kName = "bus";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("entries", self.entries), v("offsets", self.offsets), v("readable", self.readable), v("newest", self.newest);
    v("partitions", self.partitions);
  }
  void step(Time now, const Input& input, Effects& effects);

  /// Up to here a consumer may read this partition.
  std::uint64_t end_of(std::uint32_t partition) const {
    return parameters.flush ? readable[partition] : partitions[partition].size();
  }

  // Fixed.
  Parameters parameters;
  // Durable.
  std::vector<Records> partitions;
  std::vector<std::uint64_t> offsets;        // by partition
  std::map<std::uint64_t, RecordId> newest;  // by producer: its newest record
  std::uint64_t entries = 0;
  // Volatile.
  std::vector<std::uint64_t> readable;  // by partition: durable up to here
  struct Pending {
    WriteToken token = 0;
    std::vector<std::uint64_t> ends;  // of the partitions, with this entry
  };
  std::deque<Pending> pending;
  WriteToken last_entry = 0;  // of this life

 private:
  void begin(const Start& start, Effects& effects);
  void add(const BusEntry& entry);
  void append(NodeId from, const Produce& produce, Effects& effects);
  void fetch(NodeId from, const Fetch& fetch, Effects& effects) const;
  void commit(NodeId from, const Commit& commit, Effects& effects);
  std::vector<std::uint64_t> ends() const;
};

}  // namespace twice::pipeline::stream

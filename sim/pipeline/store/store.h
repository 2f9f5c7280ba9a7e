#pragma once
// An object store, and writers that load slices of a table into it. See README.md.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/store/messages.h"
#include "pipeline/store/parameters.h"
#include "world/world.h"

namespace twice::pipeline::store {

/// Keeps files by path, and one pointer. It answers when a change is on its disk.
/// Marks: "put", "deleted" = files there are · "swapped" = version · "refused" = version it has.
struct StoreNode {
  static constexpr std::string_view kName = "store";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("snapshot", self.snapshot), v("files", self.files);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Durable.
  std::map<std::string, File> files;
  Snapshot snapshot;
  std::map<std::string, std::uint64_t> keys;  // path -> key of its record
  std::uint64_t last_key = 1;
  WriteToken newest = 0;  // volatile

 private:
  void begin(const Start& start);
  void put(NodeId from, const Put& put, Effects& effects);
  void remove(NodeId from, const Delete& wanted, Effects& effects);
  void list(NodeId from, const List& wanted, Effects& effects) const;
  void swap(NodeId from, const Swap& swap, Effects& effects);
};

/// Does its loads one after another, and begins a load again that a crash interrupted or whose end it does not know.
/// Marks, with the writer as scope, from 1: "load", "loaded" = slice · "part" = parts of this try that are in the store
/// · "conflict", "recognised" = slice · "begins-again" = slice.
struct WriterNode {
  static constexpr std::string_view kName = "writer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("phase", self.phase), v("by", self.by), v("done", self.done), v("slice", self.slice),
        v("is-retry", self.is_retry);
    v("written", self.written), v("parts", self.parts), v("seen", self.seen.version);
  }
  void step(Time now, const Input& input, Effects& effects);

  enum class Phase : std::uint8_t { kWaiting, kListing, kDeleting, kPutting, kReading, kSwapping, kFinished };

  // Fixed.
  Parameters parameters;
  std::uint32_t writers = 1;
  NodeId store;
  // Durable.
  Try by;                  // its life
  std::uint32_t done = 0;  // loads
  // Volatile.
  Phase phase = Phase::kWaiting;
  std::uint32_t slice = 0;
  bool is_retry = false;                      // this load was begun before
  std::uint32_t written = 0, parts = 0;       // of this try
  std::vector<std::string> to_delete;         // what an earlier load of the slice left
  Snapshot seen;                              // what it builds upon
  std::map<std::string, std::uint32_t> mine;  // files of this try
  WriteToken begun_after = 0;                 // a name must not be used by two lives

 private:
  void begin(const Start& start, Effects& effects);
  void hear(const Payload& body, Effects& effects);
  void next_load(Effects& effects);
  void try_load(Effects& effects);
  void enter(Phase next, Effects& effects);
  void request(Effects& effects) const;
  void delete_next(Effects& effects);
  void put_next(Effects& effects);
  void take_pointer(const Snapshot& snapshot, Effects& effects);
  void swapped(bool swapped, Effects& effects);
  void loaded(Effects& effects);
  void remember(std::uint32_t begun, Effects& effects);
  Snapshot successor() const;
  std::string path_of(std::uint32_t part) const;
  File file_of(std::uint32_t part) const;
  void mark(std::string_view label, std::uint64_t value, Effects& effects) const {
    effects.mark(label, value, by.writer);
  }
};
std::string_view name_of(WriterNode::Phase phase);

/// Writers are nodes 0..n-1 of a world, in the order of their names; "store" comes after them.
std::vector<world::NodeSetup> make_store(const std::vector<std::string>& writers, const Parameters& parameters);

}  // namespace twice::pipeline::store

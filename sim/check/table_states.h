#pragma once
// What a reader of a table in an object store sees, after every change of the store.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/effect_tally.h"
#include "core/event.h"
#include "pipeline/store/store.h"
#include "world/world.h"

namespace twice::check {

class TableStates {
 public:
  /// To be called after every event of a world; events of other nodes are passed over.
  void event(const world::World& world, const Event& event);

  bool saw_store() const { return saw_; }
  /// The first moment at which a slice was there in part, or in part twice.
  const std::optional<FirstSeen>& inconsistent() const { return inconsistent_; }
  const std::optional<FirstSeen>& first_doubled() const { return first_doubled_; }
  EffectTally tally(const world::World& world) const;

  struct Files {
    std::uint64_t listed = 0;    // that readers take for the table
    std::uint64_t stale = 0;     // of those, files of an earlier try of their slice
    std::uint64_t orphaned = 0;  // in the store, and no reader looks at them
  };
  Files files(const world::World& world) const;

 private:
  enum class Kind : std::uint8_t { kUnseen, kStore, kWriter, kOther };
  void look(const world::World& world, const pipeline::store::StoreNode& store);
  void hear(const pipeline::store::WriterNode& writer);

  std::vector<Kind> kinds_;  // by node
  pipeline::store::Publish publish_ = pipeline::store::Publish::kListing;
  std::uint32_t rows_ = 0;                                // of a slice
  std::map<pipeline::store::Try, std::uint64_t> newest_;  // when each try put a file last
  std::uint64_t puts_ = 0;
  std::map<std::uint32_t, std::uint32_t> done_;  // writer -> loads it has reported
  std::set<std::uint32_t> loaded_;               // slices
  std::optional<FirstSeen> inconsistent_, first_doubled_;
  bool saw_ = false;
};

}  // namespace twice::check

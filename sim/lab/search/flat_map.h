#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace twice::lab::search {

/// Numbers by 64-bit keys, with open addressing; grows, never forgets. Key ~0 is reserved.
class FlatMap {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t find(std::uint64_t key) const {
    if (entries_.empty()) return kNone;
    for (std::size_t at = mix(key) & mask();; at = (at + 1) & mask()) {
      if (entries_[at].key == key) return entries_[at].value;
      if (entries_[at].key == kFree) return kNone;
    }
  }
  /// REQUIRES that the key is new.
  void add(std::uint64_t key, std::uint32_t value) {
    if (2 * (size_ + 1) > entries_.size()) grow();
    put({key, value});
    ++size_;
  }
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  struct Entry {
    std::uint64_t key = kFree;
    std::uint32_t value = 0;
  };
  std::size_t mask() const { return entries_.size() - 1; }
  void put(const Entry& entry) {
    std::size_t at = mix(entry.key) & mask();
    while (entries_[at].key != kFree) at = (at + 1) & mask();
    entries_[at] = entry;
  }
  void grow() {
    std::vector<Entry> old(entries_.empty() ? 16 : 2 * entries_.size());
    old.swap(entries_);
    for (const Entry& entry : old)
      if (entry.key != kFree) put(entry);
  }

  std::vector<Entry> entries_;
  std::size_t size_ = 0;
};

}  // namespace twice::lab::search

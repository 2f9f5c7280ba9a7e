#pragma once
// A set of word sequences, for searches that must not enter the same configuration twice.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace twice::check {

/// Grows only; sequences lie one behind another in one array. Exact: hashes only find, words decide.
class KeySet {
 public:
  KeySet() : slots_(64) {}

  /// Starts a sequence at the end of the array; nothing else may be inserted before `commit` or `abandon`.
  void begin() { start_ = words_.size(); }
  void push(std::uint32_t word) { words_.push_back(word); }
  void set_second(std::uint32_t word) { words_[start_ + 1] = word; }
  /// The place of the new sequence in the array, or kSeen when an equal one is there already.
  static constexpr std::size_t kSeen = ~std::size_t{0};
  std::size_t commit() {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    std::uint64_t hash = words_.size() - start_;
    for (std::size_t i = start_; i < words_.size(); ++i) hash = (hash ^ words_[i]) * 0x9fb21c651e98df25u;
    hash = mix(hash);
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot].length != 0; slot = (slot + 1) & mask)
      if (slots_[slot].hash == hash && equal(slots_[slot])) {
        words_.resize(start_);
        return kSeen;
      }
    slots_[slot] = {hash, start_, words_.size() - start_};
    ++count_;
    return start_;
  }
  void abandon() { words_.resize(start_); }
  std::uint32_t word(std::size_t place) const { return words_[place]; }
  std::size_t end() const { return words_.size(); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::size_t start = 0, length = 0;  // length 0: empty
  };
  bool equal(const Slot& slot) const {
    if (slot.length != words_.size() - start_) return false;
    for (std::size_t i = 0; i < slot.length; ++i)
      if (words_[slot.start + i] != words_[start_ + i]) return false;
    return true;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& s : old) {
      if (s.length == 0) continue;
      std::size_t slot = s.hash & mask;
      while (slots_[slot].length != 0) slot = (slot + 1) & mask;
      slots_[slot] = s;
    }
  }

  std::vector<std::uint32_t> words_;
  std::vector<Slot> slots_;
  std::size_t start_ = 0, count_ = 0;
};

}  // namespace twice::check

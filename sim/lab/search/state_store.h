#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace twice::lab::search {

/// A global state: a small number for every slot.
using Row = std::vector<std::uint32_t>;

/// All states that were met, packed into as few bits as the largest number of each slot needs. When one no longer fits,
/// all rows are packed anew. States are told apart by their whole row, never by a hash alone. They keep the order in
/// which they came, and each knows which one it came from.
class StateStore {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  explicit StateStore(std::size_t slots);

  std::uint32_t size() const { return size_; }
  std::size_t slots() const { return places_.size(); }
  std::uint32_t parent(std::uint32_t state) const { return *record(state); }
  void read(std::uint32_t state, Row& row) const { unpack(record(state) + 1, row); }
  std::size_t bytes() const;

  /// Takes note of a row that is to be looked up; its place in the table is fetched meanwhile.
  void stage(const Row& row, std::uint32_t parent);
  /// The same for a row that differs from its parent's in these slots at most.
  void stage(const Row& row, std::uint32_t parent, const std::vector<std::uint32_t>& changed);
  std::size_t staged() const { return staged_.size(); }
  /// Looks all staged rows up, in their order, and adds the new ones while there are fewer than `limit` states.
  /// `f(place among the staged, parent, state, is_new)`; the state is kNone for a row that no longer had room.
  template <class F>
  void commit(std::uint32_t limit, F&& f) {
    for (const Staged& staged : staged_) prefetch_state(staged.hash);
    for (std::size_t i = 0; i < staged_.size(); ++i) {
      const std::uint32_t before = size_;
      const std::uint32_t state = insert(staged_words_.data() + i * stride_, staged_[i], limit);
      f(i, staged_[i].parent, state, size_ != before);
    }
    staged_.clear();
    staged_words_.clear();
  }
  /// The state with this row, or kNone.
  std::uint32_t find(const Row& row);

 private:
  static constexpr std::uint32_t kChunk = 1u << 12;  // states a chunk
  struct Place {
    std::uint16_t word = 0;
    std::uint8_t bits = 0, shift = 0;
    std::uint32_t largest = 0;  // that fits
  };
  struct Staged {
    std::uint32_t hash, parent;
  };
  struct Entry {
    std::uint32_t hash = 0, state = 0;  // its index + 1; 0 = free
  };

  std::uint32_t* record(std::uint32_t state) const {
    return chunks_[state / kChunk].get() + std::size_t{state % kChunk} * (stride_ + 1);
  }
  void put(std::uint32_t* packed, std::size_t slot, std::uint32_t value) const {
    const Place& at = places_[slot];
    packed[at.word] = (packed[at.word] & ~(at.largest << at.shift)) | value << at.shift;
  }
  void stage_packed(std::uint32_t parent);
  std::uint32_t* new_packed();
  std::uint32_t hash(const std::uint32_t* packed) const;
  bool same(const std::uint32_t* a, const std::uint32_t* b) const;
  void pack(const Row& row, std::uint32_t* packed) const;
  void unpack(const std::uint32_t* packed, Row& row) const;
  bool fits(const Row& row) const;
  void widen(const Row& row);
  void lay_out();
  void grow_table();
  void prefetch_state(std::uint32_t hash) const;
  std::uint32_t insert(const std::uint32_t* packed, const Staged& staged, std::uint32_t limit);

  std::vector<Place> places_;  // of each slot in a packed row; none lies across two words
  std::size_t stride_ = 1;     // words of a packed row
  std::uint32_t size_ = 0;
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;  // records: the parent, then the packed row
  std::vector<Entry> table_;                              // open addressing by the lowest bits of the hash
  std::vector<std::uint32_t> staged_words_;
  std::vector<Staged> staged_;
};

}  // namespace twice::lab::search

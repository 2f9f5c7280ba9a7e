#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace twice::lab::search {

/// All states that were met, each a row of small numbers (one a slot), packed into as few bytes as the largest number
/// of each slot needs: 0, 1, 2 or 4. When one no longer fits, all rows are packed anew. States are told apart by their
/// whole row, never by a hash alone. They keep the order in which they came, and each knows which one it came from.
class StateStore {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  explicit StateStore(std::size_t slots);

  std::uint32_t size() const { return size_; }
  std::size_t slots() const { return widths_.size(); }
  std::uint32_t parent(std::uint32_t state) const;
  void read(std::uint32_t state, std::uint32_t* row) const;
  std::size_t bytes() const;

  /// Takes note of a row that is to be looked up; its place in the table is fetched meanwhile.
  void stage(const std::uint32_t* row);
  /// Looks all staged rows up, in their order, and adds the new ones while there are fewer than `limit` states.
  /// `f(index, is_new)`; kNone for a row that no longer had room.
  template <class F>
  void commit(std::uint32_t parent, std::uint32_t limit, F&& f) {
    for (std::size_t i = 0; i < staged_hashes_.size(); ++i) prefetch_state(staged_hashes_[i]);
    for (std::size_t i = 0; i < staged_hashes_.size(); ++i) {
      const std::uint32_t before = size_;
      const std::uint32_t index = insert(staged_.data() + i * stride_, staged_hashes_[i], parent, limit);
      f(index, size_ != before);
    }
    staged_.clear();
    staged_hashes_.clear();
  }
  /// The state with this row, or kNone.
  std::uint32_t find(const std::uint32_t* row);

 private:
  static constexpr std::uint32_t kChunk = 1u << 12;  // states a chunk
  using Words = std::vector<std::uint32_t>;

  const std::uint32_t* record(std::uint32_t state) const {
    return chunks_[state / kChunk].get() + std::size_t{state % kChunk} * (stride_ + 1);
  }
  std::uint64_t hash(const std::uint32_t* packed) const;
  bool same(const std::uint32_t* a, const std::uint32_t* b) const;
  bool fits(const std::uint32_t* row) const;
  void pack(const std::uint32_t* row, std::uint32_t* packed) const;
  void unpack(const std::uint32_t* packed, std::uint32_t* row) const;
  void widen(const std::uint32_t* row);
  void lay_out();
  void grow_table();
  void prefetch_state(std::uint64_t hash) const;
  std::uint32_t insert(const std::uint32_t* packed, std::uint64_t hash, std::uint32_t parent, std::uint32_t limit);

  std::vector<std::uint8_t> widths_;   // bytes of each slot
  std::vector<std::uint16_t> offset_;  // of each slot, in bytes
  Words largest_;                      // that fits each slot
  std::size_t stride_ = 0;             // words of a packed row
  std::uint32_t size_ = 0;
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;  // records: the parent, then the packed row
  Words table_;                                           // open addressing: index + 1, 0 = free
  Words staged_;
  std::vector<std::uint64_t> staged_hashes_;
};

}  // namespace twice::lab::search

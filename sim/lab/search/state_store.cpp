#include "lab/search/state_store.h"

#include <algorithm>
#include <cstring>

#include "core/assert.h"
#include "core/random.h"

namespace twice::lab::search {
namespace {

constexpr std::size_t kFirstTable = 1u << 10;

std::uint32_t largest_of(std::uint8_t width) {
  return width == 4 ? ~std::uint32_t{0} : (std::uint32_t{1} << (8 * width)) - 1;
}

std::uint8_t width_for(std::uint32_t value) {
  for (const std::uint8_t width : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}})
    if (value <= largest_of(width)) return width;
  return 4;
}

}  // namespace

StateStore::StateStore(std::size_t slots) : widths_(slots), offset_(slots), largest_(slots), table_(kFirstTable) {
  lay_out();
}

// Wide slots first, so that each is aligned to its width.
void StateStore::lay_out() {
  std::size_t at = 0;
  for (const std::uint8_t width : {std::uint8_t{4}, std::uint8_t{2}, std::uint8_t{1}, std::uint8_t{0}})
    for (std::size_t slot = 0; slot < widths_.size(); ++slot)
      if (widths_[slot] == width) {
        offset_[slot] = static_cast<std::uint16_t>(at);
        largest_[slot] = largest_of(width);
        at += width;
      }
  stride_ = (at + 3) / 4;
}

std::uint32_t StateStore::parent(std::uint32_t state) const { return *record(state); }

void StateStore::read(std::uint32_t state, std::uint32_t* row) const { unpack(record(state) + 1, row); }

std::size_t StateStore::bytes() const {
  return chunks_.size() * kChunk * (stride_ + 1) * sizeof(std::uint32_t) + table_.capacity() * sizeof(std::uint32_t);
}

bool StateStore::fits(const std::uint32_t* row) const {
  bool fit = true;
  for (std::size_t slot = 0; slot < widths_.size(); ++slot) fit &= row[slot] <= largest_[slot];
  return fit;
}

void StateStore::pack(const std::uint32_t* row, std::uint32_t* packed) const {
  if (stride_ == 0) return;
  packed[stride_ - 1] = 0;
  auto* bytes = reinterpret_cast<std::byte*>(packed);
  for (std::size_t slot = 0; slot < widths_.size(); ++slot) {
    std::byte* to = bytes + offset_[slot];
    const std::uint32_t value = row[slot];
    if (widths_[slot] == 1) {
      *to = static_cast<std::byte>(value);
    } else if (widths_[slot] == 2) {
      const auto half = static_cast<std::uint16_t>(value);
      std::memcpy(to, &half, sizeof half);
    } else if (widths_[slot] == 4) {
      std::memcpy(to, &value, sizeof value);
    }
  }
}

void StateStore::unpack(const std::uint32_t* packed, std::uint32_t* row) const {
  const auto* bytes = reinterpret_cast<const std::byte*>(packed);
  for (std::size_t slot = 0; slot < widths_.size(); ++slot) {
    const std::byte* from = bytes + offset_[slot];
    row[slot] = 0;
    if (widths_[slot] == 1) {
      row[slot] = static_cast<std::uint32_t>(*from);
    } else if (widths_[slot] == 2) {
      std::uint16_t half = 0;
      std::memcpy(&half, from, sizeof half);
      row[slot] = half;
    } else if (widths_[slot] == 4) {
      std::memcpy(&row[slot], from, sizeof row[slot]);
    }
  }
}

std::uint64_t StateStore::hash(const std::uint32_t* packed) const {
  std::uint64_t h = 0x736561726368u;
  std::size_t i = 0;
  for (; i + 2 <= stride_; i += 2)
    h = ((h << 31 | h >> 33) ^ packed[i] ^ std::uint64_t{packed[i + 1]} << 32) * 0x9fb21c651e98df25u;
  if (i < stride_) h = ((h << 31 | h >> 33) ^ packed[i]) * 0x9fb21c651e98df25u;
  return mix(h);
}

bool StateStore::same(const std::uint32_t* a, const std::uint32_t* b) const {
  for (std::size_t i = 0; i < stride_; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

void StateStore::stage(const std::uint32_t* row) {
  if (!fits(row)) widen(row);
  staged_.resize(staged_.size() + stride_);
  std::uint32_t* packed = staged_.data() + staged_.size() - stride_;
  pack(row, packed);
  const std::uint64_t h = hash(packed);
  staged_hashes_.push_back(h);
  __builtin_prefetch(&table_[h & (table_.size() - 1)]);
}

void StateStore::prefetch_state(std::uint64_t h) const {
  const std::uint32_t entry = table_[h & (table_.size() - 1)];
  if (entry != 0) __builtin_prefetch(record(entry - 1));
}

std::uint32_t StateStore::find(const std::uint32_t* row) {
  if (!fits(row)) return kNone;
  Words packed(stride_);
  pack(row, packed.data());
  return insert(packed.data(), hash(packed.data()), kNone, 0);
}

std::uint32_t StateStore::insert(const std::uint32_t* packed, std::uint64_t h, std::uint32_t from,
                                 std::uint32_t limit) {
  std::size_t at = h & (table_.size() - 1);
  for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1))
    if (same(record(table_[at] - 1) + 1, packed)) return table_[at] - 1;
  if (size_ >= limit) return kNone;
  if (size_ % kChunk == 0) chunks_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(kChunk * (stride_ + 1)));
  const std::uint32_t index = size_++;
  std::uint32_t* to = chunks_.back().get() + std::size_t{index % kChunk} * (stride_ + 1);
  *to = from;
  std::copy(packed, packed + stride_, to + 1);
  table_[at] = index + 1;
  if (std::size_t{size_} * 10 > table_.size() * 7) grow_table();
  return index;
}

void StateStore::grow_table() {
  const std::size_t size = 2 * table_.size();
  table_ = Words();
  table_.resize(size);
  for (std::uint32_t state = 0; state < size_; ++state) {
    std::size_t at = hash(record(state) + 1) & (size - 1);
    while (table_[at] != 0) at = (at + 1) & (size - 1);
    table_[at] = state + 1;
  }
}

void StateStore::widen(const std::uint32_t* row) {
  StateStore wider(slots());
  for (std::size_t slot = 0; slot < slots(); ++slot)
    wider.widths_[slot] = std::max(widths_[slot], width_for(row[slot]));
  wider.lay_out();
  wider.table_.resize(table_.size());
  Words plain(slots());
  const auto add_to = [&](std::uint32_t from) {
    Words packed(wider.stride_);
    wider.pack(plain.data(), packed.data());
    wider.insert(packed.data(), wider.hash(packed.data()), from, kNone);
  };
  for (std::uint32_t state = 0; state < size_; ++state) {
    read(state, plain.data());
    add_to(parent(state));
  }
  for (std::size_t i = 0; i < staged_hashes_.size(); ++i) {
    unpack(staged_.data() + i * stride_, plain.data());
    wider.stage(plain.data());
  }
  *this = std::move(wider);
}

}  // namespace twice::lab::search

#include "lab/search/state_store.h"

#include <algorithm>
#include <bit>

#include "core/random.h"

namespace twice::lab::search {
namespace {

constexpr std::size_t kFirstTable = 1u << 10;
constexpr std::uint8_t kWord = 32;

// Two bits at a time, so that rows are packed anew less often.
std::uint8_t bits_for(std::uint32_t value) { return static_cast<std::uint8_t>((std::bit_width(value) + 1) / 2 * 2); }

std::uint32_t largest_of(std::uint8_t bits) { return bits == kWord ? ~std::uint32_t{0} : (1u << bits) - 1; }

}  // namespace

StateStore::StateStore(std::size_t slots) : places_(slots), table_(kFirstTable) {}

// The widest slots first, each in the first word that has room.
void StateStore::lay_out() {
  std::vector<std::size_t> order(places_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return places_[a].bits > places_[b].bits; });
  std::vector<std::uint8_t> used(1);
  for (const std::size_t slot : order) {
    Place& place = places_[slot];
    std::size_t word = 0;
    while (word < used.size() && used[word] + place.bits > kWord) ++word;
    if (word == used.size()) used.push_back(0);
    place.word = static_cast<std::uint16_t>(word);
    place.largest = largest_of(place.bits);
    place.shift = place.bits == 0 ? std::uint8_t{0} : used[word];
    used[word] = static_cast<std::uint8_t>(used[word] + place.bits);
  }
  stride_ = used.size();
}

std::size_t StateStore::bytes() const {
  return chunks_.size() * kChunk * (stride_ + 1) * sizeof(std::uint32_t) + table_.capacity() * sizeof(Entry) +
         staged_words_.capacity() * sizeof(std::uint32_t) + staged_.capacity() * sizeof(Staged);
}

bool StateStore::fits(const Row& row) const {
  for (std::size_t slot = 0; slot < places_.size(); ++slot)
    if (row[slot] > places_[slot].largest) return false;
  return true;
}

void StateStore::pack(const Row& row, std::uint32_t* packed) const {
  std::fill(packed, packed + stride_, 0);
  for (std::size_t slot = 0; slot < places_.size(); ++slot) put(packed, slot, row[slot]);
}

void StateStore::unpack(const std::uint32_t* packed, Row& row) const {
  row.resize(places_.size());
  for (std::size_t slot = 0; slot < places_.size(); ++slot)
    row[slot] = packed[places_[slot].word] >> places_[slot].shift & places_[slot].largest;
}

std::uint32_t StateStore::hash(const std::uint32_t* packed) const {
  std::uint64_t h = 0x736561726368u;
  for (std::size_t i = 0; i < stride_; ++i) h = (std::rotl(h, 31) ^ packed[i]) * 0x9fb21c651e98df25u;
  return static_cast<std::uint32_t>(mix(h));
}

bool StateStore::same(const std::uint32_t* a, const std::uint32_t* b) const {
  for (std::size_t i = 0; i < stride_; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

std::uint32_t* StateStore::new_packed() {
  staged_words_.resize(staged_words_.size() + stride_);
  return staged_words_.data() + staged_words_.size() - stride_;
}

void StateStore::stage_packed(std::uint32_t parent) {
  const std::uint32_t h = hash(staged_words_.data() + staged_words_.size() - stride_);
  staged_.push_back({h, parent});
  __builtin_prefetch(&table_[h & (table_.size() - 1)]);
}

void StateStore::stage(const Row& row, std::uint32_t parent) {
  if (!fits(row)) widen(row);
  pack(row, new_packed());
  stage_packed(parent);
}

void StateStore::stage(const Row& row, std::uint32_t parent, const std::vector<std::uint32_t>& changed) {
  for (const std::uint32_t slot : changed)
    if (row[slot] > places_[slot].largest) return stage(row, parent);
  std::uint32_t* packed = new_packed();
  const std::uint32_t* base = record(parent) + 1;
  for (std::size_t i = 0; i < stride_; ++i) packed[i] = base[i];
  for (const std::uint32_t slot : changed) put(packed, slot, row[slot]);
  stage_packed(parent);
}

void StateStore::prefetch_state(std::uint32_t h) const {
  const Entry& entry = table_[h & (table_.size() - 1)];
  if (entry.state != 0 && entry.hash == h) __builtin_prefetch(record(entry.state - 1));
}

std::uint32_t StateStore::find(const Row& row) {
  if (!fits(row)) return kNone;
  std::vector<std::uint32_t> packed(stride_);
  pack(row, packed.data());
  return insert(packed.data(), {hash(packed.data()), kNone}, 0);
}

std::uint32_t StateStore::insert(const std::uint32_t* packed, const Staged& staged, std::uint32_t limit) {
  std::size_t at = staged.hash & (table_.size() - 1);
  for (; table_[at].state != 0; at = (at + 1) & (table_.size() - 1))
    if (table_[at].hash == staged.hash && same(record(table_[at].state - 1) + 1, packed)) return table_[at].state - 1;
  if (size_ >= limit) return kNone;
  if (size_ % kChunk == 0) chunks_.push_back(std::make_unique<std::uint32_t[]>(kChunk * (stride_ + 1)));
  const std::uint32_t state = size_++;
  std::uint32_t* to = record(state);
  *to = staged.parent;
  std::copy(packed, packed + stride_, to + 1);
  table_[at] = {staged.hash, state + 1};
  if (std::size_t{size_} * 10 > table_.size() * 7) grow_table();
  return state;
}

// Entries know their hash: no state is read.
void StateStore::grow_table() {
  std::vector<Entry> old(2 * table_.size());
  old.swap(table_);
  for (const Entry& entry : old) {
    if (entry.state == 0) continue;
    std::size_t at = entry.hash & (table_.size() - 1);
    while (table_[at].state != 0) at = (at + 1) & (table_.size() - 1);
    table_[at] = entry;
  }
}

void StateStore::widen(const Row& row) {
  StateStore wider(slots());
  for (std::size_t slot = 0; slot < slots(); ++slot)
    wider.places_[slot].bits = std::max(places_[slot].bits, bits_for(row[slot]));
  wider.lay_out();
  wider.table_.resize(table_.size());
  Row plain;
  std::vector<std::uint32_t> packed(wider.stride_);
  for (std::uint32_t state = 0; state < size_; ++state) {
    read(state, plain);
    wider.pack(plain, packed.data());
    wider.insert(packed.data(), {wider.hash(packed.data()), parent(state)}, kNone);
  }
  for (std::size_t i = 0; i < staged_.size(); ++i) {
    unpack(staged_words_.data() + i * stride_, plain);
    wider.stage(plain, staged_[i].parent);
  }
  *this = std::move(wider);
}

}  // namespace twice::lab::search

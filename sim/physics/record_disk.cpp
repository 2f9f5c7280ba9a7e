#include "physics/record_disk.h"

#include <algorithm>

namespace twice::physics {
namespace {

// All at once: who compacts a log erases a thousand records, and each by itself would move all that follow it.
void drop_erased(std::vector<Record>& records) {
  std::erase_if(records, [](const Record& record) { return record.value.empty(); });
}

}  // namespace

// Leaves erased records empty; the caller drops them.
void RecordDisk::apply(Record record) {
  auto at = std::lower_bound(durable_.begin(), durable_.end(), record.key,
                             [](const Record& r, std::uint64_t key) { return r.key < key; });
  const bool found = at != durable_.end() && at->key == record.key;
  if (found)
    at->value = std::move(record.value);
  else if (!record.value.empty())
    durable_.insert(at, std::move(record));
}

void RecordDisk::settle(WriteToken token) {
  std::size_t count = 0;
  bool erases = false;
  for (; count < pending_.size() && pending_[count].token <= token; ++count) {
    if (fails_) continue;
    erases |= pending_[count].record.value.empty();
    apply(std::move(pending_[count].record));
  }
  if (erases) drop_erased(durable_);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  settled_ = std::max(settled_, token);
}

void RecordDisk::crash(Lose lose, std::uint64_t seed, CausalId id) {
  const WriteToken last = pending_.empty() ? settled_ : pending_.back().token;
  for (Pending& p : pending_) {
    const bool kept = lose == Lose::kNothing ||
                      (lose == Lose::kMixed && draw(seed, Purpose::kDiskSettle, mix(id, p.token)).below(2) == 0);
    if (kept && !fails_) apply(std::move(p.record));
  }
  pending_.clear();
  drop_erased(durable_);
  settled_ = last;
  if (lose != Lose::kEverything) return;
  durable_.clear();
  replaced_ = true;
  fails_ = false;
}

}  // namespace twice::physics

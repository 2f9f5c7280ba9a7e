#include "physics/record_disk.h"

#include <algorithm>

namespace twice::physics {

void RecordDisk::apply(Record record) {
  auto at = std::lower_bound(durable_.begin(), durable_.end(), record.key,
                             [](const Record& r, std::uint64_t key) { return r.key < key; });
  const bool found = at != durable_.end() && at->key == record.key;
  if (record.value.empty()) {
    if (found) durable_.erase(at);
  } else if (found) {
    at->value = std::move(record.value);
  } else {
    durable_.insert(at, std::move(record));
  }
}

void RecordDisk::settle(WriteToken token) {
  std::size_t count = 0;
  for (; count < pending_.size() && pending_[count].token <= token; ++count)
    if (!fails_) apply(std::move(pending_[count].record));
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
  settled_ = last;
  if (lose != Lose::kEverything) return;
  durable_.clear();
  replaced_ = true;
  fails_ = false;
}

}  // namespace twice::physics

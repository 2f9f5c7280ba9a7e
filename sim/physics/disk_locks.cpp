#include "physics/disk_locks.h"

#include <algorithm>

#include "core/assert.h"

namespace twice::physics {

bool FileLocks::others_reach(HolderId holder, LockLevel level) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&](const Held& held) { return held.holder != holder && held.level >= level; });
}

LockLevel FileLocks::level_of(HolderId holder) const {
  for (const Held& held : held_) {
    if (held.holder == holder) return held.level;
  }
  return LockLevel::kNone;
}

bool FileLocks::is_reserved() const { return others_reach({}, LockLevel::kReserved); }

void FileLocks::set(HolderId holder, LockLevel level) {
  for (Held& held : held_) {
    if (held.holder == holder) {
      held.level = level;
      return;
    }
  }
  held_.push_back({holder, level});
}

bool FileLocks::acquire(HolderId holder, LockLevel wanted) {
  if (level_of(holder) >= wanted) return true;
  switch (wanted) {
    case LockLevel::kNone:
      return true;
    case LockLevel::kShared:
      if (others_reach(holder, LockLevel::kPending)) return false;
      break;
    case LockLevel::kReserved:
    case LockLevel::kPending:
      if (others_reach(holder, LockLevel::kReserved)) return false;
      break;
    case LockLevel::kExclusive:
      if (others_reach(holder, LockLevel::kReserved)) return false;
      if (others_reach(holder, LockLevel::kShared)) {
        set(holder, LockLevel::kPending);
        return false;
      }
      break;
  }
  set(holder, wanted);
  return true;
}

void FileLocks::release(HolderId holder, LockLevel keep) {
  if (level_of(holder) <= keep) return;
  if (keep != LockLevel::kNone) return set(holder, keep);
  std::erase_if(held_, [&](const Held& held) { return held.holder == holder; });
}

void SharedMemory::attach(HolderId holder) {
  if (is_attached(holder)) return;
  if (attached_.empty()) regions_.clear();
  attached_.push_back(holder);
}

void SharedMemory::detach(HolderId holder) {
  unlock(holder, 0, kLocks);
  std::erase(attached_, holder);
}

bool SharedMemory::is_attached(HolderId holder) const {
  return std::find(attached_.begin(), attached_.end(), holder) != attached_.end();
}

std::byte* SharedMemory::region(std::size_t index, std::size_t bytes, bool extend) {
  if (index >= regions_.size() && !extend) return nullptr;
  while (regions_.size() <= index) regions_.emplace_back(bytes);
  return regions_[index].data();
}

bool SharedMemory::lock_shared(HolderId holder, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    if (slots_[i].exclusive != HolderId{} && slots_[i].exclusive != holder) return false;
  }
  for (std::size_t i = first; i < first + count; ++i) {
    auto& sharing = slots_[i].sharing;
    if (std::find(sharing.begin(), sharing.end(), holder) == sharing.end()) sharing.push_back(holder);
  }
  return true;
}

bool SharedMemory::lock_exclusive(HolderId holder, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    const Slot& slot = slots_[i];
    if (slot.exclusive != HolderId{} && slot.exclusive != holder) return false;
    for (const HolderId reader : slot.sharing) {
      if (reader != holder) return false;
    }
  }
  for (std::size_t i = first; i < first + count; ++i) slots_[i].exclusive = holder;
  return true;
}

void SharedMemory::unlock(HolderId holder, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    if (slots_[i].exclusive == holder) slots_[i].exclusive = {};
    std::erase(slots_[i].sharing, holder);
  }
}

void SharedMemory::restore(const Regions& saved) {
  TWICE_ASSERT(saved.size() <= regions_.size(), "shared memory shrank under its users");
  for (std::size_t i = 0; i < saved.size(); ++i) std::copy(saved[i].begin(), saved[i].end(), regions_[i].begin());
}

}  // namespace twice::physics

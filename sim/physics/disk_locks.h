#pragma once
// What processes share about a file and lose when they die: locks and shared memory. Volatile: gone after a power loss.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twice::physics {

/// A process that holds locks; 0 = nobody.
struct HolderId {
  std::uint32_t number = 0;
  auto operator<=>(const HolderId&) const = default;
};

/// In rising order. Many may share; one at a time is beyond kShared.
enum class LockLevel : std::uint8_t {
  kNone,
  kShared,
  kReserved,   // will write; readers may still come
  kPending,    // wants to write as soon as the readers have left; no new ones
  kExclusive,  // writes; alone
};

/// The five-level lock of one file (SQLite, "File Locking And Concurrency", section 3).
class FileLocks {
 public:
  /// False when another holder stands in the way. A refused kExclusive leaves kPending behind, which keeps new readers
  /// out until the old ones have left.
  bool acquire(HolderId holder, LockLevel wanted);
  /// Lowers to kShared or kNone.
  void release(HolderId holder, LockLevel keep);
  LockLevel level_of(HolderId holder) const;
  /// Somebody is at kReserved or beyond.
  bool is_reserved() const;
  /// Somebody other than `holder` is at `level` or beyond.
  bool others_reach(HolderId holder, LockLevel level) const;

 private:
  struct Held {
    HolderId holder;
    LockLevel level;
  };
  void set(HolderId holder, LockLevel level);

  std::vector<Held> held_;
};

/// Memory that the users of one file share, in regions whose addresses hold for the life of this object, with eight
/// locks. The first to attach finds it empty, as SQLite's own file layer sees to.
class SharedMemory {
 public:
  static constexpr std::size_t kLocks = 8;

  void attach(HolderId holder);
  void detach(HolderId holder);
  bool is_attached(HolderId holder) const;
  /// nullptr when the region does not exist and `extend` is false. All regions have the size of the first.
  std::byte* region(std::size_t index, std::size_t bytes, bool extend);
  /// All of locks [first, first + count), or false and none.
  bool lock_shared(HolderId holder, std::size_t first, std::size_t count);
  bool lock_exclusive(HolderId holder, std::size_t first, std::size_t count);
  void unlock(HolderId holder, std::size_t first, std::size_t count);

  using Regions = std::vector<std::vector<std::byte>>;
  const Regions& contents() const { return regions_; }
  /// Writes saved contents back in place; addresses stay. REQUIRES `saved` to be an earlier contents() of this object.
  void restore(const Regions& saved);

 private:
  struct Slot {
    HolderId exclusive;
    std::vector<HolderId> sharing;
  };
  Regions regions_;
  std::vector<HolderId> attached_;
  std::array<Slot, kLocks> slots_;
};

}  // namespace twice::physics

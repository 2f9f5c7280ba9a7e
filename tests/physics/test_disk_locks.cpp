#include "physics/disk_user.h"

using namespace twice::physics;

namespace {
constexpr HolderId kA{1}, kB{2}, kC{3};
}

TEST_CASE("many read at a time") {
  FileLocks locks;
  CHECK(locks.acquire(kA, LockLevel::kShared));
  CHECK(locks.acquire(kB, LockLevel::kShared));
  CHECK_FALSE(locks.is_reserved());
}

TEST_CASE("one holder may intend to write while others read; a second may not") {
  FileLocks locks;
  locks.acquire(kA, LockLevel::kShared);
  locks.acquire(kB, LockLevel::kShared);
  CHECK(locks.acquire(kA, LockLevel::kReserved));
  CHECK(locks.is_reserved());
  CHECK_FALSE(locks.acquire(kB, LockLevel::kReserved));
  CHECK(locks.acquire(kC, LockLevel::kShared));
}

TEST_CASE("a writer that waits for readers lets no new ones in, and goes on when they have left") {
  FileLocks locks;
  locks.acquire(kA, LockLevel::kShared);
  locks.acquire(kB, LockLevel::kShared);
  locks.acquire(kA, LockLevel::kReserved);
  CHECK_FALSE(locks.acquire(kA, LockLevel::kExclusive));
  CHECK(locks.level_of(kA) == LockLevel::kPending);
  CHECK_FALSE(locks.acquire(kC, LockLevel::kShared));
  locks.release(kB, LockLevel::kNone);
  CHECK(locks.acquire(kA, LockLevel::kExclusive));
  CHECK_FALSE(locks.acquire(kC, LockLevel::kShared));
  locks.release(kA, LockLevel::kShared);
  CHECK(locks.acquire(kC, LockLevel::kShared));
}

TEST_CASE("shared memory: readers share a lock, a writer is alone, and one conflict takes none of several") {
  SharedMemory memory;
  CHECK(memory.lock_shared(kA, 3, 1));
  CHECK(memory.lock_shared(kB, 3, 1));
  CHECK_FALSE(memory.lock_exclusive(kC, 2, 2));
  CHECK(memory.lock_exclusive(kB, 2, 1));
  memory.unlock(kB, 3, 1);
  CHECK(memory.lock_exclusive(kA, 3, 1));
  CHECK_FALSE(memory.lock_shared(kC, 3, 1));
}

TEST_CASE("shared memory lasts while somebody is attached; the next first one finds it empty") {
  SharedMemory memory;
  memory.attach(kA);
  CHECK(memory.region(0, 64, false) == nullptr);
  memory.region(0, 64, true)[5] = std::byte{7};
  memory.attach(kB);
  memory.detach(kA);
  CHECK(memory.region(0, 64, false)[5] == std::byte{7});
  memory.detach(kB);
  memory.attach(kC);
  CHECK(memory.region(0, 64, false) == nullptr);
}

TEST_CASE("a copy of shared memory is not shared with its original") {
  SharedMemory memory;
  memory.attach(kA);
  memory.region(0, 64, true)[0] = std::byte{1};
  SharedMemory copy = memory;
  copy.region(0, 64, false)[0] = std::byte{2};
  CHECK(memory.region(0, 64, false)[0] == std::byte{1});
}

TEST_CASE("a dead holder's locks go and its writes stay; a crash takes everybody's locks and memory") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", "old");
  disk.locks(file).acquire(kA, LockLevel::kShared);
  disk.locks(file).acquire(kA, LockLevel::kExclusive);
  disk.shared_memory(file).attach(kA);
  disk.shared_memory(file).lock_exclusive(kA, 0, 8);
  write_text(disk, file, 0, "new");
  disk.drop(kA);
  CHECK(contents(disk, "f") == "new");
  CHECK(disk.locks(file).acquire(kB, LockLevel::kShared));
  CHECK(disk.shared_memory(file).lock_shared(kB, 0, 1));
  disk.shared_memory(file).attach(kB);
  disk.shared_memory(file).region(0, 64, true);
  disk.crash({.lose = Lose::kUnsynced});
  CHECK(disk.locks(file).level_of(kB) == LockLevel::kNone);
  CHECK(disk.shared_memory(file).contents().empty());
}

#include "core/assert.h"
#include "pipeline/warehouse/sqlite_files.h"

namespace twice::pipeline {
namespace {

using physics::DiskResult;
using physics::LockLevel;

DiskFile& file_of(sqlite3_file* raw) { return *reinterpret_cast<DiskFile*>(raw); }

LockLevel level_of(int sqlite_level) {
  switch (sqlite_level) {
    case SQLITE_LOCK_NONE:
      return LockLevel::kNone;
    case SQLITE_LOCK_SHARED:
      return LockLevel::kShared;
    case SQLITE_LOCK_RESERVED:
      return LockLevel::kReserved;
    case SQLITE_LOCK_PENDING:
      return LockLevel::kPending;
    case SQLITE_LOCK_EXCLUSIVE:
      return LockLevel::kExclusive;
  }
  TWICE_ASSERT(false, "SQLite asked for an unknown lock");
  return LockLevel::kNone;
}

int disk_close(sqlite3_file*) { return SQLITE_OK; }

int disk_read(sqlite3_file* raw, void* to, int count, sqlite3_int64 offset) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_READ;
  const auto wanted = static_cast<std::size_t>(count);
  const auto there =
      file.process->disk->read(file.id, static_cast<std::uint64_t>(offset), static_cast<std::byte*>(to), wanted);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int disk_write(sqlite3_file* raw, const void* from, int count, sqlite3_int64 offset) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_WRITE;
  if (static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(count) > file.process->file_bytes) {
    file.process->met_file_limit = true;
    return SQLITE_FULL;
  }
  return code_of(file.process->disk->write(file.id, static_cast<std::uint64_t>(offset),
                                           static_cast<const std::byte*>(from), static_cast<std::size_t>(count)),
                 SQLITE_IOERR_WRITE);
}

int disk_truncate(sqlite3_file* raw, sqlite3_int64 size) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_TRUNCATE;
  return code_of(file.process->disk->truncate(file.id, static_cast<std::uint64_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int disk_sync(sqlite3_file* raw, int) {
  DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_FSYNC;
  const DiskResult result = file.process->disk->sync(file.id);
  if (result != DiskResult::kOk || !file.directory_unsynced) return code_of(result, SQLITE_IOERR_FSYNC);
  file.directory_unsynced = false;
  return code_of(file.process->disk->sync_directory(), SQLITE_IOERR_DIR_FSYNC);
}

int disk_size(sqlite3_file* raw, sqlite3_int64* size) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(file.process->disk->size(file.id));
  return SQLITE_OK;
}

int disk_lock(sqlite3_file* raw, int level) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_LOCK;
  const bool got = file.process->disk->locks(file.id).acquire(file.process->holder, level_of(level));
  return got ? SQLITE_OK : SQLITE_BUSY;
}

int disk_unlock(sqlite3_file* raw, int level) {
  const DiskFile& file = file_of(raw);
  if (file.process->alive) file.process->disk->locks(file.id).release(file.process->holder, level_of(level));
  return SQLITE_OK;
}

int disk_check_reserved(sqlite3_file* raw, int* reserved) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_CHECKRESERVEDLOCK;
  *reserved = file.process->disk->locks(file.id).is_reserved() ? 1 : 0;
  return SQLITE_OK;
}

int disk_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int disk_sector(sqlite3_file* raw) { return static_cast<int>(file_of(raw).process->disk->options().sector_bytes); }

/// No promise about atomic, ordered or safe writes: the disk keeps none.
int disk_characteristics(sqlite3_file*) { return 0; }

int shm_map(sqlite3_file* raw, int region, int bytes, int extend, void volatile** mapped) {
  const DiskFile& file = file_of(raw);
  *mapped = nullptr;
  if (!file.process->alive) return SQLITE_IOERR_SHMMAP;
  auto& shared = file.process->disk->shared_memory(file.id);
  shared.attach(file.process->holder);
  *mapped = shared.region(static_cast<std::size_t>(region), static_cast<std::size_t>(bytes), extend != 0);
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* raw, int first, int count, int flags) {
  const DiskFile& file = file_of(raw);
  if (!file.process->alive) return SQLITE_IOERR_SHMLOCK;
  auto& shared = file.process->disk->shared_memory(file.id);
  const auto holder = file.process->holder;
  const auto from = static_cast<std::size_t>(first);
  const auto slots = static_cast<std::size_t>(count);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    shared.unlock(holder, from, slots);
    return SQLITE_OK;
  }
  const bool got = (flags & SQLITE_SHM_SHARED) != 0 ? shared.lock_shared(holder, from, slots)
                                                    : shared.lock_exclusive(holder, from, slots);
  return got ? SQLITE_OK : SQLITE_BUSY;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* raw, int) {
  const DiskFile& file = file_of(raw);
  if (file.process->alive) file.process->disk->shared_memory(file.id).detach(file.process->holder);
  return SQLITE_OK;
}

}  // namespace

int code_of(DiskResult result, int io_error) {
  switch (result) {
    case DiskResult::kOk:
      return SQLITE_OK;
    case DiskResult::kNoSuchFile:
      return io_error;
    case DiskResult::kIoError:
      return io_error;
    case DiskResult::kFull:
      return SQLITE_FULL;
  }
  return io_error;
}

/// Version 2: with 1 SQLite answers "delete" to a wish for WAL without a word, and 3 would map files past our writes.
const sqlite3_io_methods& disk_file_methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = disk_close;
    m.xRead = disk_read;
    m.xWrite = disk_write;
    m.xTruncate = disk_truncate;
    m.xSync = disk_sync;
    m.xFileSize = disk_size;
    m.xLock = disk_lock;
    m.xUnlock = disk_unlock;
    m.xCheckReservedLock = disk_check_reserved;
    m.xFileControl = disk_control;
    m.xSectorSize = disk_sector;
    m.xDeviceCharacteristics = disk_characteristics;
    m.xShmMap = shm_map;
    m.xShmLock = shm_lock;
    m.xShmBarrier = shm_barrier;
    m.xShmUnmap = shm_unmap;
    return m;
  }();
  return methods;
}

}  // namespace twice::pipeline

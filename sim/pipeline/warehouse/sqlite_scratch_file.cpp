#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <vector>

#include "pipeline/warehouse/sqlite_files.h"

namespace twice::pipeline {
namespace {

struct ScratchFile {
  sqlite3_file base;
  std::vector<std::byte> bytes;
};

std::vector<std::byte>& bytes_of(sqlite3_file* raw) { return reinterpret_cast<ScratchFile*>(raw)->bytes; }

int scratch_close(sqlite3_file* raw) {
  reinterpret_cast<ScratchFile*>(raw)->~ScratchFile();
  return SQLITE_OK;
}

int scratch_read(sqlite3_file* raw, void* to, int count, sqlite3_int64 offset) {
  const auto& bytes = bytes_of(raw);
  const auto from = std::min(static_cast<std::size_t>(offset), bytes.size());
  const auto there = std::min(static_cast<std::size_t>(count), bytes.size() - from);
  std::memcpy(to, bytes.data() + from, there);
  std::memset(static_cast<std::byte*>(to) + there, 0, static_cast<std::size_t>(count) - there);
  return there == static_cast<std::size_t>(count) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int scratch_write(sqlite3_file* raw, const void* from, int count, sqlite3_int64 offset) {
  auto& bytes = bytes_of(raw);
  const auto end = static_cast<std::size_t>(offset) + static_cast<std::size_t>(count);
  if (bytes.size() < end) bytes.resize(end);
  std::memcpy(bytes.data() + offset, from, static_cast<std::size_t>(count));
  return SQLITE_OK;
}

int scratch_truncate(sqlite3_file* raw, sqlite3_int64 size) {
  bytes_of(raw).resize(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int scratch_sync(sqlite3_file*, int) { return SQLITE_OK; }

int scratch_size(sqlite3_file* raw, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(bytes_of(raw).size());
  return SQLITE_OK;
}

int scratch_lock(sqlite3_file*, int) { return SQLITE_OK; }

int scratch_check_reserved(sqlite3_file*, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}

int scratch_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int scratch_sector(sqlite3_file*) { return 0; }

const sqlite3_io_methods& scratch_methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = scratch_close;
    m.xRead = scratch_read;
    m.xWrite = scratch_write;
    m.xTruncate = scratch_truncate;
    m.xSync = scratch_sync;
    m.xFileSize = scratch_size;
    m.xLock = scratch_lock;
    m.xUnlock = scratch_lock;
    m.xCheckReservedLock = scratch_check_reserved;
    m.xFileControl = scratch_control;
    m.xSectorSize = scratch_sector;
    m.xDeviceCharacteristics = scratch_sector;
    return m;
  }();
  return methods;
}

}  // namespace

void open_scratch_file(sqlite3_file* raw) {
  auto* file = new (raw) ScratchFile{};
  file->base.pMethods = &scratch_methods();
}

int sizeof_scratch_file() { return static_cast<int>(sizeof(ScratchFile)); }

}  // namespace twice::pipeline

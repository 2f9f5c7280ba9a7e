#include "pipeline/warehouse/sqlite_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/assert.h"
#include "core/random.h"
#include "pipeline/warehouse/sql_activity.h"
#include "pipeline/warehouse/sqlite_files.h"
#include "pipeline/warehouse/sqlite_memory.h"

namespace twice::pipeline {
namespace {

using physics::DiskResult;
using physics::FileId;

struct Current {
  Process* process = nullptr;
  Surroundings* surroundings = nullptr;
};

SqlActivity*& activity() {
  static SqlActivity own = 0;
  static SqlActivity* counter = &own;
  return counter;
}

Current& current() {
  thread_local Current value;
  return value;
}

constexpr int kRollbackJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* raw, int flags, int* flags_out) {
  raw->pMethods = nullptr;
  if (flags_out != nullptr) *flags_out = flags;
  if (name == nullptr) {
    open_scratch_file(raw);
    return SQLITE_OK;
  }
  Process* process = current().process;
  if (process == nullptr || !process->alive) return SQLITE_CANTOPEN;
  bool is_new = false;
  std::optional<FileId> id = process->disk->find(name);
  if (!id) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    FileId made;
    const DiskResult result = process->disk->create(name, made);
    if (result != DiskResult::kOk) return code_of(result, SQLITE_IOERR);
    id = made;
    is_new = true;
    // A reader may make the log and never sync it, and the writer that comes next finds it there.
    if ((flags & SQLITE_OPEN_WAL) != 0) process->disk->sync_directory();
  }
  new (raw) DiskFile{{&disk_file_methods()}, process, *id, is_new && (flags & kRollbackJournals) != 0};
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs*, const char* name, int sync_directory) {
  const Process* process = current().process;
  if (process == nullptr || !process->alive) return SQLITE_IOERR_DELETE;
  const DiskResult result = process->disk->remove(name);
  if (result == DiskResult::kNoSuchFile) return SQLITE_IOERR_DELETE_NOENT;
  if (result != DiskResult::kOk || sync_directory == 0) return code_of(result, SQLITE_IOERR_DELETE);
  return code_of(process->disk->sync_directory(), SQLITE_IOERR_DIR_FSYNC);
}

/// An empty file does not exist, as on Unix: a journal without a byte needs no rollback.
int vfs_access(sqlite3_vfs*, const char* name, int flags, int* answer) {
  *answer = 0;
  const Process* process = current().process;
  if (process == nullptr || !process->alive) return SQLITE_IOERR_ACCESS;
  if (const auto id = process->disk->find(name)) {
    *answer = flags != SQLITE_ACCESS_EXISTS || process->disk->size(*id) > 0 ? 1 : 0;
  }
  return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs*, const char* name, int room, char* full) {
  const std::size_t bytes = std::strlen(name) + 1;
  if (bytes > static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
  std::memcpy(full, name, bytes);
  return SQLITE_OK;
}

/// Nonces of journals: a function of the disk's history, so that two runs agree.
int vfs_randomness(sqlite3_vfs*, int count, char* bytes) {
  const Process* process = current().process;
  const std::uint64_t key = process == nullptr ? 0 : process->disk->io_count();
  for (int i = 0; i < count; i += 8) {
    const std::uint64_t word = mix(key, static_cast<std::uint64_t>(i));
    std::memcpy(bytes + i, &word, static_cast<std::size_t>(std::min(8, count - i)));
  }
  return count;
}

/// Nobody waits in real time: a lock that is held is the caller's matter.
int vfs_sleep(sqlite3_vfs*, int) { return 0; }

int vfs_current_time(sqlite3_vfs*, sqlite3_int64* julian_milliseconds) {
  constexpr sqlite3_int64 kUnixEpoch = 210866760000000;  // 1970-01-01 as milliseconds since noon of 4714-11-24 BC
  Surroundings* now = current().surroundings;
  *julian_milliseconds = kUnixEpoch + (now == nullptr ? 0 : now->unix_milliseconds);
  if (now != nullptr) now->used_clock_or_random = true;
  return SQLITE_OK;
}

int vfs_last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = std::max(static_cast<int>(sizeof(DiskFile)), sizeof_scratch_file());
  vfs.mxPathname = 64;
  vfs.zName = "twice";
  vfs.xOpen = vfs_open;
  vfs.xDelete = vfs_delete;
  vfs.xAccess = vfs_access;
  vfs.xFullPathname = vfs_full_path;
  vfs.xRandomness = vfs_randomness;
  vfs.xSleep = vfs_sleep;
  vfs.xGetLastError = vfs_last_error;
  vfs.xCurrentTimeInt64 = vfs_current_time;
  return vfs;
}

bool configure_sqlite() {
  // A world with a warehouse never shares its operating-system process with another thread that uses SQLite.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_URI, 0);
  limit_sqlite_memory();
  TWICE_ASSERT(sqlite3_initialize() == SQLITE_OK, "SQLite does not start");
  static sqlite3_vfs vfs = make_vfs();
  TWICE_ASSERT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK, "SQLite refuses the file layer");
  // The machine's time zone must not reach a run: 'localtime' and 'utc' fail in SQL.
  sqlite3_test_control(SQLITE_TESTCTRL_LOCALTIME_FAULT, 1);
  return true;
}

}  // namespace

Entered::Entered(Process& process, Surroundings& surroundings)
    : outer_process_(std::exchange(current().process, &process)),
      outer_surroundings_(std::exchange(current().surroundings, &surroundings)) {
  if (outer_process_ == nullptr) sql_activity() = sql_activity() + 1;
}

Entered::~Entered() {
  current() = {outer_process_, outer_surroundings_};
  if (outer_process_ == nullptr) sql_activity() = sql_activity() + 1;
}

void Entered::again() { sql_activity() = sql_activity() + 2; }

void count_sql_activity_in(SqlActivity& counter) { activity() = &counter; }
SqlActivity& sql_activity() { return *activity(); }

Surroundings& surroundings() {
  TWICE_ASSERT(current().surroundings != nullptr, "SQLite was called from nowhere");
  return *current().surroundings;
}

void start_sqlite() {
  static const bool started = configure_sqlite();
  static_cast<void>(started);
}

}  // namespace twice::pipeline

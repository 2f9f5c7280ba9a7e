#pragma once
// The sqlite3_file objects behind sqlite_vfs.cpp.
#include <sqlite3.h>

#include "pipeline/warehouse/sqlite_vfs.h"

namespace twice::pipeline {

/// A file on the simulated disk; plain data in memory that SQLite owns.
struct DiskFile {
  sqlite3_file base;
  Process* process;
  physics::FileId id;
  bool directory_unsynced;  // a new journal: its first sync also syncs the directory, as on Unix
};

const sqlite3_io_methods& disk_file_methods();

/// A file without a name: SQLite's scratch space, in memory, outside the disk. Constructs it in `raw`, of at least
/// sizeof_scratch_file() bytes; closing destroys it.
void open_scratch_file(sqlite3_file* raw);
int sizeof_scratch_file();

/// SQLite's code for an outcome; `io_error` is the code of the call that was made.
int code_of(physics::DiskResult result, int io_error);

}  // namespace twice::pipeline

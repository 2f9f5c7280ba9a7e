#pragma once
// SQLite's view of the simulated disk. Registered once per operating-system process as SQLite's default file layer, so
// that its random numbers and its clock are ours as well.
#include <cstdint>

#include "core/ids.h"
#include "core/time.h"
#include "physics/byte_disk.h"

namespace twice::pipeline {

/// A simulated server process: what SQLite's files belong to. Once it is not alive every call of SQLite on them fails
/// and changes nothing. Its address must hold while a connection made in it is open.
struct Process {
  physics::ByteDisk* disk = nullptr;
  physics::HolderId holder;
  std::uint64_t file_bytes = ~std::uint64_t{0};  // how large one of its files may become …
  bool alive = true;
  bool met_file_limit = false;  // … and whether a write was refused for it
};

/// What SQLite's clock and random() read during one call into it.
struct Surroundings {
  std::int64_t unix_milliseconds = 0;
  std::uint64_t seed = 0;
  CausalId id = 0;
  std::uint64_t draws = 0;            // made so far
  bool used_clock_or_random = false;  // set by whoever reads
};

/// While this object lives, calls into SQLite are made by `process` in `surroundings`. SQLite's functions for names,
/// time and randomness carry no connection, hence this one piece of per-thread state; it nests.
class Entered {
 public:
  Entered(Process& process, Surroundings& surroundings);
  ~Entered();
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

  /// Another statement begins: the time of the one before does not count for it (sql_activity.h).
  static void again();

 private:
  Process* outer_process_;
  Surroundings* outer_surroundings_;
};

/// Of the innermost Entered. REQUIRES one.
Surroundings& surroundings();

/// Configures SQLite and registers the file layer; does it once.
void start_sqlite();

}  // namespace twice::pipeline

#pragma once
// Work in parallel whose result does not depend on how many work at it.
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace twice::lab {

struct WorkerOptions {
  unsigned workers = 1;
  /// Called in the parent after each finished unit; return false to stop. May be empty.
  std::function<bool(std::size_t done, std::size_t of)> progress;
  /// For tests: the unit whose first worker is killed while it works on it.
  std::size_t kill_once = ~std::size_t{0};
};

struct WorkResult {
  std::vector<std::string> results;  // by unit; a unit that never finished is empty
  std::vector<bool> finished;
  std::vector<std::string> reports;  // killed workers, in order: "a worker died (signal 9) on unit 7; it was run again"
  bool stopped = false;              // progress said so
};

/// Runs units 0..count-1 in worker processes (forked; REQUIRES that no thread was started), each `unit(i)` in one of
/// them, and collects their results by unit. A worker that dies is replaced and its unit run again, at most twice.
/// SQLite keeps one random generator a process and one lock for all: worlds with a warehouse never share a process
/// with another thread.
WorkResult in_processes(std::size_t count, const WorkerOptions& options,
                        const std::function<std::string(std::size_t)>& unit);

/// The same in threads, for worlds without a warehouse. `unit` must be safe to call from several threads.
WorkResult in_threads(std::size_t count, const WorkerOptions& options,
                      const std::function<std::string(std::size_t)>& unit);

}  // namespace twice::lab

#pragma once
// Lets another process, or a signal handler, see that a call into SQLite does not end. Some of SQLite's functions work
// for minutes inside a single step, where nothing in this process can interrupt them.
#include <cstdint>

namespace twice::pipeline {

/// Odd while this process is inside SQLite; it grows by one on the way in and on the way out. Whoever sees the same odd
/// number for longer than the limit of a statement may end the process.
using SqlActivity = volatile std::uint64_t;

/// From here on activity is counted in `counter`, which must outlive all use of SQLite; in a worker it lies in memory
/// shared with the parent.
void count_sql_activity_in(SqlActivity& counter);
SqlActivity& sql_activity();

}  // namespace twice::pipeline

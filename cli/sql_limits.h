#pragma once
// How much real time SQL may take, and the end of the program when one statement takes more.
#include <chrono>
#include <optional>

namespace twice::cli {

struct SqlLimits {
  std::chrono::nanoseconds statement, unit;
};

/// Some of SQLite's functions work for minutes within one step, where neither its progress handler nor an interrupt
/// reaches them. From here on a timer looks at whether this process is still in the same call into SQLite
/// (pipeline/warehouse/sql_activity.h); after the limit of a statement it says so, and the program ends undecided. A
/// worker process is ended by its parent instead, so that only its unit is lost. From here on memory is bounded, too.
void obey(const SqlLimits& limits);
/// Those in force.
const SqlLimits& sql_limits();

}  // namespace twice::cli

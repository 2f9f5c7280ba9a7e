// What a parent does about a worker that is stuck in SQLite, or wants all memory: one unit is lost, by name.
#include <unistd.h>

#include "lab/memory_limit.h"
#include "lab/workers.h"
#include "pipeline/warehouse/sql_activity.h"
#include "support/catch.h"

namespace twice::lab {

TEST_CASE("a worker that stays in one call into SQLite loses its unit as statement-limit; the others are done") {
  WorkerOptions options;
  options.workers = 2;
  options.statement_limit = std::chrono::milliseconds(400);
  const WorkResult work = in_processes(5, options, [](std::size_t unit) {
    if (unit == 1) {
      pipeline::sql_activity() = 1;
      for (;;) ::pause();
    }
    return std::to_string(unit);
  });
  REQUIRE(work.lost.size() == 1);
  CHECK(work.lost.front().unit == 1);
  CHECK(work.lost.front().limit == "statement-limit");
  for (const std::size_t unit : {0u, 2u, 3u, 4u}) CHECK(work.results[unit] == std::to_string(unit));
}

TEST_CASE("a worker whose calls into SQLite are many and short is left alone") {
  WorkerOptions options;
  options.statement_limit = std::chrono::milliseconds(400);
  const WorkResult work = in_processes(1, options, [](std::size_t) {
    for (int i = 0; i < 60; ++i) {
      pipeline::sql_activity() = pipeline::sql_activity() + 1;
      ::usleep(20'000);
      pipeline::sql_activity() = pipeline::sql_activity() + 1;
    }
    return std::string("done");
  });
  CHECK(work.lost.empty());
  CHECK(work.results.front() == "done");
}

#ifndef TWICE_SANITIZED
TEST_CASE("a worker that wants more memory than a process may have loses its unit as memory-limit, at once") {
  const WorkResult work = in_processes(2, {}, [](std::size_t unit) {
    if (unit == 0) {
      limit_memory();
      std::vector<std::string> all;
      for (;;) all.emplace_back(100'000'000, 'x');
    }
    return std::string("done");
  });
  REQUIRE(work.lost.size() == 1);
  CHECK(work.lost.front().limit == "memory-limit");
  CHECK(work.reports.empty());
  CHECK(work.results[1] == "done");
}
#endif

}  // namespace twice::lab

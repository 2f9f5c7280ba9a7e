// Processor time of the hot paths; run with "test_warehouse [.bench]".
#include <cstdio>
#include <ctime>

#include "support/catch.h"
#include "warehouse/engine_user.h"

using namespace twice;
using namespace twice::pipeline;

namespace {

template <class Body>
void print_time(const char* what, int times, const Body& body) {
  const std::clock_t start = std::clock();
  for (int i = 0; i < times; ++i) body(i);
  const double microseconds = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%-58s %8.2f us\n", what, microseconds / times);
}

}  // namespace

TEST_CASE("how long statements, forks and questions take", "[.bench]") {
  for (const char* journal : {"delete", "truncate", "wal"}) {
    std::printf("journal %s, synchronous extra, 3 columns, watched\n", journal);
    EngineUser user({.journal = journal, .watch = {"orders"}});
    user.must("CREATE TABLE orders(id INTEGER, day TEXT, amount REAL)");
    const Statement insert = make_statement("INSERT INTO orders VALUES (:id, :day, :amount)", {"id", "day", "amount"});
    const auto row = [&](int i) {
      Statement s = insert;
      s.values = {std::int64_t{i}, std::string("2024-01-05"), 1.5 * i};
      return user.engine->execute(user.session, s, {});
    };
    print_time("INSERT, committed each", 5000, [&](int i) { row(i); });
    const std::uint64_t io = user.engine->io_count();
    row(0);
    std::printf("%-58s %8llu\n", "  I/O operations of one",
                static_cast<unsigned long long>(user.engine->io_count() - io));
    user.must("DELETE FROM orders");
    user.must("BEGIN");
    print_time("INSERT within a transaction", 100'000, [&](int i) { row(i); });
    user.must("ROLLBACK");
    for (int i = 0; i < 1000; ++i) row(i);
    print_time("clone of 1,000 rows", 1000, [&](int) { user.engine->clone(); });
    print_time("clone, then the first statement", 1000, [&](int) {
      const auto fork = user.engine->clone();
      Statement s = insert;
      s.values = {std::int64_t{1}, std::string("2024-01-05"), 1.5};
      fork->execute(user.session, s, {});
    });
    print_time("settled_digest", 1000, [&](int) { user.engine->settled_digest(); });
    print_time("query count(*)", 1000, [&](int) { user.engine->query("SELECT count(*) FROM orders", {}); });
    print_time("tables", 1000, [&](int) { user.engine->tables(); });
    print_time("dump of 1,000 rows", 200, [&](int) { user.engine->dump("orders"); });
    print_time("integrity", 200, [&](int) { user.engine->integrity(); });
  }
}

TEST_CASE("how long one crash point takes: fork, crash, recover, retry 1,000 rows in 5 commits, look", "[.bench]") {
  EngineUser user({.watch = {"orders"}});
  user.must("CREATE TABLE orders(id INTEGER, day TEXT, amount REAL)");
  const Statement insert = make_statement("INSERT INTO orders VALUES (:id, 'd', 1.5)", {"id"}, {std::int64_t{0}});
  const Statement begin = make_statement("BEGIN"), commit = make_statement("COMMIT");
  const auto load = [&](Engine& engine) {
    for (int i = 0; i < 1000; ++i) {
      if (i % 200 == 0) engine.execute(user.session, begin, {});
      Statement row = insert;
      row.values[0] = std::int64_t{i};
      engine.execute(user.session, row, {});
      if (i % 200 == 199) engine.execute(user.session, commit, {});
    }
  };
  user.must("INSERT INTO orders VALUES (-1, 'd', 1.5)");
  const std::uint64_t end = user.engine->io_count();
  print_time("one crash point with retry", 300, [&](int i) {
    const auto fork = user.engine->clone();
    fork->crash({.cut_after = end - static_cast<std::uint64_t>(i) % 17});
    fork->open(user.session);
    load(*fork);
    fork->visible();
  });
  print_time("one crash point, integrity and digest only", 300, [&](int i) {
    const auto fork = user.engine->clone();
    fork->crash({.cut_after = end - static_cast<std::uint64_t>(i) % 17});
    fork->integrity();
    fork->settled_digest();
  });
}

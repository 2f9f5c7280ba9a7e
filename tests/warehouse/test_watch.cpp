// The digest of visible rows, kept up to date row by row, against a full scan.
#include "core/random.h"
#include "warehouse/engine_user.h"

using namespace twice;
using namespace twice::pipeline;

namespace {

constexpr SessionId kWatcher{2};
const std::vector<std::string> kWatched = {"orders", "marks", "totals"};

/// What a full scan of the bytes sees: a fork whose memory of what is visible a crash has wiped.
std::vector<Visible> scanned(const EngineUser& user) {
  const auto fork = user.engine->clone();
  fork->crash({});
  return fork->visible();
}

void check_exact(const EngineUser& user, const SqlReply& reply, const std::string& sql) {
  INFO(sql << ": " << name_of(reply.status) << " " << reply.message);
  REQUIRE(user.engine->visible() == scanned(user));
  if (reply.committed) REQUIRE(reply.visible == user.engine->visible());
}

const char* kStatements[] = {
    "INSERT INTO orders(id, day, amount) VALUES (abs(random() % 50), 'd' || abs(random() % 5), random() % 100)",
    "INSERT OR REPLACE INTO orders(id, day, amount) SELECT abs(random() % 50), 'd1', 2.5 FROM marks LIMIT 5",
    "INSERT OR IGNORE INTO orders(id, day, amount) VALUES (1, 'x', 1), (2, 'x', 2), (1, 'x', 3)",
    "INSERT OR FAIL INTO orders(id, day, amount) VALUES (101, 'x', 1), (2, 'x', 2), (2, 'x', 3), (103, 'x', 3)",
    "INSERT INTO orders(id, day, amount) VALUES (abs(random() % 50), 'u', 1) ON CONFLICT(id) DO UPDATE SET amount = "
    "amount + 1",
    "UPDATE orders SET amount = amount * 2 WHERE id % 3 = abs(random() % 3)",
    "UPDATE orders SET id = id + 1000 WHERE id = abs(random() % 50)",
    "UPDATE OR REPLACE orders SET id = 7 WHERE id > 40",
    "UPDATE orders SET id = 5",
    "DELETE FROM orders WHERE id % 7 = abs(random() % 7)",
    "DELETE FROM orders",
    "REPLACE INTO marks VALUES ('m' || abs(random() % 4), random())",
    "DELETE FROM marks WHERE name = 'm1'",
    "BEGIN",
    "COMMIT",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s",
    "ROLLBACK TO s",
    "RELEASE s",
    "DROP TABLE IF EXISTS totals",
    "CREATE TABLE IF NOT EXISTS totals AS SELECT day, sum(amount) FROM orders GROUP BY day",
    "UPDATE totals SET day = day || '!'",
    "ALTER TABLE orders RENAME TO old_orders",
    "ALTER TABLE old_orders RENAME TO orders",
    "ALTER TABLE marks RENAME COLUMN value TO amount",
    "CREATE TRIGGER IF NOT EXISTS copy AFTER DELETE ON orders BEGIN INSERT INTO marks VALUES ('t' || old.id || "
    "random(), 1); END",
    "DROP TRIGGER IF EXISTS copy",
};

void create_tables(EngineUser& user) {
  user.must("CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT, amount REAL, extra)");
  user.must("CREATE TABLE marks(name TEXT PRIMARY KEY, value) WITHOUT ROWID");
}

}  // namespace

TEST_CASE("the visible digest equals a full scan after every statement of random work") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const char* journals[] = {"delete", "truncate", "wal"};
    EngineUser user({.journal = journals[seed % 3], .watch = kWatched});
    user.engine->open(kWatcher);
    create_tables(user);
    for (std::uint64_t i = 0; i < 250; ++i) {
      user.moment = {Time{}, seed, i};
      const std::string sql = kStatements[mix(seed, i) % std::size(kStatements)];
      const SqlReply reply = user.run_as(mix(seed, i, 1) % 4 == 0 ? kWatcher : user.session, sql);
      check_exact(user, reply, sql);
    }
  }
}

TEST_CASE("what the change reports cannot follow is scanned: defaults added later, generated columns, views") {
  EngineUser user({.watch = kWatched});
  for (const char* sql :
       {"CREATE TABLE orders(id INTEGER PRIMARY KEY, day)", "INSERT INTO orders VALUES (1, 'a'), (2, 'b')",
        "ALTER TABLE orders ADD COLUMN amount DEFAULT 7", "UPDATE orders SET day = 'c' WHERE id = 1",
        "DELETE FROM orders WHERE id = 2", "CREATE TABLE marks(a, b AS (a * 2))", "INSERT INTO marks VALUES (3)",
        "UPDATE marks SET a = 4", "CREATE VIEW totals AS SELECT count(*) FROM orders",
        "INSERT INTO orders VALUES (9, 'z', 1)"}) {
    check_exact(user, user.must(sql), sql);
  }
}

TEST_CASE("order does not count, values, missing tables and duplicates do") {
  EngineUser one({.watch = {"t"}}), other({.watch = {"t"}});
  const Visible missing = one.engine->visible()[0];
  one.must("CREATE TABLE t(a, b)");
  other.must("CREATE TABLE t(a, b)");
  CHECK(one.engine->visible()[0] != missing);
  CHECK(one.engine->visible()[0].rows == missing.rows);
  one.must("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
  other.must("INSERT INTO t VALUES (2, 'y'), (1, 'x')");
  CHECK(one.engine->visible() == other.engine->visible());
  other.must("UPDATE t SET b = 'X' WHERE a = 1");
  CHECK(one.engine->visible() != other.engine->visible());
  other.must("UPDATE t SET b = 'x' WHERE a = 1");
  CHECK(one.engine->visible() == other.engine->visible());
  other.must("INSERT INTO t VALUES (1, 'x')");
  CHECK(one.engine->visible() != other.engine->visible());
}

TEST_CASE("a temporary table of the same name is not what others see") {
  EngineUser user({.watch = {"t"}});
  user.must("CREATE TABLE t(a)");
  user.must("CREATE TEMP TABLE t(a)");
  const auto before = user.engine->visible();
  user.must("INSERT INTO temp.t VALUES (1)");
  CHECK(user.engine->visible() == before);
  check_exact(user, user.must("INSERT INTO main.t VALUES (2)"), "insert");
  CHECK(user.engine->visible()[0].rows == 1);
}

TEST_CASE("after a crash what is visible is what recovery finds") {
  EngineUser user({.watch = {"t"}});
  user.must("CREATE TABLE t(a)");
  user.must("INSERT INTO t VALUES (1)");
  const std::uint64_t io = user.engine->io_count();
  user.must("INSERT INTO t VALUES (2)");
  CHECK(user.engine->visible()[0].rows == 2);
  user.engine->crash({.cut_after = io + 3});
  CHECK(user.engine->visible()[0].rows == 1);
  user.engine->open(user.session);
  CHECK(user.must("INSERT INTO t VALUES (3)").visible.at(0).rows == 2);
}

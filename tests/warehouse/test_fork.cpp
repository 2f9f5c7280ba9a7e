// A fork has the future that its original has, also from the middle of transactions.
#include "core/random.h"
#include "warehouse/engine_user.h"

using namespace twice;
using namespace twice::pipeline;

namespace {

constexpr SessionId kFork{2};

/// A script of two sessions; `done` statements of it have run.
struct Script {
  EngineUser user;
  std::uint64_t seed = 0;
  std::uint64_t done = 0;

  std::string step() {
    const std::uint64_t i = done++;
    const SessionId who = mix(seed, i, 1) % 3 == 0 ? kFork : user.session;
    user.moment = {Time{static_cast<std::int64_t>(i) * 1'000'000}, seed, i};
    switch (mix(seed, i, 3) % 40) {
      case 0:
        user.engine->kill(who), user.engine->open(who);
        break;
      case 1:
        user.engine->close(who), user.engine->open(who);
        break;
      default:
        break;
    }
    return print(user.run_as(who, sql_of(i)));
  }
  static std::string print(const SqlReply& r) {
    std::string text(name_of(r.status));
    text += " " + r.message + " " + std::to_string(r.changes) + " " + std::to_string(r.cost.ns) +
            (r.in_transaction ? " in" : "") + (r.committed ? " committed" : "");
    for (const Visible& v : r.visible) text += " " + std::to_string(v.rows) + ":" + std::to_string(v.digest);
    for (const SqlRow& row : r.result.rows) {
      for (const SqlValue& value : row) text += " " + to_literal(value);
    }
    return text;
  }
  std::string sql_of(std::uint64_t i) const {
    static const char* kSql[] = {"BEGIN",
                                 "BEGIN IMMEDIATE",
                                 "COMMIT",
                                 "COMMIT",
                                 "ROLLBACK",
                                 "SAVEPOINT s",
                                 "RELEASE s",
                                 "ROLLBACK TO s",
                                 "INSERT INTO t(b) VALUES (random())",
                                 "INSERT INTO t(b) VALUES (random())",
                                 "INSERT INTO t(b) SELECT b FROM t LIMIT 20",
                                 "INSERT INTO t(b) VALUES (zeroblob(20000))",
                                 "UPDATE t SET b = b || 'x' WHERE a % 5 = 0",
                                 "DELETE FROM t WHERE a % 7 = 0",
                                 "SELECT count(*), last_insert_rowid(), changes(), total_changes() FROM t",
                                 "CREATE TABLE IF NOT EXISTS u(a)",
                                 "DROP TABLE IF EXISTS u",
                                 "PRAGMA foreign_keys = ON",
                                 "PRAGMA foreign_keys",
                                 "CREATE TEMP TABLE IF NOT EXISTS w AS SELECT * FROM t",
                                 "INSERT INTO t(b) SELECT b FROM w LIMIT 1",
                                 "PRAGMA wal_checkpoint"};
    const std::uint64_t temporary = seed % 3 == 0 ? std::size(kSql) : std::size(kSql) - 3;
    return kSql[mix(seed, i, 2) % temporary];
  }
  Script fork() const { return {user.fork(), seed, done}; }
};

Script start(const char* journal, std::uint64_t seed) {
  Script script{EngineUser({.journal = journal, .watch = {"t"}}), seed};
  script.user.engine->open(kFork);
  script.user.must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  return script;
}

}  // namespace

TEST_CASE("a fork replies, costs and counts as its original does, and neither disturbs the other") {
  for (const char* journal : {"delete", "truncate", "wal"}) {
    for (std::uint64_t seed = 1; seed <= 9; ++seed) {
      Script original = start(journal, seed);
      for (int at = 0; at < 12; ++at) {
        for (int i = 0; i < 9; ++i) original.step();
        Script fork = original.fork();
        Script fork_of_fork = fork.fork();
        CHECK(fork.user.engine->io_count() == original.user.engine->io_count());
        CHECK(fork.user.engine->visible() == original.user.engine->visible());
        Script ahead = original.fork();
        for (int i = 0; i < 15; ++i) {
          const std::string expected = ahead.step();
          INFO(journal << ", seed " << seed << ", statement " << ahead.done << ": " << ahead.sql_of(ahead.done - 1));
          REQUIRE(fork.step() == expected);
          REQUIRE(fork.user.engine->io_count() == ahead.user.engine->io_count());
        }
        // The original, which never forked, agrees with forks of forks.
        for (int i = 0; i < 5; ++i) {
          const std::string expected = original.step();
          INFO(journal << ", seed " << seed << ", statement " << original.done << ": "
                       << original.sql_of(original.done - 1));
          REQUIRE(fork_of_fork.step() == expected);
          REQUIRE(fork_of_fork.user.engine->io_count() == original.user.engine->io_count());
        }
        INFO(journal << ", seed " << seed << ", statement " << original.done);
        REQUIRE(fork_of_fork.user.engine->dump("t")->rows == original.user.engine->dump("t")->rows);
        REQUIRE(fork_of_fork.user.engine->settled_digest() == original.user.engine->settled_digest());
        REQUIRE(fork_of_fork.user.engine->integrity() == "ok");
      }
    }
  }
}

TEST_CASE("a fork inside a transaction crashes as its original does, without waking") {
  for (const char* journal : {"delete", "truncate", "wal"}) {
    EngineUser user({.journal = journal, .watch = {"t"}});
    user.must("CREATE TABLE t(a)");
    user.must("BEGIN");
    user.must("INSERT INTO t VALUES (1)");
    const std::uint64_t io = user.engine->io_count();
    user.must("COMMIT");
    EngineUser inside(make_sqlite_engine({.journal = journal, .watch = {"t"}}));
    inside.engine->open(inside.session);
    inside.must("CREATE TABLE t(a)");
    inside.must("BEGIN");
    inside.must("INSERT INTO t VALUES (1)");
    EngineUser fork = inside.fork();
    EngineUser same = user.fork();
    for (EngineUser* each : {&fork, &inside}) each->engine->crash({});
    CHECK(fork.engine->settled_digest() == inside.engine->settled_digest());
    CHECK(fork.engine->visible()[0].rows == 0);
    for (EngineUser* each : {&same, &user}) each->engine->crash({.cut_after = io + 1});
    CHECK(same.engine->settled_digest() == user.engine->settled_digest());
  }
}

TEST_CASE("a session killed in a fork leaves the original's transaction alone") {
  EngineUser user;
  user.must("CREATE TABLE t(a)");
  user.must("BEGIN");
  user.must("INSERT INTO t VALUES (1)");
  EngineUser fork = user.fork();
  fork.engine->kill(fork.session);
  fork.engine->open(fork.session);
  CHECK(fork.run("INSERT INTO t VALUES (2)").status == SqlStatus::kOk);
  CHECK(fork.ask("SELECT sum(a) FROM t") == "2");
  user.must("COMMIT");
  CHECK(user.ask("SELECT sum(a) FROM t") == "1");
}

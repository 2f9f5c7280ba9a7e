// One engine, its sessions and their replies.
#include <algorithm>

#include "warehouse/engine_user.h"

using namespace twice;
using namespace twice::pipeline;

namespace {
constexpr SessionId kOther{2};
constexpr const char* kAllJournals[] = {"delete", "truncate", "wal"};
}  // namespace

TEST_CASE("values of all five kinds go in by name and come out as they were") {
  EngineUser user;
  user.must("CREATE TABLE t(i, r, s, b, n)");
  const Statement insert =
      make_statement("INSERT INTO t VALUES (:i, @r, $s, :b, :n)", {"i", ":r", "$s", "b", "n"},
                     {std::int64_t{7}, 1.5, std::string("it's"), Blob{std::string("\0\xff", 2)}, Null{}});
  REQUIRE(user.engine->execute(user.session, insert, {}).changes == 1);
  const SqlReply reply = user.must("SELECT * FROM t");
  CHECK(reply.result.columns == std::vector<std::string>{"i", "r", "s", "b", "n"});
  REQUIRE(reply.result.rows.size() == 1);
  CHECK(reply.result.rows[0] == insert.values);
  CHECK(to_literal(reply.result.rows[0][3]) == "x'00ff'");
  CHECK(to_literal(reply.result.rows[0][2]) == "'it''s'");
}

TEST_CASE("a parameter without a value is an error that names it") {
  EngineUser user;
  const SqlReply reply = user.engine->execute(user.session, make_statement("SELECT :a, :day", {"a"}, {Null{}}), {});
  CHECK(reply.status == SqlStatus::kError);
  CHECK(reply.message.find(":day") != std::string::npos);
  CHECK(user.run("SELECT ?").status == SqlStatus::kError);
}

TEST_CASE("one statement at a time; trailing semicolons and comments are no statement") {
  EngineUser user;
  user.must("CREATE TABLE t(a); -- done");
  const SqlReply two = user.run("INSERT INTO t VALUES (1); DELETE FROM t");
  CHECK(two.status == SqlStatus::kError);
  CHECK(two.error_at == 26);
  CHECK(user.ask("SELECT count(*) FROM t") == "0");
  CHECK(user.run("-- only a comment").status == SqlStatus::kOk);
}

TEST_CASE("replies say what happened") {
  EngineUser user;
  SqlReply reply = user.must("CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT");
  CHECK(reply.committed);
  CHECK(reply.cost > Duration{});
  CHECK(user.must("INSERT INTO t VALUES (1), (2), (3)").changes == 3);
  reply = user.must("BEGIN");
  CHECK(reply.in_transaction);
  CHECK_FALSE(reply.committed);
  reply = user.must("DELETE FROM t WHERE a > 1");
  CHECK(reply.changes == 2);
  CHECK_FALSE(reply.committed);
  reply = user.must("COMMIT");
  CHECK(reply.committed);
  CHECK_FALSE(reply.in_transaction);
  CHECK_FALSE(user.must("SELECT * FROM t").committed);
  CHECK_FALSE(user.must("DELETE FROM t WHERE a = 99").committed);
  CHECK(user.run("INSERT INTO t VALUES (1)").status == SqlStatus::kConstraint);
  CHECK(user.run("INSERT INTO t VALUES ('text')").status == SqlStatus::kConstraint);
  reply = user.run("SELECT a, b FROM t");
  CHECK(reply.status == SqlStatus::kError);
  CHECK(reply.error_at == 10);
}

TEST_CASE("every journal mode is the one that was asked for") {
  for (const char* journal : kAllJournals) {
    EngineUser user({.journal = journal});
    CHECK(user.ask("PRAGMA journal_mode") == journal);
    CHECK(to_text(user.must("PRAGMA journal_mode").result.rows[0][0]) == journal);
  }
  EngineUser small({.page_bytes = 1024});
  small.must("CREATE TABLE t(a)");
  CHECK(small.ask("PRAGMA page_size") == "1024");
}

TEST_CASE("two writers: the second is busy and goes on when the first has ended") {
  for (const char* journal : kAllJournals) {
    EngineUser user({.journal = journal});
    user.engine->open(kOther);
    user.must("CREATE TABLE t(a)");
    user.must("BEGIN IMMEDIATE");
    user.must("INSERT INTO t VALUES (1)");
    const SqlReply busy = user.run_as(kOther, "INSERT INTO t VALUES (2)");
    CHECK(busy.status == SqlStatus::kBusy);
    CHECK(user.run_as(kOther, "BEGIN IMMEDIATE").status == SqlStatus::kBusy);
    CHECK(to_text(user.run_as(kOther, "SELECT count(*) FROM t").result.rows.at(0).at(0)) == "0");
    user.must("COMMIT");
    CHECK(user.run_as(kOther, "INSERT INTO t VALUES (2)").status == SqlStatus::kOk);
    CHECK(user.ask("SELECT count(*) FROM t") == "2");
    CHECK(user.engine->integrity() == "ok");
  }
}

TEST_CASE("a reader inside a transaction holds up a commit, except with a write-ahead log") {
  for (const char* journal : kAllJournals) {
    EngineUser user({.journal = journal});
    user.engine->open(kOther);
    user.must("CREATE TABLE t(a)");
    user.run_as(kOther, "BEGIN");
    user.run_as(kOther, "SELECT * FROM t");
    const SqlReply reply = user.run("INSERT INTO t VALUES (1)");
    const bool is_wal = std::string(journal) == "wal";
    CHECK(reply.status == (is_wal ? SqlStatus::kOk : SqlStatus::kBusy));
    CHECK(reply.committed == is_wal);
    user.run_as(kOther, "COMMIT");
    CHECK(user.run("INSERT INTO t VALUES (2)").status == SqlStatus::kOk);
  }
}

TEST_CASE("a snapshot that is too old to write from is an error, not a lock to wait for") {
  EngineUser user({.journal = "wal"});
  user.engine->open(kOther);
  user.must("CREATE TABLE t(a)");
  user.run_as(kOther, "BEGIN");
  user.run_as(kOther, "SELECT * FROM t");
  user.must("INSERT INTO t VALUES (1)");
  CHECK(user.run_as(kOther, "INSERT INTO t VALUES (2)").status == SqlStatus::kError);
}

TEST_CASE("a killed session's transaction is rolled back by the next to look; its locks are gone at once") {
  for (const char* journal : kAllJournals) {
    EngineUser user({.journal = journal});
    user.engine->open(kOther);
    user.must("CREATE TABLE t(a, filler)");
    user.must("INSERT INTO t VALUES (0, '')");
    user.must("BEGIN");
    user.must("DELETE FROM t");
    // Far more than the page cache holds: a part of it reaches the file before the commit.
    user.must(
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) SELECT i, "
        "zeroblob(1000) FROM n");
    const std::uint64_t io = user.engine->io_count();
    user.engine->kill(user.session);
    CHECK(user.engine->io_count() == io);
    CHECK(user.run("SELECT 1").status == SqlStatus::kNoSession);
    CHECK(user.ask("SELECT count(*) FROM t") == "1");
    CHECK(user.run_as(kOther, "INSERT INTO t VALUES (1, '')").status == SqlStatus::kOk);
    CHECK(user.ask("SELECT count(*) FROM t") == "2");
    CHECK(user.engine->integrity() == "ok");
  }
}

TEST_CASE("closing rolls back what is open") {
  for (const char* journal : kAllJournals) {
    EngineUser user({.journal = journal});
    user.must("CREATE TABLE t(a)");
    user.must("BEGIN");
    user.must("INSERT INTO t VALUES (1)");
    user.engine->close(user.session);
    user.engine->open(kOther);
    CHECK(user.run_as(kOther, "INSERT INTO t VALUES (2)").status == SqlStatus::kOk);
    CHECK(user.ask("SELECT sum(a) FROM t") == "2");
  }
}

TEST_CASE("an I/O error and a full disk fail a statement and leave the database whole") {
  for (const char* journal : kAllJournals) {
    for (const auto kind : {physics::DiskFault::Kind::kIoError, physics::DiskFault::Kind::kFull}) {
      int failures = 0;
      for (std::uint64_t at = 1; at < 30; ++at) {
        EngineUser user({.journal = journal});
        user.must("CREATE TABLE t(a PRIMARY KEY, filler)");
        user.must("INSERT INTO t VALUES (1, zeroblob(5000))");
        user.engine->arm({.at = user.engine->io_count() + at, .kind = kind, .once = true});
        const SqlReply reply = user.run("INSERT INTO t VALUES (2, zeroblob(5000))");
        if (reply.status == SqlStatus::kOk) continue;
        ++failures;
        CHECK(reply.status == (kind == physics::DiskFault::Kind::kFull ? SqlStatus::kFull : SqlStatus::kIoError));
        CHECK_FALSE(reply.committed);
        CHECK(user.engine->integrity() == "ok");
        const std::string rows = user.ask("SELECT count(*) FROM t");
        CHECK((rows == "1" || rows == "2"));
        CHECK(user.run("INSERT OR REPLACE INTO t VALUES (3, '')").status == SqlStatus::kOk);
      }
      CHECK(failures > 0);
    }
  }
}

TEST_CASE("hostile statements end with a status, in bounded work") {
  EngineUser user({.work_limit = 1'000'000});
  user.must("CREATE TABLE t(a)");
  const SqlReply endless =
      user.run("INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
  CHECK(endless.status == SqlStatus::kTooLong);
  CHECK(user.ask("SELECT count(*) FROM t") == "0");
  CHECK(user.run("SELECT zeroblob(1000000000)").status != SqlStatus::kOk);
  CHECK(user.run("SELECT '" + std::string(10'000'000, 'x') + "'").status != SqlStatus::kOk);
  CHECK(user.run("ATTACH 'x.db' AS x").status == SqlStatus::kRefused);
  CHECK(user.run("SELECT exp(1)").status == SqlStatus::kRefused);
  CHECK(user.run("SELECT date('now', 'local' || 'time')").status != SqlStatus::kOk);
  CHECK(user.run("SELECT 1").status == SqlStatus::kOk);
}

TEST_CASE("a statement that wants all memory or all of the disk fails; the machine does not") {
  EngineUser user({.disk = {.capacity_bytes = 2'000'000}});
  user.must("CREATE TABLE t(a)");
  const std::string blobs = " SELECT i, zeroblob(900000) AS b FROM n";
  const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)";
  CHECK(user.run(numbers + " SELECT max(length(b)) FROM (" + blobs + " ORDER BY b, i)").status == SqlStatus::kTooLong);
  CHECK(user.run("INSERT INTO t " + numbers + " SELECT zeroblob(1000) FROM n").status == SqlStatus::kFull);
  CHECK(user.ask("SELECT count(*) FROM t") == "0");
  CHECK(user.run("INSERT INTO t VALUES (1)").status == SqlStatus::kOk);
}

TEST_CASE("a value too large to bind is a limit, not NULL") {
  EngineUser user;
  user.must("CREATE TABLE t(a)");
  const Statement insert = make_statement("INSERT INTO t VALUES (:a)", {"a"}, {std::string(5'000'000, 'x')});
  CHECK(user.engine->execute(user.session, insert, {}).limit == SqlLimit::kValue);
  CHECK(user.ask("SELECT count(*) FROM t") == "0");
}

TEST_CASE("SQL's clock is virtual time, its random numbers are keyed draws, and both are noticed") {
  EngineUser user({.epoch_unix_seconds = 1'704'412'800});  // 2024-01-05
  CHECK_FALSE(user.engine->used_clock_or_random());
  user.must("SELECT date('2024-01-05', '+1 day')");
  CHECK_FALSE(user.engine->used_clock_or_random());
  user.moment = {Time{seconds(3661).ns}, 7, 8};
  CHECK(to_text(user.must("SELECT datetime('now')").result.rows[0][0]) == "2024-01-05 01:01:01");
  CHECK(to_text(user.must("SELECT CURRENT_DATE").result.rows[0][0]) == "2024-01-05");
  CHECK(user.engine->used_clock_or_random());
  const auto first = user.must("SELECT random(), random(), hex(randomblob(9))").result.rows;
  CHECK(first == user.must("SELECT random(), random(), hex(randomblob(9))").result.rows);
  CHECK(first[0][0] != first[0][1]);
  user.moment.id = 9;
  CHECK(first != user.must("SELECT random(), random(), hex(randomblob(9))").result.rows);
}

TEST_CASE("questions do not touch the run") {
  EngineUser user;
  user.must("CREATE TABLE t(a, b)");
  user.must("CREATE TABLE \"odd \"\"name\"(a)");
  user.must("INSERT INTO t VALUES (2, 'x'), (1, 'y'), (1, NULL)");
  user.must("BEGIN");
  user.must("DELETE FROM t");
  const std::uint64_t io = user.engine->io_count();
  CHECK(user.ask("SELECT count(*) FROM t") == "3");
  CHECK(user.engine->query("DELETE FROM t; SELECT :x", {{"x", std::int64_t{4}}}).result.rows[0][0] ==
        SqlValue{std::int64_t{4}});
  CHECK(user.engine->tables() == std::vector<std::string>{"odd \"name", "t"});
  const auto dump = user.engine->dump("t");
  REQUIRE(dump);
  CHECK(std::is_sorted(dump->rows.begin(), dump->rows.end()));
  CHECK(dump->rows.size() == 3);
  CHECK_FALSE(user.engine->dump("nowhere"));
  CHECK(user.engine->integrity() == "ok");
  CHECK(user.engine->io_count() == io);
  user.must("COMMIT");
  CHECK(user.ask("SELECT count(*) FROM t") == "0");
}

TEST_CASE("settled digests are equal for equal histories and differ with the data") {
  EngineUser one, other;
  for (EngineUser* user : {&one, &other}) {
    user->must("CREATE TABLE t(a)");
    user->must("INSERT INTO t VALUES (1)");
  }
  CHECK(one.engine->settled_digest() == other.engine->settled_digest());
  other.must("BEGIN");
  other.must("INSERT INTO t VALUES (2)");
  other.must("ROLLBACK");
  CHECK(one.engine->settled_digest() == other.engine->settled_digest());
  other.must("INSERT INTO t VALUES (2)");
  CHECK(one.engine->settled_digest() != other.engine->settled_digest());
}

TEST_CASE("engines that take turns in one process run as if alone") {
  const auto script = [](EngineUser& user, int i) {
    if (i == 0) return user.must("CREATE TABLE t(a, b)");
    return user.must("INSERT INTO t VALUES (" + std::to_string(i) + ", random())");
  };
  EngineUser alone;
  for (int i = 0; i < 30; ++i) script(alone, i);
  EngineUser left, right({.journal = "wal"});
  for (int i = 0; i < 30; ++i) script(left, i), script(right, i);
  CHECK(left.engine->io_count() == alone.engine->io_count());
  CHECK(left.engine->settled_digest() == alone.engine->settled_digest());
  CHECK(left.engine->dump("t")->rows == alone.engine->dump("t")->rows);
  CHECK(right.engine->dump("t")->rows == alone.engine->dump("t")->rows);
}

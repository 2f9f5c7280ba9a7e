// A limit of this program is told apart from a failure of the warehouse, and remembered.
#include "pipeline/warehouse/sql_activity.h"
#include "pipeline/warehouse/sql_check.h"
#include "warehouse/engine_user.h"

namespace twice::pipeline {
namespace {

const std::string kEndless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";

std::string many(std::uint64_t rows) {
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) + ") ";
}

EngineOptions small() {
  EngineOptions options;
  options.work_limit = 1'000'000;
  options.file_bytes = 1'000'000;
  options.watch = {"t"};
  return options;
}

}  // namespace

TEST_CASE("each limit of the engine is named by the reply that met it, and by the engine afterwards") {
  struct {
    std::string sql;
    SqlLimit limit;
  } const cases[] = {
      {"INSERT INTO t " + kEndless + "SELECT i FROM n", SqlLimit::kSteps},
      {"SELECT hex(zeroblob(600000))", SqlLimit::kValue},
      {"INSERT INTO t " + many(2'000) + "SELECT zeroblob(1000) FROM n", SqlLimit::kDisk},
      {"SELECT 'x' LIKE hex(zeroblob(1000))", SqlLimit::kShape},
  };
  for (const auto& one : cases) {
    EngineUser user(small());
    user.must("CREATE TABLE t(a)");
    CHECK_FALSE(user.engine->limit_met());
    const SqlReply reply = user.run(one.sql);
    INFO(one.sql << ": " << reply.message);
    CHECK(reply.status == SqlStatus::kTooLong);
    CHECK(reply.limit == one.limit);
    CHECK(reply.message == sentence_of(one.limit));
    CHECK(user.engine->limit_met() == one.limit);
    CHECK(user.fork().engine->limit_met() == one.limit);
    CHECK(user.run("INSERT INTO t VALUES (1)").status == SqlStatus::kOk);
  }
}

TEST_CASE("too many rows are a limit, for a statement and for whoever reads the table") {
  EngineUser user;
  user.must("CREATE TABLE t(a)");
  user.must("INSERT INTO t " + many(200'001) + "SELECT i FROM n");
  CHECK_FALSE(user.engine->limit_met());
  CHECK(user.run("SELECT a FROM t").limit == SqlLimit::kResult);
  const EngineUser other = user.fork();
  CHECK(user.engine->query("SELECT a FROM t", {}).limit == SqlLimit::kResult);
}

TEST_CASE("a view without end over the watched table is cut, and the engine says so") {
  EngineUser user(small());
  user.must("CREATE TABLE t(a)");
  user.must("DROP TABLE t");
  user.run("CREATE VIEW t AS " + kEndless + "SELECT i AS a FROM n");
  CHECK(user.engine->limit_met() == SqlLimit::kSteps);
}

TEST_CASE("an ordinary failure is no limit") {
  EngineUser user;
  user.must("CREATE TABLE t(a UNIQUE)");
  user.must("INSERT INTO t VALUES (1)");
  for (const char* sql : {"INSERT INTO t VALUES (1)", "SELECT * FROM missing", "SELEC", "ATTACH 'x' AS y"}) {
    const SqlReply reply = user.run(sql);
    CHECK(reply.status != SqlStatus::kOk);
    CHECK_FALSE(reply.limit);
  }
  CHECK_FALSE(user.engine->limit_met());
}

TEST_CASE("the activity of SQLite is even outside of it, and moves with every statement") {
  EngineUser user;
  user.must("CREATE TABLE t(a)");
  const std::uint64_t before = sql_activity();
  CHECK(before % 2 == 0);
  user.must("INSERT INTO t VALUES (1)");
  CHECK(sql_activity() > before);
  CHECK(sql_activity() % 2 == 0);
  CHECK_FALSE(check_sql("CREATE TABLE t(a)", "SELECT a FROM t"));
  CHECK(sql_activity() % 2 == 0);
}

}  // namespace twice::pipeline

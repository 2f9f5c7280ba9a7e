#include "pipeline/warehouse/sql_check.h"
#include "support/catch.h"

using namespace twice::pipeline;

namespace {

constexpr const char* kSchema =
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT, amount REAL); CREATE TABLE staging(id, day, amount);";

bool is_fine(std::string_view sql) {
  const auto found = check_sql(kSchema, sql);
  INFO(sql << ": " << (found ? found->message : ""));
  CHECK_FALSE(found);
  return !found;
}

/// Message and help of what is wrong; "" when nothing is.
std::string complaint(std::string_view sql) {
  const auto found = check_sql(kSchema, sql);
  return found ? in_one_line(*found) : "";
}

bool complains(std::string_view sql, std::string_view words) {
  const std::string said = complaint(sql);
  INFO(sql << ": " << said);
  CHECK(said.find(words) != std::string::npos);
  return said.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("good SQL passes, with parameters, several statements and tables made on the way") {
  is_fine("INSERT INTO orders VALUES (:id, :day, :amount) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount");
  is_fine("BEGIN; DELETE FROM orders WHERE day = :day; INSERT INTO orders SELECT * FROM staging; COMMIT;");
  is_fine(
      "CREATE TABLE fresh AS SELECT * FROM orders; DROP TABLE orders; ALTER TABLE fresh RENAME TO orders; SELECT id "
      "FROM orders");
  is_fine("CREATE TABLE t(a INTEGER, b INTEGER AS (a + 1)) STRICT; SELECT b FROM t");
  is_fine("SELECT date('now', '-1 day'), date(:day, '+1 month'), strftime('%s', day) - 10 FROM orders");
  is_fine("PRAGMA foreign_keys = ON; PRAGMA table_info(orders); PRAGMA user_version");
  is_fine("SELECT sqrt(2), abs(-1), round(1.5), CURRENT_DATE, random()");
  is_fine("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
}

TEST_CASE("an error is placed on its token, in bytes of the whole text") {
  const std::string sql = "DELETE FROM orders;\nINSERT INTO ordrs VALUES (1)";
  auto found = check_sql(kSchema, sql);
  REQUIRE(found);
  CHECK(sql.substr(found->offset, found->length) == "ordrs");
  const std::string typo = "BEGIN; SELEC 1";
  found = check_sql(kSchema, typo);
  REQUIRE(found);
  CHECK(typo.substr(found->offset, found->length) == "SELEC");
  const std::string column = "SELECT amount, pirce FROM orders";
  found = check_sql(kSchema, column);
  REQUIRE(found);
  CHECK(column.substr(found->offset, found->length) == "pirce");
}

TEST_CASE("statements of other dialects are refused with SQLite's equivalent") {
  complains("MERGE INTO orders USING staging ON 1 WHEN MATCHED THEN DELETE", "ON CONFLICT (key) DO UPDATE");
  complains("TRUNCATE TABLE orders", "DELETE FROM");
  complains("insert overwrite orders select * from staging", "DELETE FROM");
  complains("CREATE OR REPLACE TABLE orders AS SELECT 1", "DROP TABLE IF EXISTS");
  complains("SELECT amount::INTEGER FROM orders", "CAST(");
  complains("SELECT day + INTERVAL '1 day' FROM orders", "date('now', '-1 day')");
  complains("INSERT INTO orders SELECT * FROM orders ON CONFLICT DO NOTHING", "WHERE true ON CONFLICT");
  complains("SELECT DATEADD(day, 1, day) FROM orders", "date(x, '+1 day')");
  complains("SELECT now()", "datetime('now')");
}

TEST_CASE("what SQLite accepts with another meaning is refused") {
  complains("DELETE FROM orders WHERE day = CURRENT_DATE - 1", "takes the text's year");
  complains("SELECT date('now') - 1", "takes the text's year");
  complains("SELECT date(day, '-1 day') + 1 FROM orders", "takes the text's year");
  complains("SELECT 1 - CURRENT_TIMESTAMP", "takes the text's year");
  complains("SELECT \"typo\" FROM orders", "no such column");
}

TEST_CASE("what would reach outside the simulation is refused") {
  complains("ATTACH 'file:/tmp/x.db?vfs=unix' AS x", "one database");
  complains("DETACH x", "one database");
  complains("SELECT load_extension('x')", "not");
  complains("PRAGMA journal_mode = off", "scenario");
  complains("PRAGMA writable_schema = 1", "not offered");
  complains("PRAGMA temp_store_directory = '/tmp'", "not offered");
  complains("CREATE VIRTUAL TABLE f USING fts5(a)", "virtual tables");
  complains("VACUUM", "not offered");
  complains("SELECT pow(2, 0.5)", "differ between machines");
  complains("SELECT datetime('now', 'localtime')", "time zone");
  complains("SELECT * FROM sqlite_stmt", "not offered");
}

TEST_CASE("a faulty schema is told from a faulty statement") {
  const auto found = check_sql("CREATE TABEL t(a)", "SELECT 1");
  REQUIRE(found);
  CHECK(found->message.find("schema itself") != std::string::npos);
}

TEST_CASE("hostile text ends in bounded time with a diagnosis") {
  CHECK_FALSE(complaint("SELECT '" + std::string(10'000'000, 'x') + "'").empty());
  CHECK_FALSE(complaint("SELECT " + std::string(900'000, '(')).empty());
  CHECK_FALSE(complaint("SELECT " + std::string(100'000, '-') + "1 +").empty());
  complains("CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "limit check-steps");
  CHECK_FALSE(complaint("CREATE TABLE big AS SELECT zeroblob(1000000000)").empty());
}

TEST_CASE("parameters are those outside quotes and comments, each once") {
  CHECK(parameters_of("SELECT :day, ':no', \"@no\", @b /* :no */ WHERE x = :day AND y = $c -- ?2") ==
        std::vector<std::string>{"day", "b", "c"});
  CHECK(parameters_of("SELECT 1").empty());
}

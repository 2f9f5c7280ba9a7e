#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

constexpr const char* kSchema =
    "CREATE TABLE daily_orders (order_date TEXT, order_id INTEGER, amount INTEGER);\nINSERT INTO daily_orders VALUES "
    "('2026-06-22', 1, 10);\n";
constexpr const char* kKeyed =
    "CREATE TABLE daily_orders (order_date TEXT, order_id INTEGER, amount INTEGER, PRIMARY KEY (order_date, "
    "order_id));\n";
constexpr const char* kInsert =
    "INSERT INTO daily_orders\nSELECT order_date, order_id, amount FROM stg_orders WHERE order_date = :day;\n";

struct Script {
  Folder folder;
  explicit Script(const std::string& sql, const std::string& schema = kSchema) {
    folder.write("load.sql", sql);
    folder.write("schema.sql", schema);
    folder.write("stg_orders.csv", orders_csv(40));
  }
  Outcome sweep(const std::string& more = {}) const {
    const std::string day = contains(more, "--param") ? "" : "--param day=2026-06-23 ";
    return folder.twice("sweep load.sql --setup schema.sql --source stg_orders.csv " + day + more);
  }
};

}  // namespace

TEST_CASE("a parameter that a script does not use is told, and is no error") {
  const Script script(kInsert);
  const Outcome o = script.sweep("--param day=2026-06-23 --param dya=1");
  CHECK(o.code == 1);
  CHECK(contains(o.err, "note: --param dya: the script uses no :dya"));
}

TEST_CASE("a plain INSERT is not safe: the verdict points at its line, with schedule, rows, fix and engine") {
  const Script script(kInsert);
  const Outcome o = script.sweep();
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  CHECK(o.out.substr(0, 18) == "load.sql:1:1: erro");
  CHECK(contains(o.out, "delete the slice first, in the same transaction"));
  CHECK(contains(o.out, "DELETE FROM daily_orders WHERE order_date = :day;"));
  CHECK(contains(o.out, "the smallest failing schedule"));
  CHECK(contains(o.out, "rows that are there too often"));
  CHECK(contains(o.out, "(2026-06-23, 1, 12)"));
  CHECK(contains(o.out, "on sqlite 3"));
  CHECK(contains(o.err, "the script writes one table, daily_orders"));
}

TEST_CASE("delete and insert in one transaction is safe") {
  const Script script(std::string("BEGIN;\nDELETE FROM daily_orders WHERE order_date = :day;\n") + kInsert +
                      "COMMIT;\n");
  const Outcome o = script.sweep("--points all --slice 'order_date = :day'");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK(contains(o.out, "load.sql is safe to run again"));
}

TEST_CASE("delete and insert without a transaction is safe with a warning at the line that readers can see half of") {
  const Script script(std::string("DELETE FROM daily_orders WHERE order_date = :day;\n") + kInsert);
  // On an empty target nobody sees the half state of the first run; the second run shows it.
  const Outcome o = script.sweep("--points all");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK(contains(o.out, "load.sql:1:1: warning: safe to run again, but readers"));
}

TEST_CASE("an upsert that adds is named for what it is") {
  const Script script(
      "INSERT INTO daily_orders SELECT order_date, order_id, amount FROM stg_orders WHERE order_date = :day\n"
      "  ON CONFLICT (order_date, order_id) DO UPDATE SET amount = amount + excluded.amount;\n",
      kKeyed);
  const Outcome o = script.sweep("--key order_date,order_id");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  CHECK(contains(o.out, "assign instead of adding: SET amount = excluded.amount"));
}

TEST_CASE("rows first, mark second in another transaction: the other table is pointed at") {
  const Script script(
      "INSERT INTO daily_orders SELECT order_date, order_id, amount FROM stg_orders WHERE order_date = :day AND NOT "
      "EXISTS (SELECT 1 FROM marks WHERE day = :day);\n"
      "INSERT INTO marks VALUES (:day);\n",
      std::string(kSchema) + "CREATE TABLE marks (day TEXT);\n");
  const Outcome several = script.sweep();
  CHECK(several.code == 3);
  CHECK(contains(several.err, "writes several tables: daily_orders, marks"));
  const Outcome o = script.sweep("--table daily_orders");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
}

TEST_CASE("an audit column fails an honest loader until --ignore names it") {
  const Script script(
      "BEGIN;\nDELETE FROM daily_orders WHERE order_date = :day;\n"
      "INSERT INTO daily_orders SELECT order_date, order_id, amount, datetime('now') FROM stg_orders WHERE order_date "
      "= :day;\nCOMMIT;\n",
      "CREATE TABLE daily_orders (order_date TEXT, order_id INTEGER, amount INTEGER, loaded_at TEXT);\n");
  const Outcome o = script.sweep("--ignore loaded_at");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK_FALSE(contains(o.out, "slice comes from the clock"));
  CHECK(script.sweep().code == 1);
}

TEST_CASE("wrong SQL, wrong rows and wrong words are pointed at in their own files") {
  const auto error = [](const Script& script, const std::string& more, const std::string& words) {
    const Outcome o = script.sweep(more);
    INFO(o.out << o.err);
    CHECK(o.code == 3);
    CHECK(o.out.empty());
    CHECK(contains(o.err, words));
  };
  error(Script("SELECT 1;\nINSRT INTO daily_orders SELECT 1;\n"), "--table daily_orders", "load.sql:2:1: error");
  error(Script(kInsert, "CREATE TABLE daily_orders (order_date TEXT,\n order_id INTEGER amount INTEGER 5);\n"), "",
        "schema.sql:2:");
  error(Script("MERGE INTO daily_orders USING stg_orders ON 1=1 WHEN NOT MATCHED THEN INSERT VALUES (1,2,3);\n"),
        "--table daily_orders", "ON CONFLICT");
  error(Script("ATTACH 'x.db' AS x;\n"), "--table daily_orders", "load.sql:1:1: error");
  error(Script(kInsert), "--table daily_ordrs", "did you mean 'daily_orders'?");
  error(Script(kInsert), "--key order_ID2", "--key");
  error(
      Script("INSERT INTO daily_orders SELECT order_date, order_id, amount FROM stg_orders WHERE order_date = :dya;\n"),
      "", "did you mean 'day'?");
  error(Script(""), "", "the script holds no statement");
  error(Script("-- nothing to do\n;;\n"), "", "the script holds no statement");
  const Script bad_rows(kInsert);
  bad_rows.folder.write("stg_orders.csv", "order_date,order_id,amount\n2026-06-23,1,2\n2026-06-23,\"1,2\n");
  error(bad_rows, "", "stg_orders.csv:3:");
}

TEST_CASE("a table that is written and not judged is named, so that nobody takes the verdict for its own") {
  const Script script(
      "DELETE FROM daily_orders WHERE order_date = :day;\n"
      "INSERT INTO daily_orders SELECT * FROM stg_orders;\nINSERT INTO audit VALUES (1);\n",
      std::string(kSchema) + "CREATE TABLE audit (n INTEGER);\n");
  const Outcome o = script.sweep("--table daily_orders");
  INFO(o.out << o.err);
  CHECK(contains(o.out, "load.sql:3:1: warning: audit is written as well, and was not judged"));
}

TEST_CASE("annotations of a script stand at the line that its verdict speaks of") {
  const Script script(std::string("BEGIN;\n") + kInsert + "COMMIT;\n");
  const Outcome o = script.sweep("--github");
  INFO(o.out << o.err);
  CHECK(contains(o.out, "load.sql:2:1: error"));
  CHECK(contains(o.err, "::error file=load.sql,line=2,col=1"));
}

TEST_CASE("a slice whose condition fails is an error, not an empty table that looks right") {
  const Script script(kInsert);
  const Outcome o = script.sweep("--slice \"order_date = abs(-9223372036854775807 - 1)\"");
  CHECK(o.code == 3);
  CHECK(contains(o.out + o.err, "the slice's condition fails"));
}

TEST_CASE("a script that does not run even once is no verdict on safety") {
  const Script script(
      "INSERT INTO daily_orders SELECT order_date, order_id, amount FROM stg_orders;\nINSERT INTO daily_orders SELECT "
      "order_date, order_id, amount FROM stg_orders;\n",
      kKeyed);
  const Outcome o = script.sweep();
  INFO(o.out << o.err);
  CHECK(o.code == 3);
  CHECK(contains(o.out, "fails without any fault"));
}

TEST_CASE("a script that commits nothing, or loads nothing, is told so and not called safe without a word") {
  const Script open(std::string("BEGIN;\n") + kInsert);
  const Outcome o = open.sweep();
  INFO(o.out << o.err);
  CHECK(o.code == 3);
  CHECK(contains(o.out, "load.sql:1:1: error: this transaction is never committed"));
  const Script other_day(kInsert);
  const Outcome nothing = other_day.sweep("--param day=1999-01-01");
  CHECK(nothing.code == 2);  // what loads nothing proves nothing
  CHECK(contains(nothing.out, "load.sql:1:1: warning: a run without faults changes nothing in daily_orders"));
}

TEST_CASE("the verdict on a script is data too") {
  const Script script(kInsert);
  const std::string out = script.sweep("--json").out;
  const std::size_t last = out.rfind('\n', out.size() - 2) + 1;
  const auto line = nlohmann::json::parse(out.substr(last));
  CHECK(line.at("verdict") == "unsafe");
  CHECK(line.at("diagnostics").at(0).at("line") == 1);
}

TEST_CASE("a time budget that ends leaves a safe script undecided and says what was not tried") {
  const Script script(std::string("BEGIN;\nDELETE FROM daily_orders WHERE order_date = :day;\n") + kInsert +
                      "COMMIT;\n");
  const Outcome none = script.sweep("--points all --time-limit 1ms");
  INFO(none.out << none.err);
  CHECK(none.code == 2);
  CHECK(contains(none.out, "time-limit: its crash points were not known yet"));
  CHECK_FALSE(contains(none.out, "safe to run again"));
  // How long it takes to know the points depends on the machine: the first limit that is longer cuts the sweep itself.
  script.folder.write("stg_orders.csv", orders_csv(20'000));
  Outcome some = none;
  for (int ms = 100; ms < 60'000 && some.code == 2 && contains(some.out, "were not known yet"); ms += ms / 3)
    some = script.sweep(fmt::format("--points all -j 1 --time-limit {}ms", ms));
  INFO(some.out << some.err);
  CHECK(some.code == 2);
  CHECK(contains(some.out, "not tried: "));
  CHECK(contains(some.out, "no failure yet, but only"));
}

TEST_CASE("the schedule of a script can be seen again") {
  const Script script(kInsert);
  const Outcome json = script.sweep("--json");
  const auto line = nlohmann::json::parse(json.out.substr(0, json.out.find('\n')));
  const std::string repro = line.at("repro");
  const Outcome o = script.folder.twice(repro.substr(6) + " --narrate");
  INFO(repro << "\n" << o.out << o.err);
  CHECK(o.code == 1);
  CHECK(contains(o.out, "duplicates"));
}

TEST_CASE("one run of a script without a fault claims nothing about running it again") {
  const Script script(kInsert);
  const std::string words = "run load.sql --setup schema.sql --source stg_orders.csv --param day=2026-06-23 ";
  const Outcome once = script.folder.twice(words);
  INFO(once.out << once.err);
  CHECK(once.code == 0);
  CHECK(contains(once.out, "one run without a fault: nothing was shown about running it again; `twice sweep load.sql"));
  CHECK(contains(once.out, "nothing was judged"));
  CHECK_FALSE(contains(once.out, "exactly once"));
  CHECK_FALSE(contains(once.out, "safe to run again"));
  CHECK(contains(script.folder.twice(words + "--json").out, "\"held\":\"nothing was judged\""));
  const Outcome crash = script.folder.twice(words + "--do 'crash loader @reply:1/1'");
  CHECK(crash.code == 1);
  CHECK(contains(crash.out, "duplicates"));
}

TEST_CASE("a load that wants no row and writes none is undecided, run or swept, from a script or a scenario") {
  const Script script(kInsert);
  script.folder.write("stg_orders.csv", "order_date,order_id,amount\n");
  script.folder.write("empty.toml", small_scenario(0, ""));
  const std::string load = "load.sql --setup schema.sql --source stg_orders.csv --param day=2026-06-23 ";
  for (const std::string& words : {"run " + load, std::string("run empty.toml --only overwrite "),
                                   std::string("sweep empty.toml --only overwrite "), "sweep " + load}) {
    const Outcome o = script.folder.twice(words + "--junit out.xml");
    INFO(words << "\n" << o.out << o.err);
    CHECK(o.code == 2);
    CHECK_FALSE(contains(o.out, "✓"));
    CHECK(contains(script.folder.read("out.xml"), "type=\"undecided\""));
    const Outcome json = script.folder.twice(words + "--json");
    CHECK(json.code == 2);
    CHECK((contains(json.out, "\"held\":\"unknown\"") || contains(json.out, "\"verdict\":\"undecided\"")));
    CHECK(contains(json.out, "no row was wanted and none was written"));
  }
}

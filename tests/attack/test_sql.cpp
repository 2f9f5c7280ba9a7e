// Scripts that mean harm: a small grammar of SQL with every function that is dear, and statements that reach for files.
#include <fmt/format.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

class Grammar {
 public:
  explicit Grammar(std::uint64_t round) : draws_(3, round) {}

  std::string script() {
    std::string text;
    const std::uint64_t statements = 1 + draws_.below(4);
    for (std::uint64_t i = 0; i < statements; ++i) text += statement() + (draws_.below(8) ? ";\n" : "\n");
    return text;
  }

 private:
  std::string pick(const std::vector<std::string>& all) { return draws_.one_of(all); }

  std::string statement() {
    switch (draws_.below(12)) {
      case 0:
        return fmt::format("INSERT INTO fact SELECT order_date, order_id, shop, {} FROM stg_orders", expression(3));
      case 1:
        return fmt::format("UPDATE fact SET amount = {} WHERE {}", expression(3), expression(2));
      case 2:
        return fmt::format("DELETE FROM fact WHERE {}", expression(3));
      case 3:
        return fmt::format("CREATE VIEW v AS {}; INSERT INTO fact SELECT 1, x, 1, 1 FROM v", endless());
      case 4:
        return fmt::format("INSERT INTO fact SELECT 1, x, 1, 1 FROM ({})", endless());
      case 5:
        return reach();
      case 6:
        return fmt::format("CREATE TEMP TABLE big AS {}", endless());
      case 7:
        return fmt::format("INSERT INTO fact (amount) VALUES ({})", repeated("(", 2'000) + "1" + repeated(")", 2'000));
      case 8:
        return fmt::format("SELECT {} 1", repeated("1 + ", 20'000));
      case 9:
        return "CREATE TRIGGER t AFTER INSERT ON fact BEGIN INSERT INTO fact VALUES (1, 2, 3, 4); END; PRAGMA "
               "recursive_triggers = on; INSERT INTO fact VALUES (1, 2, 3, 4)";
      case 10:
        return pick({"/* no end",
                     "'no end",
                     "\"no end",
                     "$$ no end",
                     "-- only this",
                     "BEGIN; BEGIN",
                     "ROLLBACK",
                     "COMMIT",
                     "SAVEPOINT a; ROLLBACK TO b",
                     ";;;;",
                     ":day :day",
                     "{{ x }}",
                     "EXPLAIN SELECT 1",
                     "VACUUM",
                     "REINDEX",
                     "WITH RECURSIVE",
                     "INSERT INTO",
                     "\x01\x02",
                     "SELECT '\xe2\x80\xae'",
                     "CREATE TABLE \"\x1b[31m\" (a)"});
      default:
        return fmt::format(
            "INSERT INTO fact SELECT a.order_date, a.order_id, a.shop, {} FROM stg_orders a, stg_orders b, "
            "stg_orders c, stg_orders d WHERE {}",
            expression(2), expression(2));
    }
  }

  std::string endless() {
    return pick(
        {"WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r",
         "WITH RECURSIVE r(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM r) SELECT x FROM r",
         "WITH RECURSIVE r(x) AS (SELECT 1 UNION SELECT (x * 3) % 1000003 FROM r) SELECT count(*) AS x FROM r, r AS s",
         "WITH RECURSIVE r(x) AS (VALUES(zeroblob(1000000)) UNION ALL SELECT x FROM r) SELECT x FROM r",
         "SELECT value AS x FROM generate_series(1, 9000000000)"});
  }

  std::string reach() {
    return pick({"ATTACH '../outside/secret.db' AS o; CREATE TABLE o.a (b)", "VACUUM INTO '../outside/copy.db'",
                 "SELECT load_extension('../outside/secret.so')", "SELECT writefile('../outside/w', 'x')",
                 "INSERT INTO fact (shop) SELECT readfile('../outside/secret.txt')",
                 "PRAGMA temp_store_directory = '../outside'", "PRAGMA writable_schema = on; DELETE FROM sqlite_master",
                 "PRAGMA page_size = 65536; VACUUM", "PRAGMA mmap_size = 9000000000000",
                 "PRAGMA cache_size = -9000000000", "PRAGMA hard_heap_limit = 0",
                 "CREATE VIRTUAL TABLE z USING fts5(a)",
                 "CREATE VIRTUAL TABLE z USING csv(filename='../outside/secret.csv')",
                 "CREATE VIRTUAL TABLE z USING dbstat", "SELECT fts3_tokenizer('simple')", "PRAGMA journal_mode = OFF",
                 "COPY fact FROM '../outside/secret.csv'", "LOAD DATA INFILE '../outside/secret.csv' INTO TABLE fact"});
  }

  std::string expression(int depth) {
    const auto inner = [&] { return depth > 0 ? expression(depth - 1) : atom(); };
    switch (draws_.below(14)) {
      case 0:
        return fmt::format("instr(hex(zeroblob({})), {})", size(), inner());
      case 1:
        return fmt::format("replace(hex(zeroblob({})), '0', hex(zeroblob({})))", size(), size());
      case 2:
        return fmt::format("(hex(zeroblob({})) LIKE '{}')", size(), repeated("%0", 20) + "x");
      case 3:
        return fmt::format("(hex(zeroblob({})) GLOB '{}')", size(), repeated("*0", 20) + "x");
      case 4:
        return fmt::format("printf('%.*c', {}, 'x')", size());
      case 5:
        return fmt::format("randomblob({})", size());
      case 6:
        return fmt::format("json_extract(hex(zeroblob({})), '$.a')", size());
      case 7:
        return fmt::format("(SELECT group_concat({}) FROM stg_orders a, stg_orders b, stg_orders c)", inner());
      case 8:
        return fmt::format("CASE WHEN {} THEN {} ELSE {} END", inner(), inner(), inner());
      case 9:
        return fmt::format("(SELECT count(*) FROM ({}))", endless());
      case 10:
        return fmt::format("({} || {})", inner(), inner());
      case 11:
        return fmt::format("substr({}, {}, {})", inner(), size(), size());
      case 12:
        return fmt::format("({} {} {})", inner(), pick({"+", "*", "/", "%", "<<", "=", "<", "AND", "IS NOT"}), inner());
      default:
        return atom();
    }
  }

  std::string atom() {
    return pick({"1", "0", "NULL", "amount", "order_id", "'x'", "9223372036854775807", "-9223372036854775808", "1e308",
                 "9e999", "-9e999", ":day", ":nothing", "x'00'", "random()", "datetime('now')", "'\xf0\x9f\x98\x80'",
                 "rowid"});
  }

  std::string size() {
    return pick({"10", "100000", "3000000", "999999999", "2147483648", "-1", "9223372036854775807"});
  }

  Draws draws_;
};

}  // namespace

TEST_CASE("no script outlives its limits, takes memory without bound, or reaches a file") {
  Kind kind("SQL scripts of a grammar", 16);
  for (std::uint64_t round = 0; kind.more(); ++round) {
    const Scratch scratch;
    scratch.write("setup.sql", "CREATE TABLE fact (order_date TEXT, order_id INTEGER, shop TEXT, amount INTEGER);\n");
    scratch.write("stg_orders.csv", "order_date,order_id,shop,amount\n2026-06-23,1,oslo,8\n2026-06-23,2,oslo,15\n");
    const std::string script = Grammar(round).script();
    scratch.write("load.sql", script);
    const bool sweep = round % 3 != 0;
    std::vector<std::string> words{sweep ? "sweep" : "run",
                                   "load.sql",
                                   "--setup",
                                   "setup.sql",
                                   "--source",
                                   "stg_orders.csv",
                                   "--param",
                                   "day=2026-06-23",
                                   "--table",
                                   "fact",
                                   "--time-limit",
                                   "2s",
                                   "-j1"};
    if (sweep) words.insert(words.end(), {"--at-most", "3"});
    const Bounds bounds{12, 90, 1500};
    std::string wrong = judge(run(scratch, words, bounds), bounds);
    if (wrong.empty()) wrong = scratch.litter({"setup.sql", "load.sql", "stg_orders.csv"});
    kind.tried(fmt::format("round {}: {}", round, script), wrong);
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

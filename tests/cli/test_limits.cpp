// Every limit is reached by a small input; the program ends, names the limit, and gives no verdict.
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/program.h"
#include "core/limits.h"
#include "support/catch.h"

using namespace twice::test;
namespace fs = std::filesystem;
namespace limits = twice::limits;

namespace {

/// A file of that size which takes no room on the disk.
void make_large(const Folder& folder, const std::string& name, std::uint64_t bytes, const std::string& begin = {}) {
  folder.write(name, begin);
  fs::resize_file(folder.path() + "/" + name, bytes);
}

/// One lane of one row, whose loader runs `row`.
std::string loads(const std::string& row, const std::string& setup = "CREATE TABLE t(a, b);",
                  const std::string& more = "") {
  return fmt::format(R"toml(scenario = 1
title = "a limit"
until = "10m"
[warehouse]
setup = """{}"""
[source]
generate = {{ rows = 2, columns = {{ a = "row" }} }}
{}
[[lane]]
name = "one"
table = "t"
commit = "once"
row = """{}"""
)toml",
                     setup, more, row);
}

// One step of SQLite's machine that takes minutes: the needle is nearly everywhere in the haystack, and nowhere.
const std::string kSlow =
    "INSERT INTO {table} SELECT :a, sum(instr(replace(hex(zeroblob(490000)),'0','a'),"
    "replace(hex(zeroblob(240000)),'0','a')||'b')) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n "
    "WHERE i < 900) SELECT i FROM n)";

struct Reached {
  std::string arguments, limit;
  int code;
};

void check_all(const Folder& folder, const std::vector<Reached>& all) {
  for (const Reached& reached : all) {
    const Outcome o = folder.twice(reached.arguments);
    INFO("twice " << reached.arguments << "\n" << o.out << o.err);
    CHECK(o.code == reached.code);
    CHECK(contains(o.out + o.err, reached.limit));
  }
}

}  // namespace

TEST_CASE("a file that is too large is refused before it is read, by the name of its limit") {
  const Folder folder;
  folder.write("small.sql", "INSERT INTO t SELECT a FROM rows");
  folder.write("schema.sql", "CREATE TABLE t(a)");
  make_large(folder, "large.toml", limits::kScenarioFile.bytes + 1, "scenario = 1\n");
  make_large(folder, "large.sql", limits::kScriptFile.bytes + 1, "SELECT 1;");
  make_large(folder, "rows.csv", limits::kDataFile.bytes + 1, "a\n1\n");
  make_large(folder, "lesson.md", limits::kLessonFile.bytes + 1);
  make_large(folder, "answers.toml", limits::kAnswersFile.bytes + 1);
  make_large(folder, "run.trace", std::uint64_t{4} << 30);
  make_large(folder, "history.edn", limits::kHistoryFile.bytes + 1);
  const std::string lessons = fmt::format("'{}/lessons'", TWICE_SOURCE_DIR);
  check_all(folder, {{"check large.toml", "scenario-file", 3},
                     {"run large.toml", "scenario-file", 3},
                     {"run large.sql --setup schema.sql --table t", "script-file", 3},
                     {"sweep small.sql --setup large.sql --table t", "script-file", 3},
                     {"sweep small.sql --setup schema.sql --source rows.csv --table t", "data-file", 3},
                     {"lesson check lesson.md", "lesson-file", 3},
                     {"lesson grade --learner x --answers answers.toml --lessons " + lessons, "answers-file", 3},
                     {"replay run.trace", "trace-file", 3},
                     {"history check history.edn", "history-file", 3}});
}

TEST_CASE("what is not a regular file is an error in words, and nothing waits for it") {
  const Folder folder;
  const std::string at = folder.path() + "/";
  REQUIRE(::mkfifo((at + "pipe.toml").c_str(), 0600) == 0);
  fs::create_symlink("loop.toml", at + "loop.toml");
  fs::create_directory(at + "folder.toml");
  const std::string long_name(5000, 'n');
  for (const std::string& name :
       {std::string("pipe.toml"), std::string("loop.toml"), std::string("/dev/zero"), long_name + ".toml"})
    for (const std::string command : {"check ", "run ", "sweep ", "shrink ", "inevitable ", "search ", "pacelc ",
                                      "replay ", "history check ", "lesson check ", "lesson run "}) {
      const Outcome o = folder.twice(command + name);
      INFO(command << name.substr(0, 40) << "\n" << o.out << o.err.substr(0, 400));
      CHECK((o.code == 3 || o.code == 4 || o.code == 64));
      CHECK_FALSE((o.out + o.err).empty());
    }
  CHECK(folder.twice("history check folder.toml").code == 3);
  CHECK(folder.twice("replay folder.toml").code == 3);
  for (const std::string& name : {std::string("loop.toml"), long_name}) {
    const std::string answers = "lesson grade --learner x --answers " + name;
    CHECK(folder.twice(answers + fmt::format(" --lessons '{}/lessons'", TWICE_SOURCE_DIR)).code == 3);
    CHECK(folder.twice("list " + name).code == 4);
  }
  folder.write("small.toml", small_scenario(20));
  CHECK(folder.twice("run small.toml --junit " + long_name).code == 64);
  CHECK(folder.twice("run small.toml --junit loop.toml").code == 64);
}

TEST_CASE("a report for a pipe that nobody reads is an error in words, and one that is read arrives whole") {
  const Folder folder;
  const std::string at = folder.path() + "/";
  folder.write("small.toml", small_scenario(20));
  REQUIRE(::mkfifo((at + "pipe").c_str(), 0600) == 0);
  for (const std::string option : {"--junit", "--summary", "--do 'crash loader @row:5' --save"}) {
    const Outcome o = folder.twice("run small.toml --only overwrite " + option + " pipe");
    INFO(option << "\n" << o.err);
    CHECK(o.code == 64);
    CHECK(contains(o.err, "cannot write 'pipe': nobody reads this pipe"));
  }
  REQUIRE(std::system(("cat '" + at + "pipe' > '" + at + "got' &").c_str()) == 0);
  CHECK(folder.twice("run small.toml --only overwrite --summary pipe").code != 64);
  for (int i = 0; i < 100 && !contains(folder.read("got"), "### "); ++i) ::usleep(20'000);
  CHECK(contains(folder.read("got"), "### "));
}

TEST_CASE("a scenario that asks for too much is refused by the name of the limit") {
  const Folder folder;
  folder.write("deep.toml", "a = " + std::string(limits::kNesting + 1, '[') + std::string(limits::kNesting + 1, ']'));
  folder.write("check.toml", loads("INSERT INTO {table} VALUES (:a, 1)",
                                   "CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
                                   "SELECT i AS a, i AS b FROM n"));
  folder.write("small.toml", small_scenario(20));
  folder.write("seeds.toml", "seeds = \"1..99999999\"\n" + small_scenario(20));
  folder.write("text.toml",
               loads("INSERT INTO {table} VALUES (:a, '" + std::string(limits::kStatementBytes, 'x') + "')"));
  check_all(folder, {{"check deep.toml", "nesting", 3},
                     {"check check.toml", "check-steps", 3},
                     {"check text.toml", "statement-text", 3},
                     {"run small.toml --seeds 1..99999999", "limit seeds", 64},
                     {"check seeds.toml", "limit seeds", 3}});
}

TEST_CASE("a run whose SQL reaches a limit is undecided by its name") {
  const Folder folder;
  const std::string endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) ";
  const std::string million = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300000) ";
  folder.write("steps.toml", loads("INSERT INTO {table} " + endless + "SELECT :a, i FROM n"));
  folder.write("value.toml", loads("INSERT INTO {table} SELECT :a, hex(zeroblob(600000))"));
  folder.write("result.toml", loads("INSERT INTO {table} " + million + "SELECT :a, i FROM n"));
  folder.write("disk.toml", loads("INSERT INTO {table} " + million + "SELECT :a, zeroblob(900000) FROM n"));
  folder.write("memory.toml", loads("INSERT INTO {table} SELECT :a, max(length(b)) FROM (" + million +
                                    "SELECT i, zeroblob(900000) AS b FROM n ORDER BY b, i)"));
  folder.write("shape.toml", loads("INSERT INTO {table} SELECT :a, 'x' LIKE hex(zeroblob(" +
                                   std::to_string(limits::kLikePatternBytes) + "))"));
  folder.write("view.sql", "DROP TABLE t; CREATE VIEW t AS " + endless + "SELECT i AS a, i AS b FROM n;");
  folder.write("schema.sql", "CREATE TABLE t(a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'x');");
  // However slow this machine is just now, the limit that is counted comes before those of real time.
  const std::string patient = " --statement-limit 10m --unit-limit 20m";
  check_all(folder, {{"run steps.toml" + patient, "statement-steps", 2},
                     {"run value.toml" + patient, "value-size", 2},
                     {"run result.toml" + patient, "result-size", 2},
                     {"run disk.toml" + patient, "warehouse-size", 2},
                     {"run memory.toml" + patient, "memory-limit", 2},
                     {"run shape.toml" + patient, "statement-shape", 2},
                     {"sweep steps.toml" + patient, "statement-steps", 2},
                     {"sweep view.sql --setup schema.sql --table t" + patient, "statement-steps", 2},
                     {"run view.sql --setup schema.sql --table t" + patient, "statement-steps", 2}});
}

TEST_CASE("a statement that nothing inside SQLite can end is ended from outside, in every command that runs SQL") {
  const Folder folder;
  folder.write("slow.toml", loads(kSlow));
  folder.write("setup.toml", loads("INSERT INTO {table} VALUES (:a, 1)",
                                   "CREATE TABLE t AS SELECT 1 AS a, 2 AS b FROM (SELECT replace(hex(zeroblob(200000)),"
                                   "'0','a') AS x, replace(hex(zeroblob(100000)),'0','a')||'b' AS y), (WITH RECURSIVE "
                                   "n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 900) SELECT i FROM n) "
                                   "WHERE instr(x || i, y) = 0"));
  folder.write("slow.sql", kSlow.substr(0, kSlow.find(":a")).replace(kSlow.find("{table}"), 7, "t") + "1" +
                               kSlow.substr(kSlow.find(":a") + 2));
  folder.write("schema.sql", "CREATE TABLE t(a, b);");
  const auto begin = std::chrono::steady_clock::now();
  check_all(folder, {{"run slow.toml --statement-limit 1s", "statement-limit", 2},
                     {"sweep slow.toml --statement-limit 1s", "statement-limit", 2},
                     {"sweep slow.sql --setup schema.sql --table t --statement-limit 1s", "statement-limit", 2},
                     {"shrink slow.toml --statement-limit 1s", "statement-limit", 2},
                     {"inevitable slow.toml --statement-limit 1s", "statement-limit", 2},
                     {"check setup.toml --statement-limit 1s", "statement-limit", 2},
                     {"run slow.toml --unit-limit 1s --statement-limit 10m", "unit-limit", 2}});
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(120));
  CHECK(folder.twice("run slow.toml --statement-limit soon").code == 64);
}

TEST_CASE("a search or a judgement that gives up is undecided by the name of its limit") {
  const Folder folder;
  folder.write("history.edn",
               "[{:process 0 :type :invoke :f :write :value 1} {:process 1 :type :invoke :f :write :value 2}\n"
               "{:process 1 :type :ok :f :write :value 2} {:process 0 :type :ok :f :write :value 1}\n"
               "{:process 2 :type :invoke :f :read :value nil} {:process 2 :type :ok :f :read :value 2}]\n");
  folder.write("load.toml", small_scenario(10));
  const std::string healthy = shipped("cluster/healthy.toml");
  check_all(folder, {{"history check history.edn --budget 1", "linearizable-steps", 2},
                     {"search --max-states 100 " + healthy, "search-states", 2},
                     {"search --max-depth 2 " + healthy, "search-depth", 2},
                     {"search --memory 1 " + healthy, "search-memory", 2},
                     {"shrink " + shipped("loaders/crash-at-800.toml") + " --runs 10 -o small.toml", "shrink-runs", 2},
                     {"sweep load.toml --only overwrite --at-most 2", "sweep-points", 2}});
}

TEST_CASE("one worker and two tell the same of infinities, bytes that are no text and control characters") {
  const Folder folder;
  folder.write("odd.toml", loads("INSERT INTO {table} VALUES (:a, 1)", "CREATE TABLE t(a, b);", R"toml([dashboard]
every = "1s"
sql = """SELECT 9e999 AS inf, -9e999 AS ninf, CAST(x'ff41fe' AS TEXT) AS bad, x'00ff' AS blob, 1e308 AS big, 5.0 AS five,
-0.0 AS nz, char(27)||'[31m' AS esc, char(155) AS c1, 'a'||char(0)||'b' AS nul FROM {table}"""
)toml"));
  for (const std::string options : {"", " --json"}) {
    const Outcome one = folder.twice("run odd.toml --seeds 1..3 -j1" + options);
    const Outcome two = folder.twice("run odd.toml --seeds 1..3 -j2" + options);
    INFO(one.out << one.err << two.err);
    CHECK(one.code == 0);
    CHECK(one.out == two.out);
    CHECK_FALSE(one.out.empty());
  }
  CHECK(contains(folder.twice("run odd.toml --json").out, R"({"real":"inf"})"));
}

TEST_CASE("explain prints the limits, as text and as the page") {
  const Folder folder;
  CHECK(contains(folder.twice("explain limits").out, "statement-limit"));
  CHECK(contains(folder.twice("explain limits --markdown").out, "| statement-limit | 10 s | `--statement-limit` |"));
}

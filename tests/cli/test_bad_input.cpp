#include <filesystem>
#include <utility>
#include <vector>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

TEST_CASE("no file, a folder in its place, binary junk and an empty file are said in words") {
  const Folder folder;
  folder.write("junk.toml", std::string("\x7f"
                                        "ELF\x00\xff\xfe\x01",
                                        8));
  folder.write("empty.toml", "");
  CHECK(folder.twice("run nowhere.toml").code == 3);
  CHECK(contains(folder.twice("run nowhere.toml").err, "there is no file"));
  CHECK(folder.twice("run junk.toml").code == 3);
  CHECK(folder.twice("run empty.toml").code == 3);
  CHECK(folder.twice("sweep .").code == 3);
  CHECK(folder.twice("replay .").code == 3);
  CHECK(folder.twice("replay junk.toml").code == 3);
}

TEST_CASE("an output that cannot be written is refused before the work, and nothing is left") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  std::filesystem::create_directory(folder.path() + "/taken");
  const auto refused = [&](const std::string& words) {
    const Outcome o = folder.twice(words);
    INFO(words << ": " << o.err);
    CHECK(o.code == 64);
    CHECK(o.out.empty());
    CHECK(contains(o.err, "cannot write"));
  };
  refused("run small.toml --junit nowhere/out.xml");
  refused("run small.toml --summary taken");
  refused("sweep small.toml --junit nowhere/out.xml");
  refused("new loader nowhere/x.toml");
  CHECK(folder.names() == std::vector<std::string>{"small.toml", "taken"});
}

TEST_CASE("no output replaces a file that the command reads, under whatever name") {
  namespace fs = std::filesystem;
  const Folder folder;
  const std::string at = folder.path() + "/";
  std::string staged = small_scenario(20);
  const std::size_t source = staged.find("generate = ");
  staged.replace(source, staged.find('\n', source) - source, "csv = \"rows.csv\"");
  folder.write("c.toml", small_scenario(20)), folder.write("staged.toml", staged);
  folder.write("rows.csv", "id\n1\n2\n"), folder.write("more.csv", orders_csv(5));
  folder.write("load.sql", "INSERT INTO t VALUES (1);"), folder.write("schema.sql", "CREATE TABLE t(a INTEGER);");
  fs::create_symlink("c.toml", at + "link"), fs::create_hard_link(at + "c.toml", at + "hard");
  const std::string script = "load.sql --setup schema.sql --source more.csv --table t ";
  const auto check = [&](const std::string& command, const std::string& option, const std::string& file) {
    const auto names = folder.names();
    const std::string before = folder.read(file);
    const Outcome o = folder.twice(command + " " + option + " " + file);
    INFO(command << " " << option << " " << file << "\n" << o.out << o.err);
    CHECK(o.code == 64);
    CHECK(o.out.empty());
    CHECK(contains(o.err, "'" + file + "' is read by this command; name another file for " + option));
    CHECK(folder.read(file) == before);
    CHECK(folder.names() == names);
  };
  for (const std::string option : {"--junit", "--summary", "--trace", "--history", "--save"})
    for (const std::string file : {"c.toml", "./c.toml", "link", "hard"})
      check("run c.toml --do 'crash loader @row:5'", option, file);
  for (const std::string command : {"run", "sweep"})
    for (const std::string option : {"--junit", "--summary"}) {
      check(command + " c.toml", option, "link");
      check(command + " staged.toml", option, "rows.csv");
      for (const std::string file : {"load.sql", "schema.sql", "more.csv"}) check(command + " " + script, option, file);
    }
  folder.twice("new lesson mine");
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"transfer\"\nchoice = 1\n");
  check("lesson grade mine --answers answers.toml", "--output", "answers.toml");
  check("lesson grade mine --answers answers.toml", "--output", "mine/lesson.md");
  check("lesson guide mine", "--output", "mine/lesson.md");
  CHECK(folder.twice("run c.toml --junit new.xml").code == 0);
  CHECK(folder.twice("run c.toml --junit new.xml").code == 0);  // a report of before is replaced
}

TEST_CASE("an option that would be read as something else is refused in words, and nothing runs") {
  const Folder folder;
  folder.write("c.toml", small_scenario(20));
  folder.write("load.sql", "INSERT INTO t SELECT :day;"), folder.write("schema.sql", "CREATE TABLE t(a TEXT);");
  folder.write("h.edn", "{:process 0, :type :invoke, :f :read}\n");
  const std::string script = "sweep load.sql --setup schema.sql --table t ";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"run c.toml --seed -1", "no whole number"},
      {"run c.toml --seed 99999999999999999999999", "no whole number"},
      {"sweep c.toml --seed=-1", "no whole number"},
      {"run c.toml --only ''", "empty"},
      {"run c.toml --junit ''", "empty"},
      {"run c.toml --do ''", "empty"},
      {"shrink c.toml --expect=''", "missing"},
      {"run c.toml --verify-determinism=0%", "no percentage from 1% to 100%"},
      {"run c.toml --statement-limit 1ns", "--statement-limit must be at least 1ms"},
      {"run c.toml --unit-limit 999us", "--unit-limit must be at least 1ms"},
      {"history check h.edn --budget 0", "must be at least 1"},
      {"history check h.edn --budget -1", "must be at least 1"},
      {"run c.toml --judge-budget 0", "must be at least 1"},
      {"sweep c.toml --at-most 0", "must be at least 1"},
      {"run c.toml --table t", "--table is for an SQL script"},
      {"sweep c.toml --key a", "--key is for an SQL script"},
      {"run c.toml --param day=1", "--param is for an SQL script"},
      {"run c.toml --setup schema.sql", "--setup is for an SQL script"},
      {script + "--param day=1 --param day=1", "--param day is given twice"}};
  for (const auto& [command, words] : wrong) {
    const Outcome o = folder.twice(command);
    INFO(command << "\n" << o.out << o.err);
    CHECK(o.code == 64);
    CHECK(o.out.empty());
    CHECK(contains(o.err, words));
    CHECK(o.err.size() < 250);
  }
  CHECK(folder.twice("run c.toml --seed 18446744073709551615 --only overwrite").code == 0);
}

TEST_CASE("a full device is reported, on a file and on the standard output") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  if (!std::filesystem::exists("/dev/full")) return;
  CHECK(folder.twice("run small.toml --junit /dev/full").code == 64);
  CHECK(folder.twice("schema >/dev/full").code == 64);
}

TEST_CASE("several outputs are written all or none") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  folder.write("old.xml", "old");
  CHECK(folder.twice("run small.toml --junit old.xml --summary /dev/full").code == 64);
  CHECK(folder.names() == std::vector<std::string>{"old.xml", "small.toml"});
}

TEST_CASE("zero rows load, and a crash point past the end does not bite") {
  const Folder folder;
  folder.write("none.toml", small_scenario(0, ""));
  CHECK(folder.twice("run none.toml --only overwrite").code == 2);  // nothing was loaded, so nothing was shown
  folder.write("past.toml", small_scenario(5, "{ after-row = 500, attempt = 1, crash = \"loader\" }"));
  const Outcome o = folder.twice("run past.toml --only overwrite");
  CHECK((o.code == 2 || o.code == 3));
}

TEST_CASE(
    "SQL that would break the statement around it, or that writes where somebody only looks, is refused at its place") {
  const Folder folder;
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& words) {
    std::string text = small_scenario(10, "");
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    folder.write("a.toml", text.replace(at, from.size(), to));
    const Outcome o = folder.twice("check a.toml");
    INFO(to << "\n" << o.out << o.err);
    CHECK(o.code == 3);
    CHECK(contains(o.out + o.err, words));
    CHECK(contains(o.out + o.err, "a.toml:"));
  };
  const std::string slice = "slice = \"day = :day\"";
  refused(slice, "slice = \"day = :day --\"", "a comment cannot stand in a slice");
  refused(slice, "slice = \"day = :day /* the day\"", "a comment cannot stand in a slice");
  refused(slice, "slice = \"day = :day; DELETE FROM orders\"", "a semicolon cannot stand in a slice");
  refused(slice, "slice = \"day = :day ORDER BY id\"", "ORDER");
  refused(slice, "slice = \"day = :day) OR (1 = 1\"", "a parenthesis that it does not open");
  const std::string query = "sql = \"SELECT count(*) AS orders FROM orders WHERE day = :day\"";
  refused(query, "sql = \"SELECT 1 AS orders; SELECT 2\"", "the dashboard asks one query");
  refused(query, "sql = \"SELECT 1 AS orders; DROP TABLE orders\"", "this statement writes");
  refused(query, "sql = \"WITH d AS (SELECT 1) DELETE FROM orders\"", "this statement writes");
  const std::string dashboard = "[dashboard]";
  const std::string define = "[expect]\nalways = [\"d\"]\n[expect.define.d]\nis = \"== 1\"\nsql = ";
  refused(dashboard, define + "\"DELETE FROM orders\"\n[dashboard]", "an expectation asks and changes nothing");
  refused(dashboard, define + "\"SELECT 1; SELECT 2\"\n[dashboard]", "an expectation asks one query");
}

#include <filesystem>

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

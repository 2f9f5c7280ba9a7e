// Files that mean harm get an answer within bounded time and memory.
#include "scenario/expand.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

std::string repeat(const std::string& part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

bool refused(const std::string& text, const std::string& message) {
  const Loaded loaded = parse(text);
  INFO(render(loaded.diagnostics).substr(0, 500));
  CHECK(messages(loaded).find(message) != std::string::npos);
  return !loaded.scenario;
}

}  // namespace

TEST_CASE("brackets, tables and dotted keys nest at most 64 deep") {
  CHECK(refused("a = " + repeat("[", 1'000'000), "nested deeper than 64 levels"));
  CHECK(refused("a = " + repeat("{b = ", 100'000), "nested deeper than 64 levels"));
  CHECK(refused(repeat("a.", 1'000'000) + "a = 1\n", "nested deeper than 64 levels"));
  CHECK(refused("[" + repeat("a.", 1'000'000) + "a]\n", "nested deeper than 64 levels"));
  CHECK(refused("[" + repeat("\"a\" . ", 100'000) + "a]\n", "nested deeper than 64 levels"));
}

TEST_CASE("brackets inside texts and comments do not count as nesting") {
  CHECK(parse(small("# " + repeat("[", 200) + "\n")).scenario);
  CHECK(parse(small("[expect]\nfinally = [\"exactly-once\"]\n[expect.define]\n") + "# " + repeat("{", 100)).scenario);
  CHECK(parse("scenario = 1\ntitle = \"" + repeat("[.", 200) + "\"\n[cluster]\nnodes = 1\nprotocol = 'heartbeat'\n")
            .scenario);
}

TEST_CASE("more than eight megabytes are refused before they are parsed") {
  CHECK(refused(std::string(100u << 20, 'a'), "a scenario may have up to 8 MB"));
}

TEST_CASE("bytes that are no UTF-8, NUL bytes and an empty text are refused with their position") {
  CHECK(refused("scenario = 1\ntitle = \"\xff\"\n", "this byte is not UTF-8"));
  CHECK(refused("scenario = 1\ntitle = \"\xed\xa0\x80\"\n", "this byte is not UTF-8"));
  CHECK(refused("scenario = 1\ntitle = \"\xc0\xaf\"\n", "this byte is not UTF-8"));
  CHECK(refused(std::string("scenario = 1\n\0", 14), "a NUL byte cannot stand in a scenario"));
  CHECK(refused("", "a scenario needs 'title'"));
}

TEST_CASE("files that are missing, folders, devices or empty are refused") {
  CHECK(messages(load_scenario("no/such.toml")) == "there is no file 'no/such.toml'\n");
  CHECK(messages(load_scenario(root().string())).find("is a folder") != std::string::npos);
  CHECK(messages(load_scenario("/dev/zero")).find("is not a regular file") != std::string::npos);
  CHECK(messages(load_scenario((root() / "tests/scenario/bad/empty.csv").string())) == "the file is empty\n");
}

TEST_CASE("huge counts are refused instead of allocated") {
  CHECK(refused(small("[matrix]\norchestrator.runs = [" + repeat("1, ", 11'000) + "1]\n"), "more than 10000 variants"));
  CHECK(refused("scenario = 1\ntitle = \"x\"\n[cluster]\nnodes = 2000000000\nprotocol = \"heartbeat\"\n",
                "must be at most 1000"));
  CHECK(refused(small("[lane.source]\ngenerate = { rows = 9000000000, columns = { id = \"row\" } }\n"),
                "must be at most 2000000"));
  CHECK(refused(small("[matrix]\n\"" + repeat("a.", 100'000) + "a\" = [1]\n"), "no field has so long a path"));
}

TEST_CASE("a file may ask for as many seeds as the command line, and no more") {
  const auto with_seeds = [](const std::string& seeds) { return "seeds = " + seeds + "\n" + small(); };
  CHECK(parse(with_seeds("\"1..10000000\"")).scenario);
  CHECK(refused(with_seeds("\"1..99999999\""),
                "seeds '1..99999999' is no range of seeds: 1..1000 (at most 10,000,000, limit seeds)"));
  CHECK(refused(with_seeds("{ first = 5, count = 10000001 }"), "seeds is no range of seeds: 1..1000"));
}

TEST_CASE("many variants of a large file are refused") {
  std::string text = "scenario = 1\ntitle = \"x\"\nstory = \"" + repeat("long ", 200'000) +
                     "\"\n[cluster]\nnodes = 1\nprotocol = 'heartbeat'\n[matrix]\nnetwork.loss = [";
  CHECK(refused(text + repeat("0.1, ", 9'000) + "0.1]\n", "too many for a file of this size (limit copied-values)"));
}

TEST_CASE("SQL that never ends, or asks for a gigabyte, is only prepared") {
  CHECK(refused(small("before = \"SELECT * FROM nowhere WHERE x = zeroblob(1000000000)\"\n"), "no such table"));
  const Loaded loop =
      parse(small("before = \"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) INSERT INTO t SELECT x, "
                  "x FROM c\"\n"));
  CHECK(loop.scenario);
}

TEST_CASE("a file may begin with an empty line, end without one, and use either line end") {
  CHECK(parse("\n\n" + small()).scenario);
  CHECK(parse(small() + "[network]\nloss = 0.5").scenario);
  const std::string unix_text = small("[network]\nloss = 0.5\n");
  std::string dos_text;
  for (const char c : unix_text) dos_text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(parse(dos_text).scenario->shared().network.loss.ppb == 500'000'000);
}

TEST_CASE("a long line is shown around the error only") {
  const Loaded loaded =
      parse("scenario = 1\ntitle = \"" + repeat("x", 5'000'000) + "\"\nzzz = [" + repeat("1, ", 1'000'000) + "1]\n");
  CHECK(render(loaded.diagnostics).size() < 2'000);
}

}  // namespace twice::scenario

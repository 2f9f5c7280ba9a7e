// The program finds what ships with it from any folder, and calls it by names that mean the same everywhere.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

constexpr const char* kExample = "scenarios/loaders/crash-at-800.toml";

// What stands between <!-- NAME:begin --> and <!-- NAME:end -->, without the margin of four blanks.
std::string readme_block(const std::string& name) {
  std::ifstream file("README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = fmt::format("<!-- {}:begin -->\n\n", name);
  const std::size_t from = readme.find(begin);
  REQUIRE(from != std::string::npos);
  std::string block;
  std::size_t at = from + begin.size();
  while (readme.compare(at, 4, "<!--") != 0) {
    const std::size_t end = readme.find('\n', at) + 1;
    block += readme.substr(at, end - at).substr(readme.compare(at, 4, "    ") == 0 ? 4 : 0);
    at = end;
  }
  return block;
}

}  // namespace

TEST_CASE("the README shows what its commands print") {
  const Folder folder;
  std::filesystem::create_directory_symlink(std::filesystem::absolute("scenarios"), folder.path() + "/scenarios");
  CHECK(folder.twice(fmt::format("run {} --sweep", kExample)).out + "\n" == readme_block("worked-example"));
  CHECK(folder.twice("sweep scenarios/loaders/append.sql --setup scenarios/loaders/daily_orders.sql "
                     "--source scenarios/loaders/stg_orders.csv --param day=2026-06-23")
                .out +
            "\n" ==
        readme_block("own-sql"));
}

TEST_CASE("a shipped scenario runs from any folder, and so does its repro line") {
  const Folder folder;
  const Outcome run = folder.twice(fmt::format("run {} --only append", kExample));
  CHECK(run.code == 0);
  CHECK(contains(run.out, "hash a74c622c78924046"));
  CHECK(contains(run.out, fmt::format("twice run {} --seed 1 --only append", kExample)));
  CHECK(contains(run.err, fmt::format("note: {} is not in this folder; taken from ", kExample)));
  CHECK(folder.names().empty());
}

TEST_CASE("a local file wins over a shipped one, without a word") {
  const Folder folder;
  std::filesystem::create_directories(folder.path() + "/scenarios/loaders");
  folder.write(kExample, small_scenario(20));
  const Outcome run = folder.twice(fmt::format("run {} --only append", kExample));
  CHECK(run.code == 0);
  CHECK(contains(run.out, "a small load"));
  CHECK_FALSE(contains(run.err, "note:"));
}

TEST_CASE("a folder of shipped scenarios is told of once, and each file has its short name") {
  const Folder folder;
  const Outcome check = folder.twice("check scenarios/loaders");
  CHECK(check.code == 0);
  CHECK(contains(check.out, fmt::format("{}: ok\n", kExample)));
  CHECK(count_lines(check.err) == 1);
  const Outcome list = folder.twice("list");
  CHECK(list.code == 0);
  CHECK(contains(list.out, fmt::format("{}\n", kExample)));
  CHECK(count_lines(list.err) == 1);
}

TEST_CASE("a file that is neither here nor shipped is named as it was asked for") {
  const Folder folder;
  const Outcome run = folder.twice("run scenarios/no-such-file.toml");
  CHECK(run.code == 3);
  CHECK(contains(run.err, "scenarios/no-such-file.toml"));
  CHECK_FALSE(contains(run.err, "taken from"));
}

TEST_CASE("a program that was copied away alone says where its files would be") {
  const Folder folder;
  std::filesystem::copy_file(TWICE_PROGRAM, folder.path() + "/alone");
  const Outcome list = folder.twice("--version >version; ./alone list");
  CHECK(list.code == 4);
  CHECK(contains(list.err, "there is no 'scenarios'; those that ship with twice belong into share/twice"));
  CHECK(contains(folder.twice("--version >version; ./alone lesson list").err, "belong into share/twice"));
}

TEST_CASE("shipped lessons are taken by number, name or path from any folder") {
  const Folder folder;
  const Outcome list = folder.twice("lesson list --json");
  CHECK(list.code == 0);
  CHECK(contains(list.out, "\"path\":\"lessons/02-a-retry-starts-over/lesson.md\""));
  for (const char* word : {"2", "02-a-retry-starts-over", "lessons/02-a-retry-starts-over"}) {
    INFO(word);
    CHECK(contains(folder.twice(fmt::format("lesson run {}", word)).out, "Lesson 2:"));
  }
}

TEST_CASE("a lesson of one's own hides no shipped lesson that is asked for") {
  const Folder folder;
  REQUIRE(folder.twice("new lesson").code == 0);
  CHECK(contains(folder.twice("lesson run 2").out, "Lesson 2:"));
  CHECK(contains(folder.twice("lesson run my-lesson").out, "Lesson"));
  CHECK(count_lines(folder.twice("lesson list --json").out) == 1);
}

TEST_CASE("a run that a lesson shows is repeated by a line that holds on every machine") {
  const Folder folder;
  REQUIRE(folder.twice("lesson html 2 --no-pictures -o pages").code == 0);
  const std::string page = folder.read("pages/02-a-retry-starts-over.html");
  CHECK(contains(page, "twice run lessons/02-a-retry-starts-over/"));
  CHECK_FALSE(contains(page, TWICE_SOURCE_DIR));
}

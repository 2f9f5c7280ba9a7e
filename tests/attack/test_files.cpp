// Damaged files, and things that are no files, before every subcommand that reads some.
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

namespace fs = std::filesystem;

// What is read, by which commands. FILE stands for it.
struct Target {
  std::string folder, ending, name;
  std::vector<Words> commands;
};

const std::vector<Target>& targets() {
  static const std::vector<Target> kTargets{
      {"scenarios",
       ".toml",
       "a.toml",
       {{"check", "FILE"},
        {"check", "FILE", "--json"},
        {"run", "FILE", "--time-limit", "1s", "--seeds", "1..1", "-j1"},
        {"run", "FILE", "--time-limit", "1s", "--seeds", "1..1", "--json", "-j2"},
        {"sweep", "FILE", "--at-most", "2", "--time-limit", "1s"},
        {"shrink", "FILE", "--runs", "3", "--time-limit", "1s"},
        {"inevitable", "FILE", "--samples", "2", "--points", "2", "--time-limit", "1s", "-j1"},
        {"search", "FILE", "--max-states", "200", "-q"},
        {"list", "."}}},
      {"tests/archive/traces", ".trace", "a.trace", {{"replay", "FILE"}}},
      {"tests/archive/scripts",
       ".sql",
       "a.sql",
       {{"sweep", "FILE", "--setup", "setup.sql", "--source", "stg_orders.csv", "--table", "fact", "--time-limit",
         "2s"},
        {"run", "FILE", "--setup", "setup.sql", "--source", "stg_orders.csv", "--time-limit", "2s"}}},
      {"tests/archive/scripts",
       ".csv",
       "stg_orders.csv",
       {{"sweep", "load.sql", "--setup", "setup.sql", "--source", "FILE", "--time-limit", "2s"}}},
      {"scenarios",
       ".jsonl",
       "stg_orders.jsonl",
       {{"sweep", "load.sql", "--setup", "setup.sql", "--source", "FILE", "--time-limit", "2s"}}},
      {"tests/check/histories",
       "",
       "a.edn",
       {{"history", "check", "FILE"}, {"history", "spectrum", "FILE"}, {"history", "convert", "FILE", "--to", "json"}}},
      {"lessons",
       "lesson.md",
       "lessons/01-a/lesson.md",
       {{"lesson", "list", "--lessons", "lessons"},
        {"lesson", "html", "--lessons", "lessons", "-o", "pages"},
        {"lesson", "guide", "--lessons", "lessons"},
        {"lesson", "check", "--lessons", "lessons", "--learners", "0"}}},
      {"tests/archive/answers",
       ".toml",
       "answers.toml",
       {{"lesson", "grade", "1", "--lessons", std::string(TWICE_SOURCE_DIR) + "/lessons", "--learner", "ada",
         "--answers", "FILE"}}}};
  return kTargets;
}

Words with_file(Words words, const std::string& file) {
  for (std::string& word : words)
    if (word == "FILE") word = file;
  return words;
}

void write_companions(const Scratch& scratch) {
  scratch.write("setup.sql", "CREATE TABLE fact (order_date TEXT, order_id INTEGER, shop TEXT, amount INTEGER);\n");
  scratch.write("load.sql", "INSERT INTO fact (order_date, order_id) SELECT 1, 2 FROM stg_orders;\n");
  scratch.write("stg_orders.csv", "order_date,order_id,shop,amount\n2026-06-23,1,oslo,8\n2026-06-23,2,oslo,15\n");
}

}  // namespace

TEST_CASE("damaged files are answered in words by every subcommand that reads them") {
  Kind kind("damaged files", 26);
  std::vector<std::vector<std::string>> seeds;
  for (const Target& target : targets()) seeds.push_back(shipped_files(target.folder, target.ending));
  for (std::uint64_t round = 0; kind.more(); ++round) {
    Draws draws(1, round);
    const std::size_t which = round % targets().size();
    const Target& target = targets()[which];
    REQUIRE(!seeds[which].empty());
    const Scratch scratch;
    write_companions(scratch);
    const std::string from = draws.one_of(seeds[which]);
    scratch.write(target.name, damage(slurp(from), slurp(draws.one_of(seeds[which])), draws));
    const Words words = with_file(draws.one_of(target.commands), target.name);
    const Answer answer = run(scratch, words);
    std::string wrong = judge(answer);
    if (wrong.empty())
      wrong = scratch.litter({"setup.sql", "load.sql", "stg_orders.csv", target.name, "lessons", "pages"});
    kind.tried("round " + std::to_string(round) + ", " + fs::path(from).filename().string() + ", " + told(words),
               wrong);
  }
  INFO(kind.faults());
  CHECK(kind.count() >= targets().size());
  CHECK(kind.faults().empty());
}

namespace {

// Things that stand where a file is expected.
std::vector<std::pair<std::string, std::string>> odd_paths(const Scratch& scratch) {
  const std::string in = scratch.in("");
  fs::create_directory(in + "folder.toml");
  fs::create_symlink("loop-b.toml", in + "loop-a.toml"), fs::create_symlink("loop-a.toml", in + "loop-b.toml");
  fs::create_symlink("nowhere.toml", in + "dangling.toml");
  ::mkfifo((in + "pipe.toml").c_str(), 0600);
  scratch.write("empty.toml", "");
  scratch.write("sparse.toml", "x"), ::truncate((in + "sparse.toml").c_str(), off_t{4} << 30);
  scratch.write("unreadable.toml", "scenario = 1\n"), ::chmod((in + "unreadable.toml").c_str(), 0);
  std::string deep;
  for (int i = 0; i < 900; ++i) deep += "a/../";
  return {{"a folder", "folder.toml"},
          {"a loop of links", "loop-a.toml"},
          {"a link to nothing", "dangling.toml"},
          {"a named pipe without a writer", "pipe.toml"},
          {"an empty file", "empty.toml"},
          {"a sparse file of 4 GB", "sparse.toml"},
          {"a file without permission", "unreadable.toml"},
          {"an endless device", "/dev/zero"},
          {"an empty device", "/dev/null"},
          {"a name of 300 letters", std::string(300, 'n') + ".toml"},
          {"a path of 4,500 letters", deep + "x.toml"},
          {"a path of 100,000 letters", std::string(50'000, '/') + std::string(50'000, 'n')},
          {"no name", ""},
          {"a name with controls", "\x1b[31m\xe2\x80\xae.toml"},
          {"a name that is no UTF-8", "\xff\xfe.toml"},
          {"a process's memory", "/proc/self/mem"}};
}

}  // namespace

TEST_CASE("what is no file, or one without end, is refused in words wherever a file is named") {
  Kind kind("folders, links, pipes, devices, long names", 14);
  const std::string lessons = std::string(TWICE_SOURCE_DIR) + "/lessons";
  const std::vector<Words> commands{{"check", "FILE"},
                                    {"run", "FILE", "--time-limit", "1s"},
                                    {"replay", "FILE"},
                                    {"history", "check", "FILE"},
                                    {"sweep", "load.sql", "--setup", "FILE", "--source", "stg_orders.csv"},
                                    {"sweep", "load.sql", "--setup", "setup.sql", "--source", "FILE"},
                                    {"lesson", "grade", "1", "--lessons", lessons, "--answers", "FILE"},
                                    {"lesson", "list", "--lessons", "FILE"},
                                    {"list", "FILE"},
                                    {"search", "FILE"},
                                    {"shrink", "FILE", "--runs", "2"},
                                    {"inevitable", "FILE"},
                                    {"pacelc", "FILE"},
                                    {"run", "small.toml", "--junit", "FILE"},
                                    {"run", "small.toml", "--summary", "FILE"},
                                    {"run", "small.toml", "--trace", "FILE"},
                                    {"sweep", "FILE.sql"}};
  const Scratch scratch;
  write_companions(scratch);
  scratch.write("small.toml",
                "scenario = 1\ntitle = \"s\"\nuntil = \"10ms\"\n[cluster]\nnodes = 2\nprotocol = \"heartbeat\"\n");
  const auto paths = odd_paths(scratch);
  // Every pair once, those of the first commands first; the clock ends it only on a very slow machine.
  for (std::uint64_t round = 0; round < commands.size() * paths.size() && (kind.more() || round < paths.size());
       ++round) {
    const auto& [what, path] = paths[(round * 7) % paths.size()];
    const Words& command = commands[round * commands.size() / (commands.size() * paths.size())];
    Words words = with_file(command, path);
    const bool writes = words.size() > 2 && words[1] == "small.toml";
    if (writes && path.starts_with("/dev/")) continue;
    if (words.back() == "FILE.sql") words.back() = path + ".sql";
    const Bounds bounds{10, 20, 700};
    kind.tried(what + ", " + told(command), judge(run(scratch, words, bounds), bounds));
  }
  ::chmod(scratch.in("unreadable.toml").c_str(), 0600);
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

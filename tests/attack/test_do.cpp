// Texts for --do, from words that it knows and words that it does not.
#include <fmt/format.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

std::string steps(Draws& draws) {
  static const std::vector<std::string> kWords{"crash",
                                               "restart",
                                               "drop",
                                               "cut",
                                               "heal",
                                               "partition",
                                               "tell",
                                               "pause",
                                               "resume",
                                               "isolate",
                                               "delay",
                                               "duplicate",
                                               "loader",
                                               "warehouse",
                                               "n1",
                                               "n2",
                                               "n9",
                                               "app",
                                               "n1>n2",
                                               "n1>n2#3",
                                               "n1>n2#99999999999999999999",
                                               "all",
                                               "campaign",
                                               "@10ms",
                                               "@-1s",
                                               "@row:3/1",
                                               "@row:99999999999",
                                               "@stmt:1/1",
                                               "@reply:1/1",
                                               "@",
                                               "@99999999999999999h",
                                               ";",
                                               ";;",
                                               ",",
                                               "#",
                                               ">",
                                               "|",
                                               "'",
                                               "\"",
                                               "(",
                                               "\\",
                                               "\xe2\x80\xae",
                                               "\x1b[31m",
                                               "\xff",
                                               "=",
                                               "0",
                                               "-1",
                                               "1e308",
                                               "nan",
                                               "{",
                                               "[["};
  std::string text;
  const std::uint64_t words = draws.below(12);
  for (std::uint64_t i = 0; i < words; ++i) text += draws.one_of(kWords) + (draws.below(5) ? " " : "");
  if (draws.below(40) == 0) text += std::string(100'000, draws.below(2) ? ';' : 'x');
  return text;
}

}  // namespace

TEST_CASE("every text of --do is done or refused in words") {
  Kind kind("--do texts", 7);
  const Scratch scratch;
  const std::string archive = std::string(TWICE_SOURCE_DIR) + "/tests/archive/scenarios/mini/";
  const std::vector<std::string> files{"raft", "load-append", "single", "stream", "two-phase-commit"};
  for (std::uint64_t round = 0; kind.more(); ++round) {
    Draws draws(4, round);
    const std::string text = steps(draws), file = archive + draws.one_of(files) + ".toml";
    const std::string wrong = judge(run(scratch, {"run", file, "--do", text, "--time-limit", "2s", "-j1"}));
    kind.tried(fmt::format("run {} --do '{}'", file.substr(archive.size()), text), wrong);
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
  CHECK(scratch.litter({}).empty());
}

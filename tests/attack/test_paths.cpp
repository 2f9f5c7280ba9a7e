// Files that name other files: what lies outside their folder stays unread, links resolved.
#include <filesystem>

#include <fmt/format.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

std::vector<std::string> ways_out(const std::string& ending) {
  return {"../outside/secret." + ending,
          "./../outside/secret." + ending,
          "sub/../../outside/secret." + ending,
          "link/secret." + ending,
          "link." + ending,
          "/etc/passwd",
          "../../../../../../../../etc/hostname",
          "/dev/zero",
          "/proc/self/environ",
          "sub/../link/secret." + ending};
}

void prepare(const Scratch& scratch) {
  namespace fs = std::filesystem;
  fs::create_directory(scratch.in("sub"));
  fs::create_directory_symlink(scratch.root() + "/outside", scratch.in("link"));
  for (const char* ending : {"toml", "csv", "txt"})
    fs::create_symlink(scratch.root() + "/outside/secret." + ending, scratch.in(std::string("link.") + ending));
}

// A file from outside is refused where it is named, not read and then found wrong.
std::string wrong_with(const Answer& answer) {
  if (std::string wrong = judge(answer, {10, 90, 700}); !wrong.empty()) return wrong;
  for (const std::string* text : {&answer.out, &answer.err})
    for (const char* sign : {"root:x:", "HOME=", "PATH="})
      if (text->find(sign) != std::string::npos) return "shows what lies outside its folder";
  return answer.code == 3 ? "" : fmt::format("exit code {}: {}", answer.code, shown(answer.err + answer.out, 200));
}

}  // namespace

TEST_CASE("answers, lessons and scenarios read nothing outside their folder") {
  Kind kind("paths that lead outside", 4);
  const Scratch scratch;
  prepare(scratch);
  const std::string lessons = std::string(TWICE_SOURCE_DIR) + "/lessons";
  for (const std::string& path : ways_out("toml")) {
    scratch.write(
        "answers.toml",
        fmt::format("learner = \"ada\"\n[[answer]]\nlesson = 1\nstep = \"challenge\"\nedits-file = \"{}\"\n", path));
    kind.tried(
        "edits-file = " + path,
        wrong_with(run(scratch,
                       {"lesson", "grade", "1", "--lessons", lessons, "--learner", "ada", "--answers", "answers.toml"},
                       {10, 90, 700})));
    scratch.write(
        "lessons/01-a/lesson.md",
        fmt::format("+++\ntitle = \"A\"\nnumber = 1\nminutes = 5\ngoals = [\"g\"]\nmisconception = \"m\"\nleaves-out = "
                    "\"l\"\ndiscuss = [\"d?\"]\n+++\n\n# A\n\n## S\n\nText.\n\n```run\nscenario = \"{}\"\nshows = "
                    "[\"verdict\"]\n```\n",
                    path.starts_with("/") ? path : "../../" + path));
    kind.tried("a lesson's scenario = " + path,
               wrong_with(run(scratch, {"lesson", "check", "--lessons", "lessons"}, {10, 90, 700})));
  }
  for (const std::string& path : ways_out("csv")) {
    scratch.write("load.toml", fmt::format(R"toml(scenario = 1
title = "t"
[warehouse]
setup = "CREATE TABLE orders (day TEXT, id TEXT);"
[source]
csv = "{}"
[job]
day = "2026-06-23"
[[lane]]
name = "a"
table = "orders"
slice = "day = :day"
commit = "once"
row = "INSERT INTO orders VALUES (:day, 1)"
)toml",
                                           path));
    for (const char* command : {"check", "run", "sweep"})
      kind.tried(fmt::format("{} with csv = {}", command, path),
                 wrong_with(run(scratch, {command, "load.toml"}, {10, 90, 700})));
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

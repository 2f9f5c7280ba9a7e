#include "lab/escapes.h"

#include <cstdio>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "support/catch.h"

using namespace twice::lab;

namespace {

// What `sh` makes of a word: printed by printf, so that no byte is lost.
std::string said_by_shell(const std::string& word) {
  std::FILE* pipe = ::popen(("printf '%s|' " + word).c_str(), "r");
  REQUIRE(pipe);
  std::string out;
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) out += static_cast<char>(c);
  REQUIRE(::pclose(pipe) == 0);
  REQUIRE(out.ends_with('|'));
  return out.substr(0, out.size() - 1);
}

const std::vector<std::string> kOddWords{"plain.toml",
                                         "two words.toml",
                                         "it's.toml",
                                         "\"quoted\".toml",
                                         "$HOME and $(touch pwned) and `touch pwned`.toml",
                                         "back\\slash\\n.toml",
                                         "line\nend.toml",
                                         "ends with a line\n",
                                         "ends with three\n\n\n",
                                         "\n",
                                         "tab\there",
                                         "esc\x1b[31m",
                                         "bidi\u202e",
                                         "no utf-8 \xff\xfe",
                                         "%s%d%b",
                                         "!history",
                                         "a;b&c|d>e<f",
                                         "*?[a-z]",
                                         "~",
                                         "#comment",
                                         "ünïcode 日本",
                                         "'\n'\\'",
                                         ""};

}  // namespace

TEST_CASE("a quoted word is one printable line, and a shell reads the word itself") {
  for (const std::string& word : kOddWords) {
    const std::string quoted = shell_quoted(word);
    INFO(quoted);
    CHECK(for_terminal(quoted) == quoted);
    CHECK(quoted.find('\n') == std::string::npos);
    CHECK(said_by_shell(quoted) == word);
  }
}

TEST_CASE("a plain word is not quoted, a path is no option, and neither is a value") {
  CHECK(shell_quoted("scenarios/x.toml") == "scenarios/x.toml");
  CHECK(shell_path("-x.toml") == "./-x.toml");
  CHECK(shell_path("x.toml") == "x.toml");
  CHECK(shell_option("--only", "a lane") == "--only 'a lane'");
  CHECK(shell_option("--only", "-x") == "--only=-x");
}

TEST_CASE("the last gate keeps lines, tabs and the colours of reports, and nothing else that commands") {
  const std::string report = "\x1b[1mtitle\x1b[0m\n\t\x1b[1;31m✗ no\x1b[0m\n";
  CHECK(for_terminal(report) == report);
  CHECK(for_terminal("a\x1b[2Jb\x1b]0;title\x07") == "a\\u001b[2Jb\\u001b]0;title\\u0007");
  CHECK(for_terminal("\u202eabc\u009b") == "\\u202eabc\\u009b");
  CHECK(for_terminal("\x1b[8mhidden") == "\\u001b[8mhidden");
}

TEST_CASE("no line of a report is a command for a build server") {
  CHECK(for_terminal("::error::x\n  ::add-mask::y\n\x1b[1m::stop-commands::z\x1b[0m") ==
        ":\\u003aerror::x\n  :\\u003aadd-mask::y\n\x1b[1m:\\u003astop-commands::z\x1b[0m");
  CHECK(for_terminal("\u3000::error::x") == "\u3000:\\u003aerror::x");
  CHECK(for_terminal("a ##[error]b ##vso[task.complete]c") == "a #\\u0023[error]b #\\u0023vso[task.complete]c");
  CHECK(for_terminal("std::string ## heading") == "std::string ## heading");
}

TEST_CASE("a value cannot leave its annotation, its XML, its table cell or its code span") {
  CHECK(github("50%\n::error::x\r\u202e", false) == "50%25%0A::error::x\\r\\u202e");
  CHECK(github("a,b:c", true) == "a%2Cb%3Ac");
  CHECK(xml("<a b=\"c\">&\n\x1b") == "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\\u001b");
  CHECK(markdown("a|b [x](javascript:y) `c` <img>\n_d_") == "a\\|b \\[x\\](javascript:y) \\`c\\` &lt;img> \\_d\\_");
  CHECK(markdown_code("a") == "`a`");
  CHECK(markdown_code("a``b") == "``` a``b ```");
}

// The tree keeps its own rules.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include "support/catch.h"
#include "tidy/rules.h"

using namespace twice::tidy;

namespace {

const std::vector<Source>& tree() {
  static const std::vector<Source> kTree = read_tree(TWICE_SOURCE_DIR);
  return kTree;
}

bool covers(const Exception& exception, const std::string& path) {
  return exception.path.ends_with('/') ? path.starts_with(exception.path) : path == exception.path;
}

// Everything the rule found in the tree, one line each, without what is excused.
std::string broken(Rule rule) {
  std::string text;
  for (const Source& source : tree()) {
    bool excused = false;
    for (const Exception& exception : exceptions()) excused |= exception.rule == rule && covers(exception, source.path);
    if (excused) continue;
    for (const Finding& finding : rule(source))
      text += fmt::format("{}:{}: {}\n", finding.path, finding.line, finding.message);
  }
  return text;
}

std::string output_of(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> part{};
  while (pipe && std::fgets(part.data(), static_cast<int>(part.size()), pipe.get())) text += part.data();
  return text;
}

}  // namespace

TEST_CASE("the tree is found") { REQUIRE(tree().size() > 20); }

TEST_CASE("arrows between layers point down") { CHECK(broken(check_layering) == ""); }
TEST_CASE("third-party headers stay in the folder that wraps them") { CHECK(broken(check_third_party) == ""); }
TEST_CASE("nothing in sim/ can differ between machines or runs") { CHECK(broken(check_determinism) == ""); }
TEST_CASE("every header begins with #pragma once") { CHECK(broken(check_pragma_once) == ""); }
TEST_CASE("lines of code fit in 160 characters") { CHECK(broken(check_line_length) == ""); }
TEST_CASE("files of code fit in 600 lines") { CHECK(broken(check_file_length) == ""); }
TEST_CASE("nothing is left for later") { CHECK(broken(check_unfinished) == ""); }
TEST_CASE("no path of one machine is written down") { CHECK(broken(check_machine_paths) == ""); }
TEST_CASE("files of code are named in snake_case") { CHECK(broken(check_file_name) == ""); }

TEST_CASE("every exception still excuses something") {
  for (const Exception& exception : exceptions()) {
    std::size_t uses = 0;
    for (const Source& source : tree())
      if (covers(exception, source.path)) uses += exception.rule(source).size();
    INFO(exception.path << ": " << exception.reason);
    CHECK(uses > 0);
  }
}

TEST_CASE("the engine's libraries call no libm") {
  const char* libraries = std::getenv("TWICE_LAYER_LIBRARIES");
  if (!libraries || output_of("command -v nm").empty()) {
    WARN("not looked at: needs nm, and the list of libraries that ctest passes");
    return;
  }
  std::istringstream paths{libraries};
  for (std::string library; std::getline(paths, library, ':');) {
    const std::string symbols = output_of("nm -u '" + library + "'");
    INFO(library);
    REQUIRE_FALSE(symbols.empty());
    auto called = libm_symbols(symbols);
    // The JSON library's reader of CBOR, by which workers send reports home, widens half floats with ldexp. That is
    // exact on every machine, and we send none.
    if (library.ends_with("twice_lab.a")) std::erase(called, "ldexp");
    CHECK(called == std::vector<std::string>{});
  }
}

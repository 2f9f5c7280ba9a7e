#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

// Tags open and close in order, attributes are quoted, and no bare '<' or '&' is left: enough to catch broken escapes.
bool is_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at)) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos || xml.find('<', at + 1) < end) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    at = end;
    if (tag.front() == '?') continue;
    const std::string name = tag.substr(tag.front() == '/', tag.find_first_of(" /", 1) - (tag.front() == '/'));
    if (tag.front() == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  for (std::size_t at = 0; (at = xml.find('&', at)) != std::string::npos; ++at)
    if (xml.find(';', at) == std::string::npos || xml.find(';', at) > at + 6) return false;
  return open.empty();
}

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

std::string failing_scenario() {
  std::string text = small_scenario(20);
  text.replace(text.find("finally = 20"), 12, "finally = 21");
  text.replace(text.find("a small load"), 12, "a <small> & odd load");
  return text;
}

}  // namespace

TEST_CASE("the check for XML sees what is broken") {
  CHECK(is_well_formed("<?xml version=\"1.0\"?><a><b c=\"d\"/>x &amp; y</a>"));
  CHECK_FALSE(is_well_formed("<a><b></a>"));
  CHECK_FALSE(is_well_formed("<a>x & y</a>"));
  CHECK_FALSE(is_well_formed("<a b=\"<\"/>"));
}

TEST_CASE("JSON Lines parse, and hold every run with its hash and repro") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const Outcome o = folder.twice("run small.toml --json --seeds 1..3 -j 2");
  REQUIRE(o.code == 0);
  const auto lines = lines_of(o.out);
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].at("type") == "run");
  CHECK(lines[0].at("hash").get<std::string>().size() == 16);
  CHECK(contains(lines[0].at("repro"), "twice run small.toml --seed 1"));
  CHECK(lines[6].at("type") == "batch");
  CHECK(lines[6].at("held") == "held");
  const auto points = lines_of(folder.twice("sweep small.toml --json").out);
  REQUIRE(points.size() == 3);
  CHECK(points[0].at("points").size() > 40);
  CHECK(points[0].at("smallest").at("outcome") == "D");
  CHECK(points[1].at("smallest").is_null());
}

TEST_CASE("JUnit has a case for every expectation and seed, and is well-formed whatever the title is") {
  const Folder folder;
  folder.write("small.toml", failing_scenario());
  const Outcome o = folder.twice("run small.toml --seeds 1..2 --junit out.xml --summary out.md --quiet");
  CHECK(o.code == 1);
  const std::string xml = folder.read("out.xml");
  CHECK(is_well_formed(xml));
  CHECK(contains(xml, "failures=\"2\""));
  CHECK(contains(xml, "small.toml:30"));
  CHECK(contains(xml, "twice run small.toml --seed 2"));
  CHECK(contains(folder.read("out.md"), "| overwrite | 1 |"));
  CHECK(folder.twice("sweep small.toml --junit sweep.xml --quiet").code == 0);
  CHECK(is_well_formed(folder.read("sweep.xml")));
}

TEST_CASE("GitHub gets annotations on the expectation's own line, at most ten, and by itself on its machines") {
  const Folder folder;
  folder.write("small.toml", failing_scenario());
  const Outcome o = folder.twice("run small.toml --seeds 1..12 --github");
  CHECK(contains(o.err, "::error file=small.toml,line=30,"));
  CHECK(count_lines(o.err) == 10);
  CHECK(contains(folder.twice("run small.toml", "GITHUB_ACTIONS=true").err, "::error file=small.toml"));
  CHECK_FALSE(contains(folder.twice("run small.toml").err, "::error"));
}

TEST_CASE("colours follow the terminal, FORCE_COLOR, NO_COLOR and --no-color, in this order of strength") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const auto coloured = [&](const std::string& flags, const std::string& environment) {
    return contains(folder.twice("run small.toml " + flags, environment).out, "\x1b[");
  };
  CHECK_FALSE(coloured("", ""));
  CHECK(coloured("", "FORCE_COLOR=1"));
  CHECK_FALSE(coloured("", "FORCE_COLOR=1 NO_COLOR=1"));
  CHECK_FALSE(coloured("--no-color", "FORCE_COLOR=1"));
}

TEST_CASE("--save writes a scenario that gives the same hash without --do") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const auto hash_in = [](const std::string& out) { return out.substr(out.find("hash "), 21); };
  const Outcome with = folder.twice("run small.toml --only append --do 'crash loader @row:7/2' --save saved.toml");
  const Outcome saved = folder.twice("run saved.toml --only append");
  INFO(with.out << with.err << saved.out << saved.err);
  CHECK(hash_in(with.out) == hash_in(saved.out));
  CHECK(hash_in(with.out) != hash_in(folder.twice("run small.toml --only append").out));
}

TEST_CASE("--quiet is silent about success, --narrate tells what happened") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  CHECK(folder.twice("run small.toml --quiet").out.empty());
  CHECK(folder.twice("run small.toml --narrate").out.size() > folder.twice("run small.toml").out.size() + 200);
}

TEST_CASE("a repro line, run as it stands, gives the same hash and outcome") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  const auto lines = lines_of(folder.twice("sweep small.toml --only append --json").out);
  const std::string repro = lines[0].at("repro");
  REQUIRE(repro.substr(0, 6) == "twice ");
  const auto run = lines_of(folder.twice(repro.substr(6) + " --json").out);
  REQUIRE(run.size() == 2);
  CHECK(run[0].at("load").at("letter") == lines[0].at("smallest").at("outcome"));
  CHECK(run[0].at("load").at("rows") == lines[0].at("smallest").at("rows"));
  const std::string again = run[0].at("repro");
  CHECK(lines_of(folder.twice(again.substr(6) + " --json").out)[0].at("hash") == run[0].at("hash"));
}

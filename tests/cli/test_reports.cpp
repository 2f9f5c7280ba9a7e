// What build servers read: JUnit, annotations, Markdown, JSON; whatever happens to the run.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

struct Tag {
  std::string name;
  std::map<std::string, std::string> attributes;
};

std::vector<Tag> tags_of(const std::string& xml) {
  std::vector<Tag> tags;
  const std::regex tag("<([a-z][a-z-]*)((\\s+[a-z]+=\"[^\"]*\")*)\\s*/?>"), attribute("([a-z]+)=\"([^\"]*)\"");
  for (std::sregex_iterator at(xml.begin(), xml.end(), tag), end; at != end; ++at) {
    Tag found{(*at)[1], {}};
    const std::string inside = (*at)[2];
    for (std::sregex_iterator a(inside.begin(), inside.end(), attribute); a != end; ++a)
      found.attributes[(*a)[1]] = (*a)[2];
    tags.push_back(std::move(found));
  }
  return tags;
}

std::vector<Tag> named(const std::string& xml, const std::string& name) {
  std::vector<Tag> found;
  for (Tag& tag : tags_of(xml))
    if (tag.name == name) found.push_back(std::move(tag));
  return found;
}

// The rules of Jenkins's schema for elements and attributes that we write.
std::string breaks_schema(const std::string& xml) {
  const std::map<std::string, std::set<std::string>> allowed{
      {"testsuites", {"name", "time", "tests", "failures", "errors"}},
      {"testsuite",
       {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package",
        "file", "log", "url", "version"}},
      {"testcase", {"name", "time", "classname", "group"}},
      {"failure", {"type", "message"}},
      {"error", {"type", "message"}},
      {"skipped", {"type", "message"}},
      {"system-out", {}},
      {"system-err", {}}};
  const std::map<std::string, std::set<std::string>> required{{"testsuite", {"name", "tests", "failures", "errors"}},
                                                              {"testcase", {"name"}}};
  const std::regex seconds("[0-9]*(\\.[0-9]{0,3})?");
  for (const Tag& tag : tags_of(xml)) {
    if (!allowed.count(tag.name)) return "element " + tag.name;
    for (const auto& [name, value] : tag.attributes) {
      if (!allowed.at(tag.name).count(name)) return "attribute " + name + " of " + tag.name;
      if (name == "time" && !std::regex_match(value, seconds)) return "time " + value;
    }
    if (const auto at = required.find(tag.name); at != required.end())
      for (const std::string& name : at->second)
        if (!tag.attributes.count(name)) return tag.name + " without " + name;
  }
  return {};
}

// By xmllint, where it is installed.
bool is_valid(const Folder& folder, const std::string& file) {
  INFO(folder.read(file));
  const std::string broken = breaks_schema(folder.read(file));
  INFO(broken);
  CHECK(broken.empty());
  if (std::system("command -v xmllint >/dev/null 2>&1") != 0) {
    WARN("there is no xmllint: only our own copy of the schema's rules was checked");
    return broken.empty();
  }
  const std::string command = "xmllint --noout --schema '" TWICE_SOURCE_DIR "/tests/cli/junit-10.xsd' '" +
                              folder.path() + "/" + file + "' >/dev/null 2>&1";
  return std::system(command.c_str()) == 0 && broken.empty();
}

std::string failing(std::uint64_t rows = 20) {
  std::string text = small_scenario(rows);
  const std::string wanted = "finally = " + std::to_string(rows);
  text.replace(text.find(wanted), wanted.size(), "finally = 7");
  return text;
}

// A fault whose moment never comes.
constexpr const char* kUndecided = "run met.toml --only overwrite --do 'crash loader @row:15/3'";

std::string cluster(const std::string& more) {
  return R"toml(scenario = 1
title = "Clients of a cluster"
seeds = 1
until = "4s"
[cluster]
nodes = 3
protocol = "primary-backup"
[cluster.primary-backup]
acknowledge = "async"
[network]
latency = "1ms..10ms"
[[client]]
name = "app"
count = 5
workload = "append"
keys = 3
think = "8ms"
timeout = "500ms"
until = "3s"
)toml" + more;
}

std::string long_lists() {
  return cluster(R"toml([timeline]
steps = [{ at = "1500ms", crash = "n1" }, { at = "2500ms", restart = "n1" }]
[expect]
finally = ["acked-never-lost"]
metrics = [{ of = "reigns", is = ">= 1" }]
[matrix]
cluster.primary-backup.acknowledge = ["async", "semi-sync", "sync"]
network.loss = [0.0, 0.05]
)toml");
}

bool has_controls(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return true;
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (c == 0xc2 && next >= 0x80 && next <= 0x9f) return true;  // C1
    if (text.compare(i, 3, "\u202e") == 0) return true;
  }
  return false;
}

// A line that the runner of GitHub would take for a command, other than our own.
bool has_foreign_command(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t from = line.find_first_not_of(" \t");
    if (from == std::string::npos || line.compare(from, 2, "::") != 0) continue;
    if (line.compare(0, 13, "::error file=") != 0 && line.compare(0, 15, "::warning file=") != 0) return true;
  }
  return false;
}

// Started in the folder, stopped by the signal once the file appears or after `ms`.
Outcome interrupted_after(const Folder& folder, const std::vector<std::string>& words, int signal, int ms) {
  const std::string out = folder.path() + ".out", err = folder.path() + ".err";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(folder.path().c_str()) != 0 || !std::freopen(out.c_str(), "w", stdout) ||
        !std::freopen(err.c_str(), "w", stderr))
      ::_exit(99);
    std::vector<char*> argv{const_cast<char*>(TWICE_PROGRAM)};
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(TWICE_PROGRAM, argv.data());
    ::_exit(98);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  ::kill(child, signal);
  int status = 0;
  ::waitpid(child, &status, 0);
  const auto slurp = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    std::remove(path.c_str());
    return text.str();
  };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
}

}  // namespace

// --- JUnit

TEST_CASE("the check of the schema sees an attribute, an element and a time that Jenkins refuses") {
  CHECK(breaks_schema("<testcase name=\"a\" time=\"0.001\"/>").empty());
  CHECK_FALSE(breaks_schema("<testcase name=\"a\" file=\"b\"/>").empty());
  CHECK_FALSE(breaks_schema("<testcase name=\"a\"><properties/></testcase>").empty());
  CHECK_FALSE(breaks_schema("<testsuite name=\"a\" tests=\"1\" failures=\"0\" errors=\"0\" time=\"0.0001\"/>").empty());
  CHECK_FALSE(breaks_schema("<testcase time=\"0\"/>").empty());
}

TEST_CASE("JUnit is valid for Jenkins's xUnit schema, whatever the run showed") {
  const Folder folder;
  folder.write("met.toml", small_scenario(20)), folder.write("failing.toml", failing());
  folder.write("bad.toml", "scenario = 1\ntitle = 7\n");
  folder.write("odd \"<name>\" & 'more'.toml", failing());
  folder.write("load.sql", "INSERT INTO t SELECT 1;\n"), folder.write("schema.sql", "CREATE TABLE t (a);\n");
  for (const std::string command :
       {"run met.toml failing.toml --seeds 1..3", kUndecided, "run bad.toml met.toml", "sweep met.toml",
        "sweep load.sql --setup schema.sql", "run met.toml --sweep", "run met.toml --time-limit 1ns --seeds 1..50",
        "run 'odd \"<name>\" & '\\''more'\\''.toml'", "run nowhere.toml", "run met.toml --only nobody"}) {
    INFO(command);
    folder.twice(command + " --quiet --junit out.xml");
    REQUIRE(folder.has("out.xml"));
    CHECK(is_valid(folder, "out.xml"));
    std::remove((folder.path() + "/out.xml").c_str());
  }
}

TEST_CASE("every field that GitLab documents is there: classname, name, time, failure, error, system-out") {
  const Folder folder;
  folder.write("failing.toml", failing());
  CHECK(folder.twice("run failing.toml --quiet --junit out.xml").code == 1);
  const std::string xml = folder.read("out.xml");
  const std::vector<Tag> cases = named(xml, "testcase");
  REQUIRE(cases.size() >= 3);
  for (const Tag& c : cases) {
    CHECK(contains(c.attributes.at("classname"), "failing.toml"));
    CHECK(contains(c.attributes.at("name"), "seed 1"));
    CHECK_FALSE(c.attributes.at("time").empty());
  }
  CHECK(named(xml, "failure").size() == 1);
  CHECK(named(xml, "system-out").size() == cases.size());
  CHECK(contains(xml, "<system-out>failing.toml:30"));  // the place, which has no attribute
  CHECK(contains(xml, "repro") == false);
  CHECK(contains(xml, "twice run failing.toml --seed 1 --only overwrite"));
}

TEST_CASE("no two cases of a file have one class name and name: GitLab would show the first only") {
  const Folder folder;
  std::string text =
      cluster("[expect]\nmetrics = [{ of = \"ops.ok\", is = \">= 1\" }, { of = \"ops.ok\", is = \">= 2\" }]\n");
  folder.write("twice.toml", text);
  folder.twice("run twice.toml --quiet --junit out.xml");
  std::set<std::string> names;
  const std::vector<Tag> cases = named(folder.read("out.xml"), "testcase");
  for (const Tag& c : cases) names.insert(c.attributes.at("classname") + "|" + c.attributes.at("name"));
  CHECK(cases.size() >= 2);
  CHECK(names.size() == cases.size());
}

TEST_CASE("JUnit says when, where, how long and what kind of failure") {
  const Folder folder;
  folder.write("failing.toml", failing(2000));
  folder.twice("run failing.toml --quiet --junit out.xml");
  const Tag suite = named(folder.read("out.xml"), "testsuite").front();
  CHECK(std::regex_match(suite.attributes.at("timestamp"), std::regex("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d")));
  CHECK_FALSE(suite.attributes.at("hostname").empty());
  CHECK(std::stod(suite.attributes.at("time")) > 0);
  CHECK(std::stod(suite.attributes.at("time")) < 300);
  CHECK(named(folder.read("out.xml"), "failure").front().attributes.at("type") == "failed");
  // In worker processes too.
  folder.twice("run failing.toml --quiet --seeds 1..2 -j 2 --junit out.xml");
  CHECK(std::stod(named(folder.read("out.xml"), "testsuite").front().attributes.at("time")) > 0);
}

TEST_CASE("with SOURCE_DATE_EPOCH two files of the same run are equal byte for byte") {
  const Folder folder;
  folder.write("failing.toml", failing());
  folder.twice("run failing.toml --quiet --junit a.xml", "SOURCE_DATE_EPOCH=1700000000");
  folder.twice("run failing.toml --quiet --junit b.xml -j 2", "SOURCE_DATE_EPOCH=1700000000");
  CHECK(folder.read("a.xml") == folder.read("b.xml"));
  CHECK(contains(folder.read("a.xml"), "timestamp=\"2023-11-14T22:13:20\""));
}

// --- what hides no trouble

TEST_CASE("what could not be decided is an error in JUnit, not skipped, and is seen in every other report") {
  const Folder folder;
  folder.write("met.toml", small_scenario(20));
  const Outcome o = folder.twice(kUndecided + std::string(" --json --junit out.xml --summary out.md --github"));
  CHECK(o.code == 2);
  const std::string xml = folder.read("out.xml");
  REQUIRE_FALSE(named(xml, "error").empty());
  CHECK(named(xml, "error").front().attributes.at("type") == "undecided");
  CHECK(named(xml, "skipped").empty());
  CHECK(named(xml, "testsuite").front().attributes.at("errors") != "0");
  CHECK(contains(o.err, "::warning file=met.toml"));
  CHECK(contains(folder.read("out.md"), "❔"));
  CHECK(contains(o.out, "\"held\":\"unknown\""));
}

TEST_CASE("a bad scenario stops the others, and every report names it with its line") {
  const Folder folder;
  folder.write("bad.toml", "scenario = 1\ntitle = \"x\"\nuntl = \"1s\"\n"),
      folder.write("good.toml", small_scenario(20));
  const Outcome o = folder.twice("run good.toml bad.toml --json --junit out.xml --summary out.md --github");
  CHECK(o.code == 3);
  const std::string xml = folder.read("out.xml");
  REQUIRE_FALSE(named(xml, "error").empty());
  CHECK(named(xml, "error").front().attributes.at("type") == "bad-scenario");
  CHECK(contains(xml, "<system-out>bad.toml:3"));
  CHECK(named(xml, "skipped").size() == 1);  // good.toml was not run
  CHECK(contains(folder.read("out.md"), "bad.toml"));
  CHECK(contains(o.err, "::error file=bad.toml,line=3"));
  CHECK(contains(o.out, "\"kind\":\"bad-scenario\""));
}

TEST_CASE("a command that can do nothing leaves a JUnit file that says why") {
  const Folder folder;
  folder.write("good.toml", small_scenario(20));
  const auto type = [&](const std::string& command) {
    std::remove((folder.path() + "/out.xml").c_str());
    folder.twice(command + " --junit out.xml");
    const std::vector<Tag> errors = named(folder.read("out.xml"), "error");
    return errors.empty() ? std::string("none") : errors.front().attributes.at("type");
  };
  CHECK(type("run nowhere.toml") == "bad-scenario");
  CHECK(type("run good.toml --only nobody") == "nothing-matched");
  CHECK(type("run good.toml --seeds 5..2") == "usage");
  CHECK(type("sweep nowhere.toml") == "bad-scenario");
}

TEST_CASE("a time limit that cuts a command is an error in every report, for each scenario that it left out") {
  const Folder folder;
  folder.write("one.toml", small_scenario(20)), folder.write("two.toml", small_scenario(20));
  const Outcome o = folder.twice(
      "run one.toml two.toml --seeds 1..40 -j 2 --time-limit 1ns --json --junit out.xml --summary out.md --github");
  CHECK(o.code == 2);
  const std::string xml = folder.read("out.xml");
  const std::vector<Tag> errors = named(xml, "error");
  CHECK(std::count_if(errors.begin(), errors.end(),
                      [](const Tag& e) { return e.attributes.at("type") == "time-limit"; }) >= 2);
  CHECK(contains(xml, "two.toml"));
  CHECK(contains(folder.read("out.md"), "time limit"));
  CHECK(contains(o.err, "::error file=two.toml"));
  CHECK(contains(o.out, "time-limit"));
}

TEST_CASE("a signal loses no finding: what failed by then is printed and written, with what is missing") {
  const Folder folder;
  folder.write("many.toml", failing(300));
  for (const auto& [signal, jobs] : {std::pair{SIGINT, "2"}, std::pair{SIGTERM, "2"}, std::pair{SIGTERM, "1"}}) {
    std::remove((folder.path() + "/out.xml").c_str());
    const Outcome o = interrupted_after(folder,
                                        {"run", "many.toml", "--only", "overwrite", "--seeds", "1..100000", "-j", jobs,
                                         "--junit", "out.xml", "--summary", "out.md"},
                                        signal, 3000);
    INFO(o.out << o.err);
    CHECK(o.code >= 130);
    CHECK_FALSE(contains(o.err, "nothing was written"));
    REQUIRE(folder.has("out.xml"));
    const std::string xml = folder.read("out.xml");
    CHECK_FALSE(named(xml, "failure").empty());
    CHECK(named(xml, "error").back().attributes.at("type") == "interrupt");
    CHECK(contains(named(xml, "error").back().attributes.at("message"), "of 100,000 runs ended"));
    CHECK(contains(o.out, "FAIL orders finally"));
    CHECK(contains(o.out, "of 100,000 runs ended; stopped by an interrupt"));
    CHECK(contains(folder.read("out.md"), "stopped by an interrupt"));
    CHECK(is_valid(folder, "out.xml"));
  }
}

TEST_CASE("a time limit in the middle of many seeds keeps what had failed by then") {
  const Folder folder;
  folder.write("many.toml", failing(300));
  const Outcome o = folder.twice(
      "run many.toml --only overwrite --seeds 1..100000 -j 2 --time-limit 2s --junit out.xml --summary out.md "
      "--github");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  const std::string xml = folder.read("out.xml");
  CHECK_FALSE(named(xml, "failure").empty());
  CHECK(named(xml, "error").back().attributes.at("type") == "time-limit");
  CHECK(contains(o.out, "of 100,000 runs ended; stopped by the time limit"));
  CHECK(contains(folder.read("out.md"), "stopped by the time limit"));
  CHECK(is_valid(folder, "out.xml"));
}

// --- short

TEST_CASE("one failure has one short reason, and a run that failed is told in less than 4 KB") {
  const Folder folder;
  folder.write("lists.toml", long_lists());
  const Outcome many = folder.twice("run lists.toml --seeds 1..6");
  INFO(many.out);
  REQUIRE(many.code == 1);
  CHECK(many.out.size() < 4096);
  // The run that the first failure names, by itself: the lane's facts, the table, one reason.
  const std::string repro = many.out.substr(many.out.rfind("repro: twice ") + 13);
  const Outcome one = folder.twice(repro.substr(0, repro.rfind("  hash ")));
  INFO(one.out);
  REQUIRE(one.code == 1);
  CHECK(one.out.size() < 4096);
  for (const std::string& text : {many.out, one.out}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() < 500);
  }
}

TEST_CASE("lost writes are counted, with the moment of the first") {
  const Folder folder;
  folder.write("lists.toml", long_lists());
  const Outcome o = folder.twice("run lists.toml --seeds 1..6");
  INFO(o.out);
  CHECK(o.code == 1);
  CHECK(std::regex_search(
      o.out, std::regex("saw [0-9]+ of [0-9]+ acknowledged writes lost, the first at [0-9]+\\.[0-9]+ s: ")));
}

TEST_CASE("figures that the scenario expects something of are in the report, of one seed and of many") {
  const Folder folder;
  folder.write("reigns.toml", cluster("[expect]\nmetrics = [{ of = \"reigns\", is = \">= 0\" }]\n"));
  CHECK(contains(folder.twice("run reigns.toml").out, "measured: reigns "));
  const Outcome many = folder.twice("run reigns.toml --seeds 1..3 --summary out.md");
  CHECK(contains(many.out, "measured: reigns "));
  CHECK(contains(folder.read("out.md"), "reigns "));
}

TEST_CASE("the budget of a judgement has an option, and a model that it ends is undecided by that name") {
  const Folder folder;
  folder.write("judged.toml", cluster("[expect]\nfinally = [\"linearizable\"]\n"));
  CHECK(contains(folder.twice("run --help").out, "--judge-budget"));
  CHECK(folder.twice("run judged.toml").code != 2);
  const Outcome o = folder.twice("run judged.toml --judge-budget 10");
  INFO(o.out);
  CHECK(o.code == 2);
  CHECK(contains(o.out, "the budget of 10 steps ran out"));
  CHECK(contains(o.out, "not known: "));                    // the table's question marks have their reason
  CHECK(contains(o.out, "judged.toml --judge-budget 10"));  // and the repro line has the option
}

// --- the same again

TEST_CASE("after many seeds, the same again is all of them") {
  const Folder folder;
  folder.write("failing.toml", failing());
  const Outcome o = folder.twice("run failing.toml --seeds 3..9 --only overwrite");
  CHECK(contains(o.out, "the same again: twice run failing.toml --seeds 3..9 --only overwrite\n"));
  CHECK(contains(o.out, "(7 seeds: 3, 4, 5, 6, 7, 8, 9)"));
}

TEST_CASE("a repro line works for any file name, as a shell reads it") {
  const Folder folder;
  for (const std::string name : {"two words.toml", "it's.toml", "-dash.toml", "$HOME `id` $(id).toml", "line\nend.toml",
                                 "\u202ebidi.toml", "\"quoted\".toml", "a;b&c.toml"}) {
    folder.write(name, failing());
    folder.write("arguments", name);
    const Outcome o = folder.twice("run --only overwrite --json -- \"$(cat arguments)\"");
    INFO(name << "\n" << o.out << o.err);
    REQUIRE(o.code == 1);
    CHECK_FALSE(has_controls(o.out));
    const auto run = nlohmann::json::parse(o.out.substr(0, o.out.find('\n')));
    const std::string repro = run.at("repro");
    CHECK(count_lines(repro) == 0);
    REQUIRE(repro.substr(0, 10) == "twice run ");
    const Outcome again = folder.twice("run --json " + repro.substr(10));
    INFO(repro << "\n" << again.err);
    REQUIRE(again.code == 1);
    CHECK(nlohmann::json::parse(again.out.substr(0, again.out.find('\n'))).at("hash") == run.at("hash"));
    CHECK(contains(folder.twice("run --only overwrite -- \"$(cat arguments)\"").out, repro));
  }
}

// --- nothing from outside commands a terminal or a build server

TEST_CASE("names, SQL and row values reach no terminal, annotation, JUnit file or summary unescaped") {
  const Folder folder;
  folder.write("esctext.sql",
               "INSERT INTO t VALUES(1,char(27)||'[2J'||char(7)||char(155)||'31m'||char(8238)||char(10)||'::error::x');"
               "INSERT INTO \"a\x1b[31mb\x07\" VALUES(1);\n");
  folder.write("tschema.sql", "CREATE TABLE \"a\x1b[31mb\x07\"(x); CREATE TABLE t(id, v);\n");
  std::string odd = failing();
  odd.replace(odd.find("a small load"), 12, "\\u001b[2J\\u202eload\\n::error::pwned");
  odd.replace(odd.find("\"overwrite\""), 11, "\"over\\u009b\\u202ewrite\\n::error::lane\"");
  folder.write("odd.toml", odd);
  for (const std::string command :
       {"sweep esctext.sql --setup tschema.sql --table t --key id", "run esctext.sql --setup tschema.sql --table t",
        "run odd.toml", "run odd.toml --seeds 1..2", "run odd.toml --json", "sweep odd.toml", "sweep odd.toml --json",
        "list .", "run odd.toml --only nobody", "run 'bad\x1b[2J\u202e\n::error::x.toml'", "check odd.toml",
        "run odd.toml --do '\x1b[2J'", "swe\x1b[2Jep"}) {
    const bool files = command.starts_with("run") || command.starts_with("sweep");
    const Outcome o = folder.twice(command + (files ? " --github --junit out.xml --summary out.md" : ""));
    INFO(command << "\n" << o.out << o.err);
    CHECK_FALSE(has_controls(o.out));
    CHECK_FALSE(has_controls(o.err));
    CHECK_FALSE(has_foreign_command(o.out));
    CHECK_FALSE(has_foreign_command(o.err));
    CHECK_FALSE(has_controls(folder.read("out.xml")));
    CHECK_FALSE(has_controls(folder.read("out.md")));
    if (folder.has("out.xml")) CHECK(is_valid(folder, "out.xml"));
  }
}

// --- run --sweep, advice, dashboards, widths

TEST_CASE("the verdict of run --sweep reaches exit code, JSON and JUnit, also with --quiet") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20, ""));
  std::string text = small_scenario(20, "");
  text.replace(text.find("verdict = \"duplicates\""), 22, "verdict = \"exactly-once\"");
  folder.write("wrong.toml", text);  // without a crash it is exactly once; the sweep knows better
  CHECK(folder.twice("run wrong.toml").code == 0);
  const Outcome o = folder.twice("run wrong.toml --sweep --junit out.xml --summary out.md --github");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  CHECK(contains(o.out, "FAIL sweep of append: "));
  CHECK(contains(folder.read("out.xml"), "sweep of wrong.toml"));
  CHECK(named(folder.read("out.xml"), "failure").size() == 1);
  CHECK(contains(folder.read("out.md"), "Sweep of wrong.toml"));
  CHECK(contains(o.err, "::error file=wrong.toml"));
  const Outcome quiet = folder.twice("run wrong.toml --sweep --quiet");
  CHECK(quiet.code == 1);
  CHECK(contains(quiet.out, "FAIL sweep of append: "));
  const Outcome json = folder.twice("run wrong.toml --sweep --json");
  CHECK(json.code == 1);
  CHECK(contains(json.out, "\"verdict\":\"not as meant\""));
  // A lane that is meant to go wrong, and does, is as it should be.
  folder.write("meant.toml", small_scenario(20));
  const Outcome meant = folder.twice("run meant.toml --sweep --quiet");
  INFO(meant.out);
  CHECK(meant.code == 0);
}

TEST_CASE("JUnit and annotations point at the line of the advice on a script") {
  const Folder folder;
  folder.write("schema.sql", "CREATE TABLE t (a);\n");
  folder.write("load.sql", "-- one\n-- two\n-- three\nINSERT INTO t VALUES (1);\n");
  const Outcome o = folder.twice("sweep load.sql --setup schema.sql --junit out.xml --github");
  INFO(o.out << o.err << folder.read("out.xml"));
  CHECK(o.code == 1);
  CHECK(contains(folder.read("out.xml"), "<system-out>load.sql:4"));
  CHECK(contains(o.err, "::error file=load.sql,line=4"));
}

TEST_CASE("a dashboard whose query fails when it is run fails the run by name") {
  const Folder folder;
  std::string text = small_scenario(20);
  text.replace(text.find("SELECT count(*) AS orders"), 25, "SELECT json_extract('{' || count(*), '$') AS orders");
  folder.write("board.toml", text);
  const Outcome o = folder.twice("run board.toml --only append --junit out.xml");
  INFO(o.out << o.err);
  CHECK(o.code == 1);
  CHECK(contains(o.out, "the dashboard's query works"));
  CHECK(contains(folder.read("out.xml"), "the dashboard&apos;s query works") ==
        contains(folder.read("out.xml"), "&apos;"));
  CHECK_FALSE(contains(folder.twice("run board.toml --only append --set dashboard.sql='SELECT 1 AS orders'").out,
                       "the dashboard's query works"));
}

TEST_CASE("COLUMNS is the width of a report in a pipe") {
  const Folder folder;
  std::string text = small_scenario(20);
  std::string story;
  for (int i = 0; i < 40; ++i) story += "words ";
  text.insert(text.find("[warehouse]"), "story = \"" + story + "\"\n");
  folder.write("story.toml", text);
  const auto widest = [&](const std::string& environment) {
    std::istringstream lines(folder.twice("run story.toml", environment).out);
    std::size_t most = 0;
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("words")) most = std::max(most, line.size());
    return most;
  };
  CHECK(widest("COLUMNS=70") <= 70);
  CHECK(widest("COLUMNS=70") > 60);
  CHECK(widest("COLUMNS=120") > 110);
  CHECK(widest("COLUMNS=wide") == widest(""));
}

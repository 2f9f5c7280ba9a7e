// Names and texts that would speak to a terminal, to CI or to a browser, in every place that a file gives a name.
#include <fmt/format.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

// As TOML and SQL may carry them.
struct Payload {
  std::string toml, raw;
};
const std::vector<Payload>& payloads() {
  static const std::vector<Payload> kPayloads{
      {"\\u001b[31m\\u001b]0;owned\\u0007", "\x1b[31m\x1b]0;owned\x07"},
      {"\\u202ekcab\\u202c\\u2066x\\u2069",
       "\xe2\x80\xae"
       "kcab\xe2\x80\xac\xe2\x81\xa6x\xe2\x81\xa9"},
      {"\\u009b31m\\u0085",
       "\xc2\x9b"
       "31m\xc2\x85"},
      {"\\n::error file=x::INJECTED\\n", "\n::error file=x::INJECTED\n"},
      {"%0A::error::INJECTED\\r", "%0A::error::INJECTED\r"},
      {"]]><script>INJECTED</script>&\\u0008", "]]><script>INJECTED</script>&\x08"},
      {"\\u200f\\u061c\\u2028", "\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8"}};
  return kPayloads;
}

std::string cluster_with(const std::string& place, const std::string& text) {
  const auto at = [&](const std::string& name, const std::string& usual) {
    return name == place ? usual + text : usual;
  };
  return fmt::format(R"toml(scenario = 1
title = "{}"
story = "{}"
tags = ["{}"]
until = "100ms"
[cluster]
nodes = ["n1", "n2", "{}"]
protocol = "chain"
[[client]]
name = "{}"
workload = "append"
operations = 3
think = "1ms"
[timeline]
steps = [{{ at = "10ms", crash = "{}", note = "{}" }}]
[expect]
finally = ["{}", "converged"]
[[lane]]
name = "{}"
)toml",
                     at("title", "t"), at("story", "s"), at("tag", "tag"), at("node", "n3"), at("client", "app"),
                     at("node", "n3"), at("note", "why"), at("expectation", "linearizable"), at("lane", "a"));
}

std::string load_with(const std::string& place, const std::string& text, const std::string& raw) {
  const auto at = [&](const std::string& name, const std::string& usual) {
    return name == place ? usual + text : usual;
  };
  std::string value = place == "value" ? raw : "x";
  for (std::size_t i = 0; (i = value.find('\'', i)) != std::string::npos; i += 2) value.insert(i, 1, '\'');
  return fmt::format(R"toml(scenario = 1
title = "{}"
[warehouse]
setup = "CREATE TABLE orders (day TEXT, id INTEGER, \"{}\" TEXT);"
[source]
generate = {{ rows = 3, columns = {{ id = "row" }} }}
[job]
day = "2026-06-23"
[dashboard]
every = "10s"
sql = "SELECT count(*) AS \"{}\" FROM orders"
[[lane]]
name = "{}"
verdict = "duplicates"
table = "orders"
slice = "day = :day"
commit = "every 1"
row = "INSERT INTO orders SELECT :day, :id, '{}'"
)toml",
                     at("title", "t"), at("column", "c"), at("figure", "n"), at("lane", "a"), at("value", ""));
}

// What none of the outputs may hold.
std::string wrong_with(const Scratch& scratch, const Answer& answer) {
  if (std::string wrong = judge(answer); !wrong.empty()) return wrong;
  for (const char* file : {"out.xml", "out.md"})
    if (scratch.has(file))
      if (const auto raw = raw_control(scratch.read(file))) return fmt::format("{} in {}", *raw, file);
  for (const std::string* text : {&answer.out, &answer.err})
    if (("\n" + *text).find("\n::error file=x::INJECTED") != std::string::npos ||
        ("\n" + *text).find("\n::error::INJECTED") != std::string::npos)
      return "an annotation was injected";
  const std::string xml = scratch.has("out.xml") ? scratch.read("out.xml") : "";
  if (xml.find("<script>") != std::string::npos) return "markup in JUnit";
  if (scratch.has("out.md") && ("\n" + scratch.read("out.md")).find("<script>") != std::string::npos)
    return "markup in the summary";
  return {};
}

}  // namespace

TEST_CASE("no name, text or value of a file speaks to the terminal, to JUnit, to a summary or to annotations") {
  Kind kind("escapes in names, texts and values", 8);
  const std::vector<std::string> in_cluster{"title", "story", "tag", "node", "client", "note", "expectation", "lane"};
  const std::vector<std::string> in_load{"title", "column", "figure", "lane", "value"};
  const std::vector<Words> commands{{"run", "a.toml", "--junit", "out.xml", "--summary", "out.md", "--github"},
                                    {"run", "a.toml", "--narrate"},
                                    {"run", "a.toml", "--json"},
                                    {"check", "a.toml"},
                                    {"list", "."},
                                    {"sweep", "a.toml", "--at-most", "3", "--github"}};
  const std::size_t places = in_cluster.size() + in_load.size();
  for (std::uint64_t round = 0; round < places * payloads().size() * commands.size() && (kind.more() || round < places);
       ++round) {
    const Payload& payload = payloads()[(round / places + round) % payloads().size()];
    const std::size_t place = round % places;
    const Words& words = commands[(round / places / payloads().size() + round) % commands.size()];
    const Scratch scratch;
    scratch.write("a.toml", place < in_cluster.size()
                                ? cluster_with(in_cluster[place], payload.toml)
                                : load_with(in_load[place - in_cluster.size()], payload.toml, payload.toml));
    const Answer answer = run(scratch, words);
    kind.tried(
        fmt::format("{} with {}, twice {} {}",
                    place < in_cluster.size() ? in_cluster[place] : "load's " + in_load[place - in_cluster.size()],
                    payload.toml, words[0], words.back()),
        wrong_with(scratch, answer));
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

TEST_CASE("no SQL text, argument, answer or page of a lesson does either") {
  Kind kind("escapes in SQL, arguments, answers and lessons", 6);
  const std::string lessons = std::string(TWICE_SOURCE_DIR) + "/lessons";
  for (std::size_t i = 0; i < payloads().size(); ++i) {
    const std::string &toml = payloads()[i].toml, &raw = payloads()[i].raw;
    const Scratch scratch;
    const auto attempt = [&](const std::string& what, const Words& words) {
      kind.tried(fmt::format("{} with {}", what, toml), wrong_with(scratch, run(scratch, words)));
    };
    scratch.write("setup.sql", "CREATE TABLE fact (a TEXT);");
    scratch.write("stg.csv", "a\n1\n2\n");
    scratch.write("text.sql", "INSERT INTO fact SELECT '" + raw + "' FROM stg;\n");
    scratch.write("table.sql", "INSERT INTO \"" + raw + "\" SELECT 1;\n");
    scratch.write("wrong.sql", "INSERT INTO fact VALUES (nothing" + raw + ");\n");
    scratch.write("head.csv", "\"" + raw + "\"\n1\n");
    for (const char* file : {"text.sql", "table.sql", "wrong.sql"})
      attempt(file, {"sweep", file, "--setup", "setup.sql", "--source", "stg.csv", "--github", "--junit", "out.xml"});
    attempt("a column of a CSV file", {"sweep", "text.sql", "--setup", "setup.sql", "--source", "head.csv"});
    attempt("a parameter", {"sweep", "text.sql", "--setup", "setup.sql", "--param", raw + "=1"});
    attempt("--set",
            {"run", std::string(TWICE_SOURCE_DIR) + "/tests/archive/scenarios/mini/raft.toml", "--set", raw + "=1"});
    attempt("--do", {"run", std::string(TWICE_SOURCE_DIR) + "/tests/archive/scenarios/mini/raft.toml", "--do", raw});
    attempt("a path", {"run", raw + ".toml", "--github"});
    attempt("a subcommand", {raw});
    scratch.write("answers.toml", "learner = \"ada\"\n[[answer]]\nlesson = 1\nstep = \"" + toml + "\"\nchoice = 1\n");
    attempt("a step", {"lesson", "grade", "1", "--lessons", lessons, "--learner", "ada", "--answers", "answers.toml"});
    scratch.write("answers.toml", "learner = \"" + toml + "\"\n");
    attempt("a learner", {"lesson", "grade", "1", "--lessons", lessons, "--answers", "answers.toml"});
    scratch.write("answers.toml",
                  "learner = \"ada\"\n[[answer]]\nlesson = 1\nstep = \"challenge\"\nedits-file = \"" + toml + "\"\n");
    attempt("a file of edits",
            {"lesson", "grade", "1", "--lessons", lessons, "--learner", "ada", "--answers", "answers.toml"});
    scratch.write("lessons/01-a/lesson.md", "+++\ntitle = \"" + toml + "\"\nnumber = 1\nminutes = 5\ngoals = [\"" +
                                                toml + "\"]\n+++\n\n# A\n\n## Screen\n\n" + raw +
                                                " [x](javascript:INJECTED) `" + raw + "`\n");
    attempt("a lesson's title", {"lesson", "list", "--lessons", "lessons"});
    attempt("a lesson's guide", {"lesson", "guide", "--lessons", "lessons"});
    attempt("a lesson's page", {"lesson", "html", "--lessons", "lessons", "-o", "pages"});
    for (const std::string& page : {std::string("pages/01-a.html"), std::string("pages/index.html")}) {
      const std::string html = scratch.has(page) ? scratch.read(page) : "";
      std::string wrong;
      if (const auto control = raw_control(html)) wrong = *control + " in the page";
      if (html.find("\"javascript:") != std::string::npos) wrong = "a link of the page runs a script";
      if (html.find("<script>INJECTED") != std::string::npos) wrong = "markup in the page";
      kind.tried(page + " with " + toml, wrong);
    }
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

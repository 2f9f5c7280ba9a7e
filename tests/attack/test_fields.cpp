// Extreme values of every field that the schema names.
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

using Json = nlohmann::json;

const Json& resolved(const Json& schema, const Json& node) {
  if (!node.contains("$ref")) return node;
  const std::string ref = node["$ref"];
  return schema.at(Json::json_pointer(ref.substr(1)));
}

// "network.loss", "lane.a.commit": sections by name, lists of tables by the name of the one that stands there.
void collect(const Json& schema, const Json& at, const std::string& path, int depth, std::set<std::string>& paths) {
  const Json& node = resolved(schema, at);
  if (depth > 7) return;
  if (!path.empty()) paths.insert(path);
  for (const char* choice : {"anyOf", "oneOf", "allOf"})
    if (node.contains(choice))
      for (const Json& one : node[choice]) collect(schema, one, path, depth + 1, paths);
  if (node.contains("items") && (path == "lane" || path == "client"))
    collect(schema, node["items"], path + (path == "lane" ? ".a" : ".app"), depth + 1, paths);
  if (node.contains("properties"))
    for (const auto& [name, property] : node["properties"].items())
      collect(schema, property, path.empty() ? name : path + "." + name, depth + 1, paths);
}

const std::string kLoad = R"toml(scenario = 1
title = "t"
[warehouse]
setup = "CREATE TABLE orders (day TEXT, id INTEGER);"
[source]
generate = { rows = 5, columns = { id = "row" } }
[job]
day = "2026-06-23"
[[lane]]
name = "a"
table = "orders"
slice = "day = :day"
commit = "once"
row = "INSERT INTO orders VALUES (:day, :id)"
)toml";

std::string cluster(const std::string& protocol) {
  return fmt::format(R"toml(scenario = 1
title = "t"
until = "50ms"
[cluster]
nodes = 3
protocol = "{}"
[[client]]
name = "app"
workload = "register"
operations = 3
think = "5ms"
[[lane]]
name = "a"
)toml",
                     protocol);
}

const std::vector<std::string>& extreme_values() {
  static const std::vector<std::string> kValues{"-1",
                                                "0",
                                                "1",
                                                "18446744073709551616",
                                                "9223372036854775807",
                                                "-9223372036854775808",
                                                "1e308",
                                                "-1e-320",
                                                "inf",
                                                "nan",
                                                "''",
                                                "'x'",
                                                "'0ns'",
                                                "'-1s'",
                                                "'9999999999999h'",
                                                "'1ns..9999999h'",
                                                "'5s..1s'",
                                                "true",
                                                "[]",
                                                "{}",
                                                "[[[[[[]]]]]]",
                                                "['a', 'a']",
                                                "'" + std::string(5'000, 'x') + "'",
                                                "1979-05-27",
                                                "'\\u202e'",
                                                "\"\\u202e\\u009b\"",
                                                "'../../outside/secret.csv'",
                                                "'/dev/zero'",
                                                "[1, 'a']",
                                                "{ a = 1 }",
                                                "4294967296",
                                                "'n1>n1'",
                                                "'*'",
                                                "0.1",
                                                "'SELECT 1; DROP TABLE orders'",
                                                "''''''"};
  return kValues;
}

}  // namespace

TEST_CASE("every field of a scenario bears every value: an answer at check time, and an end at run time") {
  Kind kind("field values", 20);
  const Scratch scratch;
  scratch.write("0.toml", kLoad);
  const std::vector<std::string> protocols{"raft",     "chain", "quorum",      "primary-backup", "crdt",
                                           "sharding", "paxos", "multi-paxos", "single"};
  for (std::size_t i = 0; i < protocols.size(); ++i)
    scratch.write(fmt::format("{}.toml", i + 1), cluster(protocols[i]));
  const Answer schema = run(scratch, {"schema"});
  REQUIRE(schema.code == 0);
  const Json json = Json::parse(schema.out);
  std::set<std::string> found;
  collect(json, json, "", 0, found);
  const std::vector<std::string> paths(found.begin(), found.end());
  REQUIRE(paths.size() > 150);
  for (std::uint64_t round = 0; kind.more(); ++round) {
    Draws draws(2, round);
    const std::string path = paths[(round * 7919) % paths.size()], value = draws.one_of(extreme_values());
    const bool of_load = path.starts_with("warehouse") || path.starts_with("source") || path.starts_with("job") ||
                         path.starts_with("orchestrator") || path.starts_with("dashboard");
    const std::string file = fmt::format("{}.toml", of_load ? 0 : draws.below(protocols.size() + 1));
    std::vector<std::string> words{"check", file, "--set", path + "=" + value};
    if (draws.below(6) == 0) {
      words[0] = "run";
      for (const char* word : {"--time-limit", "2s", "--seeds", "1..1", "-j1"}) words.push_back(word);
    }
    const std::string wrong = judge(run(scratch, words));
    kind.tried(words[0] + " " + file + " --set " + path + "=" + value, wrong);
  }
  INFO(paths.size() << " fields\n" << kind.faults());
  CHECK(kind.faults().empty());
}

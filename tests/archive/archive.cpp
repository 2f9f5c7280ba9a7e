#include "archive/archive.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include <sys/wait.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace twice::archive {
namespace {

using Json = nlohmann::ordered_json;

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("the archive has no file " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Json to_json(const Item& item) {
  Json changed = Json::array();
  for (const Change& change : item.changed) {
    Json differences = Json::array();
    for (const Difference& d : change.differences)
      differences.push_back({{"fact", d.fact}, {"was", d.was}, {"now", d.now}});
    changed.push_back({{"rule", change.rule}, {"differences", differences}});
  }
  Json json{{"name", item.name}, {"command", item.command}, {"by", item.by}};
  if (!changed.empty()) json["changed"] = changed;
  return json;
}

Item to_item(const Json& json) {
  Item item{json.at("name"), json.at("command"), json.at("by"), {}};
  for (const Json& change : json.value("changed", Json::array())) {
    Change& to = item.changed.emplace_back();
    to.rule = change.at("rule");
    for (const Json& d : change.at("differences")) to.differences.push_back({d.at("fact"), d.at("was"), d.at("now")});
  }
  return item;
}

std::string value_of(const Facts& facts, const std::string& fact) {
  const auto found = facts.find(fact);
  return found == facts.end() ? kGone : found->second;
}

// What the changes, one after another, say that a fact is by now.
Facts expected(const Facts& recorded, const std::vector<Change>& changed) {
  Facts facts = recorded;
  for (const Change& change : changed)
    for (const Difference& d : change.differences) facts[d.fact] = d.now;
  return facts;
}

bool only_fails(const Facts& facts) { return facts.size() == 1; }

// A load's hash covers what the engine wrote, and a newer SQLite may write otherwise.
bool of_another_engine(const std::string& fact, const Facts& recorded, const Facts& now) {
  const std::size_t end = fact.find(": ");
  const std::string field = end == std::string::npos ? fact : fact.substr(end + 2);
  if (field != "hash" && field != "engine" && field != "events") return false;
  const std::string engine = fact.substr(0, end) + ": engine";
  return recorded.count(engine) && now.count(engine) && recorded.at(engine) != now.at(engine);
}

std::string program() {
  const char* other = std::getenv("TWICE_ARCHIVE_PROGRAM");
  return other ? other : TWICE_PROGRAM;
}

std::string output_of(const std::string& command, int* code = nullptr) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe)) out.append(some.data(), n);
  const int status = ::pclose(pipe);
  if (code) *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

}  // namespace

std::vector<Difference> unlisted(const Facts& recorded, const std::vector<Change>& changed, const Facts& now) {
  std::vector<Difference> differences;
  for (const auto& [fact, was] : expected(recorded, changed)) {
    const std::string is = value_of(now, fact);
    if (is == was || of_another_engine(fact, recorded, now)) continue;
    if (only_fails(now) && fact != "exit") continue;
    differences.push_back({fact, was, is});
  }
  return differences;
}

std::vector<std::string> stale(const Facts& recorded, const std::vector<Change>& changed, const Facts& now) {
  std::vector<std::string> sentences;
  Facts facts = recorded;
  for (const Change& change : changed) {
    if (change.rule.empty()) sentences.push_back("a change names no rule");
    for (const Difference& d : change.differences) {
      if (d.was == d.now)
        sentences.push_back(fmt::format("'{}' is listed as changed from {} to itself", d.fact, d.was));
      if (value_of(facts, d.fact) != d.was)
        sentences.push_back(
            fmt::format("'{}' is listed as changed from {}, and was {}", d.fact, d.was, value_of(facts, d.fact)));
      facts[d.fact] = d.now;
      // Not when the fact itself is gone with all others: the exit code then tells the change.
      if (value_of(now, d.fact) == value_of(recorded, d.fact))
        sentences.push_back(fmt::format("'{}' is listed as changed, and is {} as recorded ({})", d.fact,
                                        value_of(now, d.fact), change.rule));
    }
  }
  return sentences;
}

std::string tell(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& d : differences) text += fmt::format("  {}: was {}, is {}\n", d.fact, d.was, d.now);
  return text;
}

std::string folder() { return std::string(TWICE_SOURCE_DIR) + "/tests/archive"; }

std::vector<Item> read_manifest() {
  std::vector<Item> items;
  const Json manifest = Json::parse(slurp(folder() + "/manifest.json"));
  for (const Json& json : manifest.at("items")) items.push_back(to_item(json));
  return items;
}

void write_manifest(const std::vector<Item>& items) {
  Json all = Json::array();
  for (const Item& item : items) all.push_back(to_json(item));
  std::ofstream(folder() + "/manifest.json", std::ios::binary) << Json({{"items", all}}).dump(1) << '\n';
}

std::string facts_file(const Item& item) {
  std::string name = item.name;
  std::replace(name.begin(), name.end(), '/', '.');
  return "recorded/" + name + ".json";
}

Facts read_facts(const Item& item) {
  Facts facts;
  const Json groups = Json::parse(slurp(folder() + "/" + facts_file(item)));
  for (const auto& [group, fields] : groups.items())
    for (const auto& [field, value] : fields.items())
      facts[group.empty() ? field : group + ": " + field] = value.get<std::string>();
  return facts;
}

// Facts of one run stand together: {"run a seed 1": {"hash": ...}}.
void write_facts(const Item& item, const Facts& facts) {
  Json groups = Json::object();
  for (const auto& [fact, value] : facts) {
    const std::size_t end = fact.find(": ");
    if (end == std::string::npos)
      groups[""][fact] = value;
    else
      groups[fact.substr(0, end)][fact.substr(end + 2)] = value;
  }
  std::ofstream(folder() + "/" + facts_file(item), std::ios::binary) << groups.dump(0) << '\n';
}

test::Outcome replay(const Item& item) {
  const std::string command = fmt::format(
      "cd '{}' && env -u CI -u GITHUB_ACTIONS -u NO_COLOR -u FORCE_COLOR timeout 120 '{}' {} 2>/dev/null </dev/null",
      folder(), program(), item.command);
  test::Outcome outcome;
  outcome.out = output_of(command, &outcome.code);
  return outcome;
}

std::string version() {
  std::string text = output_of(fmt::format("'{}' --version", program()));
  text = text.substr(0, text.find('\n'));
  if (const char* commit = std::getenv("TWICE_ARCHIVE_COMMIT")) return text + " (" + commit + ")";
  const std::string commit = output_of(fmt::format("git -C '{}' rev-parse --short HEAD", TWICE_SOURCE_DIR));
  return text + " (" + commit.substr(0, commit.find('\n')) + ")";
}

}  // namespace twice::archive

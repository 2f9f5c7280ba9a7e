// Which facts an output holds: JSON Lines of run and sweep, one document of a grade, the lines of a replay.
#include <cctype>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "archive/archive.h"

namespace twice::archive {
namespace {

using Json = nlohmann::ordered_json;

// A second fact of the same name gets a number, so that none hides another.
void put(Facts& facts, const std::string& fact, const std::string& value) {
  std::string name = fact;
  for (int n = 2; facts.count(name); ++n) name = fmt::format("{} ({})", fact, n);
  facts.emplace(name, value);
}

std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void put_field(Facts& facts, const std::string& of, const Json& record, const char* field) {
  if (record.contains(field)) put(facts, of + ": " + field, plain(record[field]));
}

void run_facts(Facts& facts, const Json& record) {
  const std::string of = fmt::format("run {} seed {}", plain(record["variant"]), plain(record["seed"]));
  for (const char* field : {"hash", "held", "events"}) put_field(facts, of, record, field);
  if (const std::string error = plain(record.value("error", Json(""))); !error.empty())
    put(facts, of + ": error", error);
  for (const Json& finding : record.value("findings", Json::array()))
    put(facts, of + ": " + plain(finding["name"]), plain(finding["held"]));
  if (!record.contains("load") || record["load"].is_null()) return;
  for (const char* field : {"engine", "letter", "rows", "acknowledged", "partial_seen", "others_touched"})
    put_field(facts, of, record["load"], field);
}

void sweep_facts(Facts& facts, const Json& record) {
  const std::string of = fmt::format("sweep {} seed {}", plain(record["lane"]), plain(record["seed"]));
  for (const char* field : {"verdict", "error", "engine", "wanted_rows", "futures", "untried", "schedule"})
    put_field(facts, of, record, field);
  std::string strip;
  for (const Json& point : record.value("points", Json::array())) strip += plain(point["outcome"]);
  put(facts, of + ": strip", strip);
}

void batch_facts(Facts& facts, const Json& record) {
  for (const char* field : {"runs", "held", "stopped"}) put_field(facts, "batch", record, field);
}

void grade_facts(Facts& facts, const Json& grade) {
  for (const char* field : {"points", "of", "calibration"}) put_field(facts, "all", grade, field);
  for (const Json& lesson : grade["lessons"]) {
    const std::string of = "lesson " + plain(lesson["lesson"]);
    for (const char* field : {"status", "points", "of"}) put_field(facts, of, lesson, field);
    for (const Json& step : lesson["steps"]) {
      if (!step.value("answered", false)) continue;
      const std::string name = of + " " + plain(step["step"]);
      for (const char* field : {"points", "of", "result"}) put_field(facts, name, step, field);
    }
  }
}

void record_facts(Facts& facts, const Json& record) {
  const std::string type = record.is_object() ? plain(record.value("type", Json(""))) : "";
  if (type == "run") return run_facts(facts, record);
  if (type == "sweep") return sweep_facts(facts, record);
  if (type == "batch") return batch_facts(facts, record);
  if (record.is_object() && record.contains("lessons")) return grade_facts(facts, record);
  const std::string of = type.empty() ? "record" : type;
  for (const auto& [field, value] : record.items())
    if (value.is_primitive()) put(facts, of + ": " + field, plain(value));
}

// What people read: "hash 32810ca8b76af665", "1,204 events".
void text_facts(Facts& facts, const std::string& out) {
  std::istringstream words(out);
  std::string before;
  for (std::string word; words >> word; before = word) {
    while (!word.empty() && std::ispunct(static_cast<unsigned char>(word.back()))) word.pop_back();
    if (before == "hash") put(facts, "hash", word);
    if (word == "events") put(facts, "events", before);
  }
}

}  // namespace

Facts facts_of(const test::Outcome& outcome) {
  Facts facts{{"exit", std::to_string(outcome.code)}};
  if (const Json whole = Json::parse(outcome.out, nullptr, false); whole.is_object()) {
    record_facts(facts, whole);
    return facts;
  }
  if (outcome.out.empty() || outcome.out[0] != '{') {
    text_facts(facts, outcome.out);
    return facts;
  }
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    if (const Json record = Json::parse(line, nullptr, false); record.is_object()) record_facts(facts, record);
  return facts;
}

}  // namespace twice::archive

// The format describes itself: explain, schema and the reference page come from the fields that are read.
#include <nlohmann/json.hpp>

#include "scenario/catalogue.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

// As far as draft-04 is used here: type, enum, required, properties, additionalProperties, items, anyOf, $ref.
bool fits(const nlohmann::json& value, const nlohmann::json& schema, const nlohmann::json& root) {
  if (schema.contains("$ref"))
    return fits(value, root.at(nlohmann::json::json_pointer(schema["$ref"].get<std::string>().substr(1))), root);
  if (schema.contains("anyOf")) {
    return std::any_of(schema["anyOf"].begin(), schema["anyOf"].end(),
                       [&](const auto& s) { return fits(value, s, root); });
  }
  const std::string type = schema.value("type", "");
  if (type == "object") {
    if (!value.is_object()) return false;
    if (schema.contains("required"))
      for (const auto& name : schema["required"])
        if (!value.contains(name)) return false;
    for (const auto& [key, item] : value.items()) {
      const bool known = schema.contains("properties") && schema["properties"].contains(key);
      const auto& rest =
          schema.contains("additionalProperties") ? schema["additionalProperties"] : nlohmann::json(true);
      if (!known && rest.is_boolean() && !rest.get<bool>()) return false;
      if (known ? !fits(item, schema["properties"][key], root) : rest.is_object() && !fits(item, rest, root))
        return false;
    }
    return true;
  }
  if (type == "array")
    return value.is_array() &&
           (!schema.contains("items") ||
            std::all_of(value.begin(), value.end(), [&](const auto& v) { return fits(v, schema["items"], root); }));
  if (type == "string")
    return value.is_string() && (!schema.contains("enum") || std::find(schema["enum"].begin(), schema["enum"].end(),
                                                                       value) != schema["enum"].end());
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return false;
}

nlohmann::json to_json(const Value& value);
struct ToJson {
  nlohmann::json operator()(bool b) const { return b; }
  nlohmann::json operator()(std::int64_t n) const { return n; }
  nlohmann::json operator()(const Decimal& d) const { return d.value; }
  nlohmann::json operator()(const std::string& s) const { return s; }
  nlohmann::json operator()(const Calendar& c) const { return c.written; }
  nlohmann::json operator()(const List& list) const {
    auto array = nlohmann::json::array();
    for (const Value& item : list) array.push_back(to_json(item));
    return array;
  }
  nlohmann::json operator()(const Table& table) const {
    auto object = nlohmann::json::object();
    for (const Entry& e : table) object[e.key] = to_json(e.value);
    return object;
  }
};
nlohmann::json to_json(const Value& value) { return std::visit(ToJson{}, value.data); }

nlohmann::json file_as_json(const std::string& text) {
  Diagnostics out;
  return ToJson{}(*read_toml(text, 0, out));
}

}  // namespace

TEST_CASE("every field of the format is explained, with words for what it means") {
  const FieldInfo root_info = catalogue();
  const auto paths = paths_of(root_info);
  CHECK(paths.size() > 100);
  for (const std::string& path : paths) {
    CAPTURE(path);
    const Explanation e = explain(path);
    CHECK(e.found);
    const FieldInfo* info = find(root_info, path);
    REQUIRE(info);
    CHECK(info->field.doc.size() > 10);
    CHECK(info->field.doc.back() == '.');
  }
}

TEST_CASE("explain shows the default, the words of a closed set, and the nearest name of an unknown one") {
  CHECK(explain("warehouse.journal").text.find("default \"delete\"") != std::string::npos);
  CHECK(explain("warehouse.journal").text.find("\"wal\"") != std::string::npos);
  CHECK(explain("lane.commit").text.find("every 100") != std::string::npos);
  CHECK(explain("lane.warehouse.journal").text == explain("warehouse.journal").text);
  CHECK(explain("cluster.heartbeat.timeout").found);
  CHECK(explain("").text.find("warehouse") != std::string::npos);
  const Explanation wrong = explain("warehouse.jornal");
  CHECK_FALSE(wrong.found);
  CHECK(wrong.text.find("did you mean 'warehouse.journal'?") != std::string::npos);
}

TEST_CASE("the schema accepts every good file") {
  const auto schema = nlohmann::json::parse(json_schema());
  for (const auto* folder : {"tests/scenario/good", "scenarios"})
    for (const auto& file : toml_files(root() / folder)) {
      CAPTURE(file.string());
      CHECK(fits(file_as_json(slurp(file)), schema, schema));
    }
}

TEST_CASE("the schema refuses unknown keys, wrong kinds, unknown words and missing fields") {
  const auto schema = nlohmann::json::parse(json_schema());
  CHECK(fits(file_as_json(small()), schema, schema));
  CHECK_FALSE(fits(file_as_json(small("[netwrok]\nloss = 0.1\n")), schema, schema));
  CHECK_FALSE(fits(file_as_json(small("[network]\nlos = 0.1\n")), schema, schema));
  CHECK_FALSE(fits(file_as_json(small("[lane.warehouse]\njournal = \"wall\"\n")), schema, schema));
  CHECK_FALSE(fits(file_as_json("scenario = 1\n"), schema, schema));
  CHECK_FALSE(fits(file_as_json(small("[orchestrator]\nruns = \"two\"\n")), schema, schema));
}

TEST_CASE("the reference page is up to date; re-record it with TWICE_RECORD=1") {
  const auto page = root() / "docs/scenario-reference.md";
  if (recording()) std::ofstream(page, std::ios::binary) << reference_page();
  CHECK(slurp(page) == reference_page());
}

}  // namespace twice::scenario

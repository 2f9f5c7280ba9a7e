// The catalogue as JSON Schema draft-04, which editors use to complete and check a file while it is typed.
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenario/catalogue.h"

namespace twice::scenario {
namespace {

using Form = FieldInfo::Form;
using Json = nlohmann::ordered_json;

Json schema_of(const FieldInfo& info);

std::string description_of(const FieldInfo& info) {
  std::string text(info.field.doc);
  if (!info.field.unit.empty()) text += fmt::format(" Unit: {}.", info.field.unit);
  if (!info.fallback.empty()) text += fmt::format(" Default: {}.", info.fallback);
  return text;
}

void add_bounds(Json& schema, const Field& field) {
  if (field.min != std::numeric_limits<std::int64_t>::min()) schema["minimum"] = field.min;
  if (field.max != std::numeric_limits<std::int64_t>::max()) schema["maximum"] = field.max;
}

// Words and patterns speak of the text form only, so a value with several forms is any of them.
Json leaf_of(const FieldInfo& info) {
  Json text{{"type", "string"}};
  if (!info.shape.pattern.empty()) text["pattern"] = info.shape.pattern;
  for (const auto& [word, doc] : info.shape.words) text["enum"].push_back(word);
  std::vector<Json> forms;
  for (const std::string& type : info.shape.json) {
    Json form = type == "string" ? text : Json{{"type", type}};
    if (type == "integer") add_bounds(form, info.field);
    if (type == "number" && info.shape.name.find("probability") != std::string::npos)
      form["minimum"] = 0, form["maximum"] = 1;
    if (type == "array" && !info.shape.words.empty()) form["items"] = text;
    forms.push_back(std::move(form));
  }
  return forms.size() == 1 ? forms.front() : Json{{"anyOf", forms}};
}

Json table_of(const FieldInfo& info) {
  Json schema{{"type", "object"}, {"properties", Json::object()}};
  schema["additionalProperties"] = false;
  Json required = Json::array();
  for (const FieldInfo& child : info.children) {
    if (child.form == Form::kRest) {
      schema["additionalProperties"] = table_of(child);
      continue;
    }
    schema["properties"][std::string(child.field.name)] = schema_of(child);
    if (child.field.required) required.push_back(child.field.name);
  }
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json shape_only(const FieldInfo& info) {
  switch (info.form) {
    case Form::kLeaf:
      return leaf_of(info);
    case Form::kLeaves: {
      if (info.shape.json == std::vector<std::string>{"array"}) return {{"type", "array"}};
      const Json list{{"type", "array"}, {"items", leaf_of(info)}};
      return info.shape.name.substr(0, 3) == "SQL" ? Json{{"anyOf", {leaf_of(info), list}}} : list;
    }
    case Form::kTable:
      return table_of(info);
    case Form::kTables:
      return {{"type", "array"}, {"items", table_of(info)}};
    case Form::kNamed:
    case Form::kRest:
      return {{"type", "object"}, {"additionalProperties", info.own_table ? table_of(info) : leaf_of(info)}};
    case Form::kSame:
      return {{"$ref", fmt::format("#/definitions/{}", info.field.name)}};
  }
  return {};
}

Json schema_of(const FieldInfo& info) {
  Json schema = shape_only(info);
  if (info.form != Form::kSame) schema["description"] = description_of(info);
  return schema;
}

// A lane overrides a section key by key, so nothing in it is required there.
Json without_required(Json schema) {
  schema.erase("required");
  return schema;
}

}  // namespace

nlohmann::ordered_json table_schema(const FieldInfo& table) { return schema_of(table); }

std::string json_schema() {
  Json schema{{"$schema", "http://json-schema.org/draft-04/schema#"}, {"title", "Twice scenario"}};
  const FieldInfo root = catalogue();
  schema.update(table_of(root));
  for (const FieldInfo& lane_field : find(root, "lane")->children) {
    if (lane_field.form != Form::kSame) continue;
    const std::string name(lane_field.field.name);
    schema["definitions"][name] = without_required(schema["properties"][name]);
  }
  return schema.dump(2) + "\n";
}

}  // namespace twice::scenario

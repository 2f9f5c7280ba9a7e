#include "pipeline/formats/avro_schema.h"

#include <nlohmann/json.hpp>

#include "pipeline/formats/avro.h"

namespace twice::pipeline::formats {
namespace {

using Json = nlohmann::ordered_json;

std::string_view avro_name(Type type) {
  switch (type) {
    case Type::kInteger:
      return "long";
    case Type::kReal:
      return "double";
    case Type::kText:
      return "string";
  }
  return {};
}

// "long", or {"type": "long"} as avro-c writes it.
std::optional<Type> primitive(const Json& json) {
  const Json& name = json.is_object() && json.contains("type") ? json["type"] : json;
  for (const Type type : {Type::kInteger, Type::kReal, Type::kText})
    if (name == avro_name(type)) return type;
  return std::nullopt;
}

bool is_null(const Json& json) {
  return json == "null" || (json.is_object() && json.contains("type") && json["type"] == "null");
}

std::optional<ColumnType> column_type(const Json& json) {
  const bool optional = json.is_array() && json.size() == 2 && is_null(json[0]);
  const auto type = primitive(optional ? json[1] : json);
  if (!type) return std::nullopt;
  return ColumnType{*type, optional};
}

}  // namespace

std::string avro_schema_text(const Schema& schema) {
  Json fields = Json::array();
  for (const Column& column : schema) {
    const Json type =
        column.type.optional ? Json{"null", avro_name(column.type.type)} : Json(avro_name(column.type.type));
    fields.push_back({{"name", column.name}, {"type", type}});
  }
  return Json{{"type", "record"}, {"name", "Row"}, {"fields", fields}}.dump();
}

std::optional<Schema> parse_avro_schema(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("type") || json["type"] != "record") return std::nullopt;
  if (!json.contains("fields") || !json["fields"].is_array() || json["fields"].empty()) return std::nullopt;
  Schema schema;
  for (const Json& field : json["fields"]) {
    if (!field.is_object() || !field.contains("name") || !field["name"].is_string() || !field.contains("type"))
      return std::nullopt;
    const auto type = column_type(field["type"]);
    const auto name = field["name"].get<std::string>();
    if (!type || !is_column_name(name) || find_column(schema, name)) return std::nullopt;
    schema.push_back({name, *type});
  }
  return schema;
}

}  // namespace twice::pipeline::formats

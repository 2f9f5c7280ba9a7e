#include "lesson/catalogue.h"

#include <variant>

#include <nlohmann/json.hpp>

#include "lesson/spec.h"
#include "scenario/describe.h"

namespace twice::lesson {
namespace {

using scenario::FieldInfo;

constexpr const char* kFrontMatter = "front-matter";

template <class Block>
FieldInfo block() {
  return scenario::described<Block>({.name = Block::kName, .doc = Block::kDoc}, std::string(Block::kName));
}

template <class... Block>
void add_blocks(FieldInfo& root, const std::variant<Block...>&) {
  (root.children.push_back(block<Block>()), ...);
}

}  // namespace

FieldInfo catalogue() {
  FieldInfo root{FieldInfo::Form::kTable, {.name = {}, .doc = "A lesson."}, {}, {}, {}, false, {}};
  root.children.push_back(scenario::described<FrontMatter>(
      {.name = kFrontMatter, .doc = "What stands between the two lines +++."}, kFrontMatter));
  add_blocks(root, Step{});
  return root;
}

scenario::Explanation explain(std::string_view path) {
  return scenario::explain_in(catalogue(), path,
                              "A lesson has front matter and these blocks; `twice explain lesson.BLOCK` says more.\n");
}

std::string json_schema() {
  nlohmann::ordered_json schema{{"$schema", "http://json-schema.org/draft-04/schema#"}, {"title", "Twice lesson"}};
  for (const FieldInfo& part : catalogue().children)
    schema["definitions"][std::string(part.field.name)] = scenario::table_schema(part);
  return schema.dump(2) + "\n";
}

std::string reference_page() {
  return "# Lessons: every field\n\nGenerated from the fields the program reads, by `twice explain lesson --markdown`. "
         "How to write one: [authoring.md](authoring.md).\n" +
         scenario::reference_of(catalogue());
}

}  // namespace twice::lesson

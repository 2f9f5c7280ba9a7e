#pragma once
// Every field a scenario file can have, as data: made from the same `fields` lists that read the file.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "scenario/field.h"
#include "scenario/leaf.h"

namespace twice::scenario {

struct FieldInfo {
  enum class Form : std::uint8_t {
    kLeaf,    // one value
    kLeaves,  // a list of values
    kTable,   // one table
    kTables,  // a list of tables, [[…]]
    kNamed,   // a table of names, each with a value or a table of its own
    kRest,    // every other key of the table
    kSame,    // as the section of that name at the top level (a lane's overrides)
  };
  Form form = Form::kLeaf;
  Field field;
  std::string path;        // "warehouse.journal"; empty for the file itself
  Shape shape;             // of a leaf, or of each value of a list
  std::string fallback;    // the default as written in a file; empty = none
  bool own_table = false;  // of kNamed and kRest: each name has a table (`children`), not a value
  std::vector<FieldInfo> children;
};

/// The whole format. Built on each call: a few hundred entries.
FieldInfo catalogue();
/// The entry at a dotted path; nullptr when there is none.
const FieldInfo* find(const FieldInfo& root, std::string_view path);
/// All paths, in the order of the file.
std::vector<std::string> paths_of(const FieldInfo& root);

/// JSON Schema draft-04 of a table.
nlohmann::ordered_json table_schema(const FieldInfo& table);
/// `twice schema`: JSON Schema draft-04 of the file.
std::string json_schema();
/// `twice explain [PATH]`: what a field or section means, its unit, default and words. An empty path lists all
/// sections. An unknown path is explained with the nearest known one and sets `found` to false.
struct Explanation {
  bool found = true;
  std::string text;
};
Explanation explain(std::string_view path);
/// The same of another catalogue; `overview` stands above the list of its sections.
Explanation explain_in(const FieldInfo& root, std::string_view path, std::string_view overview);
/// The reference page in Markdown (docs/scenario-reference.md).
std::string reference_page();
/// A chapter on each section, in Markdown.
std::string reference_of(const FieldInfo& root);

}  // namespace twice::scenario

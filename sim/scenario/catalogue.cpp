#include "scenario/catalogue.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/describe.h"
#include "scenario/spec.h"

namespace twice::scenario {
namespace {

using Form = FieldInfo::Form;

// A lane is written as a list of tables, each of which may also override the shared sections.
void make_lanes(FieldInfo& lane) {
  lane.form = Form::kTables;
  for (const std::string_view section : shared_sections()) {
    const Field field{.name = section, .doc = "This lane's own: merged over the shared section, key by key."};
    lane.children.push_back({Form::kSame, field, fmt::format("lane.{}", section), {}, {}, false, {}});
  }
}

const FieldInfo* child_named(const FieldInfo& parent, std::string_view name) {
  for (const FieldInfo& child : parent.children)
    if (child.field.name == name) return &child;
  return nullptr;
}

void collect_paths(const FieldInfo& info, std::vector<std::string>& paths) {
  if (!info.path.empty()) paths.push_back(info.path);
  for (const FieldInfo& child : info.children) collect_paths(child, paths);
}

}  // namespace

FieldInfo catalogue() {
  FieldInfo root = described<Spec>({.name = {}, .doc = "A scenario file."}, "");
  for (FieldInfo& section : root.children)
    if (section.field.name == "lane") make_lanes(section);
  return root;
}

const FieldInfo* find(const FieldInfo& root, std::string_view path) {
  const FieldInfo* at = &root;
  while (!path.empty() && at) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (at->form == Form::kSame) at = child_named(root, at->field.name);
    at = at ? child_named(*at, name) : nullptr;
  }
  return at;
}

std::vector<std::string> paths_of(const FieldInfo& root) {
  std::vector<std::string> paths;
  collect_paths(root, paths);
  return paths;
}

}  // namespace twice::scenario

// Two ways to read the catalogue: one field on the command line, all of them as a page.
#include <fmt/format.h>

#include "scenario/catalogue.h"

namespace twice::scenario {
namespace {

using Form = FieldInfo::Form;

bool is_section(const FieldInfo& info) { return !info.children.empty(); }

std::string header_of(const FieldInfo& info) {
  switch (info.form) {
    case Form::kTables:
      return fmt::format("[[{}]]", info.path);
    case Form::kNamed:
      return info.own_table ? fmt::format("[{}.NAME]", info.path) : fmt::format("[{}]", info.path);
    case Form::kTable:
    case Form::kSame:
      return fmt::format("[{}]", info.path);
    case Form::kLeaf:
    case Form::kLeaves:
    case Form::kRest:
      return info.path;
  }
  return info.path;
}

std::string type_of(const FieldInfo& info) {
  std::string one = info.shape.words.empty() ? info.shape.name : "one word";
  if (!info.field.unit.empty()) one += fmt::format(" ({})", info.field.unit);
  switch (info.form) {
    case Form::kLeaf:
      return one;
    case Form::kLeaves:
      return one.substr(0, 3) == "SQL" || one == "a list" ? one : "a list, each " + one;
    case Form::kTable:
    case Form::kSame:
      return "a section";
    case Form::kTables:
      return "a list of tables";
    case Form::kNamed:
    case Form::kRest:
      return info.own_table ? "names, each a table" : "names, each " + one;
  }
  return one;
}

std::string bounds_of(const FieldInfo& info) {
  const bool time = info.shape.name == "a duration";
  const auto text = [&](std::int64_t n) { return time ? to_string(Duration{n}) : std::to_string(n); };
  const Field& f = info.field;
  const bool low = f.min != Field{}.min, high = f.max != Field{}.max;
  if (low && high) return fmt::format("from {} to {}", text(f.min), text(f.max));
  if (low) return fmt::format("at least {}", text(f.min));
  return high ? fmt::format("at most {}", text(f.max)) : std::string();
}

std::string facts_of(const FieldInfo& info) {
  std::string facts = type_of(info);
  if (const std::string bounds = bounds_of(info); !bounds.empty()) facts += ", " + bounds;
  if (info.field.required)
    facts += "; required";
  else if (!info.fallback.empty())
    facts += "; default " + info.fallback;
  if (!info.field.with.empty()) facts += fmt::format("; only with {}", info.field.with);
  return facts;
}

std::string example_of(const FieldInfo& info) {
  std::string_view example = info.field.example;
  if (example.empty() && info.fallback.empty() && !info.shape.pattern.empty() && info.form == Form::kLeaf)
    example = info.shape.example;
  return std::string(example);
}

std::string explain_one(const FieldInfo& root, const FieldInfo& info) {
  std::string text = fmt::format("{}: {}\n  {}\n", header_of(info), facts_of(info), info.field.doc);
  for (const auto& [word, doc] : info.shape.words) text += fmt::format("    \"{}\"  {}\n", word, doc);
  if (const std::string example = example_of(info); !example.empty())
    text += fmt::format(
        "  for example {}{}\n",
        is_section(info) || info.form == Form::kRest || info.field.name == "job" || info.field.name == "matrix"
            ? ""
            : fmt::format("{} = ", info.field.name),
        example);
  const FieldInfo* section = info.form == Form::kSame ? find(root, info.field.name) : &info;
  for (const FieldInfo& child : section->children)
    text += fmt::format("  {:<20} {}\n", child.field.name, child.field.doc);
  return text;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string row_of(const FieldInfo& info) {
  std::string doc(info.field.doc);
  for (const auto& [word, meaning] : info.shape.words) doc += fmt::format("<br>`{}`: {}.", word, meaning);
  if (const std::string example = example_of(info); !example.empty()) doc += fmt::format("<br>Example: `{}`", example);
  return fmt::format("| `{}` | {} | {} |\n", info.field.name, cell(facts_of(info)), cell(doc));
}

void add_section(const FieldInfo& section, std::string& page) {
  page += fmt::format("\n## {}\n\n{}\n\n| field | value | meaning |\n|---|---|---|\n",
                      section.path.empty() ? "The file" : "`" + header_of(section) + "`", section.field.doc);
  for (const FieldInfo& child : section.children) page += row_of(child);
  for (const FieldInfo& child : section.children)
    if (is_section(child)) add_section(child, page);
}

}  // namespace

Explanation explain_in(const FieldInfo& root, std::string_view path, std::string_view overview) {
  if (path.empty()) {
    std::string text(overview);
    for (const FieldInfo& child : root.children)
      text += fmt::format("  {:<14} {}\n", child.field.name, child.field.doc);
    return {true, text};
  }
  const FieldInfo* info = find(root, path);
  if (info) return {true, explain_one(root, *info)};
  const std::string hint = did_you_mean(path, paths_of(root), "`twice explain` without a name lists all sections");
  return {false, fmt::format("no field is called '{}'\n{}\n", path, hint)};
}

Explanation explain(std::string_view path) {
  return explain_in(catalogue(), path,
                    "A scenario file has these fields and sections; `twice explain SECTION` says more.\n");
}

std::string reference_of(const FieldInfo& root) {
  std::string text;
  for (const FieldInfo& section : root.children) add_section(section, text);
  return text;
}

std::string reference_page() {
  std::string page =
      "# Scenario files: every field\n\nGenerated from the fields the program reads, by `twice explain --markdown`. "
      "A duration is written with its unit (`\"150ms\"`), a probability as a decimal.\n";
  add_section(catalogue(), page);
  return page;
}

}  // namespace twice::scenario

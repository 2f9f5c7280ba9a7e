#include "core/fields.h"

#include <map>

#include <fmt/format.h>

#include "core/assert.h"

namespace twice {

std::string FieldList::path_of(std::string_view name) {
  if (levels_.empty()) return std::string(name);
  Level& parent = levels_.back();
  const std::size_t index = parent.members++;
  if (parent.is_list) return fmt::format("{}[{}]", parent.path, index);
  return parent.path.empty() ? std::string(name) : fmt::format("{}.{}", parent.path, name);
}

void FieldList::add(std::string_view name, std::string text) {
  std::string path = path_of(name);
  fields_.push_back({std::move(path), std::move(text)});
}

void FieldList::boolean(std::string_view name, bool value) { add(name, value ? "true" : "false"); }
void FieldList::integer(std::string_view name, std::int64_t value) { add(name, fmt::to_string(value)); }
void FieldList::natural(std::string_view name, std::uint64_t value) { add(name, fmt::to_string(value)); }
void FieldList::real(std::string_view name, double value) { add(name, fmt::format("{}", value)); }
void FieldList::text(std::string_view name, std::string_view value) { add(name, std::string(value)); }
void FieldList::duration(std::string_view name, Duration value) { add(name, to_string(value)); }
void FieldList::time(std::string_view name, Time value) { add(name, to_string(Duration{value.ns})); }
void FieldList::node(std::string_view name, NodeId value) {
  add(name, value == kNobody ? "nobody" : fmt::format("node {}", value.index));
}
void FieldList::nothing(std::string_view name) { add(name, "nothing"); }

void FieldList::begin(std::string_view name, std::string_view type, bool is_list) {
  std::string path = path_of(name);
  std::size_t own = kNoField;
  if (!path.empty() && (is_list || !type.empty())) {
    own = fields_.size();
    fields_.push_back({path, std::string(type)});
  }
  levels_.push_back({std::move(path), is_list, 0, own});
}

void FieldList::end() {
  TWICE_ASSERT(!levels_.empty(), "a description ends more values than it began");
  const Level& level = levels_.back();
  if (level.is_list && level.field != kNoField) fields_[level.field].text = fmt::format("{} items", level.members);
  levels_.pop_back();
}

std::vector<FieldChange> difference(const std::vector<Field>& before, const std::vector<Field>& after) {
  std::map<std::string_view, std::string_view> old_texts, new_texts;
  for (const Field& field : before) old_texts.emplace(field.path, field.text);
  for (const Field& field : after) new_texts.emplace(field.path, field.text);
  std::vector<FieldChange> changes;
  for (const Field& field : before) {
    const auto now = new_texts.find(field.path);
    if (now == new_texts.end())
      changes.push_back({FieldChange::Kind::kRemoved, field.path, field.text, {}});
    else if (now->second != field.text)
      changes.push_back({FieldChange::Kind::kChanged, field.path, field.text, std::string(now->second)});
  }
  for (const Field& field : after)
    if (old_texts.find(field.path) == old_texts.end())
      changes.push_back({FieldChange::Kind::kAdded, field.path, {}, field.text});
  return changes;
}

std::string to_text(const FieldChange& change) {
  switch (change.kind) {
    case FieldChange::Kind::kChanged:
      return fmt::format("{}: {} -> {}", change.path, change.before, change.after);
    case FieldChange::Kind::kRemoved:
      return fmt::format("{} removed (was {})", change.path, change.before);
    case FieldChange::Kind::kAdded:
      return fmt::format("{} added: {}", change.path, change.after);
  }
  return {};
}

}  // namespace twice

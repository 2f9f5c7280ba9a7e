// The one place where the reading visitor meets the whole Spec.
#include <fmt/format.h>

#include "scenario/read.h"
#include "scenario/read_spec.h"

namespace twice::scenario {
namespace {

/// Reads the top level and remembers which sections had errors, so that later checks leave them alone.
class SectionReader {
 public:
  SectionReader(TableReader& table, std::vector<std::string>& broken) : table_(&table), broken_(&broken) {}

  template <class T>
  void operator()(const Field& field, T& to) {
    const std::size_t before = table_->out().reports();
    FieldReader inner(*table_);
    inner(field, to);
    if (table_->out().reports() != before) broken_->emplace_back(field.name);
  }

 private:
  TableReader* table_;
  std::vector<std::string>* broken_;
};

}  // namespace

std::vector<std::string_view> shared_sections() {
  Spec spec;
  NameCollector collector;
  Spec::shared_fields(spec, collector);
  return collector.names;
}

bool read_nodes(Diagnostics& out, const Field& field, const Value& value, std::vector<Spanned<std::string>>& to) {
  to.clear();
  if (const auto* count = value.integer()) {
    if (!in_bounds(out, field, value, *count)) return false;
    for (std::int64_t i = 1; i <= *count; ++i) to.push_back({fmt::format("n{}", i), value.span});
    return true;
  }
  const List* list = value.list();
  if (!list || list->empty() || list->size() > static_cast<std::size_t>(field.max))
    return wrong_kind(out, field, value, {"a count or a list of names", "5 or [\"a\", \"b\", \"c\"]"}), false;
  for (const Value& item : *list) {
    std::string name;
    if (!read(out, field, item, name)) return false;
    for (const auto& other : to)
      if (other.value == name) return out.error(item.span, fmt::format("node '{}' is there twice", name)), false;
    if (name.empty() || name.find_first_of(">|#@,; ") != std::string::npos)
      return out.error(item.span, fmt::format("'{}' cannot be a node's name", name),
                       "a name has no spaces and none of > | # @ , ;"),
             false;
    to.push_back({std::move(name), item.span});
  }
  return true;
}

Resolved read_spec(Diagnostics& out, const Table& table) {
  Resolved result;
  TableReader reader(out, table, {0, {1, 1}, {1, 1}}, "");
  SectionReader sections(reader, result.broken);
  Spec::fields(result.spec, sections);
  reader.finish();
  return result;
}

}  // namespace twice::scenario

// [matrix]: dotted or quoted paths, each with the list of its values.
#include <fmt/format.h>

#include "scenario/leaf.h"

namespace twice::scenario {
namespace {

bool collect(Diagnostics& out, const Table& table, const std::string& prefix, std::vector<Matrix::Axis>& axes) {
  bool ok = true;
  for (const Entry& entry : table) {
    const std::string path = prefix.empty() ? entry.key : prefix + "." + entry.key;
    if (const Table* inner = entry.value.table()) {
      ok = collect(out, *inner, path, axes) && ok;
    } else if (const List* values = entry.value.list(); values && !values->empty()) {
      axes.push_back({{path, entry.key_span}, *values});
    } else {
      out.error(entry.value.span, fmt::format("'{}' must be a list of values", path),
                fmt::format("for example {} = [1, 2, 3]", path));
      ok = false;
    }
  }
  return ok;
}

}  // namespace

Shape shape_of(const Matrix*) {
  return {"a table of parameters and lists", "orchestrator.retry.attempts = [1, 2, 3]", {"object"}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, Matrix& to) {
  if (!value.table()) return wrong_kind(out, field, value, shape_of(&to)), false;
  return collect(out, *value.table(), "", to.axes);
}

std::string write(const Matrix&) { return {}; }

}  // namespace twice::scenario

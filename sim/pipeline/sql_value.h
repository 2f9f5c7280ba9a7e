#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/visit.h"

namespace twice::pipeline {

/// SQL's NULL.
struct Null {
  static constexpr std::string_view kName = "NULL";
  template <class Self, class V>
  static void visit(Self&, V&) {}
  auto operator<=>(const Null&) const = default;
};

struct Blob {
  static constexpr std::string_view kName = "blob";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("bytes", self.bytes);
  }
  std::string bytes;
  auto operator<=>(const Blob&) const = default;
};

/// SQLite's five storage classes.
using SqlValue = std::variant<Null, std::int64_t, double, std::string, Blob>;
using SqlRow = std::vector<SqlValue>;

/// What a query returns or a file holds: every row as wide as `columns`.
struct SqlTable {
  static constexpr std::string_view kName = "table";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("columns", self.columns), v("rows", self.rows);
  }
  std::vector<std::string> columns;
  std::vector<SqlRow> rows;
};

/// As a person reads it: NULL, 42, 1.5, text, x'00ff'.
std::string to_text(const SqlValue& value);
/// As SQL would write it: text in quotes.
std::string to_literal(const SqlValue& value);

}  // namespace twice::pipeline

#pragma once
// The grammar of CSV: cells as they lie in the file. What they mean is another matter.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/formats/source_file.h"

namespace twice::pipeline {

/// A field as it lies in the file; doubled quotes are still doubled.
struct CsvCell {
  const char* begin = nullptr;
  std::uint32_t size = 0;
  bool quoted = false;
  bool doubled = false;
  std::string_view raw() const { return {begin, size}; }
  bool is_null() const { return size == 0 && !quoted; }
};
std::string text_of(const CsvCell& cell);

/// Every record is as wide as `columns`; the cells point into the text.
struct CsvCells {
  std::vector<std::string> columns;
  std::vector<CsvCell> cells;
  /// Of a text; line and column of what is no CSV.
  static std::variant<CsvCells, FileError> split(std::string_view text);
};

}  // namespace twice::pipeline

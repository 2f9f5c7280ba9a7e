#pragma once
// What a reader of tables owes to untrusted bytes, for each format a target of its own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/formats/format.h"
#include "pipeline/formats/log_lines.h"
#include "pipeline/formats/sample.h"
#include "pipeline/formats/source_file.h"

namespace twice::fuzz {

inline bool is_table(const pipeline::SqlTable& table) {
  for (const auto& row : table.rows)
    if (row.size() != table.columns.size()) return false;
  return true;
}

// Read with a schema and without, whole and one column: an error with words, or rows that all have as many values as
// there are columns and that are the same after they were written.
inline int read_format(pipeline::formats::Format format, const std::uint8_t* data, std::size_t size) {
  using namespace pipeline::formats;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const std::string kPattern = [] {
    std::vector<std::string> names;
    for (const Column& column : sample_schema()) names.push_back(column.name);
    return default_pattern(names);
  }();
  static const std::vector<std::string> kOne{"amount"};
  for (const Schema* schema : {&sample_schema(), static_cast<const Schema*>(nullptr)})
    for (const std::vector<std::string>* columns : {static_cast<const std::vector<std::string>*>(nullptr), &kOne}) {
      const auto read_bytes = read(format, bytes, {schema, columns, kPattern});
      if (const auto* error = std::get_if<FormatError>(&read_bytes)) {
        if (error->message.empty() || to_text(*error).size() > (1u << 20)) std::abort();
        continue;
      }
      const ReadFile& file = std::get<ReadFile>(read_bytes);
      if (!is_table(file.table) || file.bytes_read > size) std::abort();
      if (!schema || columns) continue;
      const auto written = write(format, file.table, schema);
      if (const auto* text = std::get_if<std::string>(&written)) {
        const auto again = read(format, *text, {schema, nullptr, kPattern});
        const auto* same = std::get_if<ReadFile>(&again);
        if (!same || same->table.rows.size() != file.table.rows.size()) std::abort();
      }
    }
  return 0;
}

}  // namespace twice::fuzz

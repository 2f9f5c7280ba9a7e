#pragma once
// One way to write a table as bytes and one to read it, for every format there is.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

enum class Format : std::uint8_t { kCsv, kJson, kXml, kLog, kAvro, kColumnar };
constexpr Format kFormats[] = {Format::kCsv, Format::kJson, Format::kXml,
                               Format::kLog, Format::kAvro, Format::kColumnar};
std::string_view name_of(Format format);  // "csv", …
/// What names of such files end in: "csv", "jsonl", …
std::string_view ending_of(Format format);
/// True when a file of this format says what its columns are, so that nothing else can be written to it.
bool carries_schema(Format format);

/// Who holds the rows against the schema.
enum class Check : std::uint8_t { kNobody, kReader, kWriter };

/// Writes a table. With a schema the rows must keep to it; a format that carries one needs it. Names of columns must be
/// letters, digits and _, texts UTF-8 and reals finite. A log is written with default_pattern of the columns.
Bytes write(Format format, const SqlTable& table, const Schema* schema);

struct Reading {
  const Schema* schema = nullptr;                     // what the columns must hold; null: what the file says they are
  const std::vector<std::string>* columns = nullptr;  // those that are needed, null for all
  std::string_view pattern{};                         // of a log
};
struct ReadFile {
  SqlTable table;                // with all columns where none can be skipped
  std::uint64_t bytes_read = 0;  // less than the file only where columns can be skipped
};
/// Reads untrusted bytes.
std::variant<ReadFile, FormatError> read(Format format, std::string_view file, const Reading& how);

}  // namespace twice::pipeline::formats

#pragma once
// What a source and a loader agreed on: how rows are written, and who holds them against the schema.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/formats/format.h"

namespace twice::pipeline::formats {

struct Contract {
  Format format = Format::kCsv;
  Check check = Check::kNobody;      // kWriter where the format carries its schema
  Schema schema;                     // empty: there is none
  std::vector<std::string> columns;  // of the file when nobody checks it; a log is written with them
  std::vector<std::string> needed;   // what the loader binds; a format that can skip columns reads these only

  Bytes write(const SqlTable& rows) const;
  std::variant<ReadFile, FormatError> read(std::string_view file) const;
};

}  // namespace twice::pipeline::formats

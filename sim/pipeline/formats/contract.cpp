#include "pipeline/formats/contract.h"

#include "pipeline/formats/log_lines.h"

namespace twice::pipeline::formats {

Bytes Contract::write(const SqlTable& rows) const {
  return formats::write(format, rows, check == Check::kWriter ? &schema : nullptr);
}

std::variant<ReadFile, FormatError> Contract::read(std::string_view file) const {
  std::vector<std::string> names = columns;
  if (check == Check::kWriter) {
    names.clear();
    for (const Column& column : schema) names.push_back(column.name);
  }
  const std::string pattern = default_pattern(names);
  return formats::read(format, file, {check == Check::kNobody ? nullptr : &schema, &needed, pattern});
}

}  // namespace twice::pipeline::formats

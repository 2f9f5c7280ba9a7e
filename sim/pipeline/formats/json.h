#pragma once
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// JSON Lines: an object a row; what is NULL is left out. A real must be finite: JSON has no other.
Bytes write_json(const SqlTable& table);
/// Without a schema the columns are the keys that turn up, and each value is what JSON says it is.
TableOrFormatError read_json(std::string_view file, const Schema* schema);

}  // namespace twice::pipeline::formats

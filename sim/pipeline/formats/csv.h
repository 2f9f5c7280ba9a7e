#pragma once
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// RFC 4180, lines end in LF. NULL is an empty field, the empty text is "". Text that would read as a number is quoted.
Bytes write_csv(const SqlTable& table);
/// Without a schema every column's kind is guessed from all its fields (pipeline::read_csv).
TableOrFormatError read_csv(std::string_view file, const Schema* schema);

}  // namespace twice::pipeline::formats

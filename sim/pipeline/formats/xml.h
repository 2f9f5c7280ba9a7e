#pragma once
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// <rows> of <row> of one element a field; what is NULL is left out. Texts hold no control characters but tab and line
/// ends: XML 1.0 has no way to write others.
Bytes write_xml(const SqlTable& table);
/// Without a schema every value is a text.
TableOrFormatError read_xml(std::string_view file, const Schema* schema);

}  // namespace twice::pipeline::formats

#pragma once
#include <optional>
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// A record of what read_avro knows; nullopt: the text is something else.
std::optional<Schema> parse_avro_schema(std::string_view json);

}  // namespace twice::pipeline::formats

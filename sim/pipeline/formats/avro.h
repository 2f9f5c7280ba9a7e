#pragma once
#include <string>
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// An Avro object container file (specification 1.11, "Object Container Files"), codec "null", blocks of about 16 KiB.
/// Records are encoded and decoded by avro-c. The container is written here, because avro-c writes to files only and
/// draws the sync marker from the clock: here it is a hash of the schema, so equal tables give equal bytes.
/// The table must have been made to conform to the schema.
std::string write_avro(const SqlTable& table, const Schema& schema);

/// With a schema: the file's must be the same. Records of long, double, string and unions of null with one of these.
TableOrFormatError read_avro(std::string_view file, const Schema* schema);

/// As it stands in the file's header.
std::string avro_schema_text(const Schema& schema);

}  // namespace twice::pipeline::formats

#pragma once
// From values back to TOML: what `read_toml` reads.
#include <string>
#include <string_view>

#include "scenario/value.h"

namespace twice::scenario {

/// A basic string in quotes, with everything escaped that must be.
std::string toml_string(std::string_view text);
/// On one line: { at = "2s", crash = "n1" }.
std::string inline_toml(const Value& value);
/// A whole file: plain keys first, then a section for each table. The tables "lane" and those of the list "client"
/// become [[lane]] and [[client]]; other lists of tables stand in their section, one table a line.
std::string toml_text(const Table& file);

}  // namespace twice::scenario

#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// The sentence that log lines are written in when nobody chose another: "order_id {order_id}, amount {amount}".
std::string default_pattern(const std::vector<std::string>& columns);

/// Lines of text for people, a row each. `pattern` has {column} where a value stands and text between them; NULL is
/// "-". A row whose line would not be found again by the pattern (a text that holds what stands between two values, a
/// line end) is refused.
Bytes write_log(const SqlTable& table, std::string_view pattern);
/// Each value reaches to the next occurrence of what follows it in the pattern. Without a schema all are texts.
TableOrFormatError read_log(std::string_view file, const Schema* schema, std::string_view pattern);

}  // namespace twice::pipeline::formats

#pragma once
// Values that clients write are unique and long. People read who wrote them and in which operation.
#include <cstdint>
#include <string>
#include <string_view>

#include "check/history.h"
#include "protocols/client/operation.h"

namespace twice::playback {

/// 2000000007, the value written by operation 7 of the second client, is "2·7"; other numbers are themselves.
std::string value_text(std::int64_t value);
std::string value_text(const check::Value& value);
std::string value_text(const protocols::Cell& cell);  // of a long list the newest elements
/// A sentence with all such numbers shortened.
std::string with_short_values(std::string_view sentence);

}  // namespace twice::playback

#pragma once
#include <cstdint>
#include <string_view>

#include "scenario/value.h"

namespace twice::scenario {

/// Refuses what would cost a parser unbounded time or stack: too many bytes, brackets or dotted keys nested too deep,
/// bytes that are no UTF-8, NUL bytes. One pass over the text, no recursion. False = an error was added.
bool within_limits(std::string_view text, std::uint32_t source, const ReadLimits& limits, Diagnostics& out);

}  // namespace twice::scenario

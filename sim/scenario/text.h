#pragma once
// Positions in UTF-8 text: lines end at '\n', columns count code points.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenario/span.h"

namespace twice::scenario {

/// Byte offset of the first byte that is no UTF-8 (overlong forms and surrogates included), or nullopt.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

std::size_t code_points(std::string_view text);
/// Byte offset of a column (from 1) in a line; the line's size when it is shorter.
std::size_t byte_of_column(std::string_view line, std::size_t column);
/// Line number `line` (from 1) without its line end; empty when there is none.
std::string_view line_of(std::string_view text, std::size_t line);

/// The position of a byte offset, and the offset of a position (the text's size when it lies beyond).
Position position_of(std::string_view text, std::size_t offset);
std::size_t offset_of(std::string_view text, Position position);

/// For a terminal: tabs become one space, control characters and bytes that are no UTF-8 become '?'.
std::string printable(std::string_view text);

}  // namespace twice::scenario

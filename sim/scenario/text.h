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

/// Length in bytes of the well-formed UTF-8 sequence that begins at byte `at`; 0 when there is none.
std::size_t utf8_sequence(std::string_view text, std::size_t at);

// Text from outside (names, file names, SQL, row values, lessons) goes through one of these three before anybody reads
// it: on a terminal, in JUnit, annotations, Markdown or HTML. What could command a terminal, turn the order of the
// letters round, hide, or break a line is written as its escape instead.

/// One line: a tab is a space; a line end is \n or \r, other control characters (C0 and C1), line separators, marks of
/// direction and characters nobody sees are \u202e, bytes that are no UTF-8 are \xff. What is printable stays as it is,
/// so doing it twice changes nothing.
std::string printable(std::string_view text);
/// The same for text of several lines: '\n' stays one.
std::string printable_lines(std::string_view text);
/// The same, one column a character, for lines that have marks below them: what is not printable becomes '?'.
std::string printable_columns(std::string_view line);

}  // namespace twice::scenario

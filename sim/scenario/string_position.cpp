// Finds a byte of a string's content again in the file, so that an error in SQL points into the ''' block it is in.
#include <algorithm>
#include <string_view>

#include "scenario/text.h"
#include "scenario/value.h"

namespace twice::scenario {
namespace {

struct Quoting {
  std::size_t open = 0;  // bytes of the opening quotes
  bool escapes = false;
};

Quoting quoting_at(std::string_view text) {
  if (text.substr(0, 3) == "'''") return {3, false};
  if (text.substr(0, 3) == "\"\"\"") return {3, true};
  if (text.substr(0, 1) == "\"") return {1, true};
  if (text.substr(0, 1) == "'") return {1, false};
  return {};
}

struct Escape {
  std::size_t written = 0;  // bytes in the file, the backslash included
  std::size_t content = 0;  // bytes of the string they stand for
};

std::size_t utf8_length(std::string_view hex) {
  unsigned value = 0;
  for (const char c : hex) {
    const unsigned digit = c >= '0' && c <= '9'   ? c - '0'
                           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : 0;
    value = value * 16 + digit;
  }
  return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

Escape escape_at(std::string_view text) {
  const char kind = text.size() > 1 ? text[1] : 'n';
  if (kind == 'u') return {6, utf8_length(text.substr(2, 4))};
  if (kind == 'U') return {10, utf8_length(text.substr(2, 8))};
  if (kind == '\n' || kind == ' ' || kind == '\t' || kind == '\r') {
    const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
    return {next == std::string_view::npos ? text.size() : next, 0};
  }
  return {2, 1};
}

std::size_t line_end_at(std::string_view text) {
  return text.substr(0, 2) == "\r\n" ? 2 : text.substr(0, 1) == "\n" ? 1 : 0;
}

}  // namespace

Position position_in_string(std::string_view file_text, const Span& span, std::size_t offset) {
  std::size_t at = offset_of(file_text, span.begin);
  const Quoting quoting = quoting_at(file_text.substr(at));
  at += quoting.open;
  if (quoting.open == 3) at += line_end_at(file_text.substr(at));
  while (offset > 0 && at < file_text.size()) {
    const std::string_view rest = file_text.substr(at);
    Escape step{1, 1};
    if (quoting.escapes && rest[0] == '\\')
      step = escape_at(rest);
    else if (rest.substr(0, 2) == "\r\n")
      step = {2, 1};  // toml++ hands on '\n' for both line ends
    at += step.written;
    offset -= std::min(offset, step.content);
  }
  return position_of(file_text, at);
}

}  // namespace twice::scenario

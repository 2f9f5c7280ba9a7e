#include "core/json.h"

#include <limits>

#include <fmt/format.h>

#include "core/assert.h"

namespace twice {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// Length of the UTF-8 sequence that starts at `at`; 0 when there is none (RFC 3629).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const unsigned char first = byte_at(text, at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte_at(text, at + i) & 0xc0) != 0x80) return 0;
  const unsigned char second = byte_at(text, at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second >= 0xa0;
  const bool too_large = first == 0xf4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20)
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  else
    out += c;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) out += "\xef\xbf\xbd";
    if (length == 1) append_ascii(out, text[i]);
    if (length > 1) out += text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return out += '"';
}

void JsonWriter::member(std::string_view name) {
  if (levels_.empty()) return;
  if (levels_.back().has_members) out_ += ',';
  levels_.back().has_members = true;
  if (!levels_.back().is_list) out_ += json_text(name) + ":";
}

void JsonWriter::boolean(std::string_view name, bool value) { member(name), out_ += value ? "true" : "false"; }
void JsonWriter::integer(std::string_view name, std::int64_t value) { member(name), out_ += fmt::to_string(value); }
void JsonWriter::natural(std::string_view name, std::uint64_t value) { member(name), out_ += fmt::to_string(value); }
void JsonWriter::real(std::string_view name, double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  member(name);
  out_ += value >= -kLargest && value <= kLargest ? fmt::format("{}", value) : "null";
}
void JsonWriter::text(std::string_view name, std::string_view value) { member(name), out_ += json_text(value); }
void JsonWriter::duration(std::string_view name, Duration value) { text(name, to_string(value)); }
void JsonWriter::time(std::string_view name, Time value) { text(name, to_string(Duration{value.ns})); }
void JsonWriter::node(std::string_view name, NodeId value) {
  member(name);
  out_ += value == kNobody ? "null" : fmt::to_string(value.index);
}
void JsonWriter::nothing(std::string_view name) { member(name), out_ += "null"; }

void JsonWriter::begin(std::string_view name, std::string_view type, bool is_list) {
  member(name);
  out_ += is_list ? '[' : '{';
  levels_.push_back({is_list, false});
  if (!type.empty() && !is_list) text("$type", type);
}
void JsonWriter::end() {
  TWICE_ASSERT(!levels_.empty(), "a description ends more values than it began");
  out_ += levels_.back().is_list ? ']' : '}';
  levels_.pop_back();
}

}  // namespace twice

// The one sanitiser for text from outside.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "scenario/text.h"

namespace twice::scenario {
namespace {

constexpr std::size_t kLineEndsStay = 1, kOneColumn = 2;

// What a terminal obeys (C0, DEL, C1), what other programs take for a line end, what turns the order of letters round
// ("Trojan Source", CVE-2021-42574), what nobody sees, and what XML cannot hold. Joiners (U+200C, U+200D) stay: words
// of several scripts need them.
constexpr std::array<std::pair<char32_t, char32_t>, 13> kUnprintable{{{0x00, 0x1f},
                                                                      {0x7f, 0x9f},
                                                                      {0xad, 0xad},
                                                                      {0x61c, 0x61c},
                                                                      {0x180e, 0x180e},
                                                                      {0x200b, 0x200b},
                                                                      {0x200e, 0x200f},
                                                                      {0x2028, 0x202e},
                                                                      {0x2060, 0x206f},
                                                                      {0xfeff, 0xfeff},
                                                                      {0xfff9, 0xfffb},
                                                                      {0xfffe, 0xffff},
                                                                      {0xe0000, 0xe007f}}};

bool is_printable(char32_t c) {
  return std::none_of(kUnprintable.begin(), kUnprintable.end(),
                      [&](const auto& range) { return c >= range.first && c <= range.second; });
}

char32_t decoded(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence.front());
  constexpr std::array<unsigned, 5> kMask{0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t c = lead & kMask.at(sequence.size());
  for (const char next : sequence.substr(1)) c = c << 6 | (static_cast<unsigned char>(next) & 0x3fu);
  return c;
}

// As JSON and TOML write it, so that it means the same inside their strings.
std::string escape_of(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  const auto number = static_cast<std::uint32_t>(c);
  if (number <= 0xffff) return fmt::format("\\u{:04x}", number);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((number - 0x10000) >> 10), 0xdc00 + ((number - 0x10000) & 0x3ff));
}

std::string cleaned(std::string_view text, std::size_t how) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence(text, i);
    const std::string_view sequence = text.substr(i, std::max<std::size_t>(length, 1));
    i += sequence.size();
    const char32_t c = length == 0 ? 0 : decoded(sequence);
    if (c == '\t')
      result += ' ';
    else if (length > 0 && (is_printable(c) || (c == '\n' && (how & kLineEndsStay) != 0)))
      result += sequence;
    else if ((how & kOneColumn) != 0)
      result += '?';
    else
      result += length > 0 ? escape_of(c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(sequence.front()));
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) { return cleaned(text, 0); }

std::string printable_lines(std::string_view text) { return cleaned(text, kLineEndsStay); }

std::string printable_columns(std::string_view line) { return cleaned(line, kOneColumn); }

}  // namespace twice::scenario

#include "ui/draw/font_file.h"

#include <cstdint>
#include <cstring>

// Defined by the assembler (embedded_fonts.S.in).
extern "C" {
extern const unsigned char twice_font_text[], twice_font_text_end[];
extern const unsigned char twice_font_bold[], twice_font_bold_end[];
extern const unsigned char twice_font_mono[], twice_font_mono_end[];
extern const unsigned char twice_font_symbols[], twice_font_symbols_end[];
}

namespace twice::ui {
namespace {

std::uint32_t big_endian(const unsigned char* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

// The table directory of an OpenType file: 12 bytes, then 16 a table (tag, checksum, offset, length).
int FontFile::signed_at(const char* table, std::size_t offset) const {
  const std::size_t tables = big_endian(begin_ + 4, 2);
  for (std::size_t i = 0; i < tables; ++i) {
    const unsigned char* entry = begin_ + 12 + 16 * i;
    if (std::memcmp(entry, table, 4) != 0) continue;
    const std::size_t at = big_endian(entry + 8, 4) + offset;
    return at + 2 <= size_ ? static_cast<std::int16_t>(big_endian(begin_ + at, 2)) : 0;
  }
  return 0;
}

float FontFile::em_of(const char* table, std::size_t offset) const {
  const int units_per_em = signed_at("head", 18);
  return units_per_em ? static_cast<float>(signed_at(table, offset)) / static_cast<float>(units_per_em) : 1.0f;
}

FontFile text_face() { return {twice_font_text, twice_font_text_end}; }
FontFile bold_face() { return {twice_font_bold, twice_font_bold_end}; }
FontFile mono_face() { return {twice_font_mono, twice_font_mono_end}; }
FontFile sign_face() { return {twice_font_symbols, twice_font_symbols_end}; }

}  // namespace twice::ui

#pragma once
#include <cstdint>

namespace twice::ui {

/// Exactly round(a * b / 255) for a, b in 0..255.
constexpr std::uint32_t scaled(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

/// `colour` over an opaque pixel with this alpha (the colour's own is not looked at). Red and blue share a word.
constexpr std::uint32_t blended(std::uint32_t below, std::uint32_t colour, std::uint32_t alpha) {
  const std::uint32_t rest = 255 - alpha;
  std::uint32_t red_blue = (colour & 0xff00ff) * alpha + (below & 0xff00ff) * rest + 0x800080;
  red_blue = ((red_blue + ((red_blue >> 8) & 0xff00ff)) >> 8) & 0xff00ff;
  std::uint32_t green = ((colour >> 8) & 0xff) * alpha + ((below >> 8) & 0xff) * rest + 0x80;
  green = (green + (green >> 8)) & 0xff00;
  return 0xff000000 | red_blue | green;
}

constexpr std::uint32_t alpha_of(std::uint32_t colour) { return colour >> 24; }

}  // namespace twice::ui

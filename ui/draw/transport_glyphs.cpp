#include "ui/draw/transport_glyphs.h"

#include <cstdlib>

#include "ui/draw/fonts.h"

namespace twice::ui {
namespace {

// Coordinates run over 0..1024 in both directions.
constexpr int kSide = 1024, kMiddle = kSide / 2;

bool within(int value, int low, int high) { return value >= low && value < high; }

// A triangle of full height that points to the right.
bool in_triangle(int u, int v, int base, int apex) {
  return u >= base && std::abs(v - kMiddle) * (apex - base) <= kMiddle * (apex - u);
}

bool is_inside(char32_t sign, int u, int v) {
  switch (sign) {
    case U'⏮':
      return is_inside(U'⏭', kSide - 1 - u, v);
    case U'⏭':
      return in_triangle(u, v, 96, 736) || within(u, 768, 928);
    case U'⏵':
      return in_triangle(u, v, 144, 960);
    case U'⏸':
      return within(u, 160, 416) || within(u, 608, 864);
    case U'⏹':
      return within(u, 96, 928) && within(v, 96, 928);
    default:
      return false;
  }
}

// Of 255, from 8 x 8 samples.
unsigned char coverage(char32_t sign, int x, int y, int side) {
  const auto coordinate = [&](int pixel, int sample) { return ((8 * pixel + sample) * 2 + 1) * kSide / (16 * side); };
  int hits = 0;
  for (int i = 0; i < 64; ++i)
    if (is_inside(sign, coordinate(x, i % 8), coordinate(y, i / 8))) ++hits;
  return static_cast<unsigned char>(hits * 255 / 64);
}

}  // namespace

void TransportGlyphs::reserve(ImFont* font, int side, float advance, float top) {
  const float left = static_cast<float>(static_cast<int>((advance - static_cast<float>(side)) / 2));
  for (const char32_t sign : kSigns.substr(kSigns.size() - 5))
    reserved_.push_back({sign, atlas_.AddCustomRectFontGlyph(font, static_cast<ImWchar>(sign), side, side, advance,
                                                             ImVec2(left, top))});
}

void TransportGlyphs::paint() const {
  for (const Reserved& glyph : reserved_) {
    const ImFontAtlasCustomRect& place = *atlas_.GetCustomRectByIndex(glyph.rectangle);
    for (int y = 0; y < place.Height; ++y)
      for (int x = 0; x < place.Width; ++x)
        atlas_.TexPixelsAlpha8[(place.Y + y) * atlas_.TexWidth + place.X + x] = coverage(glyph.sign, x, y, place.Width);
  }
}

}  // namespace twice::ui

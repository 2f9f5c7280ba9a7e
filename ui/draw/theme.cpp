#include "ui/draw/theme.h"

namespace twice::ui {
namespace {

// 0xRRGGBB as designers write it.
constexpr ImU32 rgb(unsigned hex) { return IM_COL32(hex >> 16, (hex >> 8) & 0xff, hex & 0xff, 0xff); }

Theme light() {
  Theme t{};
  t.name = ThemeName::kLight;
  t.background = rgb(0xE9ECF0), t.panel = rgb(0xFFFFFF), t.raised = rgb(0xF4F6F8);
  t.border = rgb(0xC5CBD4), t.text = rgb(0x1B2430), t.faint = rgb(0x566070);
  t.accent = rgb(0x0B5FA5), t.on_accent = rgb(0xFFFFFF), t.focus = rgb(0xB4470B);
  t.row = {rgb(0xE3E7EC), rgb(0x2E80AE), rgb(0xC8501A), rgb(0xA8487E), rgb(0x8A6D00), rgb(0x6690AE)};
  t.verdict = {rgb(0x1A7048), rgb(0x855C00), rgb(0xB3261E), rgb(0x566070)};
  t.mark = {rgb(0xB3261E), rgb(0x7A4CB0), rgb(0x1A7048), rgb(0x0B5FA5), rgb(0x4A5666), rgb(0xA04A00)};
  t.hues = {rgb(0x0072B2), rgb(0xBD7B00), rgb(0x009068), rgb(0xC06A9B),
            rgb(0x1694E9), rgb(0xC24E00), rgb(0x857A00), rgb(0x767676)};
  return t;
}

Theme dark() {
  Theme t{};
  t.name = ThemeName::kDark;
  t.background = rgb(0x10141A), t.panel = rgb(0x1A2028), t.raised = rgb(0x252D38);
  t.border = rgb(0x3D4857), t.text = rgb(0xE6EAF0), t.faint = rgb(0xA7B1BF);
  t.accent = rgb(0x6CB6FF), t.on_accent = rgb(0x0B1520), t.focus = rgb(0xFFB454);
  t.row = {rgb(0x2D3642), rgb(0x4FA3D1), rgb(0xF08A4B), rgb(0xD77FB0), rgb(0xE0C04A), rgb(0x7590A8)};
  t.verdict = {rgb(0x5CCB8F), rgb(0xF0C04F), rgb(0xFF8A80), rgb(0xA7B1BF)};
  t.mark = {rgb(0xFF8A80), rgb(0xC3A0F5), rgb(0x5CCB8F), rgb(0x6CB6FF), rgb(0xA7B1BF), rgb(0xF0A35E)};
  t.hues = {rgb(0x2B9BE8), rgb(0xE69F00), rgb(0x0FB585), rgb(0xCC79A7),
            rgb(0x7CCBF7), rgb(0xE5702A), rgb(0xF0E442), rgb(0x98A2AE)};
  return t;
}

Theme high_contrast() {
  Theme t{};
  t.name = ThemeName::kHighContrast;
  t.background = rgb(0x000000), t.panel = rgb(0x000000), t.raised = rgb(0x161616);
  t.border = rgb(0xFFFFFF), t.text = rgb(0xFFFFFF), t.faint = rgb(0xD8D8D8);
  t.accent = rgb(0x5CCBFF), t.on_accent = rgb(0x000000), t.focus = rgb(0xFFE800);
  t.row = {rgb(0x303030), rgb(0x4CC9FF), rgb(0xFF9A3C), rgb(0xFF8AD8), rgb(0xFFE14D), rgb(0xB4C7D9)};
  t.verdict = {rgb(0x6BFFB0), rgb(0xFFE14D), rgb(0xFF9C94), rgb(0xD8D8D8)};
  t.mark = {rgb(0xFF9C94), rgb(0xD3B8FF), rgb(0x6BFFB0), rgb(0x5CCBFF), rgb(0xFFFFFF), rgb(0xFFB870)};
  t.hues = {rgb(0x3DA9F5), rgb(0xE69F00), rgb(0x10C48F), rgb(0xE08CBA),
            rgb(0x9BDBFF), rgb(0xFF7F33), rgb(0xF0E442), rgb(0xB0B0B0)};
  return t;
}

}  // namespace

Theme theme_of(ThemeName name) {
  switch (name) {
    case ThemeName::kLight:
      return light();
    case ThemeName::kDark:
      return dark();
    case ThemeName::kHighContrast:
      return high_contrast();
  }
  return light();
}

}  // namespace twice::ui

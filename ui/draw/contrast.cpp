#include "ui/draw/contrast.h"

#include <algorithm>
#include <cmath>

namespace twice::ui {
namespace {

unsigned channel(ImU32 colour, int shift) { return (colour >> shift) & 0xff; }

double linear(unsigned value) {
  const double share = value / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 colour) {
  return 0.2126 * linear(channel(colour, IM_COL32_R_SHIFT)) + 0.7152 * linear(channel(colour, IM_COL32_G_SHIFT)) +
         0.0722 * linear(channel(colour, IM_COL32_B_SHIFT));
}

}  // namespace

double contrast(ImU32 one, ImU32 other) {
  const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
  return (lighter + 0.05) / (darker + 0.05);
}

ImU32 ink_on(ImU32 fill) {
  return contrast(IM_COL32_WHITE, fill) >= contrast(IM_COL32_BLACK, fill) ? IM_COL32_WHITE : IM_COL32_BLACK;
}

ImU32 mixed(ImU32 over, ImU32 under, unsigned share) {
  ImU32 result = IM_COL32_A_MASK;
  for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT})
    result |= ((channel(over, shift) * share + channel(under, shift) * (256 - share) + 128) >> 8) << shift;
  return result;
}

}  // namespace twice::ui

#pragma once
#include <imgui.h>

namespace twice::ui {

/// The contrast ratio of two opaque colours, 1..21 (WCAG 2.1, "contrast ratio" and "relative luminance").
double contrast(ImU32 one, ImU32 other);

/// Black or white, whichever reads better on this colour.
ImU32 ink_on(ImU32 fill);

/// `share` of 256 parts of `over`, the rest of `under`; opaque.
ImU32 mixed(ImU32 over, ImU32 under, unsigned share);

/// The same colour, `alpha` 0..255.
constexpr ImU32 with_alpha(ImU32 colour, unsigned alpha) {
  return (colour & ~IM_COL32_A_MASK) | (ImU32{alpha} << IM_COL32_A_SHIFT);
}

}  // namespace twice::ui

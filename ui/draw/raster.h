#pragma once
#include <imgui.h>

#include "ui/draw/image.h"

namespace twice::ui {

/// Draws a rendered frame without OpenGL, in integers, so that every compiler and optimisation level gives the same
/// picture. Textures other than the atlas count as white; callbacks are skipped. The result is opaque.
Image rasterise(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background);

}  // namespace twice::ui

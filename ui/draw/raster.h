#pragma once
#include <optional>
#include <utility>
#include <vector>

#include <imgui.h>

#include "ui/draw/canvas.h"
#include "ui/draw/image.h"

namespace twice::ui {

/// Draws a rendered frame without OpenGL, in integers, so that every compiler and optimisation level gives the same
/// picture. Textures other than the atlas count as white; callbacks are skipped. The result is opaque.
Image rasterise(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background);

/// The same of these boxes only, into a picture of the right size that holds the rest. `swapped`: red and blue change
/// places, as displays keep them.
void rasterise(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background, bool swapped,
               const std::vector<Clip>& boxes, Image& image);

/// Width and height in pixels.
std::pair<int, int> picture_size(const ImDrawData& data);
/// The pixels a command may touch, if any.
std::optional<Clip> clip_of(const ImDrawCmd& command, const ImDrawData& data);

}  // namespace twice::ui

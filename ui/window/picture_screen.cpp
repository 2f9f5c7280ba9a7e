#include "ui/window/picture_screen.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <glad/gl.h>

#include "ui/draw/raster.h"

namespace twice::ui {

PictureScreen::PictureScreen() {
  glGenTextures(1, &texture_);
  glGenFramebuffers(1, &buffer_);
}

PictureScreen::~PictureScreen() {
  glDeleteFramebuffers(1, &buffer_);
  glDeleteTextures(1, &texture_);
}

void PictureScreen::show(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background,
                         const std::vector<Clip>& boxes) {
  constexpr GLenum kType = GL_UNSIGNED_INT_8_8_8_8_REV;
  const auto [width, height] = picture_size(data);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, buffer_);
  if (width != image_.width || height != image_.height) {
    image_ = Image(width, height, 0);
    // Not GL_RGBA8: the driver then chooses the window's own order of bytes, and both copies below move plain memory
    // (0.4 ms at 1280 x 800 with Mesa's llvmpipe instead of 4 ms).
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_BGRA, kType, nullptr);
    glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_, 0);
  }
  rasterise(data, atlas, background, true, boxes, image_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, width);
  for (const Clip& box : boxes)
    glTexSubImage2D(GL_TEXTURE_2D, 0, box.left, box.top, box.right - box.left, box.bottom - box.top, GL_BGRA, kType,
                    &image_.at(box.left, box.top));
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glDisable(GL_SCISSOR_TEST);
  // OpenGL's rows go up.
  glBlitFramebuffer(0, height, width, 0, 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
}

bool draws_in_software() {
  const auto* text = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const std::string_view renderer = text ? text : "";
  constexpr std::array<std::string_view, 6> kSoftware{"llvmpipe", "softpipe",    "Software",
                                                      "swrast",   "SwiftShader", "GDI Generic"};
  return std::any_of(kSoftware.begin(), kSoftware.end(),
                     [&](std::string_view name) { return renderer.find(name) != std::string_view::npos; });
}

}  // namespace twice::ui

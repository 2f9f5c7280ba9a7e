#pragma once
#include <imgui.h>

#include "ui/draw/image.h"

namespace twice::ui {

/// A place to draw into besides the window, bound while it lives. REQUIRES a current OpenGL context.
class FrameBuffer {
 public:
  FrameBuffer(int width, int height);
  ~FrameBuffer();
  FrameBuffer(const FrameBuffer&) = delete;
  FrameBuffer& operator=(const FrameBuffer&) = delete;

  int width() const { return width_; }
  int height() const { return height_; }
  /// Opaque.
  Image read() const;

 private:
  int width_, height_;
  unsigned buffer_ = 0, colours_ = 0;
};

/// Fills the bound buffer.
void clear(int width, int height, ImU32 background);

}  // namespace twice::ui

#include "ui/window/frame_buffer.h"

#include <algorithm>
#include <vector>

#include <glad/gl.h>

namespace twice::ui {

FrameBuffer::FrameBuffer(int width, int height) : width_(std::max(width, 1)), height_(std::max(height, 1)) {
  glGenFramebuffers(1, &buffer_);
  glGenRenderbuffers(1, &colours_);
  glBindRenderbuffer(GL_RENDERBUFFER, colours_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_, height_);
  glBindFramebuffer(GL_FRAMEBUFFER, buffer_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colours_);
}

FrameBuffer::~FrameBuffer() {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &buffer_);
  glDeleteRenderbuffers(1, &colours_);
}

Image FrameBuffer::read() const {
  const std::size_t row = static_cast<std::size_t>(width_) * 4;
  std::vector<unsigned char> bytes(row * static_cast<std::size_t>(height_));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, bytes.data());
  Image image(width_, height_, 0);
  for (int y = 0; y < height_; ++y) {
    // OpenGL's rows go up.
    const unsigned char* from = bytes.data() + static_cast<std::size_t>(height_ - 1 - y) * row;
    for (int x = 0; x < width_; ++x, from += 4) image.at(x, y) = IM_COL32(from[0], from[1], from[2], 255);
  }
  return image;
}

void clear(int width, int height, ImU32 background) {
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(background);
  glViewport(0, 0, width, height);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(colour.x, colour.y, colour.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

}  // namespace twice::ui

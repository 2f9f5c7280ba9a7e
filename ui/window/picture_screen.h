#pragma once
#include <vector>

#include <imgui.h>

#include "ui/draw/canvas.h"
#include "ui/draw/image.h"

namespace twice::ui {

/// Shows frames that our own rasteriser drew: on machines without a GPU it takes a fraction of the time that OpenGL's
/// software drivers take, and the window shows the very pixels of the golden pictures. REQUIRES a current OpenGL
/// context while it lives.
class PictureScreen {
 public:
  PictureScreen();
  ~PictureScreen();
  PictureScreen(const PictureScreen&) = delete;
  PictureScreen& operator=(const PictureScreen&) = delete;

  /// Fills the window's back buffer with a frame that differs from the last one in these boxes only.
  void show(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background, const std::vector<Clip>& boxes);

 private:
  Image image_;  // what the texture holds
  unsigned texture_ = 0, buffer_ = 0;
};

/// True when OpenGL is computed by the processor. REQUIRES a current OpenGL context.
bool draws_in_software();

}  // namespace twice::ui

#pragma once
#include <vector>

#include <imgui.h>

namespace twice::ui {

/// ⏮ ⏭ ⏵ ⏸ ⏹, which no packaged face has: reserved before the atlas is built, painted after.
class TransportGlyphs {
 public:
  explicit TransportGlyphs(ImFontAtlas& atlas) : atlas_(atlas) {}

  /// Sizes are pixels: `side` of the glyph, its `advance`, and where its top lies below the top of the line.
  void reserve(ImFont* font, int side, float advance, float top);
  void paint() const;

 private:
  struct Reserved {
    char32_t sign;
    int rectangle;
  };
  ImFontAtlas& atlas_;
  std::vector<Reserved> reserved_;
};

}  // namespace twice::ui

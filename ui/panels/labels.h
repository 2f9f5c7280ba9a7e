#pragma once
// Text, symbols and legends in pictures of our own.
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <imgui.h>

#include "ui/panels/scene.h"

namespace twice::ui {

struct LegendItem {
  std::string_view text;
  /// Draws the symbol into a square of side 2 * `half` around `centre`.
  std::function<void(ImDrawList&, ImVec2 centre, float half)> symbol;
};
using Legend = std::vector<LegendItem>;

/// As many lines as `width` asks for.
float height_of(const Scene& scene, const Legend& legend, float width);
/// Takes its place in the layout.
void draw_legend(const Scene& scene, const Legend& legend);

/// Keeps labels from covering each other: first come, first served.
class FreeSpace {
 public:
  /// True, and taken, when nothing taken so far overlaps.
  bool take(ImVec2 from, ImVec2 to);
  void clear() { taken_.clear(); }

 private:
  std::vector<std::pair<ImVec2, ImVec2>> taken_;
};

/// Pixels of this font's lines as ImGui draws them.
float size_of(const ImFont* font);
float width_of(const ImFont* font, std::string_view text);
/// Text around a point.
void draw_centred(ImDrawList& list, const ImFont* font, ImVec2 centre, ImU32 colour, std::string_view text);
/// Goes on in this line when a button with this label still fits, else in the next.
void next_button(std::string_view label);

}  // namespace twice::ui

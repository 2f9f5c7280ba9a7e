#pragma once
// The little Markdown of lessons, drawn at the width there is.
#include <string_view>

#include <imgui.h>

#include "ui/panels/scene.h"

namespace twice::ui {

/// Paragraphs, lists, tables, code, headings. A click on a link copies where it leads.
void draw_markdown(const Scene& scene, std::string_view text, Requests& requests);
/// One paragraph of it: strong, stressed, code and links.
void draw_rich(const Scene& scene, std::string_view text, Requests& requests);

/// A paragraph laid out for a width, to be drawn anywhere.
class RichText {
 public:
  RichText(const Scene& scene, std::string_view text, float width);
  ImVec2 size() const { return size_; }
  void draw(const Scene& scene, ImDrawList& list, ImVec2 at, ImU32 colour) const;
  /// Where the link under the mouse leads; empty: none is there.
  std::string_view link_at(ImVec2 at, ImVec2 mouse) const;

 private:
  struct Piece {
    std::string text, link;
    const ImFont* font;
    bool stressed, code, blank_before;
    float width;
    ImVec2 at{};
  };
  void add(const Scene& scene, std::string_view word, bool blank_before, const Piece& look);
  void lay_out(float width);
  void break_long(float width);

  std::vector<Piece> pieces_;
  ImVec2 size_{};
  float line_, blank_;
};

}  // namespace twice::ui

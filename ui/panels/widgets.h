#pragma once
// Small things that several panels draw alike.
#include <string>
#include <string_view>

#include <imgui.h>

#include "lab/run.h"
#include "ui/panels/scene.h"

namespace twice::ui {

/// `colour` with this much of its opacity, 0..1.
ImU32 faded(ImU32 colour, float alpha);

void heading(const Scene& scene, std::string_view text);
void faint(const Scene& scene, std::string_view text);
/// Text in several lines at the window's width.
void paragraph(std::string_view text);
/// Shows `text` while the mouse rests on the last item.
void tip(std::string_view text);
/// A button that can be out of reach: then it is grey and `why_not` tells why.
bool button(std::string_view label, std::string_view why_not = {}, ImVec2 size = {0, 0});
/// The one button that goes on, in the accent's colour.
bool primary_button(const Scene& scene, std::string_view label);

/// ✓ ✗ ? and their colours: an icon and a word, never the colour alone.
struct Badge {
  std::string_view icon, word;
  ImU32 colour;
};
Badge badge_of(const Theme& theme, lab::Held held);
/// Of a sweep's letter.
Badge badge_of(const Theme& theme, char letter);

/// "12.345 s".
std::string time_text(Time at);
/// Text that fits `width`, cut with "…" at its end.
std::string fitted(const ImFont* font, float size, std::string_view text, float width);
/// Draws text with a font and size of our own; returns its width.
float draw_text(ImDrawList& list, const ImFont* font, float size, ImVec2 at, ImU32 colour, std::string_view text);
void dashed_line(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness, float dash);
void dashed_rect(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness, float dash);
/// Diagonal lines inside a rectangle.
void hatch(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float step, float thickness);

}  // namespace twice::ui

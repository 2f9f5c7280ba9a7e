#pragma once
#include <string_view>

#include <imgui.h>

namespace twice::ui {

/// Every sign beyond letters and punctuation that the lab writes; each face has all of them, whatever fonts the build
/// found. The last five are drawn by us (transport_glyphs.h).
inline constexpr std::u32string_view kSigns =
    U"−←↑→↓↔↕⇄⇒⇔↺↻↩⟲⟳×÷±≤≥≠≈≡∅∈∉∑∏√∞∀∃∧∨¬·•…–—‹›«»“”‘’°′″"
    U"✓✔✗✘✕★☆▶◀▲▼▸◂▴▾●○◐◑◒◓◆◇■□▢▪▫◌⚠⚡⚑⚐⌘⌥⇧⌫⏎☐☑☒─│┌┐└┘├┤┬┴┼█▓▒░▁▂▃▄▅▆▇½¼¾²³¹⁰⁴₀₁₂₃₄⁻⁺"
    U"⏮⏭⏵⏸⏹";

/// Owned by the atlas. `mono` has one advance for all its glyphs.
struct Fonts {
  ImFont *text = nullptr, *bold = nullptr, *mono = nullptr, *large = nullptr;
};

constexpr float kSmallestZoom = 0.75f, kLargestZoom = 3.0f;

/// Empties the atlas and builds it for text of 15 px (1 em) times `zoom`. `zoom` counts pixels of the screen, so it
/// includes the density of a HiDPI display. Makes `text` first, so it is the default font. Not within a frame.
Fonts build_fonts(ImFontAtlas& atlas, float zoom);

}  // namespace twice::ui

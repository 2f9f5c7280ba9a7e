#include "ui/draw/fonts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/draw/font_file.h"
#include "ui/draw/transport_glyphs.h"

namespace twice::ui {
namespace {

// Pixels per em at zoom 1.
constexpr float kTextEm = 15, kMonoEm = 14, kLargeEm = 22;
// Of a circle or a square in the face of signs, in ems.
constexpr float kSignWidth = 0.78f;

// Latin with its accents, Greek, and general punctuation.
constexpr std::array<ImWchar, 8> kLetters{0x20, 0x17f, 0x386, 0x3ce, 0x2010, 0x205e, 0xfffd, 0xfffd};

// ImGui keeps the pointer as long as the atlas lives: pairs of first and last, then 0.
constexpr auto make_ranges() {
  std::array<ImWchar, kLetters.size() + 2 * kSigns.size() + 1> ranges{};
  auto next = std::copy(kLetters.begin(), kLetters.end(), ranges.begin());
  for (const char32_t sign : kSigns) {
    *next++ = static_cast<ImWchar>(sign);
    *next++ = static_cast<ImWchar>(sign);
  }
  return ranges;
}
constexpr auto kRanges = make_ranges();

class Builder {
 public:
  Builder(ImFontAtlas& atlas, float zoom) : atlas_(atlas), zoom_(zoom), transport_(atlas) {}

  ImFont* add(const FontFile& face, float em) {
    ImFontConfig config = plain();
    // Subpixel positions keep the rhythm of small letters; large ones need no help.
    config.OversampleH = em * zoom_ < 30 ? 2 : 1;
    return add(face, em * zoom_, config, 0);
  }

  ImFont* add_mono(const FontFile& face, float em) {
    ImFontConfig config = plain();
    // Whole pixels, rather tight than loose.
    const float advance = std::floor(face.mean_advance() * em * zoom_ + 0.4f);
    config.PixelSnapH = true;
    config.GlyphMinAdvanceX = config.GlyphMaxAdvanceX = advance;
    return add(face, em * zoom_, config, advance);
  }

  void finish() {
    atlas_.Build();
    transport_.paint();
  }

 private:
  static ImFontConfig plain() {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = config.OversampleV = 1;
    config.GlyphRanges = kRanges.data();
    return config;
  }

  // `em` in pixels. `cell`: the advance of every glyph, or 0.
  ImFont* add(const FontFile& face, float em, ImFontConfig config, float cell) {
    // ImGui measures a font by its line; whole pixels keep baselines on the grid.
    const float line = std::round(em * face.line_height());
    ImFont* font = add_file(face, line, config);
    // Signs that the face lacks, at the same em or as large as a cell holds; glyphs that it has are left alone.
    const float sign_em = cell > 0 ? std::min(em, cell / kSignWidth) : em;
    config.MergeMode = true;
    add_file(sign_face(), sign_em * sign_face().line_height(), config);
    const int side = static_cast<int>(std::lround(cell > 0 ? std::min(cell, 0.78f * em) : 0.78f * em));
    const float advance = cell > 0 ? cell : static_cast<float>(side) + std::round(0.16f * em);
    transport_.reserve(font, side, advance, std::round(em * (face.ascent() - 0.36f)) - static_cast<float>(side / 2));
    return font;
  }

  ImFont* add_file(const FontFile& face, float line, const ImFontConfig& config) {
    return atlas_.AddFontFromMemoryTTF(const_cast<unsigned char*>(face.data()), face.size(), line, &config);
  }

  ImFontAtlas& atlas_;
  float zoom_;
  TransportGlyphs transport_;
};

}  // namespace

Fonts build_fonts(ImFontAtlas& atlas, float zoom) {
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
  Builder builder(atlas, std::clamp(zoom, 0.5f, 2 * kLargestZoom));
  Fonts fonts;
  fonts.text = builder.add(text_face(), kTextEm);
  fonts.bold = builder.add(bold_face(), kTextEm);
  fonts.mono = builder.add_mono(mono_face(), kMonoEm);
  fonts.large = builder.add(bold_face(), kLargeEm);
  builder.finish();
  return fonts;
}

}  // namespace twice::ui

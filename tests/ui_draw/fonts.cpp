#include "ui/draw/fonts.h"

#include <algorithm>
#include <string>

#include "support/catch.h"
#include "ui/draw/headless.h"

using namespace twice::ui;

namespace {

bool has_ink(const ImFontAtlas& atlas, const ImFontGlyph& glyph) {
  const auto texel = [](float share, int size) { return static_cast<int>(share * static_cast<float>(size) + 0.5f); };
  for (int y = texel(glyph.V0, atlas.TexHeight); y < texel(glyph.V1, atlas.TexHeight); ++y)
    for (int x = texel(glyph.U0, atlas.TexWidth); x < texel(glyph.U1, atlas.TexWidth); ++x)
      if (atlas.TexPixelsAlpha8[y * atlas.TexWidth + x] > 64) return true;
  return false;
}

std::string missing(const ImFontAtlas& atlas, ImFont& font, std::u32string_view signs) {
  std::string list;
  for (const char32_t sign : signs) {
    const ImFontGlyph* glyph = font.FindGlyphNoFallback(static_cast<ImWchar>(sign));
    if (!glyph || !has_ink(atlas, *glyph)) list += "U+" + std::to_string(static_cast<unsigned>(sign)) + " ";
  }
  return list;
}

}  // namespace

TEST_CASE("every face has every sign that the lab writes, at every zoom") {
  const float zoom = GENERATE(0.75f, 1.0f, 2.0f, 3.0f);
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, zoom);
  for (ImFont* font : {fonts.text, fonts.bold, fonts.mono, fonts.large}) {
    REQUIRE(font != nullptr);
    INFO(font->GetDebugName() << " at zoom " << zoom);
    CHECK(missing(atlas, *font, kSigns) == "");
    CHECK(missing(atlas, *font, U"AZaz09{}[]()<>+-*/=_#@|~^%$&?!éüßñøŁžΑΩλπ") == "");
  }
}

TEST_CASE("a larger zoom gives larger glyphs, not stretched ones") {
  ImFontAtlas atlas;
  Fonts fonts = build_fonts(atlas, 1);
  const float one = fonts.text->FontSize;
  const int area = atlas.TexWidth * atlas.TexHeight;
  fonts = build_fonts(atlas, 2);
  CHECK(fonts.text->FontSize == Approx(2 * one).margin(1));
  CHECK(fonts.text->Scale == 1.0f);
  CHECK(atlas.TexWidth * atlas.TexHeight > area);
}

TEST_CASE("lines are whole pixels high, so that baselines lie on the grid") {
  const float zoom = GENERATE(0.75f, 0.9f, 1.0f, 1.1f, 1.25f, 1.5f, 2.0f, 3.0f);
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, zoom);
  for (const ImFont* font : {fonts.text, fonts.bold, fonts.mono, fonts.large})
    CHECK(font->FontSize == static_cast<float>(static_cast<int>(font->FontSize)));
}

TEST_CASE("every glyph of the monospaced face has one advance of whole pixels") {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, 1.25f);
  const float advance = fonts.mono->GetCharAdvance('0');
  CHECK(advance == static_cast<float>(static_cast<int>(advance)));
  for (const char32_t sign : kSigns) CHECK(fonts.mono->GetCharAdvance(static_cast<ImWchar>(sign)) == advance);
}

TEST_CASE("the text face is the default one and outlives a change of zoom") {
  Headless ui(200, 100);
  ui.set_zoom(1.5f);
  ui.frame([&] { CHECK(ImGui::GetFont() == ui.fonts().text); });
}

#include "ui/draw/theme.h"

#include <string>

#include "support/catch.h"
#include "ui/draw/contrast.h"
#include "ui/draw/headless.h"

using namespace twice::ui;

namespace {

constexpr ImGuiCol kSurfaces[] = {
    ImGuiCol_WindowBg,      ImGuiCol_PopupBg,       ImGuiCol_FrameBg,       ImGuiCol_FrameBgHovered,
    ImGuiCol_FrameBgActive, ImGuiCol_TitleBg,       ImGuiCol_TitleBgActive, ImGuiCol_MenuBarBg,
    ImGuiCol_Button,        ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive,  ImGuiCol_Header,
    ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive,  ImGuiCol_Tab,           ImGuiCol_TabHovered,
    ImGuiCol_TabActive,     ImGuiCol_TableHeaderBg, ImGuiCol_TableRowBgAlt, ImGuiCol_TextSelectedBg,
};

double needed_by_text(const Theme& theme) { return theme.name == ThemeName::kHighContrast ? 7.0 : 4.5; }

}  // namespace

TEST_CASE("contrast is WCAG's") {
  CHECK(contrast(IM_COL32_BLACK, IM_COL32_WHITE) == Approx(21.0));
  CHECK(contrast(IM_COL32_WHITE, IM_COL32_BLACK) == Approx(21.0));
  CHECK(contrast(IM_COL32(255, 0, 0, 255), IM_COL32_WHITE) == Approx(3.998).epsilon(0.001));
  CHECK(contrast(IM_COL32(0x76, 0x76, 0x76, 255), IM_COL32_WHITE) == Approx(4.542).epsilon(0.001));
}

TEST_CASE("ink reads on any colour") {
  for (unsigned red = 0; red < 256; red += 51)
    for (unsigned green = 0; green < 256; green += 51)
      for (unsigned blue = 0; blue < 256; blue += 51) {
        const ImU32 fill = IM_COL32(red, green, blue, 255);
        CHECK(contrast(ink_on(fill), fill) >= 4.5);
      }
}

TEST_CASE("text has the contrast its theme promises, on every surface that carries text") {
  const ThemeName name = GENERATE(from_range(kThemes.begin(), kThemes.end()));
  Headless ui(100, 100, 1, name);
  const Theme& theme = ui.theme();
  INFO("theme " << static_cast<int>(name));
  for (const ImGuiCol surface : kSurfaces) {
    const ImVec4 colour = ImGui::GetStyle().Colors[surface];
    INFO(ImGui::GetStyleColorName(surface));
    CHECK(colour.w == 1.0f);
    CHECK(contrast(theme.text, ImGui::ColorConvertFloat4ToU32(colour)) >= needed_by_text(theme));
  }
  for (const ImU32 behind : {theme.background, theme.panel, theme.raised}) {
    CHECK(contrast(theme.text, behind) >= needed_by_text(theme));
    CHECK(contrast(theme.faint, behind) >= needed_by_text(theme));
  }
  CHECK(contrast(theme.on_accent, theme.accent) >= needed_by_text(theme));
}

TEST_CASE("verdicts and links are written in their colour, so they have the contrast of text") {
  for (const ThemeName name : kThemes) {
    const Theme theme = theme_of(name);
    const auto& verdict = theme.verdict;
    for (const ImU32 ink : {verdict.good, verdict.unsure, verdict.bad, verdict.unknown, theme.accent})
      for (const ImU32 behind : {theme.panel, theme.raised}) CHECK(contrast(ink, behind) >= needed_by_text(theme));
  }
}

TEST_CASE("marks, rows, focus and identities stand out from panels by 3 to 1") {
  for (const ThemeName name : kThemes) {
    const Theme theme = theme_of(name);
    const auto stands_out = [&](ImU32 colour) {
      CHECK(contrast(colour, theme.panel) >= 3);
      CHECK(contrast(colour, theme.raised) >= 3);
    };
    INFO("theme " << static_cast<int>(name));
    for (std::size_t i = 0; i < theme.hues.size(); ++i) {
      INFO("identity " << i);
      stands_out(theme.identity(i));
    }
    const auto& mark = theme.mark;
    for (const ImU32 colour : {mark.crash, mark.partition, mark.commit, mark.action, mark.message, mark.drop})
      stands_out(colour);
    const auto& row = theme.row;
    for (const ImU32 colour : {row.loaded, row.duplicated, row.missing, row.changed, row.uncommitted})
      stands_out(colour);
    stands_out(theme.focus);
  }
}

TEST_CASE("identities repeat after the last hue and differ before") {
  for (const ThemeName name : kThemes) {
    const Theme theme = theme_of(name);
    CHECK(theme.identity(theme.hues.size()) == theme.identity(0));
    for (std::size_t i = 0; i < theme.hues.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) CHECK(theme.hues[i] != theme.hues[j]);
  }
}

TEST_CASE("sizes of the style follow the zoom") {
  Headless ui(100, 100);
  const float padding = ImGui::GetStyle().FramePadding.x;
  ui.set_zoom(2);
  CHECK(ImGui::GetStyle().FramePadding.x == 2 * padding);
  CHECK(ImGui::GetStyle().WindowBorderSize == 2);
  ui.set_zoom(1);
  CHECK(ImGui::GetStyle().FramePadding.x == padding);
}

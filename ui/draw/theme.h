#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <imgui.h>

namespace twice::ui {

enum class ThemeName : std::uint8_t { kLight, kDark, kHighContrast };
inline constexpr std::array kThemes{ThemeName::kLight, ThemeName::kDark, ThemeName::kHighContrast};

/// Colours by what they mean; all opaque. Hue alone never carries a verdict: an icon, a word and a border do.
struct Theme {
  ThemeName name;

  ImU32 background, panel, raised;  // behind the panels; behind text; fields and buttons
  ImU32 border, text, faint;
  ImU32 accent, on_accent, focus;  // `on_accent` is text upon accent

  /// A row of a loaded table, as the fill of a cell. Duplicated cells also get a hatch, uncommitted ones a dashed
  /// border.
  struct {
    ImU32 empty, loaded, duplicated, missing, changed, uncommitted;
  } row;

  struct {
    ImU32 good, unsure, bad, unknown;
  } verdict;

  /// Marks on a timeline.
  struct {
    ImU32 crash, partition, commit, action, message, drop;
  } mark;

  /// Nodes and lanes: Okabe and Ito's hues (2008), moved until they have a contrast of 3 on `panel` and `raised`.
  std::array<ImU32, 8> hues;
  ImU32 identity(std::size_t which) const { return hues[which % hues.size()]; }
};

Theme theme_of(ThemeName name);

/// Sets the style of the current ImGui context: colours, and sizes for this zoom (1 = 100 %).
void apply(const Theme& theme, float zoom);

}  // namespace twice::ui

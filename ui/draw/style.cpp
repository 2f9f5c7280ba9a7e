#include <algorithm>
#include <cmath>

#include "ui/draw/contrast.h"
#include "ui/draw/theme.h"

namespace twice::ui {
namespace {

void set_sizes(ImGuiStyle& style, float zoom) {
  style.WindowPadding = ImVec2(14, 12);
  style.FramePadding = ImVec2(10, 6);
  style.CellPadding = ImVec2(8, 4);
  style.ItemSpacing = ImVec2(10, 8);
  style.ItemInnerSpacing = ImVec2(8, 6);
  style.IndentSpacing = 20;
  style.ScrollbarSize = 14;
  style.GrabMinSize = 12;
  style.WindowRounding = style.ChildRounding = style.FrameRounding = style.PopupRounding = 4;
  style.ScrollbarRounding = style.GrabRounding = style.TabRounding = 4;
  style.WindowTitleAlign = ImVec2(0, 0.5f);
  style.WindowMenuButtonPosition = ImGuiDir_None;
  style.ScaleAllSizes(zoom);

  // ScaleAllSizes leaves borders alone.
  const float line = std::max(1.0f, std::floor(zoom));
  style.WindowBorderSize = style.ChildBorderSize = style.PopupBorderSize = style.FrameBorderSize = line;
  style.TabBorderSize = line;
  style.CircleTessellationMaxError = 0.2f;
}

void set_colours(ImGuiStyle& style, const Theme& t) {
  const auto set = [&](ImGuiCol which, ImU32 colour) { style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour); };
  // Steps from a resting surface towards the accent; text keeps its contrast on all of them.
  const ImU32 hovered = mixed(t.accent, t.raised, 36), pressed = mixed(t.accent, t.raised, 64);
  const ImU32 chosen = mixed(t.accent, t.panel, 44), stripe = mixed(t.raised, t.panel, 128);
  const ImU32 quiet = mixed(t.border, t.panel, 128), grab = mixed(t.faint, t.panel, 150);

  set(ImGuiCol_Text, t.text);
  set(ImGuiCol_TextDisabled, t.faint);
  set(ImGuiCol_WindowBg, t.panel);
  set(ImGuiCol_ChildBg, with_alpha(t.panel, 0));
  set(ImGuiCol_PopupBg, t.panel);
  set(ImGuiCol_Border, t.border);
  set(ImGuiCol_BorderShadow, with_alpha(t.border, 0));
  set(ImGuiCol_FrameBg, t.raised);
  set(ImGuiCol_FrameBgHovered, hovered);
  set(ImGuiCol_FrameBgActive, pressed);
  set(ImGuiCol_TitleBg, t.raised);
  set(ImGuiCol_TitleBgActive, t.raised);
  set(ImGuiCol_TitleBgCollapsed, t.raised);
  set(ImGuiCol_MenuBarBg, t.panel);
  set(ImGuiCol_ScrollbarBg, t.raised);
  set(ImGuiCol_ScrollbarGrab, grab);
  set(ImGuiCol_ScrollbarGrabHovered, t.faint);
  set(ImGuiCol_ScrollbarGrabActive, t.accent);
  set(ImGuiCol_CheckMark, t.accent);
  set(ImGuiCol_SliderGrab, t.accent);
  set(ImGuiCol_SliderGrabActive, mixed(t.text, t.accent, 64));
  set(ImGuiCol_Button, t.raised);
  set(ImGuiCol_ButtonHovered, hovered);
  set(ImGuiCol_ButtonActive, pressed);
  set(ImGuiCol_Header, chosen);
  set(ImGuiCol_HeaderHovered, hovered);
  set(ImGuiCol_HeaderActive, pressed);
  set(ImGuiCol_Separator, quiet);
  set(ImGuiCol_SeparatorHovered, t.accent);
  set(ImGuiCol_SeparatorActive, t.accent);
  set(ImGuiCol_ResizeGrip, quiet);
  set(ImGuiCol_ResizeGripHovered, t.accent);
  set(ImGuiCol_ResizeGripActive, t.accent);
  set(ImGuiCol_Tab, t.raised);
  set(ImGuiCol_TabHovered, hovered);
  set(ImGuiCol_TabActive, chosen);
  set(ImGuiCol_TabUnfocused, t.raised);
  set(ImGuiCol_TabUnfocusedActive, chosen);
  set(ImGuiCol_PlotLines, t.accent);
  set(ImGuiCol_PlotLinesHovered, t.focus);
  set(ImGuiCol_PlotHistogram, t.accent);
  set(ImGuiCol_PlotHistogramHovered, t.focus);
  set(ImGuiCol_TableHeaderBg, t.raised);
  set(ImGuiCol_TableBorderStrong, t.border);
  set(ImGuiCol_TableBorderLight, quiet);
  set(ImGuiCol_TableRowBg, with_alpha(t.panel, 0));
  set(ImGuiCol_TableRowBgAlt, stripe);
  set(ImGuiCol_TextSelectedBg, pressed);
  set(ImGuiCol_DragDropTarget, t.focus);
  set(ImGuiCol_NavHighlight, t.focus);
  set(ImGuiCol_NavWindowingHighlight, t.focus);
  set(ImGuiCol_NavWindowingDimBg, with_alpha(t.background, 150));
  set(ImGuiCol_ModalWindowDimBg, with_alpha(t.background, 150));
}

}  // namespace

void apply(const Theme& theme, float zoom) {
  ImGuiStyle style;
  set_sizes(style, zoom);
  set_colours(style, theme);
  ImGui::GetStyle() = style;
}

}  // namespace twice::ui

#pragma once
#include <string>

#include <imgui.h>

namespace twice::ui {

/// ImGui's text fields on std::string. True when the text was changed.
bool input_text(const char* label, std::string& text, const char* hint = "", ImGuiInputTextFlags flags = 0);
bool input_lines(const char* label, std::string& text, ImVec2 size, ImGuiInputTextFlags flags = 0);

}  // namespace twice::ui

#include "ui/draw/context.h"

namespace twice::ui {

Context::Context(const Look& look) : context_(ImGui::CreateContext()), look_(look), theme_(theme_of(look.theme)) {
  use();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  fonts_ = build_fonts(*io.Fonts, look.zoom * look.density);
  io.FontGlobalScale = 1 / look.density;
  apply(theme_, look.zoom);
}

Context::~Context() { ImGui::DestroyContext(context_); }

bool Context::change(const Look& look) {
  if (look == look_) return false;
  use();
  const bool resized = look.zoom != look_.zoom || look.density != look_.density;
  look_ = look;
  theme_ = theme_of(look.theme);
  apply(theme_, look.zoom);
  if (!resized) return false;
  ImGuiIO& io = ImGui::GetIO();
  fonts_ = build_fonts(*io.Fonts, look.zoom * look.density);
  io.FontGlobalScale = 1 / look.density;
  return true;
}

}  // namespace twice::ui

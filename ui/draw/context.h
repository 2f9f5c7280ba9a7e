#pragma once
#include <imgui.h>

#include "ui/draw/fonts.h"
#include "ui/draw/theme.h"

namespace twice::ui {

/// How large and in which colours everything is drawn.
struct Look {
  ThemeName theme = ThemeName::kLight;
  float zoom = 1;     // of sizes, in ImGui's units
  float density = 1;  // pixels of the screen per unit of ImGui: above 1 on a HiDPI display that scales by itself
  bool operator==(const Look&) const = default;
};

/// An ImGui context of ours: no settings file, our fonts, our style. A window and a headless picture share this setup,
/// so they draw the same.
class Context {
 public:
  explicit Context(const Look& look);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// Makes it ImGui's current one.
  void use() const { ImGui::SetCurrentContext(context_); }
  /// Not within a frame. True when the atlas was built anew and must go to the graphics card again.
  bool change(const Look& look);

  const Look& look() const { return look_; }
  const Fonts& fonts() const { return fonts_; }
  const Theme& theme() const { return theme_; }

 private:
  ImGuiContext* context_;
  Look look_;
  Fonts fonts_;
  Theme theme_;
};

}  // namespace twice::ui

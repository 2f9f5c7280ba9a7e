#pragma once
#include <functional>
#include <string_view>

#include "ui/draw/context.h"
#include "ui/draw/image.h"

namespace twice::ui {

struct Modifiers {
  bool ctrl = false, shift = false, alt = false;
};

/// ImGui without a display, for tests and pictures. Input counts from the next frame on; time moves 1/60 s a frame.
class Headless {
 public:
  Headless(int width, int height, float zoom = 1, ThemeName theme = ThemeName::kLight);
  ~Headless();

  /// One whole frame; `content` submits the widgets.
  void frame(const std::function<void()>& content);

  void move_mouse(float x, float y);
  void press(ImGuiMouseButton button = ImGuiMouseButton_Left);
  void release(ImGuiMouseButton button = ImGuiMouseButton_Left);
  void wheel(float steps);
  void key_down(ImGuiKey key, Modifiers with = {});
  /// Releases the modifiers too.
  void key_up(ImGuiKey key);
  void type(std::string_view utf8);
  /// Move, press and release with a frame after each, as a person would.
  void click(float x, float y, const std::function<void()>& content);

  void resize(int width, int height);
  void set_zoom(float zoom);
  void set_theme(ThemeName theme);

  /// What the last frame drew. REQUIRES a frame since the last change of zoom.
  Image picture() const;
  const Fonts& fonts() const { return context_.fonts(); }
  const Theme& theme() const { return context_.theme(); }

 private:
  ImGuiIO& io() const;

  ImGuiContext* before_;
  Context context_;
};

}  // namespace twice::ui

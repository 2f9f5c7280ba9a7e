#pragma once
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ui/draw/context.h"
#include "ui/draw/damage.h"
#include "ui/draw/image.h"
#include "ui/draw/key_press.h"
#include "ui/window/picture_screen.h"

struct GLFWwindow;

namespace twice::ui {

struct WindowOptions {
  std::string title = "Twice";
  int width = 1280, height = 800;  // before the display's scale
  float zoom = 1;
  ThemeName theme = ThemeName::kLight;
};

/// The lab's window: GLFW, OpenGL 3.3 and ImGui's back ends. At most one exists at a time; main thread only, but for
/// `wake`.
class Window {
 public:
  /// The window, or why there is none ("cannot open a window: …").
  /// Without a GPU our own rasteriser draws, unless TWICE_OPENGL is set in the environment.
  static std::variant<std::unique_ptr<Window>, std::string> make(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// False once the person has closed it.
  bool open() const;
  void close();

  /// Sleeps until something happens (or a short time-out) unless animating; then starts ImGui's frame. Changes of zoom,
  /// theme and display scale take effect here.
  void begin_frame();
  /// Draws the frame and shows it, unless it is what the window shows already.
  void end_frame(ImU32 background);
  /// What the last frame drew, read back from OpenGL. REQUIRES end_frame before.
  Image screenshot(ImU32 background);

  /// While true, frames follow each other at the display's pace.
  void set_animating(bool animating) { animating_ = animating; }
  /// While true, a sleep ends soon enough to notice that a file has changed.
  void set_watching(bool watching) { watching_ = watching; }
  /// Ends a sleep in begin_frame. From any thread.
  static void wake();

  /// Of text and sizes, clamped to kSmallestZoom..kLargestZoom; on top of the display's own scale.
  void set_zoom(float zoom);
  float zoom() const { return zoom_; }
  void set_theme(ThemeName theme) { theme_ = theme; }
  void set_title(const std::string& title);

  const Fonts& fonts() const { return context_->fonts(); }
  const Theme& theme() const { return context_->theme(); }
  /// Sizes of our own drawing are multiplied by this: the zoom and the display's scale.
  float scale() const { return context_->look().zoom; }

  /// Each returns what has come since the last call. Keys come whether or not a widget wants them (io.WantTextInput).
  std::vector<KeyPress> take_keys();
  std::vector<std::string> take_dropped_files();
  std::vector<std::string> take_errors();

 private:
  /// Starts and ends GLFW.
  class System;
  struct Destroy {
    void operator()(GLFWwindow* window) const;
  };
  friend struct Callbacks;

  Window();
  std::string create(const WindowOptions& options);
  Look wanted_look() const;
  void wait();
  bool has_area() const;

  std::unique_ptr<System> system_;
  std::unique_ptr<GLFWwindow, Destroy> window_;
  std::unique_ptr<Context> context_;
  bool renders_ = false;                    // the back ends are set up
  std::unique_ptr<PictureScreen> picture_;  // where OpenGL has no GPU
  Damage damage_;                           // since what the window shows
  bool must_show_ = true;                   // whatever it showed is gone or was drawn with other fonts
  float zoom_ = 1;
  ThemeName theme_ = ThemeName::kLight;
  bool animating_ = false, watching_ = false;
  int lively_frames_ = 0;   // still to be drawn without sleeping: ImGui settles within a few
  double frame_began_ = 0;  // seconds, GLFW's clock
  std::vector<KeyPress> keys_;
  std::vector<std::string> dropped_;
};

}  // namespace twice::ui

#pragma once
#include <string>

#include "ui/panels/scene.h"

namespace twice::ui {

/// Ctrl-K: type a few letters, press Enter. Fed by the action table.
class Palette {
 public:
  void open() { wants_open_ = true, wants_close_ = false; }
  void close();
  bool is_open() const { return open_; }
  Requests draw(const Scene& scene);

 private:
  void draw_list(const Scene& scene, Requests& requests);

  bool open_ = false, wants_open_ = false, wants_close_ = false;
  std::string text_;
  int chosen_ = 0;
};

/// All keys, from the action table. False once it was closed.
bool draw_help(const Scene& scene);

/// One menu of the menu bar, from the action table.
void draw_action_menu(const Scene& scene, std::string_view menu, Requests& requests);

}  // namespace twice::ui

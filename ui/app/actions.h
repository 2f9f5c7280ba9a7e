#pragma once
// The one table of what can be done: keys, menus, the palette and the help sheet are all read from it.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/draw/key_press.h"
#include "ui/panels/scene.h"

namespace twice::ui {

struct Action {
  std::string_view id;     // "time.play": for tests
  std::string_view menu;   // the menu it stands in
  std::string_view label;  // "Play or pause"
  std::vector<KeyPress> keys;
  std::function<Requests(const Scene&)> act;
  /// Why it would do nothing now; empty: it would. May be empty itself: always possible.
  std::function<std::string(const Scene&)> why_not = {};
};

const std::vector<Action>& actions();
/// In the order of the menu bar.
const std::vector<std::string_view>& menus();
/// The action a key stands for; null when there is none.
const Action* action_for(const KeyPress& key);
const Action* action_named(std::string_view id);
/// "Ctrl+K", "Shift+→".
std::string key_text(const KeyPress& key);

}  // namespace twice::ui

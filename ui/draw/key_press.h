#pragma once

namespace twice::ui {

/// A key as the lab's action table knows it. `key` is the ASCII character on the key in the person's layout (letters as
/// capitals: 'X', '[', '+'), or one of `keys`; both are GLFW's numbers, but need no GLFW.
struct KeyPress {
  int key = 0;
  bool ctrl = false, shift = false, alt = false;
  bool repeat = false;  // the key is being held
  bool operator==(const KeyPress&) const = default;
};

namespace keys {
inline constexpr int kSpace = 32;
inline constexpr int kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kInsert = 260, kDelete = 261;
inline constexpr int kRight = 262, kLeft = 263, kDown = 264, kUp = 265;
inline constexpr int kPageUp = 266, kPageDown = 267, kHome = 268, kEnd = 269;
inline constexpr int kF1 = 290, kF12 = 301;  // F2..F11 lie between
}  // namespace keys

}  // namespace twice::ui

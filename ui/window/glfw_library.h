#pragma once
#include <string>

namespace twice::ui {

/// Finds GLFW, once; must have been called before any of its functions is. Empty when it is there, else what is
/// missing.
std::string load_glfw();

}  // namespace twice::ui

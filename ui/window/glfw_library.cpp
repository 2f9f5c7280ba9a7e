#include "ui/window/glfw_library.h"

#ifdef TWICE_OPENS_GLFW
#include <array>
#include <cstddef>

#include <dlfcn.h>

#include <fmt/format.h>

// In the order of the names below; glfw_jumps.S jumps to them.
extern "C" void* twice_glfw_addresses[];

namespace twice::ui {
namespace {

constexpr const char* kLibrary = "libglfw.so.3";

constexpr std::array kCalls{
#define GLFW_CALL(name) #name,
#include "ui/window/glfw_calls.inc"
#undef GLFW_CALL
};

// It stays open until the program ends.
std::string open_library() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (!library) return fmt::format("{} (on Debian and Ubuntu: apt install libglfw3)", ::dlerror());
  for (std::size_t i = 0; i < kCalls.size(); ++i) {
    twice_glfw_addresses[i] = ::dlsym(library, kCalls[i]);
    if (!twice_glfw_addresses[i]) return fmt::format("{} has no function {}", kLibrary, kCalls[i]);
  }
  return {};
}

}  // namespace

std::string load_glfw() {
  static const std::string missing = open_library();
  return missing;
}

}  // namespace twice::ui
#else
namespace twice::ui {

std::string load_glfw() { return {}; }

}  // namespace twice::ui
#endif

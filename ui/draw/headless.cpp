#include "ui/draw/headless.h"

#include <string>

#include "ui/draw/raster.h"

namespace twice::ui {
namespace {

// ImGui 1.87 brought a queue of input events. Both ways take effect with the next frame.
#if IMGUI_VERSION_NUM >= 18700
void prepare_input(ImGuiIO& io) { io.ConfigInputTrickleEventQueue = false; }
void put_mouse(ImGuiIO& io, float x, float y) { io.AddMousePosEvent(x, y); }
void put_button(ImGuiIO& io, int button, bool down) { io.AddMouseButtonEvent(button, down); }
void put_wheel(ImGuiIO& io, float steps) { io.AddMouseWheelEvent(0, steps); }
void put_key(ImGuiIO& io, ImGuiKey key, bool down) { io.AddKeyEvent(key, down); }
void put_modifiers(ImGuiIO& io, Modifiers modifiers) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddKeyEvent(ImGuiMod_Ctrl, modifiers.ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, modifiers.shift);
  io.AddKeyEvent(ImGuiMod_Alt, modifiers.alt);
#else
  io.AddKeyEvent(ImGuiKey_ModCtrl, modifiers.ctrl);
  io.AddKeyEvent(ImGuiKey_ModShift, modifiers.shift);
  io.AddKeyEvent(ImGuiKey_ModAlt, modifiers.alt);
#endif
}
#else
void prepare_input(ImGuiIO& io) {
  for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
}
void put_mouse(ImGuiIO& io, float x, float y) { io.MousePos = ImVec2(x, y); }
void put_button(ImGuiIO& io, int button, bool down) { io.MouseDown[button] = down; }
void put_wheel(ImGuiIO& io, float steps) { io.MouseWheel += steps; }
void put_key(ImGuiIO& io, ImGuiKey key, bool down) { io.KeysDown[io.KeyMap[key]] = down; }
void put_modifiers(ImGuiIO& io, Modifiers modifiers) {
  io.KeyCtrl = modifiers.ctrl;
  io.KeyShift = modifiers.shift;
  io.KeyAlt = modifiers.alt;
}
#endif

}  // namespace

Headless::Headless(int width, int height, float zoom, ThemeName theme)
    : before_(ImGui::GetCurrentContext()), context_({theme, zoom, 1}) {
  ImGuiIO& input = io();
  input.DeltaTime = 1.0f / 60;
  input.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  input.ConfigInputTextCursorBlink = false;
  prepare_input(input);
  resize(width, height);
}

Headless::~Headless() {
  if (before_ != nullptr) ImGui::SetCurrentContext(before_);
}

ImGuiIO& Headless::io() const {
  context_.use();
  return ImGui::GetIO();
}

void Headless::frame(const std::function<void()>& content) {
  context_.use();
  ImGui::NewFrame();
  content();
  ImGui::Render();
}

void Headless::move_mouse(float x, float y) { put_mouse(io(), x, y); }
void Headless::press(ImGuiMouseButton button) { put_button(io(), button, true); }
void Headless::release(ImGuiMouseButton button) { put_button(io(), button, false); }
void Headless::wheel(float steps) { put_wheel(io(), steps); }

void Headless::key_down(ImGuiKey key, Modifiers with) {
  put_modifiers(io(), with);
  put_key(io(), key, true);
}

void Headless::key_up(ImGuiKey key) {
  put_key(io(), key, false);
  put_modifiers(io(), {});
}

void Headless::type(std::string_view utf8) { io().AddInputCharactersUTF8(std::string(utf8).c_str()); }

void Headless::click(float x, float y, const std::function<void()>& content) {
  move_mouse(x, y);
  frame(content);
  press();
  frame(content);
  release();
  frame(content);
}

void Headless::resize(int width, int height) {
  io().DisplaySize = ImVec2(static_cast<float>(width), static_cast<float>(height));
}

void Headless::set_zoom(float zoom) { context_.change({context_.look().theme, zoom, 1}); }
void Headless::set_theme(ThemeName theme) { context_.change({theme, context_.look().zoom, 1}); }

Image Headless::picture() const {
  context_.use();
  return rasterise(*ImGui::GetDrawData(), *ImGui::GetIO().Fonts, context_.theme().panel);
}

}  // namespace twice::ui

#include "ui/window/window.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

// glad before GLFW, which would bring its own declarations of OpenGL.
#include <glad/gl.h>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <fmt/format.h>

#include "ui/window/frame_buffer.h"
#include "ui/window/glfw_library.h"

namespace twice::ui {
namespace {

constexpr double kSleep = 2, kSleepWhileWatching = 0.5, kSleepWhileTyping = 0.2;  // seconds; the text cursor blinks
constexpr double kShortestFrame = 0.015;  // seconds; for displays that are faster or do not hold us back
constexpr int kSettlingFrames = 3;

static_assert(keys::kSpace == GLFW_KEY_SPACE && keys::kEscape == GLFW_KEY_ESCAPE && keys::kEnter == GLFW_KEY_ENTER &&
              keys::kTab == GLFW_KEY_TAB && keys::kBackspace == GLFW_KEY_BACKSPACE &&
              keys::kInsert == GLFW_KEY_INSERT && keys::kDelete == GLFW_KEY_DELETE && keys::kRight == GLFW_KEY_RIGHT &&
              keys::kLeft == GLFW_KEY_LEFT && keys::kDown == GLFW_KEY_DOWN && keys::kUp == GLFW_KEY_UP &&
              keys::kPageUp == GLFW_KEY_PAGE_UP && keys::kPageDown == GLFW_KEY_PAGE_DOWN &&
              keys::kHome == GLFW_KEY_HOME && keys::kEnd == GLFW_KEY_END && keys::kF1 == GLFW_KEY_F1 &&
              keys::kF12 == GLFW_KEY_F12);

// GLFW gives its error callback no place for data.
std::vector<std::string>& errors() {
  static std::vector<std::string> kErrors;
  return kErrors;
}

void on_error(int, const char* text) { errors().emplace_back(text); }

std::string last_error() { return errors().empty() ? "no reason given" : errors().back(); }

// GLFW names keys by their place on an American keyboard; shortcuts mean the character on them.
int key_in_layout(int key, int scancode) {
  if (key < GLFW_KEY_APOSTROPHE || key > GLFW_KEY_WORLD_2) return key;
  const char* name = glfwGetKeyName(key, scancode);
  if (!name || name[0] == '\0' || name[1] != '\0') return key;
  return name[0] >= 'a' && name[0] <= 'z' ? name[0] - 'a' + 'A' : name[0];
}

}  // namespace

class Window::System {
 public:
  System() {
    errors().clear();
    glfwSetErrorCallback(on_error);
    started_ = glfwInit() == GLFW_TRUE;
  }
  ~System() {
    if (started_) glfwTerminate();
  }
  System(const System&) = delete;
  System& operator=(const System&) = delete;
  bool started() const { return started_; }

 private:
  bool started_;
};

struct Callbacks {
  static Window& of(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }

  template <class... Arguments>
  static void on_anything(GLFWwindow* window, Arguments...) {
    of(window).lively_frames_ = kSettlingFrames;
  }
  template <class... Arguments>
  static void on_lost_content(GLFWwindow* window, Arguments...) {
    on_anything(window);
    of(window).must_show_ = true;
  }
  static void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
    on_anything(window);
    const bool modifier = key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
    if (action == GLFW_RELEASE || key == GLFW_KEY_UNKNOWN || modifier) return;
    of(window).keys_.push_back({key_in_layout(key, scancode), (modifiers & GLFW_MOD_CONTROL) != 0,
                                (modifiers & GLFW_MOD_SHIFT) != 0, (modifiers & GLFW_MOD_ALT) != 0,
                                action == GLFW_REPEAT});
  }
  static void on_drop(GLFWwindow* window, int count, const char** paths) {
    on_anything(window);
    of(window).dropped_.insert(of(window).dropped_.end(), paths, paths + count);
  }
};

void Window::Destroy::operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }

Window::Window() = default;

std::variant<std::unique_ptr<Window>, std::string> Window::make(const WindowOptions& options) {
  std::unique_ptr<Window> window(new Window);
  std::string error = window->create(options);
  if (!error.empty()) return error;
  return window;
}

std::string Window::create(const WindowOptions& options) {
  if (const std::string missing = load_glfw(); !missing.empty())
    return fmt::format("cannot open a window: {}. Pictures need none: --screenshot FILE.png", missing);
  system_ = std::make_unique<System>();
  if (!system_->started())
    return fmt::format("cannot open a window: {}. The lab's window needs a display", last_error());
  // Nothing is drawn in depth; without a GPU these buffers cost time.
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_ALPHA_BITS, 0);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  window_.reset(glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr));
  if (!window_) return fmt::format("cannot open a window with OpenGL 3.3: {}", last_error());
  glfwMakeContextCurrent(window_.get());
  if (gladLoadGL(glfwGetProcAddress) == 0) return "cannot open a window: OpenGL 3.3 has functions missing";
  glfwSwapInterval(1);

  // Before the back end, which calls on to these: its own notion of keys is a state, so it would lose a quick press.
  glfwSetWindowUserPointer(window_.get(), this);
  glfwSetKeyCallback(window_.get(), Callbacks::on_key);
  glfwSetDropCallback(window_.get(), Callbacks::on_drop);
  glfwSetCharCallback(window_.get(), Callbacks::on_anything<unsigned>);
  glfwSetCursorPosCallback(window_.get(), Callbacks::on_anything<double, double>);
  glfwSetMouseButtonCallback(window_.get(), Callbacks::on_anything<int, int, int>);
  glfwSetScrollCallback(window_.get(), Callbacks::on_anything<double, double>);
  glfwSetFramebufferSizeCallback(window_.get(), Callbacks::on_lost_content<int, int>);
  glfwSetWindowRefreshCallback(window_.get(), Callbacks::on_lost_content<>);
  glfwSetWindowFocusCallback(window_.get(), Callbacks::on_anything<int>);

  theme_ = options.theme;
  set_zoom(options.zoom);
  context_ = std::make_unique<Context>(wanted_look());
  if (!ImGui_ImplGlfw_InitForOpenGL(window_.get(), true)) return "cannot open a window: ImGui refuses GLFW";
  if (!ImGui_ImplOpenGL3_Init("#version 330 core")) {
    ImGui_ImplGlfw_Shutdown();
    return "cannot open a window: ImGui refuses OpenGL 3.3";
  }
  renders_ = true;
  if (draws_in_software() && !std::getenv("TWICE_OPENGL")) picture_ = std::make_unique<PictureScreen>();
  lively_frames_ = kSettlingFrames;
  return {};
}

Window::~Window() {
  if (!renders_) return;
  context_->use();
  picture_.reset();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
}

bool Window::open() const { return !glfwWindowShouldClose(window_.get()); }
void Window::close() { glfwSetWindowShouldClose(window_.get(), GLFW_TRUE); }
void Window::wake() { glfwPostEmptyEvent(); }
void Window::set_zoom(float zoom) { zoom_ = std::clamp(zoom, kSmallestZoom, kLargestZoom); }
void Window::set_title(const std::string& title) { glfwSetWindowTitle(window_.get(), title.c_str()); }

std::vector<KeyPress> Window::take_keys() { return std::exchange(keys_, {}); }
std::vector<std::string> Window::take_dropped_files() { return std::exchange(dropped_, {}); }
std::vector<std::string> Window::take_errors() { return std::exchange(errors(), {}); }

bool Window::has_area() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_.get(), &width, &height);
  return width > 0 && height > 0 && !glfwGetWindowAttrib(window_.get(), GLFW_ICONIFIED);
}

// A display scales either by giving more pixels per unit of the window (density), or by asking us to draw larger.
Look Window::wanted_look() const {
  int width = 0, height = 0, pixels = 0, ignored = 0;
  glfwGetWindowSize(window_.get(), &width, &height);
  glfwGetFramebufferSize(window_.get(), &pixels, &ignored);
  float asked = 1, asked_y = 1;
  glfwGetWindowContentScale(window_.get(), &asked, &asked_y);
  Look look{theme_, zoom_, 1};
  if (width > 0 && pixels > 0) look.density = static_cast<float>(pixels) / static_cast<float>(width);
  look.zoom *= std::max(asked / look.density, 0.5f);
  return look;
}

void Window::wait() {
  const double since = glfwGetTime() - frame_began_;
  const bool lively = has_area() && (animating_ || lively_frames_ > 0);
  const double limit = lively                         ? kShortestFrame - since
                       : ImGui::GetIO().WantTextInput ? kSleepWhileTyping
                       : watching_                    ? kSleepWhileWatching
                                                      : kSleep;
  lively_frames_ = std::max(0, lively_frames_ - 1);
  if (limit <= 0) return glfwPollEvents();
  const double began = glfwGetTime();
  glfwWaitEventsTimeout(limit);
  // It returned early: somebody called wake().
  if (glfwGetTime() - began < 0.9 * limit) lively_frames_ = kSettlingFrames;
}

void Window::begin_frame() {
  context_->use();
  wait();
  frame_began_ = glfwGetTime();
  if (has_area() && context_->change(wanted_look())) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    lively_frames_ = kSettlingFrames;
    must_show_ = true;
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
}

void Window::end_frame(ImU32 background) {
  ImGui::Render();
  if (!has_area()) return;
  ImDrawData& data = *ImGui::GetDrawData();
  if (std::exchange(must_show_, false)) damage_.forget();
  const std::vector<Clip>& boxes = damage_.next(data, background);
  if (boxes.empty()) return;
  if (picture_) {
    picture_->show(data, *ImGui::GetIO().Fonts, background, boxes);
  } else {
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_.get(), &width, &height);
    clear(width, height, background);
    ImGui_ImplOpenGL3_RenderDrawData(&data);
  }
  glfwSwapBuffers(window_.get());
}

// Into a buffer of our own: of the window's, what other windows cover may be undefined.
Image Window::screenshot(ImU32 background) {
  context_->use();
  const ImDrawData& data = *ImGui::GetDrawData();
  FrameBuffer buffer(static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x),
                     static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y));
  clear(buffer.width(), buffer.height(), background);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return buffer.read();
}

}  // namespace twice::ui

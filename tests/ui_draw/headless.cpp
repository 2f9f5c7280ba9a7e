#include "ui/draw/headless.h"

#include <string>

#include "support/catch.h"
#include "ui/draw/image_difference.h"

using namespace twice::ui;

namespace {

// A window at the origin without decoration.
void panel(const std::function<void()>& content) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("panel", nullptr, ImGuiWindowFlags_NoDecoration);
  content();
  ImGui::End();
}

}  // namespace

TEST_CASE("a button is clicked without a display") {
  Headless ui(300, 200);
  int clicks = 0;
  ImVec2 middle;
  const auto content = [&] {
    panel([&] {
      if (ImGui::Button("Run")) ++clicks;
      middle = ImVec2((ImGui::GetItemRectMin().x + ImGui::GetItemRectMax().x) / 2,
                      (ImGui::GetItemRectMin().y + ImGui::GetItemRectMax().y) / 2);
    });
  };
  ui.frame(content);
  ui.click(middle.x, middle.y, content);
  CHECK(clicks == 1);
  ui.click(280, 180, content);
  CHECK(clicks == 1);
}

TEST_CASE("text is typed and edited with keys") {
  Headless ui(300, 200);
  char text[32] = "";
  const auto content = [&] { panel([&] { ImGui::InputText("##name", text, sizeof text); }); };
  ui.frame(content);
  ui.click(40, 25, content);
  ui.type("größe");
  ui.frame(content);
  ui.frame(content);
  CHECK(std::string(text) == "größe");
  ui.key_down(ImGuiKey_Backspace);
  ui.frame(content);
  ui.key_up(ImGuiKey_Backspace);
  ui.frame(content);
  CHECK(std::string(text) == "größ");
  ui.key_down(ImGuiKey_A, {true, false, false});
  ui.frame(content);
  ui.key_up(ImGuiKey_A);
  ui.frame(content);
  ui.type("x");
  ui.frame(content);
  CHECK(std::string(text) == "x");
}

TEST_CASE("the wheel scrolls") {
  Headless ui(300, 200);
  float scrolled = 0;
  const auto content = [&] {
    panel([&] {
      for (int i = 0; i < 50; ++i) ImGui::Text("%d", i);
      scrolled = ImGui::GetScrollY();
    });
  };
  ui.move_mouse(100, 100);
  ui.frame(content);
  ui.frame(content);
  ui.wheel(-2);
  ui.frame(content);
  ui.frame(content);
  CHECK(scrolled > 0);
}

TEST_CASE("the same frames give the same picture") {
  const auto content = [] { panel([] { ImGui::Button("1,800 / 1,000 (+800) ✗"); }); };
  Headless one(200, 80), other(200, 80);
  for (Headless* ui : {&one, &other})
    for (int i = 0; i < 3; ++i) ui->frame(content);
  CHECK(one.picture() == other.picture());
  CHECK(difference_of(one.picture(), Image(200, 80, one.theme().panel), 0).pixels > 100);
}

TEST_CASE("a theme shows in the next frame") {
  Headless ui(100, 50);
  const auto content = [] { panel([] {}); };
  ui.set_theme(ThemeName::kDark);
  ui.frame(content);
  CHECK(ui.picture().at(50, 40) == theme_of(ThemeName::kDark).panel);
}

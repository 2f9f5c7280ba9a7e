#include "ui/app/palette.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "ui/app/actions.h"
#include "ui/draw/text_input.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += lower(c);
  return out;
}

// How well a label fits what was typed: 0 begins with it, 1 a word does, 2 holds it, 3 has its letters in order.
std::optional<int> rank_of(std::string_view name, std::string_view wanted) {
  const std::string label = lowered(name), typed = lowered(wanted);
  const std::size_t at = label.find(typed);
  if (at == 0) return 0;
  if (label.find(" " + typed) != std::string::npos) return 1;
  if (at != std::string::npos) return 2;
  std::size_t next = 0;
  for (const char c : typed) {
    next = label.find(c, next);
    if (next == std::string::npos) return std::nullopt;
    ++next;
  }
  return 3;
}

// The others are the same key on other keyboards.
std::string keys_of(const Action& action) {
  return action.keys.empty() ? std::string() : key_text(action.keys.front());
}

std::string why_not_of(const Action& action, const Scene& scene) {
  return action.why_not ? action.why_not(scene) : std::string();
}

// What stands behind is out of focus.
void draw_scrim(const Scene& scene) {
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                                      ImGuiWindowFlags_NoBackground;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("scrim", nullptr, kFlags);
  ImGui::GetWindowDrawList()->AddRectFilled({0, 0}, ImGui::GetIO().DisplaySize, faded(scene.theme.background, 0.6f));
  ImGui::End();
}

}  // namespace

void Palette::close() {
  open_ = false;
  wants_close_ = true;
  text_.clear();
  chosen_ = 0;
}

void Palette::draw_list(const Scene& scene, Requests& requests) {
  std::vector<const Action*> found;
  for (const Action& action : actions())
    if (rank_of(action.label, text_)) found.push_back(&action);
  std::stable_sort(found.begin(), found.end(), [&](const Action* a, const Action* b) {
    return rank_of(a->label, text_) < rank_of(b->label, text_);
  });
  chosen_ = std::clamp(chosen_, 0, std::max(0, static_cast<int>(found.size()) - 1));
  for (int i = 0; i < static_cast<int>(found.size()); ++i) {
    const Action& action = *found[static_cast<std::size_t>(i)];
    const std::string why = why_not_of(action, scene);
    ImGui::PushID(i);
    ImGui::PushStyleColor(ImGuiCol_Text, why.empty() ? scene.theme.text : scene.theme.faint);
    const bool clicked =
        ImGui::Selectable(std::string(action.label).c_str(), i == chosen_, ImGuiSelectableFlags_DontClosePopups);
    ImGui::PopStyleColor();
    tip(why);
    const std::string keys = keys_of(action);
    ImGui::SameLine(ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(keys.c_str()).x);
    ImGui::TextDisabled("%s", keys.c_str());
    ImGui::PopID();
    const bool entered = i == chosen_ && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter), false);
    if ((clicked || entered) && why.empty()) {
      append(requests, action.act(scene));
      close();
    }
  }
  if (found.empty()) faint(scene, "No action has these letters.");
}

Requests Palette::draw(const Scene& scene) {
  Requests requests;
  if (wants_open_) ImGui::OpenPopup("palette");
  const bool appears = wants_open_;
  wants_open_ = false;
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const float em = ImGui::GetFontSize();
  if (appears || open_) draw_scrim(scene);
  ImGui::SetNextWindowPos({display.x / 2, display.y * 0.15f}, ImGuiCond_Always, {0.5f, 0});
  ImGui::SetNextWindowSize({std::min(display.x * 0.9f, em * 34), std::min(display.y * 0.7f, em * 30)});
  open_ = ImGui::BeginPopup("palette");
  if (!open_) return requests;
  if (std::exchange(wants_close_, false) && !appears) {
    ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    open_ = false;
    return requests;
  }
  if (appears) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  if (input_text("##find", text_, "What do you want to do?")) chosen_ = 0;
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_DownArrow))) ++chosen_;
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_UpArrow))) --chosen_;
  ImGui::BeginChild("found");
  draw_list(scene, requests);
  ImGui::EndChild();
  ImGui::EndPopup();
  return requests;
}

namespace {

void help_line(const Scene& scene, const std::string& keys, std::string_view words) {
  ImGui::TextUnformatted(keys.c_str());
  ImGui::SameLine(ImGui::GetFontSize() * 5.6f);
  ImGui::BeginGroup();
  faint(scene, words);
  ImGui::EndGroup();
}

void draw_menu_help(const Scene& scene, std::string_view menu) {
  heading(scene, menu);
  for (const Action& action : actions())
    if (action.menu == menu && !action.keys.empty()) help_line(scene, keys_of(action), action.label);
  ImGui::Spacing();
}

// What no key does, and signs that no legend explains.
void draw_mouse_help(const Scene& scene) {
  heading(scene, "Mouse");
  help_line(scene, "click", "select a node, a message, a row");
  help_line(scene, "right click", "what can be done to a node");
  help_line(scene, "lasso", "around nodes: a side of a partition");
  help_line(scene, "wheel", "zoom the time in Space-time");
  help_line(scene, "drop", "a scenario file on the window");
  ImGui::Spacing();
  heading(scene, "In the inspector");
  help_line(scene, "[+] [~] [-]", "field is new, changed, gone");
}

}  // namespace

bool draw_help(const Scene& scene) {
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const float em = ImGui::GetFontSize();
  bool open = true;
  draw_scrim(scene);
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(display.x * 0.94f, em * 62), std::min(display.y * 0.94f, em * 36)});
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove;
  if (ImGui::Begin("All keys", &open, kFlags)) {
    faint(scene,
          "Everything here is also in the menus and in the palette (Ctrl+K). Screen readers cannot see this window; "
          "`twice run FILE --narrate` tells every run in words.");
    ImGui::Spacing();
    if (ImGui::BeginTable("keys", 3)) {
      ImGui::TableNextColumn();
      draw_menu_help(scene, "Time");
      draw_menu_help(scene, "Lesson");
      draw_menu_help(scene, "Help");
      ImGui::TableNextColumn();
      draw_menu_help(scene, "View");
      draw_menu_help(scene, "File");
      ImGui::TableNextColumn();
      draw_menu_help(scene, "Act");
      draw_mouse_help(scene);
      ImGui::EndTable();
    }
    if (ImGui::Button("Close  (Esc)")) open = false;
  }
  ImGui::End();
  return open;
}

void draw_action_menu(const Scene& scene, std::string_view menu, Requests& requests) {
  if (!ImGui::BeginMenu(std::string(menu).c_str())) return;
  for (const Action& action : actions()) {
    if (action.menu != menu) continue;
    const std::string why = why_not_of(action, scene);
    const std::string label = std::string(action.label), keys = keys_of(action);
    if (ImGui::MenuItem(label.c_str(), keys.c_str(), false, why.empty())) append(requests, action.act(scene));
    tip(why);
  }
  ImGui::EndMenu();
}

}  // namespace twice::ui

#include "ui/panels/labels.h"

#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

// Calls `place(item, x, line)` for each item and returns the number of lines.
template <class F>
int flow(const Scene& scene, const Legend& legend, float width, F&& place) {
  const ImFont* font = scene.fonts.text;
  const float symbol = size_of(font) * 1.5f, gap = 18 * scene.scale;
  float x = 0;
  int line = 0;
  for (const LegendItem& item : legend) {
    const float wide = (item.symbol ? symbol : 0) + width_of(font, item.text);
    if (x > 0 && x + wide > width) x = 0, ++line;
    place(item, x, line);
    x += wide + gap;
  }
  return legend.empty() ? 0 : line + 1;
}

float line_height(const Scene& scene) { return size_of(scene.fonts.text) + 4 * scene.scale; }

}  // namespace

float size_of(const ImFont* font) { return font->FontSize * ImGui::GetIO().FontGlobalScale; }

float width_of(const ImFont* font, std::string_view text) {
  return font->CalcTextSizeA(size_of(font), FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

void draw_centred(ImDrawList& list, const ImFont* font, ImVec2 centre, ImU32 colour, std::string_view text) {
  const float size = size_of(font);
  draw_text(list, font, size, {centre.x - width_of(font, text) / 2, centre.y - size / 2}, colour, text);
}

void next_button(std::string_view label) {
  const ImGuiStyle& style = ImGui::GetStyle();
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  const float text = ImGui::CalcTextSize(label.data(), label.data() + label.size(), true).x;
  const float end = ImGui::GetItemRectMax().x + style.ItemSpacing.x + text + 2 * style.FramePadding.x;
  if (end <= right) ImGui::SameLine();
}

float height_of(const Scene& scene, const Legend& legend, float width) {
  return line_height(scene) * static_cast<float>(flow(scene, legend, width, [](const LegendItem&, float, int) {}));
}

void draw_legend(const Scene& scene, const Legend& legend) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, size = size_of(scene.fonts.text);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const int lines = flow(scene, legend, width, [&](const LegendItem& item, float x, int line) {
    const float y = from.y + static_cast<float>(line) * line_height(scene);
    float left = from.x + x;
    if (item.symbol) item.symbol(list, {left + size * 0.6f, y + size / 2}, size * 0.5f), left += size * 1.5f;
    draw_text(list, scene.fonts.text, size, {left, y}, scene.theme.faint, item.text);
  });
  ImGui::Dummy({width, line_height(scene) * static_cast<float>(lines)});
}

bool FreeSpace::take(ImVec2 from, ImVec2 to) {
  for (const auto& [a, b] : taken_)
    if (from.x < b.x && to.x > a.x && from.y < b.y && to.y > a.y) return false;
  taken_.emplace_back(from, to);
  return true;
}

}  // namespace twice::ui

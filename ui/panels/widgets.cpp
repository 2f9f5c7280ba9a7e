#include "ui/panels/widgets.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace twice::ui {

std::string_view name_of(View view) {
  switch (view) {
    case View::kLoader:
      return "Loader lab";
    case View::kNetwork:
      return "Network";
    case View::kSpaceTime:
      return "Space-time";
    case View::kTables:
      return "Tables and log";
    case View::kCompare:
      return "Compare";
    case View::kSpectrum:
      return "Spectrum";
    case View::kMetrics:
      return "Metrics";
  }
  return {};
}

namespace {

float width_of(std::string_view text) { return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x; }

// Lines break at blanks only: "(+1,000)" stays whole, which ImGui's own wrapping would break at the comma.
std::string wrapped_at_blanks(std::string_view text, float width) {
  if (width_of(text) <= width) return std::string(text);
  std::string out;
  std::size_t line = 0;  // where the current line begins in `out`
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && text[end] != ' ' && text[end] != '\n') ++end;
    const std::string_view word = text.substr(at, end - at);
    const bool first = out.size() == line;
    if (!first && width_of(out.substr(line) + " " + std::string(word)) > width) {
      out += '\n';
      line = out.size();
    } else if (!first) {
      out += ' ';
    }
    out += word;
    if (end < text.size() && text[end] == '\n') out += '\n', line = out.size();
    at = end + 1;
  }
  return out;
}

}  // namespace

ImU32 faded(ImU32 colour, float alpha) {
  const auto old = static_cast<float>((colour >> IM_COL32_A_SHIFT) & 255u);
  const auto now = static_cast<ImU32>(std::clamp(old * alpha, 0.0f, 255.0f));
  return (colour & ~IM_COL32_A_MASK) | now << IM_COL32_A_SHIFT;
}

void heading(const Scene& scene, std::string_view text) {
  ImGui::PushFont(scene.fonts.bold);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopFont();
}

void faint(const Scene& scene, std::string_view text) {
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
  paragraph(text);
  ImGui::PopStyleColor();
}

void paragraph(std::string_view text) {
  const std::string lines = wrapped_at_blanks(text, ImGui::GetContentRegionAvail().x);
  ImGui::TextUnformatted(lines.c_str());
}

void tip(std::string_view text) {
  if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 28);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

bool button(std::string_view label, std::string_view why_not, ImVec2 size) {
  ImGui::BeginDisabled(!why_not.empty());
  const bool pressed = ImGui::Button(std::string(label).c_str(), size);
  ImGui::EndDisabled();
  tip(why_not);
  return pressed && why_not.empty();
}

bool primary_button(const Scene& scene, std::string_view label) {
  ImGui::PushStyleColor(ImGuiCol_Button, scene.theme.accent);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, faded(scene.theme.accent, 0.85f));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, faded(scene.theme.accent, 0.7f));
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.on_accent);
  const bool pressed = ImGui::Button(std::string(label).c_str());
  ImGui::PopStyleColor(4);
  return pressed;
}

Badge badge_of(const Theme& theme, lab::Held held) {
  switch (held) {
    case lab::Held::kYes:
      return {"✓", "held", theme.verdict.good};
    case lab::Held::kNo:
      return {"✗", "failed", theme.verdict.bad};
    case lab::Held::kUnknown:
      return {"?", "unknown", theme.verdict.unknown};
  }
  return {};
}

Badge badge_of(const Theme& theme, char letter) {
  switch (letter) {
    case '=':
      return {"✓", "exactly once", theme.verdict.good};
    case '~':
      return {"~", "exactly once; readers saw a part", theme.verdict.unsure};
    case '?':
      return {"?", "not tried", theme.verdict.unknown};
    default:
      return {"✗", lab::words_of(letter), theme.verdict.bad};
  }
}

std::string time_text(Time at) { return fmt::format("{:.3f} s", static_cast<double>(at.ns) / 1e9); }

std::string fitted(const ImFont* font, float size, std::string_view text, float width) {
  const auto width_of = [&](std::string_view t) {
    return font->CalcTextSizeA(size, FLT_MAX, 0, t.data(), t.data() + t.size()).x;
  };
  if (width_of(text) <= width) return std::string(text);
  std::string cut(text);
  while (!cut.empty() && width_of(cut + "…") > width) {
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xc0) == 0x80) cut.pop_back();
    if (!cut.empty()) cut.pop_back();
  }
  return cut.empty() ? std::string() : cut + "…";
}

float draw_text(ImDrawList& list, const ImFont* font, float size, ImVec2 at, ImU32 colour, std::string_view text) {
  list.AddText(font, size, ImVec2(std::floor(at.x), std::floor(at.y)), colour, text.data(), text.data() + text.size());
  return font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

void dashed_line(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness, float dash) {
  const float dx = to.x - from.x, dy = to.y - from.y;
  const float length = std::sqrt(dx * dx + dy * dy);
  if (length <= 0 || dash <= 0) return;
  for (float at = 0; at < length; at += 2 * dash) {
    const float a = at / length, b = std::min(at + dash, length) / length;
    list.AddLine({from.x + dx * a, from.y + dy * a}, {from.x + dx * b, from.y + dy * b}, colour, thickness);
  }
}

void dashed_rect(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness, float dash) {
  dashed_line(list, from, {to.x, from.y}, colour, thickness, dash);
  dashed_line(list, {to.x, from.y}, to, colour, thickness, dash);
  dashed_line(list, {from.x, to.y}, to, colour, thickness, dash);
  dashed_line(list, from, {from.x, to.y}, colour, thickness, dash);
}

void hatch(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float step, float thickness) {
  list.PushClipRect(from, to, true);
  const float height = to.y - from.y;
  for (float x = from.x - height; x < to.x; x += step) list.AddLine({x, to.y}, {x + height, from.y}, colour, thickness);
  list.PopClipRect();
}

}  // namespace twice::ui

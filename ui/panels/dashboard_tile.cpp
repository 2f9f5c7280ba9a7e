#include "ui/panels/dashboard_tile.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr float kRoomAtEnd = 6;  // of a sparkline, so that its last jump is seen

// Lines break at blanks only: ImGui's own would break "1,000" after its comma.
void whole_words(std::string_view text, float width) {
  const float blank = ImGui::CalcTextSize(" ").x;
  std::string line;
  float used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const float wide = ImGui::CalcTextSize(word.data(), word.data() + word.size()).x;
    if (!line.empty() && used + blank + wide > width) {
      ImGui::TextUnformatted(line.c_str());
      line.clear(), used = 0;
    }
    used += wide + (line.empty() ? 0 : blank);
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  if (!line.empty()) ImGui::TextUnformatted(line.c_str());
}

void coloured(ImU32 colour, std::string_view text, float width) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  whole_words(text, width);
  ImGui::PopStyleColor();
}

float label_size() { return std::floor(ImGui::GetFontSize() * 0.78f); }

bool has_room_for_label(ImVec2 from, ImVec2 to) { return to.y - from.y >= 2.4f * label_size(); }

// The number that is wanted: a line, and its value upon it.
void draw_expected(const Scene& scene, double expected, float y, ImVec2 from, ImVec2 to) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  dashed_line(list, {from.x, y}, {to.x, y}, scene.theme.faint, scene.scale, 4 * scene.scale);
  if (has_room_for_label(from, to))
    draw_text(list, scene.fonts.text, label_size(), {from.x + 4 * scene.scale, y - label_size() - scene.scale},
              scene.theme.faint, lab::grouped(static_cast<std::uint64_t>(expected)));
}

void draw_sparkline(const Scene& scene, const playback::Series& series, Time end, ImVec2 from, ImVec2 to,
                    std::optional<double> expected) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(from, to, scene.theme.raised, 3 * scene.scale);
  double top = expected.value_or(1);
  for (const auto& [at, value] : series.points) top = std::max(top, value.value_or(0));
  const auto x_of = [&](Time at) {
    const double part = end.ns > 0 ? static_cast<double>(at.ns) / static_cast<double>(end.ns) : 0;
    return from.x + static_cast<float>(part) * (to.x - kRoomAtEnd * scene.scale - from.x);
  };
  // Above the highest value, room for the label of a line there.
  const float head = expected && has_room_for_label(from, to) ? label_size() + 2 * scene.scale : 4 * scene.scale;
  const auto y_of = [&](double value) {
    return to.y - 2 * scene.scale - static_cast<float>(value / top) * (to.y - from.y - 2 * scene.scale - head);
  };
  if (expected) draw_expected(scene, *expected, y_of(*expected), from, to);
  std::optional<ImVec2> last;
  for (const auto& [at, value] : series.points) {
    if (!value) {
      last.reset();
      continue;
    }
    const ImVec2 here{x_of(at), y_of(*value)};
    if (last) {
      list.AddLine(*last, {here.x, last->y}, scene.theme.accent, 1.5f * scene.scale);
      list.AddLine({here.x, last->y}, here, scene.theme.accent, 1.5f * scene.scale);
    }
    list.AddCircleFilled(here, 2 * scene.scale, scene.theme.accent);
    last = here;
  }
}

std::string rest_of(const pipeline::SqlTable& answer) {
  std::string text;
  for (std::size_t c = 1; c < answer.columns.size() && c < answer.rows.front().size(); ++c)
    text += fmt::format(
        "{}{} {}", c > 1 ? ", " : "", answer.columns[c],
        std::holds_alternative<pipeline::Null>(answer.rows.front()[c]) ? "—" : lab::shown(answer.rows.front()[c]));
  return text;
}

void draw_difference(const Scene& scene, std::int64_t found, std::int64_t wanted, bool over, float width) {
  const std::int64_t off = found - wanted;
  const std::string of = fmt::format("of {} wanted", lab::grouped(static_cast<std::uint64_t>(wanted)));
  if (off == 0) return coloured(scene.theme.verdict.good, "✓ " + of, width);
  if (!over && off < 0) return coloured(scene.theme.faint, of, width);
  const std::string by = lab::grouped(static_cast<std::uint64_t>(off < 0 ? -off : off));
  coloured(scene.theme.verdict.bad, fmt::format("✗ {} ({}{})", of, off > 0 ? "+" : "−", by), width);
}

}  // namespace

void draw_dashboard_tile(const Scene& scene, const playback::LanePicture& lane, Time end, ImVec2 size,
                         bool with_expected) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::BeginGroup();
  const bool answered = lane.dashboard && !lane.dashboard->rows.empty() && !lane.dashboard->rows.front().empty();
  coloured(scene.theme.faint, answered ? "dashboard: " + lane.dashboard->columns.front() : "dashboard", size.x);
  ImGui::PushFont(scene.fonts.large);
  ImGui::TextUnformatted(answered ? lab::shown(lane.dashboard->rows.front().front()).c_str() : "—");
  ImGui::PopFont();
  if (answered) {
    const auto* found = std::get_if<std::int64_t>(&lane.dashboard->rows.front().front());
    if (with_expected && found && lane.loader)
      draw_difference(scene, *found, static_cast<std::int64_t>(lane.loader->wanted), lane.over, size.x);
    const bool fits = ImGui::GetCursorScreenPos().y + ImGui::GetTextLineHeight() <= origin.y + size.y;
    if (fits) coloured(scene.theme.faint, rest_of(*lane.dashboard), size.x);
  }
  ImGui::EndGroup();
  const float below = ImGui::GetItemRectMax().y + 4 * scene.scale;
  const float bottom = origin.y + size.y;
  if (lane.readings.empty() || bottom - below < 14 * scene.scale) return;
  const float label = ImGui::GetTextLineHeight();
  const bool room = bottom - below > 3 * label;
  const std::optional<double> expected =
      with_expected && lane.loader ? std::optional(static_cast<double>(lane.loader->wanted)) : std::nullopt;
  draw_sparkline(scene, lane.readings.front(), end, {origin.x, below},
                 {origin.x + size.x, room ? bottom - label : bottom}, expected);
  if (room)
    draw_text(*ImGui::GetWindowDrawList(), scene.fonts.text, ImGui::GetFontSize() * 0.85f,
              {origin.x, bottom - label + scene.scale}, scene.theme.faint,
              fitted(scene.fonts.text, ImGui::GetFontSize() * 0.85f, "what its readers saw over time", size.x));
}

}  // namespace twice::ui

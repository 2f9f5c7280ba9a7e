#include "ui/panels/dashboard_tile.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

void draw_sparkline(const Scene& scene, const playback::Series& series, Time end, ImVec2 from, ImVec2 to,
                    std::optional<double> expected) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(from, to, scene.theme.raised, 3 * scene.scale);
  double top = expected.value_or(1);
  for (const auto& [at, value] : series.points) top = std::max(top, value.value_or(0));
  const auto x_of = [&](Time at) {
    const double part = end.ns > 0 ? static_cast<double>(at.ns) / static_cast<double>(end.ns) : 0;
    return from.x + static_cast<float>(part) * (to.x - from.x);
  };
  const auto y_of = [&](double value) {
    return to.y - 2 * scene.scale - static_cast<float>(value / top) * (to.y - from.y - 6 * scene.scale);
  };
  if (expected)
    dashed_line(list, {from.x, y_of(*expected)}, {to.x, y_of(*expected)}, scene.theme.faint, scene.scale,
                4 * scene.scale);
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

void draw_difference(const Scene& scene, std::int64_t found, std::int64_t wanted, bool over) {
  const std::int64_t off = found - wanted;
  const bool still = !over && found < wanted;
  const ImU32 colour = off == 0 ? scene.theme.verdict.good : still ? scene.theme.faint : scene.theme.verdict.bad;
  const std::string by = lab::grouped(static_cast<std::uint64_t>(off < 0 ? -off : off));
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  const std::string text = off == 0 ? fmt::format("✓ of {} wanted", lab::grouped(static_cast<std::uint64_t>(wanted)))
                           : still
                               ? fmt::format("of {} wanted", lab::grouped(static_cast<std::uint64_t>(wanted)))
                               : fmt::format("✗ of {} wanted ({}{})", lab::grouped(static_cast<std::uint64_t>(wanted)),
                                             off > 0 ? "+" : "-", by);
  paragraph(text);
  ImGui::PopStyleColor();
}

}  // namespace

void draw_dashboard_tile(const Scene& scene, const playback::LanePicture& lane, Time end, ImVec2 size,
                         bool with_expected) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::BeginGroup();
  const bool answered = lane.dashboard && !lane.dashboard->rows.empty() && !lane.dashboard->rows.front().empty();
  faint(scene, answered ? fmt::format("dashboard: {}", lane.dashboard->columns.front()) : "dashboard");
  ImGui::PushFont(scene.fonts.large);
  ImGui::TextUnformatted(answered ? lab::shown(lane.dashboard->rows.front().front()).c_str() : "—");
  ImGui::PopFont();
  if (answered) {
    const auto* found = std::get_if<std::int64_t>(&lane.dashboard->rows.front().front());
    if (with_expected && found && lane.loader)
      draw_difference(scene, *found, static_cast<std::int64_t>(lane.loader->wanted), lane.over);
    if (const std::string rest = rest_of(*lane.dashboard); !rest.empty()) faint(scene, rest);
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

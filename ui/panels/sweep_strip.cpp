#include "ui/panels/sweep_strip.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::SweptLane;

// In the order of the load: where it dies, then what else can happen.
std::vector<const lab::PointOutcome*> points_of(const SweptLane& lane) {
  std::vector<const lab::PointOutcome*> points;
  for (const lab::PointOutcome& p : lane.points)
    if (p.point.stop != lab::Stop::kSecondRun) points.push_back(&p);
  return points;
}

std::string_view group_name(lab::Stop stop) {
  switch (stop) {
    case lab::Stop::kSecondRun:
      return "second run";
    case lab::Stop::kAfterRow:
      return "dies after each row";
    case lab::Stop::kBeforeStatement:
      return "before each statement";
    case lab::Stop::kLostReply:
      return "each reply lost";
    case lab::Stop::kIoNotApplied:
      return "before each I/O";
    case lab::Stop::kIoApplied:
      return "after each I/O";
    case lab::Stop::kAtTime:
      return "at times";
  }
  return {};
}

struct Box {
  ImVec2 from, to;
  float width() const { return to.x - from.x; }
  float height() const { return to.y - from.y; }
};

bool is_shown(const Scene& scene, const lab::Point& point) {
  const playback::Branch& branch = scene.session.branches()[scene.session.branch()];
  return !branch.timeline && branch.did.size() == 1 && lab::steps_of(point).front() == branch.did.front().step;
}

void draw_columns(const Scene& scene, const Box& box, const std::vector<const lab::PointOutcome*>& points,
                  std::uint64_t wanted, std::uint64_t most) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto columns = static_cast<std::size_t>(std::max(1.0f, box.width()));
  const float top = static_cast<float>(std::max<std::uint64_t>(1, most));
  for (std::size_t x = 0; x < columns; ++x) {
    const std::size_t first = x * points.size() / columns;
    const std::size_t last = std::max(first + 1, (x + 1) * points.size() / columns);
    const lab::PointOutcome* worst = points[first];
    for (std::size_t i = first; i < std::min(last, points.size()); ++i)
      if (lab::is_bad(points[i]->letter) && !lab::is_bad(worst->letter)) worst = points[i];
    const float left = box.from.x + static_cast<float>(x);
    const float part = static_cast<float>(worst->rows) / top;
    const ImU32 colour = badge_of(scene.theme, worst->letter).colour;
    list.AddRectFilled({left, box.to.y - part * box.height()}, {left + 1, box.to.y}, faded(colour, 0.45f));
    list.AddRectFilled({left, box.to.y - part * box.height()},
                       {left + 1, box.to.y - part * box.height() + 2 * scene.scale}, colour);
  }
  const float line = box.to.y - static_cast<float>(wanted) / top * box.height();
  dashed_line(list, {box.from.x, line}, {box.to.x, line}, scene.theme.faint, 1, 4 * scene.scale);
}

void draw_groups(const Scene& scene, const Box& box, const std::vector<const lab::PointOutcome*>& points) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float size = ImGui::GetFontSize() * 0.85f;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i;
    while (end < points.size() && points[end]->point.stop == points[i]->point.stop) ++end;
    const float left = box.from.x + box.width() * static_cast<float>(i) / static_cast<float>(points.size());
    const float right = box.from.x + box.width() * static_cast<float>(end) / static_cast<float>(points.size());
    if (i > 0) list.AddLine({left, box.from.y}, {left, box.to.y}, scene.theme.border);
    draw_text(list, scene.fonts.text, size, {left + 3 * scene.scale, box.to.y + scene.scale}, scene.theme.faint,
              fitted(scene.fonts.text, size, group_name(points[i]->point.stop), right - left - 6 * scene.scale));
    i = end;
  }
}

std::string counts_of(const SweptLane& lane) {
  std::string text;
  for (const char letter : lab::kLetters) {
    const auto n = std::count_if(lane.points.begin(), lane.points.end(),
                                 [&](const lab::PointOutcome& p) { return p.letter == letter; });
    if (n > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : " · ", lab::grouped(static_cast<std::uint64_t>(n)),
                          lab::words_of(letter));
  }
  return text;
}

void draw_one(const Scene& scene, const SweptLane& lane, float height, Requests& requests) {
  ImGui::PushID(lane.name.c_str());
  heading(scene, lane.name);
  if (!lane.error.empty()) {
    faint(scene, lane.error);
    ImGui::PopID();
    return;
  }
  ImGui::SameLine();
  const bool safe = !lane.smallest;
  ImGui::PushStyleColor(ImGuiCol_Text, safe ? scene.theme.verdict.good : scene.theme.verdict.bad);
  ImGui::TextUnformatted(safe ? "✓ safe to run again" : "✗ not safe to run again");
  ImGui::PopStyleColor();
  ImGui::SameLine();
  faint(scene, fitted(scene.fonts.text, ImGui::GetFontSize(), counts_of(lane), ImGui::GetContentRegionAvail().x));
  const auto points = points_of(lane);
  const float label = ImGui::GetTextLineHeight();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::InvisibleButton("strip", {std::max(1.0f, width), std::max(8.0f, height)});
  const Box box{ImGui::GetItemRectMin(), {ImGui::GetItemRectMax().x, ImGui::GetItemRectMax().y - label}};
  if (points.empty() || box.height() <= 0) {
    ImGui::PopID();
    return;
  }
  std::uint64_t most = lane.wanted_rows;
  for (const lab::PointOutcome* p : points) most = std::max(most, p->rows);
  ImGui::GetWindowDrawList()->AddRectFilled(box.from, box.to, scene.theme.raised);
  draw_columns(scene, box, points, lane.wanted_rows, most);
  draw_groups(scene, box, points);
  for (std::size_t i = 0; i < points.size(); ++i)
    if (is_shown(scene, points[i]->point)) {
      const float x = box.from.x + box.width() * (static_cast<float>(i) + 0.5f) / static_cast<float>(points.size());
      ImGui::GetWindowDrawList()->AddLine({x, box.from.y}, {x, box.to.y}, scene.theme.focus, 2 * scene.scale);
    }
  if (ImGui::IsItemHovered()) {
    const float part = (ImGui::GetIO().MousePos.x - box.from.x) / box.width();
    const auto at = static_cast<std::size_t>(std::clamp(part, 0.0f, 0.999f) * static_cast<float>(points.size()));
    tip(lab::to_text(*points[at], lane.wanted_rows) + "\nclick: crash there");
    if (ImGui::IsItemClicked()) push(requests, playback::CrashAt{points[at]->point});
  }
  ImGui::PopID();
}

void draw_progress(const Scene& scene, Requests& requests) {
  ImGui::TextUnformatted("Trying every crash point …");
  ImGui::SameLine();
  ImGui::ProgressBar(static_cast<float>(scene.sweep.progress()), {ImGui::GetFontSize() * 14, 0});
  ImGui::SameLine();
  if (ImGui::Button("Cancel")) push(requests, CancelSweep{});
}

}  // namespace

Requests draw_sweep_strips(const Scene& scene, float height) {
  Requests requests;
  if (scene.sweep.running()) draw_progress(scene, requests);
  if (!scene.sweep.error().empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    paragraph("✗ " + scene.sweep.error());
    ImGui::PopStyleColor();
  }
  const auto& output = scene.sweep.output();
  if (!output) {
    if (!scene.sweep.running() && scene.sweep.error().empty()) {
      if (primary_button(scene, "Sweep: crash at every point  (W)")) push(requests, StartSweep{});
      ImGui::SameLine();
      faint(scene, "shows the final count for every crash point");
    }
    return requests;
  }
  const float lanes = static_cast<float>(std::max<std::size_t>(1, output->lanes.size()));
  const float each =
      std::max(3 * ImGui::GetTextLineHeight(), height / lanes - ImGui::GetTextLineHeightWithSpacing() * 1.4f);
  std::size_t shown = 0;
  for (const SweptLane& lane : output->lanes) {
    if (shown++ >= scene.prologue.lanes_shown()) break;
    draw_one(scene, lane, each, requests);
  }
  return requests;
}

}  // namespace twice::ui

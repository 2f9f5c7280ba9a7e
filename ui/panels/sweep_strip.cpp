#include "ui/panels/sweep_strip.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_format.h"
#include "ui/panels/labels.h"
#include "ui/panels/sweep_columns.h"
#include "ui/panels/sweep_words.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lab::PointOutcome;
using lab::Stop;
using playback::SweptLane;

constexpr float kLeastWidth = 4;  // of an outcome, however rare

SweptPoints points_of(const SweptLane& lane, bool second_runs) {
  SweptPoints points;
  for (const PointOutcome& p : lane.points)
    if ((p.point.stop == Stop::kSecondRun) == second_runs) points.push_back(&p);
  return points;
}

std::string_view group_name(Stop stop) {
  switch (stop) {
    case Stop::kSecondRun:
      return "run again";
    case Stop::kAfterRow:
      return "dies after each row";
    case Stop::kBeforeStatement:
      return "before each statement";
    case Stop::kLostReply:
      return "each reply lost";
    case Stop::kIoNotApplied:
      return "before each I/O";
    case Stop::kIoApplied:
      return "after each I/O";
    case Stop::kAtTime:
      return "at times";
  }
  return {};
}

struct Box {
  ImVec2 from, to;
  float width() const { return to.x - from.x; }
  float height() const { return to.y - from.y; }
};

/// What of a lane lies where: the two cells of second runs, the columns, and room for signs above and names below.
struct Strip {
  const SweptLane& lane;
  SweptPoints again, points, columns;
  Box cells, box;
  float small;  // size of text
  std::uint64_t most;

  float y_of(std::uint64_t rows) const {
    const double part = static_cast<double>(rows) / static_cast<double>(std::max<std::uint64_t>(1, most));
    return box.to.y - static_cast<float>(part) * box.height();
  }
};

Strip strip_of(const Scene& scene, const SweptLane& lane, Box all) {
  Strip strip{lane, points_of(lane, true), points_of(lane, false), {}, all, all, 0, lane.wanted_rows};
  strip.small = std::floor(ImGui::GetFontSize() * 0.82f);
  for (const PointOutcome* p : strip.points) strip.most = std::max(strip.most, p->rows);
  const std::string_view name = group_name(Stop::kSecondRun);
  const float label = width_of(scene.fonts.text, name) * strip.small / ImGui::GetFontSize();
  strip.cells.from.y = strip.box.from.y = all.from.y + strip.small * 1.05f;
  strip.cells.to.y = strip.box.to.y = std::max(strip.box.from.y + 1, all.to.y - strip.small * 1.2f);
  if (!strip.again.empty()) {
    strip.cells.to.x = all.from.x + std::floor(label);
    strip.box.from.x = std::min(all.to.x - 1, strip.cells.to.x + 10 * scene.scale);
  }
  strip.box.from.x = std::floor(strip.box.from.x), strip.box.to.x = std::floor(strip.box.to.x);
  if (!strip.points.empty())
    strip.columns = columns_of(strip.points, static_cast<std::size_t>(std::max(1.0f, strip.box.width())),
                               static_cast<std::size_t>(kLeastWidth * scene.scale));
  return strip;
}

// The shown branch is this crash and nothing else. Numbers are compared first: there are thousands of points.
bool is_shown(const playback::Branch& branch, const lab::Point& point) {
  if (branch.timeline) return false;
  if (point.stop == Stop::kSecondRun) return branch.did.empty() && branch.runs == point.number + 1;
  if (branch.did.size() != 1 || branch.runs) return false;
  const world::Step& step = branch.did.front().step;
  if (const auto* mark = std::get_if<world::AtMark>(&step.when); mark && mark->value != point.number) return false;
  return lab::steps_of(point).front() == step;
}

void draw_columns(const Scene& scene, const Strip& strip) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const SweptPoints& columns = strip.columns;
  const float cap = 2 * scene.scale;
  for (std::size_t from = 0, to = 0; from < columns.size(); from = to) {
    while (to < columns.size() && columns[to]->letter == columns[from]->letter &&
           columns[to]->rows == columns[from]->rows)
      ++to;
    const float left = strip.box.from.x + static_cast<float>(from), right = strip.box.from.x + static_cast<float>(to);
    const float top = std::min(strip.y_of(columns[from]->rows), strip.box.to.y - cap);
    const ImU32 colour = badge_of(scene.theme, columns[from]->letter).colour;
    list.AddRectFilled({left, top}, {right, strip.box.to.y}, faded(colour, 0.45f));
    list.AddRectFilled({left, top}, {right, top + cap}, colour);
  }
}

// A sign above every stretch of one outcome; where there is no room, the worse and the rarer one keeps its own.
void draw_signs(const Scene& scene, const Strip& strip) {
  std::vector<SweptSegment> segments = segments_of(strip.columns);
  std::stable_sort(segments.begin(), segments.end(), [](const SweptSegment& a, const SweptSegment& b) {
    const bool bad_a = lab::is_bad(a.point->letter), bad_b = lab::is_bad(b.point->letter);
    return bad_a != bad_b ? bad_a : a.to - a.from < b.to - b.from;
  });
  FreeSpace free;
  for (const SweptSegment& segment : segments) {
    const Badge badge = badge_of(scene.theme, segment.point->letter);
    const float middle = strip.box.from.x + static_cast<float>(segment.from + segment.to) / 2;
    const float half = strip.small * 0.4f;
    const float x =
        std::clamp(middle, strip.box.from.x + half, std::max(strip.box.from.x + half, strip.box.to.x - half));
    const ImVec2 at{x - half, strip.box.from.y - strip.small * 1.05f};
    if (free.take(at, {at.x + 2 * half, at.y + 1}))
      draw_text(*ImGui::GetWindowDrawList(), scene.fonts.text, strip.small, at, badge.colour, badge.icon);
  }
}

void draw_groups(const Scene& scene, const Strip& strip) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Box& box = strip.box;
  const float below = box.to.y + scene.scale;
  const auto count = static_cast<float>(strip.points.size());
  for (std::size_t i = 0, end = 0; i < strip.points.size(); i = end) {
    const Stop stop = strip.points[i]->point.stop;
    while (end < strip.points.size() && strip.points[end]->point.stop == stop) ++end;
    const float left = box.from.x + box.width() * static_cast<float>(i) / count;
    const float right = box.from.x + box.width() * static_cast<float>(end) / count;
    if (i > 0) list.AddLine({left, box.from.y}, {left, box.to.y + strip.small}, scene.theme.border);
    draw_text(list, scene.fonts.text, strip.small, {left + 3 * scene.scale, below}, scene.theme.faint,
              fitted(scene.fonts.text, strip.small, group_name(stop), right - left - 6 * scene.scale));
  }
}

void draw_second_runs(const Scene& scene, const Strip& strip) {
  if (strip.again.empty()) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const playback::Branch& branch = scene.session.branches()[scene.session.branch()];
  const float each = strip.cells.width() / static_cast<float>(strip.again.size());
  for (std::size_t i = 0; i < strip.again.size(); ++i) {
    const Badge badge = badge_of(scene.theme, strip.again[i]->letter);
    const ImVec2 from{std::floor(strip.cells.from.x + each * static_cast<float>(i)), strip.cells.from.y};
    const ImVec2 to{std::floor(from.x + each - 2 * scene.scale), strip.cells.to.y};
    list.AddRectFilled(from, to, faded(badge.colour, 0.25f));
    const bool shown = is_shown(branch, strip.again[i]->point);
    list.AddRect(from, to, shown ? scene.theme.focus : badge.colour, 0, 0, (shown ? 2.0f : 1.0f) * scene.scale);
    draw_centred(list, scene.fonts.bold, {(from.x + to.x) / 2, (from.y + to.y) / 2}, badge.colour, badge.icon);
  }
  draw_text(list, scene.fonts.text, strip.small, {strip.cells.from.x, strip.cells.to.y + scene.scale},
            scene.theme.faint, group_name(Stop::kSecondRun));
}

// What height means: the wanted count and the highest one, at the left inside.
void draw_values(const Scene& scene, const Strip& strip) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float wanted = strip.y_of(strip.lane.wanted_rows);
  dashed_line(list, {strip.box.from.x, wanted}, {strip.box.to.x, wanted}, scene.theme.text, scene.scale,
              4 * scene.scale);
  const auto value = [&](std::uint64_t rows, float y) {
    draw_text(list, scene.fonts.text, strip.small, {strip.box.from.x + 3 * scene.scale, y}, scene.theme.text,
              lab::grouped(rows));
  };
  // Right below its line, or as near as the strip allows.
  const float below = std::min(wanted + scene.scale, strip.box.to.y - strip.small);
  value(strip.lane.wanted_rows, below);
  if (strip.most > strip.lane.wanted_rows && strip.box.from.y + strip.small <= below)
    value(strip.most, strip.box.from.y);
}

const PointOutcome* point_under(const Strip& strip, float x) {
  if (!strip.again.empty() && x < strip.box.from.x) {
    const float part = std::clamp((x - strip.cells.from.x) / std::max(1.0f, strip.cells.width()), 0.0f, 0.999f);
    return strip.again[static_cast<std::size_t>(part * static_cast<float>(strip.again.size()))];
  }
  if (strip.columns.empty()) return nullptr;
  const float column = std::clamp(x - strip.box.from.x, 0.0f, static_cast<float>(strip.columns.size() - 1));
  return strip.columns[static_cast<std::size_t>(column)];
}

void draw_shown(const Scene& scene, const Strip& strip) {
  const playback::Branch& branch = scene.session.branches()[scene.session.branch()];
  const auto count = static_cast<float>(strip.points.size());
  for (std::size_t i = 0; i < strip.points.size(); ++i) {
    if (!is_shown(branch, strip.points[i]->point)) continue;
    const float x = std::floor(strip.box.from.x + strip.box.width() * (static_cast<float>(i) + 0.5f) / count);
    ImGui::GetWindowDrawList()->AddLine({x, strip.box.from.y}, {x, strip.box.to.y}, scene.theme.focus, 2 * scene.scale);
  }
}

void draw_strip(const Scene& scene, const Strip& strip, Requests& requests) {
  ImGui::GetWindowDrawList()->AddRectFilled(strip.box.from, strip.box.to, scene.theme.raised);
  draw_columns(scene, strip);
  draw_values(scene, strip);
  draw_signs(scene, strip);
  draw_groups(scene, strip);
  draw_second_runs(scene, strip);
  draw_shown(scene, strip);
  if (!ImGui::IsItemHovered()) return;
  const PointOutcome* point = point_under(strip, ImGui::GetIO().MousePos.x);
  if (!point) return;
  const bool again = point->point.stop == Stop::kSecondRun;
  tip(lab::to_text(*point, strip.lane.wanted_rows) + (again ? "\nclick: run it again so" : "\nclick: crash there"));
  if (ImGui::IsItemClicked()) push(requests, playback::CrashAt{point->point});
}

// Is it safe, and why: how many points end how.
void draw_words(const Scene& scene, const Strip& strip) {
  const std::string counts = counts_of(strip.points);
  const bool safe = !strip.lane.smallest;
  std::string_view verdict = safe ? "✓ safe to run again" : "✗ not safe to run again";
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x;
  if (width_of(scene.fonts.text, verdict) + width_of(scene.fonts.text, counts) > room)
    verdict = safe ? "✓ safe" : "✗ not safe";
  ImGui::PushStyleColor(ImGuiCol_Text, safe ? scene.theme.verdict.good : scene.theme.verdict.bad);
  ImGui::TextUnformatted(verdict.data(), verdict.data() + verdict.size());
  ImGui::PopStyleColor();
  ImGui::SameLine();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = ImGui::GetContentRegionAvail().x, line = ImGui::GetTextLineHeight();
  const float size = width_of(scene.fonts.text, counts) > left ? line * 0.8f : line;
  draw_text(*ImGui::GetWindowDrawList(), scene.fonts.text, size, {at.x, at.y + (line - size) / 2}, scene.theme.faint,
            fitted(scene.fonts.text, size, counts, left));
  ImGui::Dummy({std::max(1.0f, left), line});
  tip(counts);
}

void draw_one(const Scene& scene, const SweptLane& lane, float height, Requests& requests) {
  heading(scene, lane.name);
  if (!lane.error.empty()) return faint(scene, lane.error);
  ImGui::SameLine();
  const ImVec2 words = ImGui::GetCursorPos();
  ImGui::NewLine();
  ImGui::InvisibleButton("strip", {std::max(1.0f, ImGui::GetContentRegionAvail().x), std::max(8.0f, height)});
  const Strip strip = strip_of(scene, lane, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()});
  if (!strip.points.empty() && strip.box.height() > 1) draw_strip(scene, strip, requests);
  const ImVec2 next = ImGui::GetCursorPos();
  ImGui::SetCursorPos(words);
  draw_words(scene, strip);
  ImGui::SetCursorPos(next);
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
  draw_sweep_legend(scene, *output);
  const float line = ImGui::GetTextLineHeightWithSpacing();
  const std::size_t shown = std::min(output->lanes.size(), scene.veil.lanes);
  const float room = (height - line) / static_cast<float>(std::max<std::size_t>(1, shown));
  const float each = std::max(3.2f * ImGui::GetTextLineHeight(), room - line - ImGui::GetStyle().ItemSpacing.y);
  for (std::size_t lane = 0; lane < shown; ++lane) {
    ImGui::PushID(static_cast<int>(lane));
    draw_one(scene, output->lanes[lane], each, requests);
    ImGui::PopID();
  }
  return requests;
}

}  // namespace twice::ui

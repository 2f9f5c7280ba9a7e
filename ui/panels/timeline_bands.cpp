#include "ui/panels/timeline_bands.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/timeline_marks.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Moment;
using playback::MomentKind;

constexpr float kLeastBand = 5, kMostGap = 2, kBranchLine = 7;
constexpr float kCurve = 2.6f;  // ems

float width_of_small(const ImFont* font, std::string_view text) {
  return font->CalcTextSizeA(small_text(), FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

// Names stand in turn in several columns where a band is lower than a line of text.
std::size_t columns_of(const BandLayout& layout) {
  return static_cast<std::size_t>(std::ceil(small_text() * 0.7f / std::max(1.0f, layout.band)));
}

/// A stretch of a lane in which one thing is true.
enum class Doing : std::uint8_t { kWaiting, kAttempt, kNothing, kDone };
struct Stretch {
  Doing doing;
  Time from, to;
  int attempt;
};

std::vector<Stretch> stretches_of(const Scene& scene, const playback::Recording& run) {
  std::vector<Stretch> stretches;
  if (!run.error().empty()) return stretches;
  const std::vector<NodeId> loaders = run.last_world().members("loader");
  Stretch now{Doing::kWaiting, Time{}, Time{}, 0};
  const auto turn = [&](Time at, Doing doing) {
    now.to = at;
    stretches.push_back(now);
    now = {doing, at, at, now.attempt + (doing == Doing::kAttempt ? 1 : 0)};
  };
  // The orchestrator starts the loaders in turn.
  const auto is_newest = [&](NodeId node) {
    return !loaders.empty() && now.attempt > 0 &&
           loaders[static_cast<std::size_t>(now.attempt - 1) % loaders.size()] == node;
  };
  for (const Moment& moment : run.moments()) {
    if (hides(scene, moment.at)) break;
    if (moment.kind == MomentKind::kAttempt) turn(moment.at, Doing::kAttempt);
    if (moment.kind == MomentKind::kOk || moment.kind == MomentKind::kGaveUp) turn(moment.at, Doing::kDone);
    if (moment.kind == MomentKind::kCrash && now.doing == Doing::kAttempt && is_newest(moment.node))
      turn(moment.at, Doing::kNothing);
  }
  now.to = hides(scene, run.end()) ? std::max(now.from, scene.session.cursor().at) : run.end();
  stretches.push_back(now);
  return stretches;
}

void draw_stretch(const Scene& scene, const Stretch& stretch, ImVec2 from, ImVec2 to, ImU32 hue) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  switch (stretch.doing) {
    case Doing::kWaiting:
      return list.AddRectFilled(from, to, faded(hue, 0.16f));
    case Doing::kAttempt:
      return list.AddRectFilled(from, to, faded(hue, stretch.attempt % 2 == 0 ? 0.42f : 0.24f));
    case Doing::kDone:
      return list.AddRectFilled(from, to, faded(hue, 0.08f));
    case Doing::kNothing:
      list.AddRectFilled(from, to, faded(scene.theme.faint, 0.12f));
      return hatch(list, from, to, faded(scene.theme.faint, 0.5f), 6 * scene.scale, std::max(1.0f, scene.scale));
  }
}

std::string words_of(const Stretch& stretch) {
  switch (stretch.doing) {
    case Doing::kWaiting:
      return {};
    case Doing::kAttempt:
      return fmt::format("attempt {}", stretch.attempt);
    case Doing::kDone:
      return "told ok or given up: no attempt is expected to run";
    case Doing::kNothing:
      return "crashed: nothing runs until the next attempt";
  }
  return {};
}

// Those that were made last, and the one that is shown.
std::vector<std::size_t> branches_drawn(const Scene& scene, std::size_t lines) {
  std::vector<std::size_t> drawn;
  const std::size_t all = scene.session.branches().size();
  for (std::size_t i = all - std::min(lines, all); i < all; ++i) drawn.push_back(i);
  if (!drawn.empty() && scene.session.branch() < drawn.front()) drawn.front() = scene.session.branch();
  return drawn;
}

}  // namespace

BandLayout layout_of(const Scene& scene, ImVec2 room) {
  BandLayout layout;
  const auto lanes = static_cast<float>(scene.lanes());
  layout.axis = std::min(small_text() + 2 * scene.scale, room.y * 0.3f);
  const float height = room.y - layout.axis;
  const std::size_t branches = scene.session.branches().size();
  if (branches > 1 && !scene.veil.future) {
    const auto fit = static_cast<std::size_t>(std::max(1.0f, height * 0.4f / (kBranchLine * scene.scale)));
    layout.branch_lines = std::min({branches, fit, std::size_t{6}});
    layout.branches = (kBranchLine * static_cast<float>(layout.branch_lines) + 2) * scene.scale;
  }
  if (scene.no_return()) layout.curve = std::min(kCurve * ImGui::GetFontSize(), height * 0.45f);
  const float least = kLeastBand * scene.scale, rest = height - layout.branches - layout.curve;
  layout.band = std::max(least, rest / std::max(1.0f, lanes));
  layout.scrolls = layout.band * lanes > rest + 0.5f;
  float widest = 0;
  for (std::size_t lane = 0; lane < scene.lanes(); ++lane)
    widest = std::max(widest, width_of_small(scene.fonts.bold, scene.session.lanes()[lane].name()));
  const float column = widest + small_text() * 1.2f;
  layout.gutter = std::min(column * static_cast<float>(columns_of(layout)), room.x * 0.2f);
  return layout;
}

float gap_of(const Scene& scene, const BandLayout& layout) {
  return std::clamp(layout.band - kLeastBand * scene.scale, 0.0f, kMostGap * scene.scale);
}

void draw_band(const Scene& scene, const TimeAxis& axis, std::size_t lane, float top, float height) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const playback::Recording& run = scene.session.recording(lane);
  const float bottom = top + height;
  list.AddRectFilled({axis.begin, top}, {axis.end, bottom}, scene.theme.raised);
  const bool reigns = run.error().empty() && !run.reigns().empty();
  std::string words;
  if (reigns) {
    words = draw_reigns(scene, axis, run, top, bottom);
  } else {
    for (const Stretch& stretch : stretches_of(scene, run)) {
      const ImVec2 from{axis.place(stretch.from), top}, to{axis.place(stretch.to), bottom};
      draw_stretch(scene, stretch, from, to, scene.theme.identity(lane));
      if (ImGui::IsMouseHoveringRect(from, to)) words = words_of(stretch);
    }
  }
  if (!run.complete() && !hides(scene, run.end()))
    dashed_rect(list, {axis.place(run.end()), top}, {axis.end, bottom}, scene.theme.border, 1, 4 * scene.scale);
  std::vector<MarkRoom> taken;
  const bool told = draw_marks(scene, axis, run, top, height, taken);
  if (reigns) draw_reign_words(scene, axis, run, top, bottom, taken);
  if (told || words.empty() || !ImGui::IsItemHovered()) return;
  tip(fmt::format("{}: {}", scene.session.lanes()[lane].name(), words));
}

void draw_lane_names(const Scene& scene, const BandLayout& layout, ImVec2 from, Requests& requests) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::size_t columns = columns_of(layout);
  const float column = layout.gutter / static_cast<float>(columns);
  const float size = small_text(), side = std::floor(size * 0.55f);
  // A name is higher than a narrow band: the first and the last one may leave the bands' window.
  if (!layout.scrolls)
    list.PushClipRect({from.x, from.y - size}, {from.x + layout.gutter, ImGui::GetItemRectMax().y + size});
  for (std::size_t lane = 0; lane < scene.lanes(); ++lane) {
    const float left = from.x + column * static_cast<float>(lane % columns);
    const float top = from.y + layout.band * static_cast<float>(lane);
    const float middle = top + (layout.band - gap_of(scene, layout)) / 2;
    const std::string& name = scene.session.lanes()[lane].name();
    const bool focused = lane == scene.lane() && scene.lanes() > 1;
    list.AddRectFilled({left, middle - side / 2}, {left + side, middle + side / 2}, scene.theme.identity(lane));
    const float at = left + side + size * 0.3f;
    draw_text(list, focused ? scene.fonts.bold : scene.fonts.text, size, {at, middle - size / 2},
              focused ? scene.theme.text : scene.theme.faint,
              fitted(focused ? scene.fonts.bold : scene.fonts.text, size, name, left + column - at - size * 0.3f));
    if (!ImGui::IsItemHovered() || !ImGui::IsMouseHoveringRect({left, top}, {left + column, top + layout.band}))
      continue;
    tip(focused || scene.lanes() == 1 ? name : name + "\nclick: keys and single steps act on this lane");
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !focused) push(requests, playback::FocusLane{lane});
  }
  if (!layout.scrolls) list.PopClipRect();
}

void draw_branches(const Scene& scene, const TimeAxis& axis, const BandLayout& layout, float top, Requests& requests) {
  if (layout.branch_lines == 0) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto& branches = scene.session.branches();
  const float step = kBranchLine * scene.scale;
  float y = top - step / 2;
  for (const std::size_t i : branches_drawn(scene, layout.branch_lines)) {
    y += step;
    const auto& fork = branches[i].forked_at[scene.lane()];
    const playback::Recording& run = scene.session.recording(i, scene.lane());
    const auto record = fork && run.error().empty() ? run.trace().record_of(*fork) : std::nullopt;
    const float left = record ? std::min(axis.place(record->at), axis.end) : axis.begin;
    const float right = std::min(axis.place(run.end()), axis.end);
    const bool shown = i == scene.session.branch();
    list.AddLine({left, y}, {right, y}, shown ? scene.theme.accent : scene.theme.border,
                 (shown ? 3.0f : 2.0f) * scene.scale);
    list.AddCircleFilled({left, y}, (shown ? 3.5f : 2.5f) * scene.scale,
                         shown ? scene.theme.accent : scene.theme.faint);
    if (ImGui::IsMouseHoveringRect({axis.begin, y - step / 2}, {axis.end, y + step / 2}) && ImGui::IsItemHovered()) {
      tip(fmt::format("branch: {}{}", branches[i].name, shown ? " (shown)" : "\nclick: show it"));
      if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !shown) push(requests, playback::ShowBranch{i});
    }
  }
  if (const float size = small_text(); layout.branches >= size && layout.band >= size * 0.7f)
    draw_text(list, scene.fonts.text, size, {axis.begin - layout.gutter, top + (layout.branches - size) / 2},
              scene.theme.faint, fitted(scene.fonts.text, size, "branches", layout.gutter));
}

void draw_times(const Scene& scene, const TimeAxis& axis, float top) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float size = small_text();
  for (const Tick& tick : ticks_of(axis, 8 * size)) {
    const float x = std::floor(axis.place(tick.at)), wide = width_of_small(scene.fonts.text, tick.label);
    list.AddLine({x, top}, {x, top + 3 * scene.scale}, scene.theme.faint, scene.scale);
    draw_text(list, scene.fonts.text, size, {std::min(x - wide / 2, axis.end - wide), top + 2 * scene.scale},
              scene.theme.faint, tick.label);
  }
}

}  // namespace twice::ui

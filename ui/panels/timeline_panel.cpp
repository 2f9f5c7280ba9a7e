#include "ui/panels/timeline_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Moment;
using playback::MomentKind;

struct Axis {
  float left, right;
  Time end;
  float x_of(Time at) const {
    const double part = end.ns > 0 ? static_cast<double>(at.ns) / static_cast<double>(end.ns) : 0;
    return left + static_cast<float>(part) * (right - left);
  }
  Time time_of(float x) const {
    const double part = std::clamp(static_cast<double>((x - left) / std::max(1.0f, right - left)), 0.0, 1.0);
    return Time{static_cast<std::int64_t>(part * static_cast<double>(end.ns))};
  }
};

struct Mark {
  std::string_view icon;
  ImU32 colour;
  int rank;  // the higher one is drawn where two meet
};

Mark mark_of(const Theme& theme, MomentKind kind) {
  switch (kind) {
    case MomentKind::kCrash:
      return {"✗", theme.mark.crash, 9};
    case MomentKind::kStep:
      return {"◆", theme.mark.action, 8};
    case MomentKind::kGaveUp:
      return {"■", theme.verdict.bad, 7};
    case MomentKind::kOk:
      return {"✓", theme.verdict.good, 7};
    case MomentKind::kRetry:
    case MomentKind::kAttempt:
      return {"▶", theme.accent, 6};
    case MomentKind::kSuspect:
      return {"?", theme.verdict.unsure, 5};
    case MomentKind::kTrust:
      return {"○", theme.verdict.good, 4};
    case MomentKind::kLost:
      return {"×", theme.mark.drop, 3};
    case MomentKind::kDuplicated:
      return {"×2", theme.mark.message, 3};
    case MomentKind::kCommit:
      return {"│", theme.mark.commit, 2};
    case MomentKind::kReading:
      return {"·", theme.faint, 1};
  }
  return {"·", theme.faint, 0};
}

// Before a prediction has been tested, what is still to come stays hidden.
bool hides(const Scene& scene, Time at) { return !scene.prologue.shows_results() && at > scene.session.cursor().at; }

// At most one mark each few pixels, the one that matters most: a commit a row would paint the band black.
void draw_marks(const Scene& scene, const Axis& axis, const playback::Recording& run, float top, float height) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float size = std::min(height, ImGui::GetFontSize());
  const float step = size * 0.55f;
  struct Best {
    Mark mark{"", 0, -1};
    const Moment* moment = nullptr;
    std::size_t count = 0;
  };
  const auto slots = static_cast<std::size_t>(std::max(1.0f, (axis.right - axis.left) / step)) + 1;
  std::vector<Best> best(slots);
  for (const Moment& moment : run.moments()) {
    if (moment.kind == MomentKind::kReading || hides(scene, moment.at)) continue;
    const auto slot = static_cast<std::size_t>(std::max(0.0f, (axis.x_of(moment.at) - axis.left) / step));
    Best& here = best[std::min(slot, slots - 1)];
    const Mark mark = mark_of(scene.theme, moment.kind);
    ++here.count;
    if (mark.rank > here.mark.rank) here.mark = mark, here.moment = &moment;
  }
  for (const Best& here : best) {
    if (!here.moment) continue;
    const float x = axis.x_of(here.moment->at);
    const float width =
        scene.fonts.text
            ->CalcTextSizeA(size, FLT_MAX, 0, here.mark.icon.data(), here.mark.icon.data() + here.mark.icon.size())
            .x;
    draw_text(list, scene.fonts.text, size, {x - width / 2, top + (height - size) / 2}, here.mark.colour,
              here.mark.icon);
    if (ImGui::IsMouseHoveringRect({x - step, top}, {x + step, top + height}) && ImGui::IsItemHovered()) {
      std::string words = fmt::format("{} at {}", name_of(here.moment->kind), time_text(here.moment->at));
      if (!here.moment->text.empty()) words += "\n" + here.moment->text;
      if (here.count > 1) words += fmt::format("\nand {} more here", here.count - 1);
      tip(words);
    }
  }
}

// Bands of attempts, in turn lighter and darker; what is not recorded yet is hatched.
void draw_band(const Scene& scene, const Axis& axis, std::size_t lane, float top, float height) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const playback::Recording& run = scene.session.recording(lane);
  const ImU32 hue = scene.theme.identity(lane);
  list.AddRectFilled({axis.left, top}, {axis.right, top + height}, scene.theme.raised);
  Time from{};
  bool odd = false;
  const auto band = [&](Time to) {
    list.AddRectFilled({axis.x_of(from), top}, {axis.x_of(to), top + height}, faded(hue, odd ? 0.30f : 0.16f));
    from = to, odd = !odd;
  };
  for (const Moment& moment : run.moments())
    if (moment.kind == MomentKind::kAttempt && !hides(scene, moment.at)) band(moment.at);
  if (!hides(scene, run.end())) band(run.end());
  if (!run.complete())
    hatch(list, {axis.x_of(run.end()), top}, {axis.right, top + height}, scene.theme.border, 8 * scene.scale, 1);
  draw_marks(scene, axis, run, top, height);
}

void draw_transport(const Scene& scene, Requests& requests) {
  const playback::Cursor& cursor = scene.session.cursor();
  const auto key = [&](const char* label, const char* words, auto what) {
    if (ImGui::Button(label)) push(requests, what);
    tip(words);
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
  };
  key("⏮##start", "to the start (Home)", playback::SeekStart{});
  key("◀##back", "one event back (←)", playback::StepEvents{-1});
  key(cursor.playing ? "⏸##play" : "⏵##play", cursor.playing ? "pause (Space)" : "play (Space)",
      playback::TogglePlay{});
  key("▶##on", "one event on (→)", playback::StepEvents{1});
  key("⏭##end", "to the end (End)", playback::SeekEnd{});
  key("◆ next##moment", "to the next crash, commit, attempt … (Shift+→)", playback::StepInteresting{1});
  if (ImGui::Button("-##slow")) push(requests, playback::ChangeSpeed{-1});
  tip("slower ([)");
  ImGui::SameLine(0, 4 * scene.scale);
  ImGui::TextUnformatted(cursor.speed >= 0 ? fmt::format("{}×", 1 << cursor.speed).c_str()
                                           : fmt::format("1/{}×", 1 << -cursor.speed).c_str());
  ImGui::SameLine(0, 4 * scene.scale);
  if (ImGui::Button("+##fast")) push(requests, playback::ChangeSpeed{1});
  tip("faster (])");
  ImGui::SameLine(0, ImGui::GetFontSize());
  ImGui::PushFont(scene.fonts.mono);
  ImGui::TextUnformatted(time_text(cursor.at).c_str());
  ImGui::PopFont();
  ImGui::SameLine();
  faint(scene, scene.prologue.shows_results() ? fmt::format("event {} of {}", lab::grouped(cursor.event[scene.lane()]),
                                                            lab::grouped(scene.run().events()))
                                              : fmt::format("event {}", lab::grouped(cursor.event[scene.lane()])));
}

// Branches as thin lines above the bands: where each left its parent, and which one is shown.
float draw_branches(const Scene& scene, const Axis& axis, float top, Requests& requests) {
  const auto& branches = scene.session.branches();
  if (branches.size() < 2) return top;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float step = 7 * scene.scale;
  constexpr std::size_t kMostLines = 6;
  const std::size_t first = branches.size() > kMostLines ? branches.size() - kMostLines : 0;
  for (std::size_t i = first; i < branches.size(); ++i) {
    const std::size_t lane = scene.lane();
    const auto& fork = branches[i].forked_at[lane];
    const playback::Recording& run = scene.session.recording(i, lane);
    const auto record = fork && run.error().empty() ? run.trace().record_of(*fork) : std::nullopt;
    const float left = record ? axis.x_of(record->at) : axis.left;
    const float y = top + step * static_cast<float>(i - first) + step / 2;
    const bool shown = i == scene.session.branch();
    list.AddLine({left, y}, {axis.x_of(run.end()), y}, shown ? scene.theme.accent : scene.theme.border,
                 (shown ? 3.0f : 2.0f) * scene.scale);
    list.AddCircleFilled({left, y}, (shown ? 3.5f : 2.5f) * scene.scale,
                         shown ? scene.theme.accent : scene.theme.faint);
    if (ImGui::IsMouseHoveringRect({axis.left, y - step / 2}, {axis.right, y + step / 2}) && ImGui::IsItemHovered()) {
      tip(fmt::format("branch: {}{}", branches[i].name, shown ? " (shown)" : "\nclick: show it"));
      if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !shown) push(requests, playback::ShowBranch{i});
    }
  }
  return top + step * static_cast<float>(branches.size() - first) + 2 * scene.scale;
}

}  // namespace

Requests TimelinePanel::draw(const Scene& scene) {
  Requests requests;
  draw_transport(scene, requests);
  const float words = ImGui::GetTextLineHeightWithSpacing();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  ImGui::InvisibleButton("timeline", {std::max(1.0f, room.x), std::max(1.0f, room.y - words)});
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const bool hovered = ImGui::IsItemHovered();
  const Axis axis{from.x + 9 * scene.scale, to.x - 9 * scene.scale, scene.session.end()};
  const float branches_end = draw_branches(scene, axis, from.y, requests);
  const std::size_t lanes = scene.lanes();
  const float each = std::max(3 * scene.scale, (to.y - branches_end) / static_cast<float>(lanes));
  for (std::size_t lane = 0; lane < lanes; ++lane)
    draw_band(scene, axis, lane, branches_end + each * static_cast<float>(lane),
              std::max(2.0f, each - 2 * scene.scale));
  const float x = axis.x_of(scene.session.cursor().at);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({x, from.y}, {x, to.y}, scene.theme.text, 2 * scene.scale);
  list.AddTriangleFilled({x - 5 * scene.scale, from.y}, {x + 5 * scene.scale, from.y}, {x, from.y + 7 * scene.scale},
                         scene.theme.text);
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && hovered && ImGui::GetIO().MousePos.y >= branches_end)
    dragging_ = true;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) dragging_ = false;
  if (dragging_) {
    const Time at = axis.time_of(ImGui::GetIO().MousePos.x);
    if (at != scene.session.cursor().at) {
      push(requests, playback::Pause{});
      push(requests, playback::SeekTime{at});
    }
  }
  const std::string& said = scene.session.complaint().empty() ? scene.pictures.sentence : scene.session.complaint();
  faint(scene, fitted(scene.fonts.text, ImGui::GetFontSize(), said, room.x));
  return requests;
}

}  // namespace twice::ui

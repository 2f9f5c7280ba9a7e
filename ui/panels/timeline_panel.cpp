#include "ui/panels/timeline_panel.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/timeline_bands.h"
#include "ui/panels/timeline_marks.h"
#include "ui/panels/widgets.h"
#include "ui/playback/lesson_card.h"

namespace twice::ui {
namespace {

constexpr float kWholeTransport = 45;  // ems

std::string speed_text(int doublings, bool tight) {
  if (tight) return fmt::format("{}{}×", doublings < 0 ? "1/" : "", 1 << std::abs(doublings));
  if (doublings == 0) return "normal speed";
  return fmt::format("{}× {}", 1 << std::abs(doublings), doublings > 0 ? "faster" : "slower");
}

void draw_speed(const Scene& scene, bool tight, Requests& requests) {
  const float gap = 4 * scene.scale;
  const std::string_view meaning =
      scene.session.lanes().front().loads()
          ? "How fast playing goes. Normal: a load takes about 12 seconds, whatever its own time is."
          : "How fast playing goes. Normal: a second of the run takes a second.";
  if (ImGui::Button("−##slow")) push(requests, playback::ChangeSpeed{-1});
  tip(fmt::format("half as fast ([)\n{}", meaning));
  ImGui::SameLine(0, gap);
  const float left = ImGui::GetCursorPosX();
  const float wide = ImGui::CalcTextSize(tight ? "1/16×" : "normal speed").x;
  const std::string text = speed_text(scene.session.cursor().speed, tight);
  ImGui::SetCursorPosX(left + std::max(0.0f, (wide - ImGui::CalcTextSize(text.c_str()).x) / 2));
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text.c_str());
  tip(meaning);
  ImGui::SameLine(std::max(left + wide, left + ImGui::CalcTextSize(text.c_str()).x) + gap);
  if (ImGui::Button("+##fast")) push(requests, playback::ChangeSpeed{1});
  tip(fmt::format("twice as fast (])\n{}", meaning));
}

void draw_place(const Scene& scene, bool tight) {
  const playback::Cursor& cursor = scene.session.cursor();
  ImGui::AlignTextToFramePadding();
  ImGui::PushFont(scene.fonts.mono);
  ImGui::TextUnformatted(time_text(cursor.at).c_str());
  ImGui::PopFont();
  ImGui::SameLine();
  const std::string event = lab::grouped(cursor.event[scene.lane()]);
  const std::string text = scene.veil.future || tight
                               ? fmt::format("event {}", event)
                               : fmt::format("event {} of {}", event, lab::grouped(scene.run().events()));
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopStyleColor();
}

void mark_legend_tip(const Scene& scene) {
  if (!ImGui::IsItemHovered()) return;
  const float half = ImGui::GetFontSize() * 0.42f;
  ImGui::BeginTooltip();
  for (const playback::MomentKind kind : legend_of(scene)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_mark(scene, *ImGui::GetWindowDrawList(), kind, {at.x + half, at.y + ImGui::GetTextLineHeight() / 2}, half);
    ImGui::SetCursorScreenPos({at.x + 3.0f * half, at.y});
    const std::string_view words = words_of(kind);
    ImGui::TextUnformatted(words.data(), words.data() + words.size());
  }
  ImGui::EndTooltip();
}

// What the marks mean, at the right of the line where there is room, else behind a word.
void draw_mark_legend(const Scene& scene) {
  const float size = std::floor(ImGui::GetFontSize() * 0.85f), half = size * 0.42f, gap = size * 0.8f;
  const auto width_of = [&](std::string_view text) {
    return scene.fonts.text->CalcTextSizeA(size, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
  };
  float all = -gap;
  for (const playback::MomentKind kind : legend_of(scene)) all += 3.0f * half + width_of(words_of(kind)) + gap;
  ImGui::SameLine(0, ImGui::GetFontSize());
  const float room = ImGui::GetContentRegionAvail().x;
  if (room < all) {
    if (room < ImGui::CalcTextSize("the signs").x) return ImGui::NewLine();
    ImGui::AlignTextToFramePadding();
    faint(scene, "the signs");
    return mark_legend_tip(scene);
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = at.x + room - all;
  const float middle = at.y + ImGui::GetFrameHeight() / 2;
  for (const playback::MomentKind kind : legend_of(scene)) {
    draw_mark(scene, list, kind, {x + half, middle}, half);
    x += 3.0f * half;
    x += gap + draw_text(list, scene.fonts.text, size, {x, middle - size / 2}, scene.theme.faint, words_of(kind));
  }
  ImGui::Dummy({room, ImGui::GetFrameHeight()});
}

void draw_transport(const Scene& scene, Requests& requests) {
  const playback::Cursor& cursor = scene.session.cursor();
  const bool tight = ImGui::GetContentRegionAvail().x < kWholeTransport * ImGui::GetFontSize();
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const auto key = [&](const char* label, const char* words, auto what, float width = 0) {
    if (ImGui::Button(label, {width, 0})) push(requests, what);
    tip(words);
    ImGui::SameLine(0, gap);
  };
  const float play = ImGui::CalcTextSize("⏸ Pause").x + 2 * ImGui::GetStyle().FramePadding.x;
  key("⏮##start", "to the start (Home)", playback::SeekStart{});
  key("−1##back", "one event back (←)", playback::StepEvents{-1});
  key(cursor.playing ? "⏸ Pause###play" : "⏵ Play###play", cursor.playing ? "pause (Space)" : "play (Space)",
      playback::TogglePlay{}, play);
  key("+1##on", "one event on (→)", playback::StepEvents{1});
  key("⏭##end", "to the end (End)", playback::SeekEnd{});
  key(tight ? "⚑##moment" : "next mark##moment", "to the next crash, commit, attempt … (Shift+→)",
      playback::StepInteresting{1});
  ImGui::SameLine(0, ImGui::GetFontSize() * 0.6f);
  draw_speed(scene, tight, requests);
  ImGui::SameLine(0, ImGui::GetFontSize() * 0.8f);
  draw_place(scene, tight);
  draw_mark_legend(scene);
}

void draw_cursor(const Scene& scene, const TimeAxis& axis, float top, float bottom) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float x = axis.place(scene.session.cursor().at), half = 5 * scene.scale;
  list.AddLine({x, top}, {x, bottom}, scene.theme.text, 2 * scene.scale);
  list.AddTriangleFilled({x - half, top}, {x + half, top}, {x, top + 1.4f * half}, scene.theme.text);
}

// What an explanation's answers name, as numbered rings; true when one was clicked.
bool draw_points(const Scene& scene, const TimeAxis& axis, float top, float band, Requests& requests) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float half = std::min(band * 0.42f, ImGui::GetFontSize() * 0.75f);
  for (const PointAt& point : scene.points) {
    const ImVec2 at{axis.place(point.at), top + band * (static_cast<float>(point.lane) + 0.5f)};
    const bool hovered = ImGui::IsItemHovered() && std::abs(ImGui::GetIO().MousePos.x - at.x) <= half &&
                         std::abs(ImGui::GetIO().MousePos.y - at.y) <= band / 2;
    const bool strong = hovered || point.chosen || point.name == scene.pointed_out;
    if (strong) list.AddCircleFilled(at, half * 1.25f, faded(scene.theme.accent, 0.25f));
    list.AddCircle(at, half * 1.25f, scene.theme.accent, 0, (strong ? 2.5f : 1.5f) * scene.scale);
    if (!hovered) continue;
    tip(fmt::format("answer {} names this; a click chooses it", point.choice));
    if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) continue;
    push(requests, playback::Choose{scene.lesson->explained()->name, point.choice});
    return true;
  }
  return false;
}

}  // namespace

Requests TimelinePanel::draw(const Scene& scene) {
  Requests requests;
  draw_transport(scene, requests);
  const float words = ImGui::GetTextLineHeight() + ImGui::GetStyle().ItemSpacing.y / 2;
  const ImVec2 room{std::max(1.0f, ImGui::GetContentRegionAvail().x),
                    std::max(1.0f, ImGui::GetContentRegionAvail().y - words)};
  const BandLayout layout = layout_of(scene, room);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::BeginChild("bands", {room.x, std::max(1.0f, room.y - layout.axis)}, false,
                    layout.scrolls ? 0 : ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const auto lanes = static_cast<float>(scene.lanes());
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::InvisibleButton("timeline", {width, std::max(1.0f, layout.branches + layout.band * lanes + layout.curve)});
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const TimeAxis axis{Time{}, scene.session.end(), from.x + layout.gutter + 9 * scene.scale, to.x - 9 * scene.scale};
  const float top = from.y + layout.branches, gap = gap_of(scene, layout);
  draw_branches(scene, axis, layout, from.y, requests);
  for (std::size_t lane = 0; lane < scene.lanes(); ++lane)
    draw_band(scene, axis, lane, top + layout.band * static_cast<float>(lane), layout.band - gap);
  draw_lane_names(scene, layout, {from.x, top}, requests);
  if (scene.no_return()) draw_no_return(scene, axis, layout, top + layout.band * lanes);
  draw_cursor(scene, axis, from.y, to.y);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool points = draw_points(scene, axis, top, layout.band, requests);
  if (!points && ImGui::IsItemClicked() && mouse.y >= top && mouse.x >= from.x + layout.gutter) dragging_ = true;
  ImGui::EndChild();
  draw_times(scene, axis, corner.y + room.y - layout.axis);
  ImGui::SetCursorScreenPos({corner.x, corner.y + room.y + ImGui::GetStyle().ItemSpacing.y / 2});
  drag(scene, axis, requests);
  const std::string& told = scene.session.complaint().empty() ? scene.said : scene.session.complaint();
  const float size = ImGui::GetFontSize();
  if (told.empty()) {
    faint(scene, fitted(scene.fonts.text, size, scene.pictures.sentence, room.x));
  } else {
    ImGui::TextUnformatted(fitted(scene.fonts.text, size, told, room.x).c_str());
    tip(told);
  }
  return requests;
}

void TimelinePanel::drag(const Scene& scene, const TimeAxis& axis, Requests& requests) {
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) dragging_ = false;
  if (!dragging_) return;
  const Time at = axis.at(std::clamp(ImGui::GetIO().MousePos.x, axis.begin, axis.end));
  if (at == scene.session.cursor().at) return;
  push(requests, playback::Pause{});
  push(requests, playback::SeekTime{at});
}

}  // namespace twice::ui

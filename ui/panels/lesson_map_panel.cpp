#include "ui/panels/lesson_map_panel.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/text_input.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lesson::Status;
using playback::MapEntry;

Badge badge_of(const Scene& scene, Status status) {
  switch (status) {
    case Status::kPassed:
      return {"✓", "passed", scene.theme.verdict.good};
    case Status::kSkippedAhead:
      return {"✓", "known already", scene.theme.verdict.good};
    case Status::kOpen:
      return {"◐", "begun", scene.theme.verdict.unsure};
    case Status::kNotYet:
      return {"✗", "not yet right", scene.theme.verdict.bad};
    case Status::kUnknown:
      return {"?", "it proves nothing", scene.theme.verdict.unknown};
    case Status::kNotBegun:
      return {"○", "", scene.theme.faint};
  }
  return {};
}

std::string needs_text(const MapEntry& entry) {
  return entry.needs.empty() ? std::string() : fmt::format("after {}", fmt::join(entry.needs, ", "));
}

void cell(const Scene& scene, std::string_view text, ImU32 colour) {
  ImGui::TableNextColumn();
  const std::string fit =
      fitted(scene.fonts.text, ImGui::GetFontSize(), text, ImGui::GetContentRegionAvail().x + scene.scale);
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  ImGui::TextUnformatted(fit.c_str());
  ImGui::PopStyleColor();
  if (fit != text) tip(text);
}

// True when it was clicked.
bool draw_entry(const Scene& scene, const MapEntry& entry, bool chosen, bool next) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  const Badge badge = badge_of(scene, entry.score.status);
  const bool clicked =
      ImGui::Selectable(fmt::format("##{}", entry.path).c_str(), chosen, ImGuiSelectableFlags_SpanAllColumns);
  if (!entry.error.empty()) tip(entry.error);
  ImGui::SameLine(0, 0);
  ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
  ImGui::TextUnformatted(std::string(badge.icon).c_str());
  ImGui::PopStyleColor();
  ImGui::SameLine(ImGui::GetFontSize() * 1.5f);
  ImGui::TextUnformatted(entry.error.empty() ? fmt::format("{}", entry.number).c_str() : "–");
  const ImU32 ink = entry.error.empty() ? scene.theme.text : scene.theme.faint;
  if (next) ImGui::PushFont(scene.fonts.bold);
  cell(scene, entry.title, ink);
  if (next) ImGui::PopFont();
  cell(scene, entry.error.empty() ? fmt::format("{} min", entry.minutes) : "", scene.theme.faint);
  cell(scene, needs_text(entry), entry.missing.empty() ? scene.theme.faint : scene.theme.verdict.unsure);
  const bool begun = entry.score.status != Status::kNotBegun;
  cell(scene,
       begun ? fmt::format("{} of {}", entry.score.points, entry.score.of)
             : fmt::format("{}", lab::counted(entry.score.of, "point")),
       begun ? ink : scene.theme.faint);
  cell(scene,
       !entry.error.empty() ? "has errors"
       : next && !begun     ? std::string_view("← next")
                            : badge.word,
       !entry.error.empty() ? scene.theme.verdict.bad
       : next && !begun     ? scene.theme.accent
                            : badge.colour);
  return clicked;
}

}  // namespace

Requests LessonMapPanel::draw(const Scene& scene) {
  Requests requests;
  const playback::LessonMap& map = *scene.map;
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const float em = ImGui::GetFontSize();
  bool open = true;
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(display.x * 0.94f, em * 52), std::min(display.y * 0.94f, em * 40)});
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove;
  if (!ImGui::Begin("Lessons", &open, kFlags)) {
    ImGui::End();
    return requests;
  }
  if (seen_ != scene.learner) name_ = seen_ = scene.learner;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Your name");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(em * 12);
  input_text("##learner", name_, "none");
  if (ImGui::IsItemDeactivatedAfterEdit()) push(requests, SetLearner{name_});
  tip("Numbers, seeds and the order of answers follow from it; answers are kept for each name apart, on this machine.");
  ImGui::SameLine(0, em);
  faint(scene, fmt::format("{} of {} passed", map.passed(), lab::counted(map.entries().size(), "lesson")));
  const float foot = ImGui::GetFrameHeightWithSpacing() + ImGui::GetStyle().ItemSpacing.y;
  ImGui::BeginChild("list", {0, ImGui::GetContentRegionAvail().y - foot});
  constexpr ImGuiTableFlags kTable = ImGuiTableFlags_RowBg | ImGuiTableFlags_PadOuterX;
  if (ImGui::BeginTable("lessons", 6, kTable)) {
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, em * 2.6f);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, em * 3.2f);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, em * 6.2f);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, em * 4.2f);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, em * 6.6f);
    for (std::size_t i = 0; i < map.entries().size(); ++i) {
      const MapEntry& entry = map.entries()[i];
      if (draw_entry(scene, entry, i == map.chosen(), map.next() == i)) push(requests, OpenFile{entry.path});
      if (i == map.chosen() && std::exchange(chosen_, i) != i) ImGui::SetScrollHereY();
    }
    ImGui::EndTable();
  }
  if (map.entries().empty()) faint(scene, "No lesson was found.");
  ImGui::EndChild();
  if (primary_button(scene, "Open  (Enter)")) push(requests, OpenChosenLesson{});
  ImGui::SameLine();
  if (ImGui::Button("Close  (Esc)")) open = false;
  ImGui::SameLine(0, em);
  ImGui::AlignTextToFramePadding();
  faint(scene, "↑ ↓ choose");
  ImGui::End();
  if (!open) push(requests, ShowLessonMap{false});
  return requests;
}

}  // namespace twice::ui

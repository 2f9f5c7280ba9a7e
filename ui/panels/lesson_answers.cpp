#include "ui/panels/lesson_answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/labels.h"
#include "ui/panels/markdown.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lesson::Graded;
using lesson::Mark;
using lesson::StepPart;

bool predicts(const StepPart& part) { return std::holds_alternative<lesson::Predict>(part.step); }

Badge badge_of(const Scene& scene, const StepPart& part, Mark mark) {
  switch (mark) {
    case Mark::kPassed:
      return {"✓", predicts(part) ? "so it is" : "right", scene.theme.verdict.good};
    case Mark::kFailed:
      return {"✗", predicts(part) ? "not so" : "not yet", scene.theme.verdict.bad};
    case Mark::kUnknown:
      return {"?", "it proves nothing", scene.theme.verdict.unknown};
  }
  return {};
}

// A row as high as its words, with a ring that is full when it is chosen.
bool choice_row(const Scene& scene, int id, std::string_view text, bool chosen, bool fixed) {
  const float em = ImGui::GetFontSize(), pad = em * 0.4f, ring = em * 0.36f, indent = 2.6f * ring + pad;
  const float width = ImGui::GetContentRegionAvail().x;
  const RichText words(scene, text, width - indent - 2 * pad);
  const float height = words.size().y + 1.4f * pad;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(id);
  ImGui::BeginDisabled(fixed);
  const bool clicked = ImGui::InvisibleButton("choice", {width, height});
  ImGui::EndDisabled();
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 to{at.x + width, at.y + height};
  const float round = ImGui::GetStyle().FrameRounding;
  if (chosen || (hovered && !fixed))
    list.AddRectFilled(at, to, chosen ? faded(scene.theme.accent, 0.14f) : scene.theme.raised, round);
  list.AddRect(at, to, chosen ? scene.theme.accent : scene.theme.border, round, 0, chosen ? 1.6f * scene.scale : 1);
  const ImVec2 centre{at.x + pad + ring, at.y + height / 2};
  list.AddCircle(centre, ring, chosen ? scene.theme.accent : scene.theme.faint, 0, 1.4f * scene.scale);
  if (chosen) list.AddCircleFilled(centre, ring * 0.55f, scene.theme.accent);
  const ImU32 ink = fixed && !chosen ? scene.theme.faint : scene.theme.text;
  words.draw(scene, list, {at.x + indent + pad / 2, at.y + 0.7f * pad}, ink);
  return clicked;
}

// Of an answer that names a step of the timeline.
const PointAt* point_of(const Scene& scene, const StepPart& part, std::uint32_t choice) {
  if (!std::holds_alternative<lesson::Explain>(part.step)) return nullptr;
  const auto at =
      std::find_if(scene.points.begin(), scene.points.end(), [&](const PointAt& p) { return p.choice == choice; });
  return at == scene.points.end() ? nullptr : &*at;
}

}  // namespace

const std::vector<Confidence>& confidences() {
  static const std::vector<Confidence> kAll{{25, "guess"}, {50, "maybe"}, {75, "likely"}, {95, "sure"}};
  return kAll;
}

void draw_choices(const Scene& scene, const StepPart& part, Requests& requests) {
  const playback::LessonCard& card = *scene.lesson;
  const std::vector<std::string> choices = card.session().choices(part);
  const playback::Draft& draft = card.draft(part);
  const bool fixed =
      card.grading(part) || (predicts(part) && (card.session().result(part) || card.session().gave_up(part)));
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    const PointAt* point = point_of(scene, part, number);
    const std::string text = point ? fmt::format("{} — *at {}*", choices[i], time_text(point->at)) : choices[i];
    if (choice_row(scene, static_cast<int>(i), text, draft.choice == number, fixed))
      push(requests, playback::Choose{part.name, number});
    if (point && ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) push(requests, PointOut{point->name});
  }
}

void draw_confidence(const Scene& scene, const StepPart& part, Requests& requests) {
  const playback::Draft& draft = scene.lesson->draft(part);
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const auto count = static_cast<float>(confidences().size());
  const float width = std::floor((ImGui::GetContentRegionAvail().x - (count - 1) * gap) / count);
  const auto whole_of = [](const Confidence& one) { return fmt::format("{} {} %", one.word, one.percent); };
  const bool fits = std::all_of(confidences().begin(), confidences().end(), [&](const Confidence& one) {
    return width_of(scene.fonts.text, whole_of(one)) + 2 * ImGui::GetStyle().FramePadding.x <= width;
  });
  ImGui::TextUnformatted(fits ? "How sure are you?" : "How sure are you, from a guess to certainty?");
  for (const Confidence& one : confidences()) {
    const bool chosen = draft.confidence == one.percent;
    const std::string label = fits ? whole_of(one) : fmt::format("{} %", one.percent);
    if (chosen) {
      ImGui::PushStyleColor(ImGuiCol_Button, scene.theme.accent);
      ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.on_accent);
    }
    if (&one != &confidences().front()) ImGui::SameLine(0, gap);
    if (ImGui::Button(fmt::format("{}##sure{}", label, one.percent).c_str(), {width, 0}))
      push(requests, playback::SetConfidence{part.name, one.percent});
    if (chosen) ImGui::PopStyleColor(2);
    if (!fits) tip(one.word);
  }
}

void draw_said(const Scene& scene, std::string_view text, Requests& requests) {
  if (text.find("error: ") == std::string_view::npos) return draw_markdown(scene, text, requests);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    const bool excerpt = line.front() == ' ' && line.find("help:") == std::string_view::npos;
    if (excerpt) ImGui::PushFont(scene.fonts.mono);
    if (excerpt)
      ImGui::TextUnformatted(line.data(), line.data() + line.size());
    else
      paragraph(line);
    if (excerpt) ImGui::PopFont();
  }
}

void draw_result(const Scene& scene, const StepPart& part, Requests& requests) {
  const playback::LessonCard& card = *scene.lesson;
  if (!card.fault(part).empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    paragraph("✗ This lesson has a fault of its own; `twice lesson check` shows it.");
    ImGui::PopStyleColor();
    draw_said(scene, card.fault(part), requests);
    return;
  }
  const Graded* graded = card.session().result(part);
  if (!graded) return;
  const Badge badge = badge_of(scene, part, graded->mark);
  ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
  ImGui::PushFont(scene.fonts.bold);
  const bool tells = graded->mark != Mark::kPassed && !graded->right.empty();
  paragraph(
      fmt::format("{} {}   {}", badge.icon, badge.word,
                  graded->of > 0 ? fmt::format("{} of {}", graded->points, lab::counted(graded->of, "point")) : ""));
  ImGui::PopFont();
  ImGui::PopStyleColor();
  if (tells) draw_rich(scene, "It is: " + graded->right, requests);
  if (!graded->why.empty()) draw_said(scene, graded->why, requests);
  for (const std::string& detail : graded->details) faint(scene, detail);
}

void draw_shown(const Scene& scene, const StepPart& part, Requests& requests) {
  const auto* step = std::get_if<lesson::Show>(&part.step);
  const playback::StepResult* result = scene.lesson->shown(part);
  if (!step) return;
  if (!result) return faint(scene, "it is being run …");
  if (const auto* trouble = std::get_if<lesson::Trouble>(result)) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    draw_said(scene, trouble->text, requests);
    ImGui::PopStyleColor();
    return;
  }
  const auto* run = std::get_if<lesson::ShownRun>(result);
  if (!run) return;
  const bool lanes = run->rows.size() > 1;  // one alone needs no name
  std::string table = lanes ? "| lane |" : "|";
  for (const std::string& of : step->shows) table += " " + of + " |";
  for (const auto& row : run->rows) {
    table += lanes ? "\n| " + row.lane + " |" : "\n|";
    for (const std::string& cell : row.cells) table += " " + cell + " |";
  }
  draw_markdown(scene, table, requests);
  if (!run->strips.empty()) draw_markdown(scene, "```\n" + run->strips + "```\n", requests);
}

}  // namespace twice::ui

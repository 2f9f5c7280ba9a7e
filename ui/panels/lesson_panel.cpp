#include "ui/panels/lesson_panel.h"

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/text_input.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Act;

void draw_answers(const Scene& scene, Requests& requests) {
  const auto choices = scene.prologue.choices(scene.session);
  if (!choices) {
    faint(scene, "The run is being recorded …");
    return;
  }
  const float width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  const float height = ImGui::GetFontSize() * 2.4f;
  for (std::size_t i = 0; i < choices->values.size(); ++i) {
    const std::uint64_t value = choices->values[i];
    const bool chosen = scene.prologue.chosen() == value;
    if (i % 2 == 1) ImGui::SameLine();
    if (chosen) {
      for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive})
        ImGui::PushStyleColor(part, scene.theme.accent);
      ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.on_accent);
    }
    const std::string label = fmt::format("{}{}##answer{}", chosen ? "✓ " : "", lab::grouped(value), i);
    if (ImGui::Button(label.c_str(), {width, height})) push(requests, ChooseAnswer{value});
    if (chosen) ImGui::PopStyleColor(4);
  }
}

void draw_verdict_on_prediction(const Scene& scene) {
  if (!scene.prologue.chosen()) return;
  const bool right = scene.prologue.predicted_right(scene.session);
  const auto choices = scene.prologue.choices(scene.session);
  if (!choices) return;
  ImGui::PushStyleColor(ImGuiCol_Text, right ? scene.theme.verdict.good : scene.theme.verdict.bad);
  ImGui::PushFont(scene.fonts.bold);
  paragraph(right ? fmt::format("✓ {}, as you said.", lab::grouped(choices->right))
                  : fmt::format("✗ You said {}. It is {}.", lab::grouped(*scene.prologue.chosen()),
                                lab::grouped(choices->right)));
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::Spacing();
}

// What the crash slider has found, on the way to the challenge's 1,300.
void draw_challenge(const Scene& scene) {
  constexpr std::uint64_t kGoal = 1'300;
  const lab::RunReport* report = scene.session.report(0);
  if (!report || !report->load) return;
  ImGui::Spacing();
  const bool met = report->load->rows == kGoal;
  ImGui::PushStyleColor(ImGuiCol_Text, met ? scene.theme.verdict.good : scene.theme.text);
  paragraph(met ? fmt::format("✓ {}: found it.", lab::grouped(kGoal))
                : fmt::format("Now: {} rows with \"{}\".", lab::grouped(report->load->rows),
                              scene.session.branches()[scene.session.branch()].name));
  ImGui::PopStyleColor();
}

void draw_prologue(const Scene& scene, Requests& requests) {
  const playback::Prologue& prologue = scene.prologue;
  ImGui::PushFont(scene.fonts.large);
  paragraph(prologue.headline());
  ImGui::PopFont();
  ImGui::Spacing();
  if (prologue.act() == Act::kFirstAnswer || prologue.act() == Act::kSecondAnswer) draw_verdict_on_prediction(scene);
  paragraph(prologue.story(scene.session));
  ImGui::Spacing();
  if (prologue.asks()) draw_answers(scene, requests);
  if (prologue.act() == Act::kEveryCrash) draw_challenge(scene);
  ImGui::Spacing();
  if (const std::string label = prologue.go_on(); !label.empty()) {
    if (primary_button(scene, label)) push(requests, NextAct{});
  } else if (prologue.asks()) {
    faint(scene, "Choose an answer; then Space runs it.");
  } else {
    if (ImGui::Button("Skip to the end")) push(requests, NextAct{});
  }
  const float line = ImGui::GetFrameHeightWithSpacing();
  if (ImGui::GetContentRegionAvail().y > line) ImGui::SetCursorPosY(ImGui::GetWindowHeight() - line * 1.3f);
  if (ImGui::Button("Skip all this: open the sandbox")) push(requests, SkipPrologue{});
}

}  // namespace

void LessonPanel::draw_branches(const Scene& scene, Requests& requests) {
  heading(scene, "Branches");
  for (std::size_t i = 0; i < scene.session.branches().size(); ++i) {
    const playback::Branch& branch = scene.session.branches()[i];
    std::size_t depth = 0;
    for (auto up = branch.parent; up; up = scene.session.branches()[*up].parent) ++depth;
    const float indent = static_cast<float>(std::min<std::size_t>(depth, 6)) * ImGui::GetFontSize() * 0.6f;
    const std::string name = fitted(scene.fonts.text, ImGui::GetFontSize(), branch.name,
                                    ImGui::GetContentRegionAvail().x - indent - ImGui::GetFontSize() * 1.4f);
    const std::string label = fmt::format("{} {}##branch{}", branch.parent ? "└" : "●", name, i);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
    if (ImGui::Selectable(label.c_str(), i == scene.session.branch())) push(requests, playback::ShowBranch{i});
    std::string code;
    for (const world::Step& step : scene.session.steps(i, scene.lane())) code += "\n" + world::to_text(step);
    tip(branch.name + code);
  }
  const std::size_t shown = scene.session.branch();
  if (shown == 0) return;
  const std::string& now = scene.session.branches()[shown].name;
  if (named_ != shown || named_as_ != now) named_ = shown, name_ = named_as_ = now;
  ImGui::SetNextItemWidth(-1);
  if (input_text("##name", name_, "name of this branch")) push(requests, playback::RenameBranch{shown, name_});
  tip("the name of the branch that is shown");
}

void LessonPanel::draw_outline(const Scene& scene, Requests& requests) {
  const scenario::Spec& shared = scene.session.scenario().shared();
  if (!scene.sql_from.empty()) {
    if (primary_button(scene, "Back to the scenario")) push(requests, OpenFile{scene.sql_from});
    tip(scene.sql_from);
    ImGui::Spacing();
  }
  ImGui::PushFont(scene.fonts.bold);
  paragraph(shared.title);
  ImGui::PopFont();
  ImGui::Spacing();
  paragraph(fmt::format("{}", fmt::join(lab::wrapped(shared.story, 100'000), " ")));
  ImGui::Spacing();
  draw_branches(scene, requests);
  ImGui::Spacing();
  if (ImGui::Button("Edit scenario")) push(requests, ShowEditor{true});
  ImGui::SameLine();
  const bool loads = scene.session.lanes()[scene.lane()].loads();
  if (button("Your SQL", loads ? "" : "this scenario has no tables: open one with a loader first"))
    push(requests, ShowSqlEditor{true});
  if (!shared.leaves_out.empty()) {
    ImGui::Spacing();
    heading(scene, "What this model leaves out");
    faint(scene, shared.leaves_out);
  }
  ImGui::Spacing();
  if (ImGui::Button("First question again")) push(requests, RestartPrologue{});
}

Requests LessonPanel::draw(const Scene& scene) {
  Requests requests;
  if (scene.prologue.over())
    draw_outline(scene, requests);
  else
    draw_prologue(scene, requests);
  return requests;
}

}  // namespace twice::ui

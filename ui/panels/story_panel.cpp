#include "ui/panels/story_panel.h"

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/text_input.h"
#include "ui/panels/labels.h"
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
  if (prologue.act() == Act::kWholeIdea) {
    if (primary_button(scene, "Lesson 0 follows")) push(requests, OpenNextLesson{});
    tip("a course of short lessons, each with a prediction, a run and a challenge");
    if (ImGui::Button(prologue.go_on().c_str())) push(requests, NextAct{});
  } else if (const std::string label = prologue.go_on(); !label.empty()) {
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

// What was broken first explains what was broken later.
void draw_wrong(const Scene& scene, Requests& requests) {
  constexpr std::size_t kMost = 5;
  const std::vector<playback::Broken>& wrong = scene.pictures.wrong;
  if (wrong.empty()) return;
  ImGui::PushFont(scene.fonts.bold);
  paragraph(fmt::format("What went wrong in \"{}\"", scene.session.lanes()[scene.lane()].name()));
  ImGui::PopFont();
  for (std::size_t i = 0; i < std::min(wrong.size(), kMost); ++i) {
    const playback::Broken& broken = wrong[i];
    ImGui::PushID(static_cast<int>(i));
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    paragraph(fmt::format("✗ {}{}", wrong.size() == 1 ? "" : i == 0 ? "The cause: " : "The harm: ", broken.name));
    ImGui::PopStyleColor();
    paragraph(broken.words);
    faint(scene, broken.meaning);
    // The cursor never stands between a step of the timeline and what it belongs to.
    const playback::Cursor& cursor = scene.session.cursor();
    const bool here = cursor.at == broken.at && cursor.event[scene.lane()] >= broken.event;
    const std::string label =
        fmt::format("{}event {} · {}", here ? "⏵ " : "go to ", lab::grouped(broken.event), time_text(broken.at));
    if (ImGui::SmallButton(label.c_str())) push(requests, playback::SeekEvent{scene.lane(), broken.event});
    if (here) tip("the cursor stands here");
    ImGui::Spacing();
    ImGui::PopID();
  }
  if (wrong.size() > kMost) {
    faint(scene, fmt::format("and {} more", wrong.size() - kMost));
    std::string names;
    for (std::size_t i = kMost; i < wrong.size(); ++i) names += (names.empty() ? "" : "\n") + wrong[i].name;
    tip(names);
  }
  ImGui::Spacing();
}

// From which event on no future went well.
void draw_no_return(const Scene& scene, Requests& requests) {
  if (scene.pictures.wrong.empty()) return;
  if (scene.inevitable.running()) {
    paragraph("The rest of the run is drawn anew from its moments …");
    ImGui::ProgressBar(static_cast<float>(scene.inevitable.progress()), {ImGui::GetFontSize() * 8, 0});
    ImGui::SameLine();
    if (ImGui::Button("Cancel")) push(requests, CancelNoReturn{});
  } else if (const playback::NoReturn* found = scene.no_return()) {
    if (!found->from) {
      paragraph("At no moment was it inevitable: some futures go well up to the end.");
    } else if (*found->from == 0) {
      paragraph("It was inevitable from the start: every future fails.");
    } else {
      paragraph(fmt::format("Inevitable from event {} on: {}.", lab::grouped(*found->from), found->what));
      const std::string label = fmt::format("go to event {}##no return", lab::grouped(*found->from));
      if (ImGui::SmallButton(label.c_str())) push(requests, playback::SeekEvent{scene.lane(), *found->from});
      faint(scene, "Before it some futures went well: the curve below the timeline.");
    }
  } else {
    if (ImGui::Button("When was it inevitable?")) push(requests, FindNoReturn{});
    tip("draws the rest of the run anew from many of its moments, and counts how often it still fails (R)");
    if (!scene.inevitable.error().empty()) faint(scene, scene.inevitable.error());
  }
  ImGui::Spacing();
}

}  // namespace

void StoryPanel::draw_branches(const Scene& scene, Requests& requests) {
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

void StoryPanel::draw_outline(const Scene& scene, Requests& requests) {
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
  draw_wrong(scene, requests);
  draw_no_return(scene, requests);
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
  if (ImGui::Button("Lessons")) push(requests, ShowLessonMap{true});
  tip("M");
  next_button("First question again");
  if (ImGui::Button("First question again")) push(requests, RestartPrologue{});
}

Requests StoryPanel::draw(const Scene& scene) {
  Requests requests;
  if (scene.prologue.over())
    draw_outline(scene, requests);
  else
    draw_prologue(scene, requests);
  return requests;
}

}  // namespace twice::ui

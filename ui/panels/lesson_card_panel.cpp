#include "ui/panels/lesson_card_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"
#include "ui/draw/text_input.h"
#include "ui/panels/labels.h"
#include "ui/panels/lesson_answers.h"
#include "ui/panels/markdown.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lesson::StepPart;

std::string_view word_of(const lesson::Step& step) {
  return std::visit(
      Overload{[](const lesson::Predict&) { return "Predict"; }, [](const lesson::Show&) { return "Run"; },
               [](const lesson::Explain&) { return "Explain"; }, [](const lesson::Challenge&) { return "Challenge"; },
               [](const lesson::Transfer&) { return "Somewhere else"; },
               [](const lesson::Card&) { return "In your tool"; }},
      step);
}

std::string_view question_of(const lesson::Step& step) {
  return std::visit(Overload{[](const lesson::Show& s) -> std::string_view { return s.text; },
                             [](const lesson::Card& c) -> std::string_view { return c.text; },
                             [](const auto& s) -> std::string_view { return s.question; }},
                    step);
}

// How far one is, as a row of short lines.
void draw_progress(const Scene& scene, const lesson::Session& session) {
  const float width = ImGui::GetContentRegionAvail().x, gap = 3 * scene.scale, high = 3 * scene.scale;
  const auto count = static_cast<float>(session.count());
  const float each = (width - gap * (count - 1)) / count;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  for (std::size_t i = 0; i < session.count(); ++i) {
    const float x = at.x + static_cast<float>(i) * (each + gap);
    ImGui::GetWindowDrawList()->AddRectFilled({x, at.y}, {x + each, at.y + high},
                                              i <= session.at() ? scene.theme.accent : scene.theme.border);
  }
  ImGui::Dummy({width, high});
}

void draw_head(const Scene& scene) {
  const lesson::Session& session = scene.lesson->session();
  const lesson::FrontMatter& front = session.lesson().front;
  const float room = ImGui::GetContentRegionAvail().x;
  const std::string title = fmt::format("{}. {}", front.number, front.title);
  heading(scene, fitted(scene.fonts.bold, ImGui::GetFontSize(), title, room));
  tip(fmt::format("{}\n{} minutes", title, front.minutes));
  const std::string where = fmt::format("screen {} of {}", session.at() + 1, session.count());
  const std::string points = scene.lesson->points_text();
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
  ImGui::TextUnformatted(where.c_str());
  const float right = width_of(scene.fonts.text, points);
  if (width_of(scene.fonts.text, where) + right + ImGui::GetFontSize() < room) {
    ImGui::SameLine(0, 0);
    ImGui::SetCursorPosX(ImGui::GetCursorStartPos().x + room - right);
    ImGui::TextUnformatted(points.c_str());
  }
  ImGui::PopStyleColor();
  draw_progress(scene, session);
}

// What is wrong with the file as it is now.
void draw_problems(const Scene& scene) {
  const auto& problems = scene.lesson->problems();
  if (problems.empty()) return;
  constexpr std::size_t kMost = 4;
  for (std::size_t i = 0; i < std::min(problems.size(), kMost); ++i) {
    const scenario::Diagnostic& d = problems[i];
    const bool error = d.severity == scenario::Severity::kError;
    ImGui::PushStyleColor(ImGuiCol_Text, error ? scene.theme.verdict.bad : scene.theme.verdict.unsure);
    paragraph(
        fmt::format("{} {}:{}:{}: {}", error ? "✗" : "!", d.file, d.span.begin.line, d.span.begin.column, d.message));
    ImGui::PopStyleColor();
    if (!d.help.empty()) faint(scene, "help: " + d.help);
  }
  if (problems.size() > kMost) faint(scene, fmt::format("and {} more", problems.size() - kMost));
  faint(scene, "Below is the lesson as it was last without errors.");
  ImGui::Separator();
}

void draw_hints(const Scene& scene, const StepPart& part, Requests& requests) {
  for (const std::string& hint : scene.lesson->draft(part).hints) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.unsure);
    draw_rich(scene, "**Hint:** " + hint, requests);
    ImGui::PopStyleColor();
  }
}

// A hint, and going on without an answer.
void draw_ways_out(const Scene& scene, const StepPart& part, Requests& requests) {
  const lesson::Session& session = scene.lesson->session();
  if (const std::size_t left = session.hints_left(part); left > 0) {
    const std::string label = fmt::format("Hint ({} left)", left);
    next_button(label);
    if (ImGui::Button(label.c_str())) push(requests, playback::AskHint{part.name});
    tip("F2");
  }
  if (session.result(part) || session.gave_up(part)) return;
  next_button("Go on without");
  if (ImGui::Button("Go on without")) push(requests, playback::GiveUp{part.name});
  tip(std::holds_alternative<lesson::Predict>(part.step) ? "no prediction; it cannot be made later"
                                                         : "no answer now; it can be given later");
}

void draw_send(const Scene& scene, const StepPart& part, std::string_view label, Requests& requests) {
  const std::string why = scene.lesson->why_not_send(part);
  if (scene.lesson->grading(part)) {
    ImGui::ProgressBar(static_cast<float>(scene.lesson->progress()), {ImGui::GetFontSize() * 8, 0}, "");
    ImGui::SameLine();
    if (ImGui::Button("Stop")) push(requests, playback::StopWork{});
    return;
  }
  if (why.empty()) {
    if (primary_button(scene, label)) push(requests, playback::SendAnswer{part.name});
    return tip("Ctrl+Enter");
  }
  (void)button(label, why);
}

// Shows the run of a step in the views.
void draw_beside(const Scene& scene, const StepPart& part, std::string_view label, Requests& requests) {
  const auto beside = scene.lesson->beside();
  const bool here = beside && beside->step == part.name;
  if (here && !std::holds_alternative<lesson::Challenge>(part.step)) {
    next_button("⏵ it stands beside");
    ImGui::AlignTextToFramePadding();
    return faint(scene, "⏵ it stands beside");
  }
  next_button(label);
  if (ImGui::Button(fmt::format("{}##{}", label, part.name).c_str())) push(requests, playback::ShowBeside{part.name});
}

void draw_card(const Scene& scene, const lesson::Card& card, Requests& requests) {
  draw_rich(scene, fmt::format("**{}** ({})", card.title, card.dated), requests);
  draw_markdown(scene, card.text, requests);
  draw_rich(scene, fmt::format("[{}]({})", card.source, card.source), requests);
}

void draw_run(const Scene& scene, const StepPart& part, Requests& requests) {
  draw_shown(scene, part, requests);
  draw_beside(scene, part, "Show it beside", requests);
  const playback::StepResult* result = scene.lesson->shown(part);
  const auto* run = result ? std::get_if<lesson::ShownRun>(result) : nullptr;
  if (!run) return;
  next_button("Copy command");
  if (ImGui::Button(fmt::format("Copy command##{}", part.name).c_str())) push(requests, CopyText{run->repro});
  tip(run->repro);
}

void draw_question(const Scene& scene, const StepPart& part, Requests& requests) {
  const lesson::Session& session = scene.lesson->session();
  const bool predicts = std::holds_alternative<lesson::Predict>(part.step);
  if (const auto* result = scene.lesson->shown(part)) {
    if (const auto* wrong = std::get_if<lesson::WentWrong>(result))
      faint(scene, fmt::format("The run beside, seed {}: {}", wrong->seed, wrong->seen));
    if (const auto* trouble = std::get_if<lesson::Trouble>(result)) draw_said(scene, trouble->text, requests);
  }
  draw_choices(scene, part, requests);
  draw_hints(scene, part, requests);
  const bool open = !session.result(part);
  if (predicts && session.gave_up(part))
    faint(scene, "You went on without a prediction.");
  else if (predicts && open)
    draw_confidence(scene, part, requests);
  else if (const auto sure = scene.lesson->draft(part).confidence; predicts && sure)
    faint(scene, fmt::format("You were {} % sure.", *sure));
  const bool may_send =
      predicts ? open && !session.gave_up(part) : open || session.result(part)->mark != lesson::Mark::kPassed;
  if (may_send) {
    draw_send(scene, part,
              predicts ? "This is my prediction"
              : open   ? "This is my answer"
                       : "Look at it again",
              requests);
    draw_ways_out(scene, part, requests);
  }
  draw_result(scene, part, requests);
}

}  // namespace

void LessonCardPanel::draw_field(const Scene& scene, const StepPart& part, Requests& requests) {
  const playback::Draft& draft = scene.lesson->draft(part);
  Text& text = texts_[scene.lesson->session().lesson().path + part.name];
  if (text.seen != draft.edits) text.now = text.seen = draft.edits;
  ImGui::PushFont(scene.fonts.mono);
  const auto lines =
      static_cast<float>(std::clamp<std::ptrdiff_t>(std::count(text.now.begin(), text.now.end(), '\n') + 2, 4, 10));
  if (std::exchange(wants_field_, false)) ImGui::SetKeyboardFocusHere();
  const float height = lines * ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().FramePadding.y;
  if (input_lines("##edits", text.now, {-1, height}, ImGuiInputTextFlags_AllowTabInput)) {
    text.seen = text.now;
    push(requests, playback::WriteEdits{part.name, text.now});
  }
  ImGui::PopFont();
  tip("TOML, as in the scenario: only what changes. F4 puts the keyboard here, Esc takes it away.");
}

void LessonCardPanel::draw_challenge(const Scene& scene, const StepPart& part, Requests& requests) {
  const playback::LessonCard& card = *scene.lesson;
  const auto& challenge = std::get<lesson::Challenge>(part.step);
  std::string paths;
  for (const std::string& edit : challenge.edit) paths += (paths.empty() ? "`" : ", `") + edit + "`";
  draw_rich(scene, fmt::format("You may change {} of *{}*:", paths, challenge.run.scenario.value), requests);
  draw_field(scene, part, requests);
  if (const std::string& wrong = card.draft(part).wrong; !wrong.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    draw_said(scene, wrong, requests);
    ImGui::PopStyleColor();
  }
  draw_hints(scene, part, requests);
  draw_send(scene, part, "Check it", requests);
  draw_beside(scene, part, "Run it beside", requests);
  const std::string many = fmt::format("Try {} seeds", lab::grouped(playback::LessonCard::kManySeeds));
  if (card.trying_seeds(part)) {
    ImGui::ProgressBar(static_cast<float>(card.progress()), {ImGui::GetFontSize() * 8, 0}, "");
    ImGui::SameLine();
    if (ImGui::Button("Stop##seeds")) push(requests, playback::StopWork{});
  } else {
    next_button(many);
    if (button(many, card.why_not_seeds(part))) push(requests, playback::TrySeeds{part.name});
  }
  draw_ways_out(scene, part, requests);
  draw_result(scene, part, requests);
  const playback::StepResult* seeds = card.seeds(part);
  if (!seeds) return;
  if (const auto* trouble = std::get_if<lesson::Trouble>(seeds)) return draw_said(scene, trouble->text, requests);
  const auto* graded = std::get_if<lesson::Graded>(seeds);
  if (!graded) return;
  const bool held = graded->mark == lesson::Mark::kPassed;
  ImGui::PushStyleColor(ImGuiCol_Text, held ? scene.theme.verdict.good : scene.theme.verdict.bad);
  paragraph(fmt::format("{} With {} seeds: {}", held ? "✓" : "✗", lab::grouped(playback::LessonCard::kManySeeds),
                        held ? "it holds" : graded->why));
  ImGui::PopStyleColor();
  for (const std::string& detail : graded->details) faint(scene, detail);
}

void LessonCardPanel::draw_step(const Scene& scene, const StepPart& part, Requests& requests) {
  const float em = ImGui::GetFontSize();
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImGui::PushID(part.name.c_str());
  ImGui::Indent(em * 0.7f);
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.accent);
  heading(scene, word_of(part.step));
  ImGui::PopStyleColor();
  if (const auto* card = std::get_if<lesson::Card>(&part.step)) {
    draw_card(scene, *card, requests);
  } else {
    draw_markdown(scene, question_of(part.step), requests);
    if (std::holds_alternative<lesson::Show>(part.step))
      draw_run(scene, part, requests);
    else if (std::holds_alternative<lesson::Challenge>(part.step))
      draw_challenge(scene, part, requests);
    else
      draw_question(scene, part, requests);
  }
  ImGui::Unindent(em * 0.7f);
  ImGui::PopID();
  const float bottom = ImGui::GetCursorScreenPos().y - ImGui::GetStyle().ItemSpacing.y;
  ImGui::GetWindowDrawList()->AddRectFilled(from, {from.x + 2.5f * scene.scale, bottom}, scene.theme.accent);
}

void LessonCardPanel::draw_part(const Scene& scene, const lesson::Part& part, Requests& requests) {
  std::visit(Overload{[&](const lesson::TextPart& text) { draw_markdown(scene, text.markdown, requests); },
                      [&](const StepPart& step) { draw_step(scene, step, requests); }},
             part);
  ImGui::Dummy({0, ImGui::GetFontSize() * 0.35f});
}

Requests LessonCardPanel::draw(const Scene& scene) {
  Requests requests;
  const lesson::Session& session = scene.lesson->session();
  draw_head(scene);
  const float foot = ImGui::GetFrameHeightWithSpacing() + ImGui::GetStyle().ItemSpacing.y;
  ImGui::BeginChild("screen", {0, std::max(4 * ImGui::GetFontSize(), ImGui::GetContentRegionAvail().y - foot)});
  const std::string now = fmt::format("{} {}", session.lesson().path, session.at());
  if (std::exchange(screen_, now) != now) ImGui::SetScrollY(0);
  draw_problems(scene);
  ImGui::PushFont(scene.fonts.large);
  paragraph(session.screen().title);
  ImGui::PopFont();
  ImGui::Dummy({0, ImGui::GetFontSize() * 0.2f});
  int id = 0;
  for (const lesson::Part* part : scene.lesson->visible()) {
    ImGui::PushID(id++);
    draw_part(scene, *part, requests);
    ImGui::PopID();
  }
  ImGui::EndChild();
  ImGui::Separator();
  if (button("Back", session.at() > 0 ? "" : "this is the first screen")) push(requests, playback::PreviousScreen{});
  tip("Shift+N");
  ImGui::SameLine();
  const bool last = session.at() + 1 >= session.count();
  if (last) {
    if (session.may_go_on() ? primary_button(scene, "All lessons  (M)") : ImGui::Button("All lessons  (M)"))
      push(requests, ShowLessonMap{true});
  } else if (session.may_go_on()) {
    if (primary_button(scene, "Next  (N)")) push(requests, playback::NextScreen{});
  } else {
    (void)button("Next  (N)", "answer first, or go on without");
  }
  if (last) return requests;
  const char* ahead = "I know this";
  const float right = ImGui::CalcTextSize(ahead).x + 2 * ImGui::GetStyle().FramePadding.x;
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < right) {
    ImGui::NewLine();
    return requests;
  }
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - right);
  if (ImGui::Button(ahead)) push(requests, playback::SkipAhead{});
  tip("skips to the last question: answered right, the lesson is passed");
  return requests;
}

}  // namespace twice::ui

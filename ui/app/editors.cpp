#include "ui/app/editors.h"

#include <algorithm>

#include <fmt/format.h>

#include "ui/draw/text_input.h"
#include "ui/panels/sweep_strip.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

void begin_editor(const char* title, bool& open, float share) {
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const float em = ImGui::GetFontSize();
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(display.x * 0.94f, em * 70), display.y * share}, ImGuiCond_Appearing);
  ImGui::Begin(title, &open, ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoScrollbar);
}

bool wants_run() {
  return ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows) && ImGui::GetIO().KeyCtrl &&
         ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter), false);
}

}  // namespace

void Editors::open_scenario(std::string text) {
  if (!scenario_open_) scenario_text_ = std::move(text);
  scenario_open_ = true;
  diagnostics_.clear();
}

void Editors::open_sql(std::string sql) {
  if (sql_text_.empty()) sql_text_ = std::move(sql);
  sql_open_ = true;
  diagnostics_.clear();
}

// The text as high as its lines, in a part that scrolls: so the numbers beside it stay with it.
void Editors::draw_text(const Scene& scene, std::string& text, float height) {
  ImGui::PushFont(scene.fonts.mono);
  const float line = ImGui::GetTextLineHeight();
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const float gutter = ImGui::CalcTextSize("✗ 9999 ").x;
  const float pad = ImGui::GetStyle().FramePadding.y;
  ImGui::BeginChild("editor", {0, height}, true);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float scroll = ImGui::GetScrollY();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto first = static_cast<std::size_t>(std::max(0.0f, scroll / line));
  const auto last = std::min(lines, first + static_cast<std::size_t>(height / line) + 2);
  const auto is_wrong = [&](std::size_t n) {
    return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                       [&](const scenario::Diagnostic& d) { return d.span.begin.line == n; });
  };
  for (std::size_t n = first; n < last; ++n) {
    const ImVec2 place{at.x, at.y + pad + static_cast<float>(n) * line};
    const bool wrong = is_wrong(n + 1);
    if (wrong)
      list.AddRectFilled(place, {at.x + ImGui::GetContentRegionAvail().x, place.y + line},
                         faded(scene.theme.verdict.bad, 0.18f));
    twice::ui::draw_text(list, scene.fonts.mono, ImGui::GetFontSize(), place,
                         wrong ? scene.theme.verdict.bad : scene.theme.faint,
                         fmt::format("{} {:>4}", wrong ? "✗" : " ", n + 1));
  }
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + gutter);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  const float needed = static_cast<float>(lines + 2) * line + 2 * pad;
  input_lines("##text", text, {-1, std::max(needed, ImGui::GetContentRegionAvail().y)},
              ImGuiInputTextFlags_AllowTabInput);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  ImGui::EndChild();
  ImGui::PopFont();
}

void Editors::draw_diagnostics(const Scene& scene, const std::vector<playback::SqlRemark>& remarks) {
  const auto say = [&](std::uint32_t line, std::uint32_t column, std::string_view severity, const std::string& message,
                       const std::string& help) {
    const bool error = severity == "error";
    ImGui::PushStyleColor(ImGuiCol_Text, error ? scene.theme.verdict.bad : scene.theme.verdict.unsure);
    paragraph(fmt::format("{} {}:{}: {}", error ? "✗" : "!", line, column, message));
    ImGui::PopStyleColor();
    if (!help.empty()) faint(scene, "help: " + help);
  };
  for (const scenario::Diagnostic& d : diagnostics_)
    say(d.span.begin.line, d.span.begin.column, name_of(d.severity), d.message, d.help);
  for (const playback::SqlRemark& r : remarks) say(r.line, r.column, r.severity, r.message, r.help);
}

void Editors::draw_scenario(const Scene& scene, Requests& requests) {
  begin_editor("Edit the scenario", scenario_open_, 0.86f);
  faint(scene, scene.session.scenario().path);
  const float below = ImGui::GetFrameHeightWithSpacing() + 2 * ImGui::GetStyle().ItemSpacing.y +
                      (diagnostics_.empty() ? 0
                                            : std::min<float>(6, static_cast<float>(2 * diagnostics_.size())) *
                                                  ImGui::GetTextLineHeightWithSpacing());
  draw_text(scene, scenario_text_, std::max(60.0f, ImGui::GetContentRegionAvail().y - below));
  if (primary_button(scene, "Run it again  (Ctrl+Enter)") || wants_run()) push(requests, RunText{scenario_text_});
  ImGui::SameLine();
  if (ImGui::Button("Copy all")) push(requests, CopyText{scenario_text_});
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  faint(scene, "the cursor stays where it is; the file is not changed");
  if (!diagnostics_.empty()) {
    ImGui::BeginChild("said");
    draw_diagnostics(scene, {});
    ImGui::EndChild();
  }
  ImGui::End();
}

void Editors::draw_sql(const Scene& scene, Requests& requests) {
  begin_editor("Your SQL", sql_open_, 0.8f);
  faint(scene,
        "Tables and rows are those of the open scenario. The script runs as it stands, with its own BEGIN and "
        "COMMIT.");
  const float all = ImGui::GetContentRegionAvail().y;
  draw_text(scene, sql_text_, all * 0.5f);
  if (primary_button(scene, "Sweep it: crash at every point  (Ctrl+Enter)") || wants_run()) {
    push(requests, RunSql{sql_text_});
    push(requests, StartSweep{true});
  }
  ImGui::SameLine();
  if (ImGui::Button("Run it")) push(requests, RunSql{sql_text_});
  ImGui::BeginChild("said");
  const auto& output = scene.sweep.output();
  if (output && !output->verdict.empty()) {
    const bool safe = output->verdict == "safe";
    ImGui::PushStyleColor(ImGuiCol_Text, safe ? scene.theme.verdict.good : scene.theme.verdict.bad);
    heading(scene, safe ? "✓ safe to run again" : fmt::format("✗ {} to run again", output->verdict));
    ImGui::PopStyleColor();
  }
  draw_diagnostics(scene, output ? output->remarks : std::vector<playback::SqlRemark>{});
  if (scene.sweep.running() || (output && !output->verdict.empty())) {
    Requests more = draw_sweep_strips(scene, ImGui::GetTextLineHeight() * 6);
    requests.insert(requests.end(), more.begin(), more.end());
  }
  ImGui::EndChild();
  ImGui::End();
}

Requests Editors::draw(const Scene& scene) {
  Requests requests;
  if (scenario_open_) draw_scenario(scene, requests);
  if (sql_open_) draw_sql(scene, requests);
  return requests;
}

}  // namespace twice::ui

#include "ui/panels/checks_panel.h"

#include <fmt/format.h>

#include "ui/panels/widgets.h"

namespace twice::ui {

namespace {

// What was broken first explains what was broken later.
void draw_broken(const Scene& scene, Requests& requests) {
  if (scene.pictures.broken.empty()) return;
  heading(scene, "Broken invariants");
  for (const playback::BrokenInvariant& broken : scene.pictures.broken) {
    ImGui::PushID(broken.name.c_str());
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    paragraph(fmt::format("✗ {}: {}", broken.name, broken.is_cause ? "the cause" : "harm"));
    ImGui::PopStyleColor();
    tip(broken.meaning);
    ImGui::Indent();
    paragraph(broken.words);
    faint(scene, broken.meaning);
    const std::string label = fmt::format("go to event {}", broken.event);
    if (ImGui::SmallButton(label.c_str())) push(requests, playback::SeekEvent{scene.lane(), broken.event});
    ImGui::Unindent();
    ImGui::PopID();
  }
  ImGui::Spacing();
}

}  // namespace

Requests draw_checks(const Scene& scene) {
  Requests requests;
  draw_broken(scene, requests);
  heading(scene, "Checks");
  faint(scene, "what the scenario expects of \"" + scene.session.lanes()[scene.lane()].name() + "\" by its end");
  if (scene.pictures.checks.empty()) faint(scene, "The scenario expects nothing of this lane.");
  int id = 0;
  for (const playback::CheckLine& check : scene.pictures.checks) {
    ImGui::PushID(id++);
    const Badge badge = badge_of(scene.theme, check.held);
    ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
    paragraph(fmt::format("{} {}: {}", badge.icon, check.name, badge.word));
    ImGui::PopStyleColor();
    if (check.place) tip(*check.place);
    ImGui::Indent();
    faint(scene, check.reason);
    if (check.event && ImGui::SmallButton("go to where it broke"))
      push(requests, playback::SeekEvent{scene.lane(), *check.event});
    ImGui::Unindent();
    ImGui::PopID();
  }
  return requests;
}

}  // namespace twice::ui

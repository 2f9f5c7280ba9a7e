#include "ui/panels/checks_panel.h"

#include <fmt/format.h>

#include "ui/panels/widgets.h"

namespace twice::ui {

Requests draw_checks(const Scene& scene) {
  Requests requests;
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

#include "ui/panels/inspector_panel.h"

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

void draw_change(const Scene& scene, const FieldChange& change) {
  const bool added = change.kind == FieldChange::Kind::kAdded;
  const bool removed = change.kind == FieldChange::Kind::kRemoved;
  ImGui::PushStyleColor(ImGuiCol_Text, added     ? scene.theme.verdict.good
                                       : removed ? scene.theme.verdict.bad
                                                 : scene.theme.verdict.unsure);
  ImGui::TextUnformatted(added ? "[+]" : removed ? "[-]" : "[~]");
  ImGui::PopStyleColor();
  ImGui::SameLine();
  paragraph(to_text(change));
}

void draw_fields(const Scene& scene, const std::vector<Field>& fields) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp;
  if (!ImGui::BeginTable("fields", 2, kFlags)) return;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(fields.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const Field& field = fields[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
      ImGui::TextUnformatted(field.path.c_str());
      ImGui::PopStyleColor();
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(field.text.substr(0, 200).c_str());
      if (field.text.size() > 20) tip(field.text);
    }
  ImGui::EndTable();
}

}  // namespace

Requests draw_inspector(const Scene& scene) {
  Requests requests;
  const playback::InspectorView& view = scene.pictures.inspector;
  heading(scene, "Inspector");
  if (scene.session.cursor().playing) {
    faint(scene, "Pause to see what each event changes.");
    return requests;
  }
  faint(scene, fmt::format("event {} · {}", lab::grouped(view.event), time_text(view.at)));
  paragraph(view.sentence);
  ImGui::Spacing();
  const bool other = view.happened_to && *view.happened_to != view.node;
  if (view.changes.empty())
    faint(scene, other ? fmt::format("It changed nothing in {}.", view.name) : std::string("It changed no field."));
  constexpr std::size_t kMostChanges = 12;
  for (std::size_t i = 0; i < std::min(kMostChanges, view.changes.size()); ++i) draw_change(scene, view.changes[i]);
  if (view.changes.size() > kMostChanges) faint(scene, fmt::format("and {} more", view.changes.size() - kMostChanges));
  ImGui::Spacing();
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##node", fmt::format("state of {}", view.name).c_str())) {
    const auto& selection = scene.session.selection();
    if (ImGui::Selectable("whom the event happens to", !selection.node))
      push(requests, playback::Select{{std::nullopt, selection.event, selection.row}});
    for (const NodeId node : scene.run().nodes_seen())
      if (ImGui::Selectable(scene.run().last_world().name(node).c_str(), selection.node == node))
        push(requests, playback::Select{{node, selection.event, selection.row}});
    ImGui::EndCombo();
  }
  draw_fields(scene, view.fields);
  return requests;
}

}  // namespace twice::ui

#include "ui/panels/whole_idea_panel.h"

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

void draw_count(const Scene& scene, const std::optional<std::uint64_t>& rows, std::uint64_t wanted) {
  if (!rows) {
    faint(scene, "running …");
    return;
  }
  const bool right = *rows == wanted;
  ImGui::PushStyleColor(ImGuiCol_Text, right ? scene.theme.verdict.good : scene.theme.verdict.bad);
  ImGui::PushFont(scene.fonts.large);
  ImGui::TextUnformatted(fmt::format("{} {}", right ? "✓" : "✗", lab::grouped(*rows)).c_str());
  ImGui::PopFont();
  ImGui::PopStyleColor();
}

void draw_partial(const Scene& scene, const std::optional<bool>& partial) {
  if (!partial) {
    faint(scene, "running …");
    return;
  }
  ImGui::PushStyleColor(ImGuiCol_Text, *partial ? scene.theme.verdict.unsure : scene.theme.verdict.good);
  ImGui::TextUnformatted(*partial ? "~ saw a part" : "✓ old or new only");
  ImGui::PopStyleColor();
}

}  // namespace

Requests draw_whole_idea(const Scene& scene) {
  if (!scene.whole_idea) {
    paragraph("The four scenarios are not where the program looks for them (scenarios/loaders/four-lines-*.toml).");
    return {};
  }
  const playback::WholeIdea& idea = *scene.whole_idea;
  const int columns = static_cast<int>(idea.faults().size()) + 2;
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_PadOuterX;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {ImGui::GetFontSize() * 0.6f, ImGui::GetFontSize() * 0.6f});
  if (ImGui::BeginTable("idea", columns, kFlags)) {
    ImGui::TableSetupColumn("loader", 0, 1.6f);
    for (const std::string& fault : idea.faults()) ImGui::TableSetupColumn(fault.c_str());
    ImGui::TableSetupColumn("a reader meanwhile");
    ImGui::TableHeadersRow();
    for (const playback::WholeIdea::Row& row : idea.rows()) {
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      heading(scene, row.loader);
      for (const auto& rows : row.rows) {
        ImGui::TableNextColumn();
        draw_count(scene, rows, idea.wanted());
      }
      ImGui::TableNextColumn();
      draw_partial(scene, row.partial_seen);
    }
    ImGui::EndTable();
  }
  ImGui::PopStyleVar();
  ImGui::Spacing();
  faint(scene, fmt::format("Each number comes from a run of its own, made just now: rows of the day in the end; {} are "
                           "wanted.",
                           lab::grouped(idea.wanted())));
  return {};
}

}  // namespace twice::ui

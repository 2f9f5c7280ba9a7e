#include "ui/panels/rows_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::InterestingRow;
using playback::RowState;

std::string words_of(const InterestingRow& row) {
  if (!row.cell) return "✗ nobody wanted it";
  if (row.state == RowState::kDuplicated) return fmt::format("✗ ×{}", row.copies);
  if (row.state == RowState::kMissing) return "✗ missing";
  return "✗ wrong values";
}

}  // namespace

Requests draw_rows_table(const Scene& scene) {
  Requests requests;
  const playback::LanePicture& lane = scene.pictures.lanes[scene.lane()];
  if (!lane.loader) return requests;
  const playback::LoaderView& view = *lane.loader;
  heading(scene, "Rows worth a look");
  ImGui::SameLine();
  faint(scene, fmt::format("{}: {} of {} rows as wanted", scene.session.lanes()[scene.lane()].name(),
                           lab::grouped(static_cast<std::uint64_t>(
                               std::count_if(view.cells.begin(), view.cells.end(),
                                             [](const playback::Cell& c) { return c.state == RowState::kLoaded; }))),
                           lab::grouped(view.wanted)));
  if (view.interesting.empty()) {
    faint(scene, "None at this moment: no row is there twice, none is missing, none is wrong.");
    return requests;
  }
  const int columns = static_cast<int>(std::min<std::size_t>(view.columns.size(), 12)) + 1;
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerV |
                                     ImGuiTableFlags_SizingStretchProp;
  if (!ImGui::BeginTable("rows", columns, kFlags)) return requests;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("what");
  for (int c = 1; c < columns; ++c) ImGui::TableSetupColumn(view.columns[static_cast<std::size_t>(c - 1)].c_str());
  ImGui::TableHeadersRow();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(view.interesting.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const InterestingRow& row = view.interesting[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      const bool selected = row.cell && scene.session.selection().row == row.cell;
      if (ImGui::Selectable(fmt::format("{}##{}", words_of(row), i).c_str(), selected,
                            ImGuiSelectableFlags_SpanAllColumns) &&
          row.cell)
        push(requests, playback::Select{{scene.session.selection().node, scene.session.selection().event, row.cell}});
      ImGui::PushFont(scene.fonts.mono);
      for (std::size_t c = 0; c + 1 < static_cast<std::size_t>(columns) && c < row.values.size(); ++c) {
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(to_text(row.values[c]).c_str());
      }
      ImGui::PopFont();
    }
  ImGui::EndTable();
  if (view.interesting_in_all > view.interesting.size())
    faint(scene, fmt::format("and {} more", lab::grouped(view.interesting_in_all - view.interesting.size())));
  return requests;
}

}  // namespace twice::ui

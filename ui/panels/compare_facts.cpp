// The few facts of two runs, side by side.
#include <algorithm>

#include <fmt/format.h>

#include "ui/panels/compare_panel.h"
#include "ui/panels/labels.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

std::string header_of(const ComparedFact& fact) { return (fact.differs() ? "≠ " : "= ") + fact.name; }

std::string text_of(const ComparedFact::Side& side) {
  return side.badge ? fmt::format("{} {}", side.badge->icon, side.text) : side.text;
}

// So that neither the header nor a value is cut.
float width_for(const Scene& scene, const ComparedFact& fact) {
  float wide = width_of(scene.fonts.text, header_of(fact));
  for (const ComparedFact::Side* side : {&fact.left, &fact.right})
    wide = std::max(wide, width_of(side->badge ? scene.fonts.text : scene.fonts.mono, text_of(*side)));
  return wide + 2 * scene.scale;
}

struct Column {
  const ComparedFact* fact;
  float width;
};

// Columns that fit beside the names; those that tell least give way first.
std::vector<Column> columns_of(const Scene& scene, const std::vector<ComparedFact>& facts, float width) {
  std::vector<Column> columns;
  for (const ComparedFact& fact : facts) columns.push_back({&fact, width_for(scene, fact)});
  const float padding = 2 * ImGui::GetStyle().CellPadding.x + 1, names = 110 * scene.scale + padding;
  const auto all = [&] {
    float sum = names;
    for (const Column& column : columns) sum += column.width + padding;
    return sum;
  };
  const auto drop = [&](const char* name) {
    std::erase_if(columns, [&](const Column& column) { return column.fact->name == name; });
  };
  if (all() > width) drop("hash");
  // A verdict in words may take several lines.
  for (Column& column : columns)
    if (const float over = all() - width; over > 0 && column.fact->left.badge)
      column.width = std::max(column.width - over, 90 * scene.scale);
  for (const char* name : {"end", "events"})
    if (all() > width) drop(name);
  return columns;
}

void show_side(const Scene& scene, const ComparedFact::Side& side) {
  if (!side.badge) ImGui::PushFont(scene.fonts.mono);
  ImGui::PushStyleColor(ImGuiCol_Text, side.badge ? side.badge->colour : scene.theme.text);
  paragraph(text_of(side));
  ImGui::PopStyleColor();
  if (!side.badge) ImGui::PopFont();
}

void show_headers(const std::vector<Column>& columns) {
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  ImGui::TableNextColumn();
  ImGui::TableHeader("##run");
  for (const Column& column : columns) {
    ImGui::TableNextColumn();
    ImGui::TableHeader(header_of(*column.fact).c_str());
    tip(column.fact->meaning);
  }
}

}  // namespace

void ComparePanel::draw_facts(const Scene& scene) const {
  const playback::ComparePicture& compare = scene.pictures.compare;
  const std::vector<Column> columns = columns_of(scene, facts_, ImGui::GetContentRegionAvail().x);
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_BordersOuter | ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_SizingFixedFit;
  if (!ImGui::BeginTable("facts", static_cast<int>(columns.size()) + 1, kFlags)) return;
  ImGui::TableSetupColumn("run", ImGuiTableColumnFlags_WidthStretch);
  for (const Column& column : columns)
    ImGui::TableSetupColumn(column.fact->name.c_str(), ImGuiTableColumnFlags_WidthFixed, column.width);
  show_headers(columns);
  for (const bool left : {true, false}) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    paragraph(left ? compare.left_name : compare.right_name);
    tip(left ? compare.left_name : compare.right_name);
    for (const Column& column : columns) {
      ImGui::TableNextColumn();
      show_side(scene, left ? column.fact->left : column.fact->right);
    }
  }
  ImGui::EndTable();
}

}  // namespace twice::ui

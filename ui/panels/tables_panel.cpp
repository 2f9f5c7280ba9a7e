#include "ui/panels/tables_panel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/contrast.h"
#include "ui/panels/labels.h"
#include "ui/panels/logs_panel.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr float kNarrow = 760;  // units: the log goes below the tables
constexpr std::size_t kColumnsThatFit = 6;

std::vector<std::uint32_t> count_copies(const std::vector<pipeline::SqlRow>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
  std::vector<std::uint32_t> copies(rows.size(), 1);
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && rows[order[end]] == rows[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) copies[order[i]] = static_cast<std::uint32_t>(end - begin);
  }
  return copies;
}

void mono(const Scene& scene, const std::string& text) {
  ImGui::PushFont(scene.fonts.mono);
  ImGui::TextUnformatted(text.c_str(), text.c_str() + text.size());
  ImGui::PopFont();
}

// Upper and lower case of ASCII are the same to a filter.
bool contains(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

std::size_t place_of(const std::vector<playback::NodePicture>& nodes, const std::vector<NodeId>& seen, NodeId node) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].node == node) return i;
  return static_cast<std::size_t>(std::find(seen.begin(), seen.end(), node) - seen.begin());
}

}  // namespace

Requests TablesPanel::draw(const Scene& scene) {
  Requests requests;
  if (!scene.run().error().empty()) {
    paragraph(scene.run().error());
    return requests;
  }
  refresh(scene);
  const ImVec2 room = ImGui::GetContentRegionAvail(), gap = ImGui::GetStyle().ItemSpacing;
  if (!scene.pictures.logs.empty()) {
    // Long rather than high: above the narration at any width.
    draw_logs(scene, {0, (room.y - gap.y) * 0.62f}, requests);
    draw_log(scene, {0, 0}, requests);
  } else if (scene.pictures.tables.empty()) {
    draw_log(scene, {0, 0}, requests);
  } else if (room.x >= kNarrow * scene.scale) {
    draw_tables(scene, {(room.x - gap.x) * 0.46f, 0});
    ImGui::SameLine();
    draw_log(scene, {0, 0}, requests);
  } else {
    draw_tables(scene, {0, (room.y - gap.y) * 0.5f});
    draw_log(scene, {0, 0}, requests);
  }
  return requests;
}

void TablesPanel::refresh(const Scene& scene) {
  const std::size_t lane = scene.lane();
  const Moment now{&scene.session, scene.session.revision(), scene.session.branch(), lane,
                   scene.session.cursor().event[lane]};
  if (now == seen_ && copies_.size() == scene.pictures.tables.size()) return;
  seen_ = now;
  copies_.clear(), duplicated_.clear();
  for (const playback::TableView& table : scene.pictures.tables) {
    copies_.push_back(count_copies(table.rows));
    duplicated_.push_back(static_cast<std::size_t>(
        std::count_if(copies_.back().begin(), copies_.back().end(), [](std::uint32_t n) { return n > 1; })));
  }
  refresh_lines(scene);
  follow_ = true;
}

void TablesPanel::refresh_lines(const Scene& scene) {
  filtered_ = filter_.data();
  node_ = scene.session.selection().node;
  filtered_node_ = one_node_ && node_;
  lines_.clear();
  for (std::size_t i = 0; i < scene.pictures.log.size(); ++i) {
    const playback::LogLine& line = scene.pictures.log[i];
    if (filtered_node_ && line.node != *node_) continue;
    if (filtered_.empty() || contains(line.text, filtered_)) lines_.push_back(i);
  }
}

// --- tables

void TablesPanel::draw_tables(const Scene& scene, ImVec2 size) {
  ImGui::BeginChild("tables", size);
  heading(scene, "Tables, as a reader sees them now");
  if (ImGui::BeginTabBar("names", ImGuiTabBarFlags_FittingPolicyScroll)) {
    for (std::size_t i = 0; i < scene.pictures.tables.size(); ++i) {
      const playback::TableView& table = scene.pictures.tables[i];
      const std::string label = fmt::format("{} ({})###{}", table.name, lab::grouped(table.rows_in_all), table.name);
      if (!ImGui::BeginTabItem(label.c_str())) continue;
      draw_table(scene, i);
      ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
  }
  ImGui::EndChild();
}

void TablesPanel::draw_table(const Scene& scene, std::size_t index) {
  const playback::TableView& table = scene.pictures.tables[index];
  std::string about = lab::counted(table.rows_in_all, "row");
  if (duplicated_[index] > 0)
    about += fmt::format(", ×2 marks {} with an equal one", lab::counted(duplicated_[index], "row"));
  if (table.rows.size() < table.rows_in_all)
    about += fmt::format("; the first {} are shown, {} are not", lab::grouped(table.rows.size()),
                         lab::grouped(table.rows_in_all - table.rows.size()));
  faint(scene, about);
  if (table.rows.empty()) return paragraph("The table is empty at this moment.");
  const int columns = static_cast<int>(table.columns.size()) + 1;
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersOuter |
                                     ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_Resizable;
  const bool wide = table.columns.size() > kColumnsThatFit;
  if (!ImGui::BeginTable("rows", columns,
                         kFlags | (wide ? ImGuiTableFlags_ScrollX : ImGuiTableFlags_SizingStretchProp)))
    return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("copies", ImGuiTableColumnFlags_WidthFixed, 54 * scene.scale);
  for (const std::string& column : table.columns) ImGui::TableSetupColumn(column.c_str());
  ImGui::TableHeadersRow();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(table.rows.size()));
  while (clipper.Step())
    for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row)
      draw_row(scene, index, static_cast<std::size_t>(row));
  ImGui::EndTable();
}

void TablesPanel::draw_row(const Scene& scene, std::size_t table, std::size_t row) const {
  const std::uint32_t copies = copies_[table][row];
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  if (copies > 1) {
    const ImU32 fill = scene.theme.row.duplicated;
    ImGui::TableSetBgColor(ImGuiTableBgTarget_CellBg, fill);
    ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, faded(fill, 0.14f));
    ImGui::PushStyleColor(ImGuiCol_Text, ink_on(fill));
    ImGui::TextUnformatted(fmt::format("×{}", copies).c_str());
    ImGui::PopStyleColor();
  }
  for (const pipeline::SqlValue& value : scene.pictures.tables[table].rows[row]) {
    ImGui::TableNextColumn();
    mono(scene, pipeline::to_text(value));
  }
}

// --- log

void TablesPanel::draw_log(const Scene& scene, ImVec2 size, Requests& requests) {
  ImGui::BeginChild("log", size);
  heading(scene, "Log around the cursor");
  draw_filter(scene);
  if (scene.pictures.log.empty())
    paragraph("Nothing has happened yet: press Space or →.");
  else if (lines_.empty())
    paragraph("No line near the cursor passes the filter.");
  else
    draw_lines(scene, requests);
  ImGui::EndChild();
}

void TablesPanel::draw_filter(const Scene& scene) {
  const std::optional<NodeId> node = scene.session.selection().node;
  const std::string label = node && node->index < scene.run().last_world().size()
                                ? fmt::format("{} only###node", scene.run().last_world().name(*node))
                                : "selected node only###node";
  const float box = ImGui::CalcTextSize(label.c_str(), nullptr, true).x + ImGui::GetFrameHeight() * 2.2f;
  ImGui::SetNextItemWidth(std::max(120 * scene.scale, ImGui::GetContentRegionAvail().x - box));
  ImGui::InputTextWithHint("###filter", "filter: words of the line", filter_.data(), filter_.size());
  ImGui::SameLine();
  ImGui::BeginDisabled(!node);
  ImGui::Checkbox(label.c_str(), &one_node_);
  ImGui::EndDisabled();
  if (!node) tip("select a node first, for example in the network view");
  if (filtered_ != filter_.data() || node_ != node || filtered_node_ != (one_node_ && node)) {
    refresh_lines(scene);
    follow_ = true;
  }
}

void TablesPanel::draw_lines(const Scene& scene, Requests& requests) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersOuter;
  if (!ImGui::BeginTable("lines", 3, kFlags)) return;
  const float digits = width_of(scene.fonts.mono, "0");
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("event", ImGuiTableColumnFlags_WidthFixed, digits * 11);
  ImGui::TableSetupColumn("time", ImGuiTableColumnFlags_WidthFixed, digits * 12);
  ImGui::TableSetupColumn("what happened");
  ImGui::TableHeadersRow();
  const Sequence now = scene.session.cursor().event[scene.lane()];
  const auto& log = scene.pictures.log;
  const auto current = std::find_if(lines_.begin(), lines_.end(), [&](std::size_t i) { return log[i].event >= now; });
  const float high = ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().CellPadding.y;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(lines_.size()), high);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const playback::LogLine& line = log[lines_[static_cast<std::size_t>(i)]];
      draw_line(scene, line, line.event == now, requests);
    }
  if (follow_) {
    const auto row = static_cast<float>(current - lines_.begin());
    const float top = row * high, seen = ImGui::GetWindowHeight() - 2 * high, at = ImGui::GetScrollY();
    if (top < at + high || top > at + seen - 2 * high)
      ImGui::SetScrollY(std::max(0.0f, std::floor((top - seen / 2) / high) * high));
    follow_ = false;
  }
  ImGui::EndTable();
}

void TablesPanel::draw_line(const Scene& scene, const playback::LogLine& line, bool current, Requests& requests) const {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(&line);
  const bool fault = line.kind == RecordKind::kCrash || line.kind == RecordKind::kLost ||
                     line.kind == RecordKind::kCut || line.kind == RecordKind::kDuplicated ||
                     line.kind == RecordKind::kReordered || line.kind == RecordKind::kClogged ||
                     line.kind == RecordKind::kIgnored;
  ImGui::PushFont(scene.fonts.mono);
  const std::string number = fmt::format("{}{}", current ? "▶ " : "  ", lab::grouped(line.event));
  if (ImGui::Selectable(number.c_str(), current, ImGuiSelectableFlags_SpanAllColumns))
    push(requests, playback::SeekEvent{scene.lane(), line.event});
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(time_text(line.at).c_str());
  ImGui::PopFont();
  ImGui::PopID();
  ImGui::TableNextColumn();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float r = 4 * scene.scale, size = ImGui::GetTextLineHeight();
  const auto& nodes = scene.pictures.network.nodes;
  if (line.node != kNobody) {
    const std::size_t place = place_of(nodes, scene.run().nodes_seen(), line.node);
    ImGui::GetWindowDrawList()->AddCircleFilled({at.x + r, at.y + size / 2}, r, scene.theme.identity(place));
  }
  ImGui::SetCursorScreenPos({at.x + 3.5f * r, at.y});
  const std::string text = (fault ? "⚠ " : "") + line.text;
  ImGui::PushStyleColor(ImGuiCol_Text, fault ? scene.theme.mark.crash : scene.theme.text);
  const float room = ImGui::GetContentRegionAvail().x;
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopStyleColor();
  if (ImGui::GetItemRectSize().x > room) tip(text);
}

}  // namespace twice::ui

#include "ui/panels/loader_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/dashboard_tile.h"
#include "ui/panels/row_grid.h"
#include "ui/panels/rows_table.h"
#include "ui/panels/sweep_strip.h"
#include "ui/panels/whole_idea_panel.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Act;

std::string sql_of(const scenario::LoaderSpec& loader) {
  std::string text;
  const auto add = [&](const std::vector<scenario::SqlText>& list) {
    for (const scenario::SqlText& sql : list) text += (text.empty() ? "" : "\n") + sql.text;
  };
  const bool once = loader.commit.kind == scenario::CommitRule::Kind::kOnce;
  if (once) text += "BEGIN";
  add(loader.before);
  if (!loader.row.empty()) {
    if (loader.commit.kind == scenario::CommitRule::Kind::kEvery)
      text += fmt::format("{}-- for each row, COMMIT every {}", text.empty() ? "" : "\n", loader.commit.every);
    if (loader.commit.kind == scenario::CommitRule::Kind::kEachRow)
      text += std::string(text.empty() ? "" : "\n") + "-- for each row, COMMIT each";
    if (once) text += "\n-- for each row";
  }
  add(loader.row);
  add(loader.statement);
  add(loader.after);
  if (loader.script) text += loader.script->text;
  if (once) text += "\nCOMMIT";
  return text;
}

void draw_sql(const Scene& scene, const scenario::LoaderSpec& loader, float height) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, scene.theme.raised);
  ImGui::BeginChild("sql", {0, height}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  ImGui::PushFont(scene.fonts.mono);
  paragraph(sql_of(loader));
  ImGui::PopFont();
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void draw_status(const Scene& scene, const playback::LoaderView& view) {
  const bool dead = view.statements_planned > 0 && !view.loader_is_up && !view.told_ok;
  const std::string_view icon = view.told_ok ? "✓ " : dead ? "✗ " : view.loader_is_up ? "▶ " : "";
  ImGui::PushStyleColor(ImGuiCol_Text, dead ? scene.theme.verdict.bad : scene.theme.faint);
  paragraph(fmt::format("{}{}", icon, view.status));
  ImGui::PopStyleColor();
  if (view.attempt > 0 && !view.warehouse_is_up) {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.verdict.bad);
    paragraph("✗ the warehouse is down");
    ImGui::PopStyleColor();
  }
}

void draw_verdict(const Scene& scene, std::size_t lane) {
  const lab::RunReport* report = scene.session.report(lane);
  if (!report || !report->load || !scene.pictures.lanes[lane].over) return;
  const Badge badge = badge_of(scene.theme, report->load->letter);
  ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
  paragraph(fmt::format("{} {}", badge.icon, badge.word));
  ImGui::PopStyleColor();
}

// Name, what it does, what it is doing.
void draw_loader_side(const Scene& scene, std::size_t lane, float height) {
  const playback::Lane& of = scene.session.lanes()[lane];
  const playback::LanePicture& picture = scene.pictures.lanes[lane];
  const float top = ImGui::GetCursorPosY();
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.identity(lane));
  ImGui::TextUnformatted("■");
  ImGui::PopStyleColor();
  ImGui::SameLine();
  const std::string name = fitted(scene.fonts.bold, ImGui::GetFontSize(), of.name(), ImGui::GetContentRegionAvail().x);
  heading(scene, name);
  if (name != of.name()) tip(of.name());
  if (picture.loader) draw_status(scene, *picture.loader);
  if (!scene.veil.results) draw_verdict(scene, lane);
  const float left = height - (ImGui::GetCursorPosY() - top);
  if (left > 2.2f * ImGui::GetTextLineHeight()) draw_sql(scene, of.variant->spec.lane.loader, left);
}

void draw_lane(const Scene& scene, std::size_t lane, float height, Requests& requests) {
  const playback::LanePicture& picture = scene.pictures.lanes[lane];
  if (!picture.error.empty()) {
    heading(scene, scene.session.lanes()[lane].name());
    paragraph("✗ " + picture.error);
    return;
  }
  const float width = ImGui::GetContentRegionAvail().x;
  const float gap = ImGui::GetFontSize();
  const float side = std::min(width * 0.32f, ImGui::GetFontSize() * 24);
  const float tile = std::min(width * 0.25f, ImGui::GetFontSize() * 16);
  ImGui::BeginChild("side", {side, height}, false, ImGuiWindowFlags_NoScrollbar);
  draw_loader_side(scene, lane, height);
  ImGui::EndChild();
  ImGui::SameLine(0, gap);
  ImGui::BeginChild("grid", {width - side - tile - 2 * gap, height}, false, ImGuiWindowFlags_NoScrollbar);
  if (picture.loader) {
    if (const auto row =
            draw_row_grid(scene, *picture.loader, ImGui::GetContentRegionAvail(), scene.session.selection().row))
      push(requests, playback::Select{{scene.session.selection().node, scene.session.selection().event, row}});
  } else {
    faint(scene, "The run without faults is being made, to know what is wanted …");
  }
  ImGui::EndChild();
  ImGui::SameLine(0, gap);
  ImGui::BeginChild("tile", {tile, height}, false, ImGuiWindowFlags_NoScrollbar);
  draw_dashboard_tile(scene, picture, scene.session.end(), ImGui::GetContentRegionAvail(), !scene.veil.results);
  ImGui::EndChild();
}

// What every crash does, or what became of single rows: there is room for one of them.
Requests draw_below(const Scene& scene, float height, bool& shows_rows) {
  Requests requests;
  if (!ImGui::BeginTabBar("below")) return requests;
  if (ImGui::BeginTabItem("Every crash point")) {
    ImGui::BeginChild("strips", {0, height});
    requests = draw_sweep_strips(scene, height);
    ImGui::EndChild();
    ImGui::EndTabItem();
  }
  const playback::LoaderView* view = scene.pictures.lanes[scene.lane()].loader;
  const std::string title =
      fmt::format("Rows worth a look ({})###rows", lab::grouped(view ? view->interesting_in_all : 0));
  shows_rows = false;
  if (ImGui::BeginTabItem(title.c_str())) {
    shows_rows = true;
    ImGui::BeginChild("interesting", {0, 0});
    requests = draw_rows_table(scene);
    ImGui::EndChild();
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
  return requests;
}

// What a lane needs to show its name, its state and its numbers; many lanes make do with less.
float least_height_of_lane(std::size_t lanes) { return ImGui::GetTextLineHeight() * (lanes > 2 ? 5.4f : 6.6f); }

// The strips get what they need, as long as the lanes keep what they need.
float height_of_strips(const Scene& scene, float all, bool shows_rows) {
  const float line = ImGui::GetTextLineHeightWithSpacing();
  const std::size_t lanes = scene.lanes();
  const std::size_t swept = scene.sweep.output() ? std::min(scene.sweep.output()->lanes.size(), lanes) : 0;
  const float table = shows_rows ? 7 * line : 0;  // the other tab
  const float strips = swept > 0 ? line * (1.4f + 4.3f * static_cast<float>(swept)) : 2.2f * line;
  const float wanted = std::max(strips, table);
  const float lanes_need = static_cast<float>(lanes) * (least_height_of_lane(lanes) + ImGui::GetStyle().ItemSpacing.y);
  return std::clamp(all - lanes_need, std::min(wanted, std::max(0.38f * all, 2.2f * line)), wanted);
}

void draw_not_a_load(const Scene& scene, Requests& requests) {
  heading(scene, "This scenario loads nothing");
  paragraph("It is a cluster: look at it in the Network and Space-time views.");
  if (primary_button(scene, "Network  (2)")) push(requests, ShowView{View::kNetwork});
}

}  // namespace

void LoaderPanel::draw_lanes(const Scene& scene, float height, Requests& requests) {
  const std::size_t lanes = scene.lanes();
  const float spacing = ImGui::GetStyle().ItemSpacing.y;
  const float least = least_height_of_lane(lanes);
  const float each = std::max(least, (height - spacing * static_cast<float>(lanes)) / static_cast<float>(lanes));
  ImGui::BeginChild("lanes", {0, height});
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    ImGui::PushID(static_cast<int>(lane));
    draw_lane(scene, lane, each - spacing, requests);
    ImGui::PopID();
  }
  ImGui::EndChild();
}

Requests LoaderPanel::draw(const Scene& scene) {
  Requests requests;
  if (!scene.session.lanes()[scene.lane()].loads()) {
    draw_not_a_load(scene, requests);
    return requests;
  }
  if (scene.prologue.act() == Act::kWholeIdea) return draw_whole_idea(scene);
  const bool strip = !scene.veil.strip;
  const bool rows = !scene.veil.plain;
  const float all = ImGui::GetContentRegionAvail().y;
  const float line = ImGui::GetTextLineHeightWithSpacing();
  const float fixed =
      line * 1.6f + (strip ? ImGui::GetFrameHeightWithSpacing() : 0) + (rows ? ImGui::GetFrameHeightWithSpacing() : 0);
  const float strips = strip ? height_of_strips(scene, all - fixed, shows_rows_) : 0;
  draw_lanes(scene, std::max(5 * line, all - strips - fixed), requests);
  draw_row_legend(scene, !scene.veil.results);
  const auto take = [&](Requests more) { requests.insert(requests.end(), more.begin(), more.end()); };
  if (strip) take(slider_.draw(scene));
  if (rows)
    take(draw_below(scene, strips, shows_rows_));
  else if (strip) {
    ImGui::BeginChild("strips", {0, strips});
    take(draw_sweep_strips(scene, strips));
    ImGui::EndChild();
  }
  return requests;
}

}  // namespace twice::ui

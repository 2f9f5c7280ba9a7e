#include "ui/panels/crash_slider.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "pipeline/program.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lab::Point;
using lab::Stop;

std::optional<Point> crash_of(const Scene& scene) {
  const playback::Branch& branch = scene.session.branches()[scene.session.branch()];
  if (branch.did.size() != 1 || branch.timeline) return std::nullopt;
  const auto* mark = std::get_if<world::AtMark>(&branch.did.front().step.when);
  if (!mark) return std::nullopt;
  if (mark->mark == "row") return Point{Stop::kAfterRow, mark->value};
  if (mark->mark == "stmt") return Point{Stop::kBeforeStatement, mark->value};
  if (mark->mark == "reply") return Point{Stop::kLostReply, mark->value};
  return std::nullopt;
}

// The row at which the scenario's own timeline crashes the loader.
int row_of_timeline(const Scene& scene) {
  const scenario::Variant& variant = *scene.session.lanes()[scene.lane()].variant;
  for (const scenario::PlannedStep& planned : variant.steps)
    if (const auto* mark = std::get_if<world::AtMark>(&planned.step.when); mark && mark->mark == "row")
      return static_cast<int>(mark->value);
  return 0;
}

struct StatementStop {
  Point point;
  std::string label;
};

// The first and the last statement of each role: a thousand inserts are alike.
std::vector<StatementStop> stops_of(const lab::Pipeline& pipeline) {
  std::vector<StatementStop> stops;
  const auto plan = pipeline::make_plan(*pipeline.program, pipeline.source_rows());
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    const pipeline::Role role = plan[i].role;
    const auto same = [&](const pipeline::Planned& p) { return p.role == role; };
    const bool first = std::none_of(plan.begin(), plan.begin() + i, same);
    const bool last = std::none_of(plan.begin() + i + 1, plan.end(), same);
    if (!first && !last) continue;
    const std::string which = first && last ? "" : first ? "first " : "last ";
    stops.push_back({{Stop::kBeforeStatement, i + 1, role, 0}, fmt::format("before the {}{}", which, name_of(role))});
    stops.push_back({{Stop::kLostReply, i + 1, role, 0}, fmt::format("reply of the {}{} lost", which, name_of(role))});
  }
  return stops;
}

}  // namespace

Requests CrashSlider::draw(const Scene& scene) {
  Requests requests;
  const playback::Lane& lane = scene.session.lanes()[scene.lane()];
  if (!lane.loads()) return requests;
  const auto crash = crash_of(scene);
  const int rows = static_cast<int>(lane.ready->pipeline->source_rows());
  const bool by_row = crash && crash->stop == Stop::kAfterRow;
  int row = row_ >= 0 ? row_ : by_row ? static_cast<int>(crash->number) : crash ? 0 : row_of_timeline(scene);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("The loader dies after row");
  ImGui::SameLine();
  const float combo = ImGui::GetFontSize() * 15;
  ImGui::SetNextItemWidth(
      std::max(ImGui::GetFontSize() * 8, ImGui::GetContentRegionAvail().x - combo - ImGui::GetFontSize() * 3));
  if (ImGui::SliderInt("##row", &row, 0, rows, "%d", ImGuiSliderFlags_AlwaysClamp)) row_ = row;
  const bool moved = row_ >= 0 && (!by_row || static_cast<std::uint64_t>(row_) != crash->number);
  // While it is dragged, only every place it rests at for a frame is run: the load is quick.
  if (moved) push(requests, playback::CrashAt{{Stop::kAfterRow, static_cast<std::uint64_t>(row_)}});
  if (!ImGui::IsItemActive()) row_ = -1;
  ImGui::SameLine();
  ImGui::TextUnformatted("or");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  const bool by_statement = crash && crash->stop != Stop::kAfterRow;
  const std::string shown = by_statement ? lab::to_text(*crash) : std::string("at a statement …");
  if (ImGui::BeginCombo("##statement", shown.c_str())) {
    for (const StatementStop& stop : stops_of(*lane.ready->pipeline))
      if (ImGui::Selectable(stop.label.c_str(),
                            crash && crash->stop == stop.point.stop && crash->number == stop.point.number))
        push(requests, playback::CrashAt{stop.point});
    ImGui::EndCombo();
  }
  return requests;
}

}  // namespace twice::ui

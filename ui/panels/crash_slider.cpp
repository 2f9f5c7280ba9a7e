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

constexpr std::string_view kHint = "drag: the loader then dies after that row, and nothing else goes wrong";

/// What goes wrong in the shown branch.
struct Fault {
  std::optional<Point> point;  // where the loader dies, when that is all
  std::string words;           // anything else
};

std::optional<Point> point_of(const world::Step& step) {
  const auto* crash = std::get_if<world::Crash>(&step.what);
  const auto* mark = std::get_if<world::AtMark>(&step.when);
  if (!crash || !mark || crash->node != "loader" || mark->scope > 1) return std::nullopt;
  if (mark->mark == "row") return Point{Stop::kAfterRow, mark->value};
  if (mark->mark == "stmt") return Point{Stop::kBeforeStatement, mark->value};
  if (mark->mark == "reply") return Point{Stop::kLostReply, mark->value};
  return std::nullopt;
}

Fault own_fault(const Scene& scene) {
  std::vector<world::Step> steps;
  for (const scenario::PlannedStep& planned : scene.session.lanes()[scene.lane()].variant->steps)
    steps.push_back(planned.step);
  if (steps.empty()) return {std::nullopt, "the scenario has no fault of its own"};
  if (steps.size() == 1)
    if (const auto point = point_of(steps.front()); point && point->stop == Stop::kAfterRow) return {point, {}};
  return {std::nullopt, "the scenario's own fault: " + world::to_text(steps)};
}

Fault fault_of(const Scene& scene) {
  const playback::Branch& branch = scene.session.branches()[scene.session.branch()];
  if (branch.timeline && branch.did.empty() && !branch.runs) return own_fault(scene);
  if (!branch.timeline && branch.did.size() == 1 && !branch.runs)
    if (const auto point = point_of(branch.did.front().step)) return {point, {}};
  if (!branch.timeline && branch.did.empty() && branch.runs)
    return {std::nullopt, fmt::format("no crash: the load runs {} times", *branch.runs)};
  return {std::nullopt, "the shown branch: " + branch.name};
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

bool same_place(const std::optional<Point>& a, const Point& b) {
  return a && a->stop == b.stop && a->number == b.number;
}

// As the list names it; any other statement by its number.
std::string words_of(const lab::Pipeline& pipeline, const Point& point) {
  for (const StatementStop& stop : stops_of(pipeline))
    if (same_place(point, stop.point)) return stop.label;
  const std::string number = lab::grouped(point.number);
  return point.stop == Stop::kLostReply ? "reply of statement " + number + " lost" : "before statement " + number;
}

void draw_statements(const lab::Pipeline& pipeline, const std::optional<Point>& crash, Requests& requests) {
  const bool chosen = crash && crash->stop != Stop::kAfterRow;
  const std::string shown = chosen ? words_of(pipeline, *crash) : "at a statement …";
  if (!ImGui::BeginCombo("##statement", shown.c_str())) return;
  for (const StatementStop& stop : stops_of(pipeline))
    if (ImGui::Selectable(stop.label.c_str(), same_place(crash, stop.point)))
      push(requests, playback::CrashAt{stop.point});
  ImGui::EndCombo();
}

// What the slider is about: the loader's death, or whatever else goes wrong here.
void draw_label(const Scene& scene, const Fault& fault, float width) {
  ImGui::AlignTextToFramePadding();
  if (fault.words.empty()) return ImGui::TextUnformatted("The loader dies");
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
  ImGui::TextUnformatted(fitted(scene.fonts.text, ImGui::GetFontSize(), fault.words, width).c_str());
  ImGui::PopStyleColor();
  tip(fault.words);
}

void draw_value(const Scene& scene, std::optional<int> row, float width) {
  const float left = ImGui::GetCursorPosX();
  ImGui::AlignTextToFramePadding();
  if (row) {
    ImGui::TextUnformatted(fmt::format("after row {}", lab::grouped(static_cast<std::uint64_t>(*row))).c_str());
  } else {
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
    ImGui::TextUnformatted("after row …");
    ImGui::PopStyleColor();
    tip(kHint);
  }
  ImGui::SameLine(left + width);
}

}  // namespace

Requests CrashSlider::draw(const Scene& scene) {
  Requests requests;
  const playback::Lane& lane = scene.session.lanes()[scene.lane()];
  if (!lane.loads()) return requests;
  const Fault fault = fault_of(scene);
  const int rows = static_cast<int>(lane.ready->pipeline->source_rows());
  std::optional<int> row;
  if (fault.point && fault.point->stop == Stop::kAfterRow) row = static_cast<int>(fault.point->number);
  const std::optional<int> was = row;
  if (row_ >= 0) row = row_;
  const float em = ImGui::GetFontSize(), all = ImGui::GetContentRegionAvail().x;
  draw_label(scene, fault, all * 0.46f);
  ImGui::SameLine();
  const std::string longest = fmt::format("after row {} ", lab::grouped(static_cast<std::uint64_t>(rows)));
  const bool elsewhere = !fault.words.empty() && !row;  // the words need the room
  const float value = elsewhere ? 0 : ImGui::CalcTextSize(longest.c_str()).x + em * 0.5f,
              combo = em * (elsewhere ? 8.5f : 13.0f);
  ImGui::SetNextItemWidth(std::max(em * 4, ImGui::GetContentRegionAvail().x - combo - value - em * 3));
  // The number stands beside the slider: upon it the grab would cover it. At rest the grab is grey.
  if (!row) ImGui::PushStyleColor(ImGuiCol_SliderGrab, scene.theme.border);
  int place = row.value_or(0);
  const bool dragged = ImGui::SliderInt("##row", &place, 0, rows, "", ImGuiSliderFlags_AlwaysClamp);
  if (!row) ImGui::PopStyleColor();
  if (dragged) row_ = place, row = place;
  // While it is dragged, only every place it rests at for a frame is run: the load is quick.
  if (row_ >= 0 && was != row_) push(requests, playback::CrashAt{{Stop::kAfterRow, static_cast<std::uint64_t>(row_)}});
  if (!ImGui::IsItemActive()) row_ = -1;
  if (elsewhere) tip(kHint);
  ImGui::SameLine();
  if (!elsewhere) draw_value(scene, row, value);
  ImGui::TextUnformatted("or");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  draw_statements(*lane.ready->pipeline, fault.point, requests);
  return requests;
}

}  // namespace twice::ui

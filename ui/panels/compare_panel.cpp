#include "ui/panels/compare_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/labels.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr std::size_t kMostButtons = 8;
constexpr const char* kGoThere = "Go to the first difference";

// With large letters in a small window, marks stand closer and the legend gives way to what follows.
bool is_tight(const Scene& scene) { return ImGui::GetWindowHeight() < 420 * scene.scale; }

float line_height(const Scene& scene) {
  const float size = size_of(scene.fonts.text);
  return is_tight(scene) ? 0.75f * size : size + 2 * scene.scale;
}

struct Choice {
  std::string label;  // with an id of its own
  CompareWith what;
};
std::vector<Choice> choices_of(const Scene& scene) {
  std::vector<Choice> choices;
  const playback::Session& session = scene.session;
  for (std::size_t i = 0; i < session.branches().size(); ++i)
    if (i != session.branch())
      choices.push_back({fmt::format("branch: {}###branch{}", session.branches()[i].name, i), {i, std::nullopt}});
  for (std::size_t i = 0; i < scene.lanes(); ++i)
    if (i != scene.lane())
      choices.push_back({fmt::format("lane: {}###lane{}", session.lanes()[i].name(), i), {std::nullopt, i}});
  return choices;
}

std::string choice_name(const Scene& scene) {
  const playback::Session& session = scene.session;
  if (scene.compare_branch && *scene.compare_branch < session.branches().size())
    return "branch: " + session.branches()[*scene.compare_branch].name;
  if (scene.compare_lane && *scene.compare_lane < session.lanes().size())
    return "lane: " + session.lanes()[*scene.compare_lane].name();
  return "choose …";
}

// Lines of one event may stand at different moments; the row shows that of `shown`.
std::string when(const playback::LogLine& line, const playback::LogLine& shown) {
  if (line.at == shown.at) return {};
  const bool later = line.at > shown.at;
  return fmt::format("{} {}: ", length_text(later ? line.at - shown.at : shown.at - line.at),
                     later ? "later" : "earlier");
}

}  // namespace

Requests ComparePanel::draw(const Scene& scene) {
  Requests requests;
  draw_choice(scene, requests);
  const playback::ComparePicture& compare = scene.pictures.compare;
  if (!compare.left || !compare.right) {
    draw_nothing(scene, requests);
    return requests;
  }
  for (const playback::Recording* run : {compare.left, compare.right})
    if (!run->error().empty()) {
      paragraph(run->error());
      return requests;
    }
  refresh(scene);
  draw_bands(scene, requests);
  if (!is_tight(scene)) draw_legend(scene, legend_of(scene, compare));
  if (!compare.first_difference) {
    paragraph(compare.left->complete() && compare.right->complete()
                  ? "✓ The two runs are the same, event by event."
                  : "No difference so far; the runs are still being recorded.");
  }
  draw_facts(scene);
  draw_logs(scene, requests);
  return requests;
}

void ComparePanel::draw_choice(const Scene& scene, Requests& requests) const {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Compare with");
  ImGui::SameLine();
  const ImGuiStyle& style = ImGui::GetStyle();
  const float beside = ImGui::CalcTextSize(kGoThere).x + 2 * style.FramePadding.x + style.ItemSpacing.x;
  ImGui::SetNextItemWidth(std::clamp(ImGui::GetContentRegionAvail().x - beside, 140 * scene.scale, 300 * scene.scale));
  if (ImGui::BeginCombo("###other", choice_name(scene).c_str())) {
    for (const Choice& choice : choices_of(scene))
      if (ImGui::Selectable(choice.label.c_str(),
                            choice.what.branch == scene.compare_branch && choice.what.lane == scene.compare_lane))
        push(requests, choice.what);
    ImGui::EndCombo();
  }
  const auto& difference = scene.pictures.compare.first_difference;
  next_button(kGoThere);
  const char* why = !scene.pictures.compare.right ? "choose something to compare with first" : "the runs are the same";
  if (button(kGoThere, difference ? "" : why) && difference)
    push(requests, playback::SeekEvent{scene.lane(), std::min(*difference, scene.run().events())});
}

void ComparePanel::draw_nothing(const Scene& scene, Requests& requests) const {
  const std::vector<Choice> choices = choices_of(scene);
  ImGui::Dummy({0, 16 * scene.scale});
  heading(scene, "Nothing to compare with yet");
  paragraph(choices.empty() ? "This scenario has one lane and one branch."
                            : "Choose another branch of this lane, or another lane at the same moment:");
  for (std::size_t i = 0; i < choices.size() && i < kMostButtons; ++i) {
    if (i > 0) next_button(choices[i].label);
    if (button(choices[i].label)) push(requests, choices[i].what);
  }
  ImGui::Dummy({0, 8 * scene.scale});
  paragraph(
      "A branch grows when you act in the past: move the cursor to an earlier moment and crash a node, cut a link or "
      "drop a message. The run as it was is kept, and both can be compared here: one time axis, the first event that "
      "differs, and what became of each.");
}

void ComparePanel::refresh(const Scene& scene) {
  const playback::ComparePicture& compare = scene.pictures.compare;
  const Seen now{compare.left,
                 compare.right,
                 compare.left->events(),
                 compare.right->events(),
                 scene.session.revision(),
                 compare.first_difference,
                 scene.theme.name};
  // Rows point into the picture, whose lines are made anew when the cursor moves.
  const bool same_lines =
      !rows_.empty() && !compare.left_log.empty() && rows_.front().left == &compare.left_log.front();
  if (now == seen_ && same_lines) return;
  follow_ |= now != seen_;
  rows_ = rows_of(compare.left_log, compare.right_log);
  first_row_.reset();
  const auto first = std::find_if(rows_.begin(), rows_.end(), [&](const ComparedRow& row) {
    const Sequence event = row.left ? row.left->event : row.right->event;
    return row.differs && compare.first_difference && event >= *compare.first_difference;
  });
  if (first != rows_.end()) first_row_ = static_cast<std::size_t>(first - rows_.begin());
  if (now == seen_) return;
  seen_ = now;
  facts_ = facts_of(scene, !scene.veil.results);
  find_lines(scene);
  difference_at_.reset();
  if (!compare.first_difference) return;
  auto record = compare.left->trace().record_of(*compare.first_difference);
  if (!record) record = compare.right->trace().record_of(*compare.first_difference);
  if (record) difference_at_ = record->at;
}

void ComparePanel::find_lines(const Scene& scene) {
  std::array<bool, kMomentLines> used{};
  for (const playback::Recording* run : {scene.pictures.compare.left, scene.pictures.compare.right})
    for (const playback::Moment& moment : run->moments()) used[style_of(scene.theme, moment.kind).line] = true;
  lines_ = 0;
  for (std::size_t i = 0; i < kMomentLines; ++i) line_of_[i] = lines_, lines_ += used[i];
}

// --- bands

void ComparePanel::draw_bands(const Scene& scene, Requests& requests) const {
  const playback::ComparePicture& compare = scene.pictures.compare;
  const float u = scene.scale, line = line_height(scene), head = size_of(scene.fonts.text) + 6 * u;
  const float band = size_of(scene.fonts.bold) + static_cast<float>(std::max<std::size_t>(1, lines_)) * line + 10 * u;
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = std::max(ImGui::GetContentRegionAvail().x, 60.0f);
  ImGui::InvisibleButton("bands", {width, head + 2 * band + 6 * u + size_of(scene.fonts.text) + 4 * u});
  const Time end = std::max(compare.left->end(), compare.right->end());
  const TimeAxis axis{Time{}, std::max(end, Time{1}), from.x + 14 * u, from.x + width - 24 * u};
  const float top = from.y + head, second = top + band + 6 * u, bottom = second + band;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const float y : {top, second}) {
    list.AddRectFilled({from.x, y}, {from.x + width, y + band}, scene.theme.raised, 4 * u);
    list.AddRect({from.x, y}, {from.x + width, y + band}, scene.theme.border, 4 * u);
  }
  const float now = axis.place(scene.session.cursor().at);
  list.AddLine({now, top}, {now, bottom + 4 * u}, scene.theme.accent, 2 * u);
  draw_difference(scene, axis, from, bottom, width);
  draw_band(scene, *compare.left, compare.left_name, axis, top, top + band);
  draw_band(scene, *compare.right, compare.right_name, axis, second, bottom);
  draw_axis(scene, axis, bottom);
  if (ImGui::IsItemHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
    push(requests, playback::SeekTime{std::clamp(axis.at(ImGui::GetIO().MousePos.x), Time{}, end)});
}

void ComparePanel::draw_axis(const Scene& scene, const TimeAxis& axis, float bottom) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float u = scene.scale, size = size_of(scene.fonts.text);
  for (const Tick& tick : ticks_of(axis, 90 * u)) {
    const float x = axis.place(tick.at), wide = width_of(scene.fonts.text, tick.label);
    list.AddLine({x, bottom}, {x, bottom + 4 * u}, scene.theme.faint, u);
    draw_text(
        list, scene.fonts.text, size,
        {std::clamp(x - wide / 2, axis.begin - 14 * u, std::max(axis.begin, axis.end + 24 * u - wide)), bottom + 4 * u},
        scene.theme.faint, tick.label);
  }
}

void ComparePanel::draw_band(const Scene& scene, const playback::Recording& run, std::string_view name,
                             const TimeAxis& axis, float top, float bottom) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Theme& theme = scene.theme;
  const float u = scene.scale, line = line_height(scene), size = size_of(scene.fonts.text);
  const ImFont* bold = scene.fonts.bold;
  const std::string title = fitted(bold, size_of(bold), name, axis.end - axis.begin);
  const ImVec2 at{axis.begin - 6 * u, top + 3 * u};
  list.AddRectFilled(at, {at.x + width_of(bold, title), at.y + size_of(bold)}, theme.raised);
  draw_text(list, bold, size_of(bold), at, theme.text, title);
  const float end = axis.place(run.end()) + 9 * u;
  list.AddLine({end, top + 4 * u}, {end, bottom - 4 * u}, theme.faint, 2 * u);
  for (const MomentGroup& group : group_moments(scene, run, axis)) {
    const MomentStyle style = style_of(theme, group.kind);
    const float half = width_of(scene.fonts.text, style.icon) / 2;
    const float y = top + size_of(bold) + 6 * u + static_cast<float>(line_of_[style.line]) * line;
    draw_text(list, scene.fonts.text, size, {group.x - half, y}, style.colour, label_of(style, group.count));
  }
}

void ComparePanel::draw_difference(const Scene& scene, const TimeAxis& axis, ImVec2 from, float bottom,
                                   float width) const {
  const auto& difference = scene.pictures.compare.first_difference;
  if (!difference || !difference_at_) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float x = axis.place(*difference_at_), u = scene.scale, size = size_of(scene.fonts.text);
  const std::string text =
      fmt::format("≠ first difference: event {} at {}", lab::grouped(*difference), time_text(*difference_at_));
  const float wide = width_of(scene.fonts.text, text) + 12 * u;
  const float left = std::clamp(x - wide / 2, from.x, std::max(from.x, from.x + width - wide));
  list.AddLine({x, from.y + size}, {x, bottom}, scene.theme.focus, 2.5f * u);
  list.AddRectFilled({left, from.y}, {left + wide, from.y + size + 2 * u}, scene.theme.panel, 3 * u);
  list.AddRect({left, from.y}, {left + wide, from.y + size + 2 * u}, scene.theme.focus, 3 * u, 0, 1.5f * u);
  draw_text(list, scene.fonts.text, size, {left + 6 * u, from.y + u}, scene.theme.text, text);
}

// --- below

void ComparePanel::draw_logs(const Scene& scene, Requests& requests) {
  const playback::ComparePicture& compare = scene.pictures.compare;
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersOuter | ImGuiTableFlags_BordersInnerV;
  const float least = 5 * ImGui::GetTextLineHeightWithSpacing();
  const float high = std::max(least, ImGui::GetContentRegionAvail().y);
  if (!ImGui::BeginTable("logs", 4, kFlags, {0, high})) return;
  const float digit = width_of(scene.fonts.mono, "0");
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("event", ImGuiTableColumnFlags_WidthFixed, digit * 10);
  ImGui::TableSetupColumn("time", ImGuiTableColumnFlags_WidthFixed, digit * 11);
  ImGui::TableSetupColumn(compare.left_name.c_str());
  ImGui::TableSetupColumn(compare.right_name.c_str());
  ImGui::TableHeadersRow();
  const float line = ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().CellPadding.y;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows_.size()), line);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_log_row(scene, rows_[static_cast<std::size_t>(i)], first_row_ == static_cast<std::size_t>(i), requests);
  if (follow_) ImGui::SetScrollY(std::max(0.0f, static_cast<float>(first_row_.value_or(0)) * line - high / 3));
  follow_ = false;
  ImGui::EndTable();
}

void ComparePanel::draw_log_row(const Scene& scene, const ComparedRow& row, bool first, Requests& requests) const {
  const playback::LogLine& one = row.left ? *row.left : *row.right;
  ImGui::TableNextRow();
  if (first) ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, faded(scene.theme.focus, 0.28f));
  ImGui::TableNextColumn();
  ImGui::PushFont(scene.fonts.mono);
  ImGui::PushID(&row);
  const std::string number = fmt::format("{}{}", row.differs ? "≠ " : "  ", lab::grouped(one.event));
  if (ImGui::Selectable(number.c_str(), false, ImGuiSelectableFlags_SpanAllColumns))
    push(requests, playback::SeekEvent{scene.lane(), std::min(one.event, scene.run().events())});
  ImGui::PopID();
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(time_text(one.at).c_str());
  ImGui::PopFont();
  for (const playback::LogLine* side : {row.left, row.right}) {
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, side && row.differs ? scene.theme.text : scene.theme.faint);
    const std::string text = side ? when(*side, one) + side->text : std::string("—");
    const float room = ImGui::GetContentRegionAvail().x;
    ImGui::TextUnformatted(text.c_str());
    if (ImGui::GetItemRectSize().x > room) tip(text);
    ImGui::PopStyleColor();
  }
}

}  // namespace twice::ui

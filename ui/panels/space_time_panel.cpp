#include "ui/panels/space_time_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr float kAxis = 76, kApart = 11, kReach = 11;
constexpr std::size_t kMostOfATip = 8;

std::pair<Time, Time> shown(const Scene& scene) {
  return {scene.pictures.space_time->from, scene.pictures.space_time->to};
}

std::optional<Sequence> marked_event(const Scene& scene) {
  const auto selected = scene.session.selection().event;
  return selected ? selected : scene.session.cursor().event[scene.lane()];
}

void ask_for(const Scene& scene, std::pair<Time, Time> span, Requests& requests) {
  const bool all = span.first <= Time{} && span.second >= scene.session.end();
  push(requests, ZoomTime{all ? std::nullopt : std::optional(span)});
}

}  // namespace

Requests SpaceTimePanel::draw(const Scene& scene) {
  Requests requests;
  if (!scene.run().error().empty()) {
    paragraph(scene.run().error());
    return requests;
  }
  const playback::SpaceTimeView* view = scene.pictures.space_time;
  if (!view || view->nodes.empty() || view->to <= view->from) {
    faint(scene, "Nothing has happened yet: the run is still being recorded.");
    return requests;
  }
  draw_toolbar(scene, requests);
  const std::string most = fmt::format("{} events", lab::grouped(most_of_a_slice(*view)));
  const Duration slice = (view->to - view->from) / static_cast<std::int64_t>(std::max<std::size_t>(1, view->slices));
  const std::string per = fmt::format("Events per slice of {}:", length_text(slice));
  const float one = 1 / static_cast<float>(std::max<std::uint32_t>(1, most_of_a_slice(*view)));
  const Legend legend =
      view->is_dense ? density_legend(scene, most, per, one) : space_time_legend(scene, hovered_.has_value());
  const ImVec2 room = ImGui::GetContentRegionAvail(), at = ImGui::GetCursorScreenPos();
  // The longer of both legends, so that hovering moves nothing.
  const float below =
      std::max(height_of(scene, legend, room.x), height_of(scene, space_time_legend(scene, false), room.x));
  const ImVec2 size{std::max(room.x, 60.0f),
                    std::max(room.y - below - ImGui::GetStyle().ItemSpacing.y, 120 * scene.scale)};
  const float left = kAxis * scene.scale + width_of_steps(scene, size.x);
  const float head = height_of_headers(scene, (size.x - left) / static_cast<float>(view->nodes.size()));
  ImGui::InvisibleButton("space-time", size);
  layout_.lane = at.x + kAxis * scene.scale;
  lay_out(scene, {at.x + left, at.y + head}, {at.x + size.x, at.y + size.y});
  hover(scene, ImGui::IsItemHovered());
  take_input(scene, ImGui::IsItemHovered(), requests);
  draw_canvas(scene, at.x + 4 * scene.scale, at.y);
  draw_legend(scene, legend);
  return requests;
}

void SpaceTimePanel::draw_toolbar(const Scene& scene, Requests& requests) const {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const auto middle = view.from + (view.to - view.from) / 2;
  const Sequence events = view.last >= view.first ? view.last - view.first + 1 : 0;
  if (button("Fit", scene.span ? "" : "the whole run is shown already")) push(requests, ZoomTime{});
  next_button("Zoom out");
  if (button("Zoom out", scene.span ? "" : "the whole run is shown already"))
    ask_for(scene, zoomed(shown(scene), 2, middle, scene.session.end()), requests);
  next_button("Zoom in");
  if (button("Zoom in")) ask_for(scene, zoomed(shown(scene), 0.5, middle, scene.session.end()), requests);
  const Time at = scene.session.cursor().at;
  next_button("Show the cursor");
  if (button("Show the cursor", at >= view.from && at <= view.to ? "the cursor is in sight" : "")) {
    const Duration half = (view.to - view.from) / 2;
    ask_for(scene, clamped(at - half, at + half, scene.session.end()), requests);
  }
  const std::string about = fmt::format("{} – {} · {} · wheel: zoom, drag: move", time_text(view.from),
                                        time_text(view.to), lab::counted(events, "event"));
  ImGui::SameLine();
  const std::string shown =
      fitted(scene.fonts.text, size_of(scene.fonts.text), about, ImGui::GetContentRegionAvail().x);
  ImGui::AlignTextToFramePadding();
  ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
  ImGui::TextUnformatted(shown.c_str());
  ImGui::PopStyleColor();
  if (shown != about) tip(about);
}

void SpaceTimePanel::lay_out(const Scene& scene, ImVec2 from, ImVec2 to) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const LaidOut now{&scene.run(),      view.from, view.to, view.first, view.last,
                    view.nodes.size(), from.x,    from.y,  to.x,       to.y};
  if (now == laid_out_) return;
  laid_out_ = now;
  layout_.from = from, layout_.to = to;
  layout_.axis = {view.from, view.to, from.y, to.y};
  layout_.column_width = (to.x - from.x) / static_cast<float>(view.nodes.size());
  layout_.clusters = merge_events(view, layout_.axis, kApart * scene.scale);
  history_.learn(scene.run());
  layout_.absences = absences_of(view, scene.run(), history_);
  hovered_.reset(), over_.reset(), relations_.clear(), tip_of_ = ~std::size_t{0};
}

void SpaceTimePanel::draw_canvas(const Scene& scene, float left, float top) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  draw_headers(list, scene, layout_, top);
  list.AddLine({layout_.from.x, layout_.from.y}, {layout_.to.x, layout_.from.y}, scene.theme.border, scene.scale);
  list.PushClipRect({left - 6 * scene.scale, layout_.from.y}, layout_.to, true);
  draw_axis(list, scene, layout_, left);
  draw_step_labels(list, scene, layout_);
  list.PopClipRect();
  list.PushClipRect(layout_.from, layout_.to, true);
  FreeSpace space;
  for (const Cluster& cluster : layout_.clusters) {
    const float half = 6 * scene.scale, x = layout_.x(cluster.column);
    if (layout_.clusters.size() < 600) space.take({x - half, cluster.y - half}, {x + half, cluster.y + half});
  }
  draw_columns(list, scene, layout_);
  if (view.is_dense) draw_density(list, scene, layout_);
  draw_cursor_line(list, scene, layout_);
  draw_arrows(list, scene, layout_, relations_);
  draw_clusters(list, scene, layout_, relations_, marked_event(scene));
  // Crashes and steps claim their room before counts and the names of messages do.
  draw_moments(list, scene, layout_, space);
  draw_counts(list, scene, layout_, space);
  draw_arrow_labels(list, scene, layout_, space);
  list.PopClipRect();
  draw_cursor_flag(list, scene, layout_, left);
}

// --- input

void SpaceTimePanel::hover(const Scene& scene, bool hovered) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const bool idle = hovered && !view.is_dense && !(drag_ && drag_->moved);
  over_ = idle ? layout_.cluster_at(ImGui::GetIO().MousePos, kReach * scene.scale) : std::nullopt;
  const std::optional<Sequence> event =
      over_ ? std::optional(view.events[layout_.clusters[*over_].events.front()].event) : std::nullopt;
  if (event != hovered_) relations_ = event ? playback::relations_to(view, *event) : Relations{};
  hovered_ = event;
  if (over_) return show_tip(scene);
  if (hovered && !(drag_ && drag_->moved)) show_margin_tip(scene);
}

void SpaceTimePanel::show_margin_tip(const Scene& scene) const {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  std::string text = header_tip(scene, layout_, mouse);
  if (text.empty()) text = step_tip(scene, layout_, mouse);
  if (!text.empty()) ImGui::SetTooltip("%s", text.c_str());
}

void SpaceTimePanel::show_tip(const Scene& scene) {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const Cluster& cluster = layout_.clusters[*over_];
  if (tip_of_ != *over_) {
    tip_of_ = *over_, tip_.clear();
    for (std::size_t i = 0; i < cluster.events.size() && i < kMostOfATip; ++i) {
      const playback::SpaceTimeEvent& event = view.events[cluster.events[i]];
      tip_ += fmt::format("{:.6f} s · event {}: {}\n", static_cast<double>(event.at.ns) / 1e9,
                          lab::grouped(event.event), playback::sentence(scene.run(), event.event));
    }
    if (cluster.events.size() > kMostOfATip)
      tip_ += fmt::format("… and {} more\n", cluster.events.size() - kMostOfATip);
    tip_ += cluster.events.size() > 1 ? "Click: go to the first of them" : "Click: go there";
  }
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 34);
  ImGui::TextUnformatted(tip_.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void SpaceTimePanel::take_input(const Scene& scene, bool hovered, Requests& requests) {
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && io.MouseWheel != 0) {
    const double factor = std::pow(0.8, static_cast<double>(io.MouseWheel));
    ask_for(scene, zoomed(shown(scene), factor, layout_.axis.at(io.MousePos.y), scene.session.end()), requests);
  }
  if (hovered && !over_ && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    drag_.reset();
    push(requests, ZoomTime{});
    return;
  }
  drag(scene, hovered, requests);
}

void SpaceTimePanel::drag(const Scene& scene, bool hovered, Requests& requests) {
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) drag_ = Drag{io.MousePos.y, shown(scene), false};
  if (!drag_) return;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    const bool moved = drag_->moved;
    drag_.reset();
    if (!moved && hovered) click(scene, requests);
    return;
  }
  const float moved = io.MousePos.y - drag_->y;
  if (!drag_->moved && std::abs(moved) < 4 * scene.scale) return;
  drag_->moved = true;
  const Duration by{static_cast<std::int64_t>(static_cast<double>(moved) * layout_.axis.ns_per_pixel())};
  const auto span = clamped(drag_->span.first - by, drag_->span.second - by, scene.session.end());
  if (span != shown(scene)) ask_for(scene, span, requests);
}

void SpaceTimePanel::click(const Scene& scene, Requests& requests) const {
  const playback::SpaceTimeView& view = *scene.pictures.space_time;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (over_) {
    const playback::SpaceTimeEvent& event = view.events[layout_.clusters[*over_].events.front()];
    playback::Selection what = scene.session.selection();
    what.node = event.node, what.event = event.event;
    push(requests, playback::SeekEvent{scene.lane(), event.event});
    push(requests, playback::Select{what});
  } else if (mouse.x < layout_.from.x || view.is_dense) {
    push(requests, playback::SeekTime{layout_.axis.at(mouse.y)});
  }
}

}  // namespace twice::ui

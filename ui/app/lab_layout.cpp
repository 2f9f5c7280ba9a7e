// What stands where: one fixed layout with splitters, so that a lesson can say "bottom left".
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/app/actions.h"
#include "ui/app/lab.h"
#include "ui/draw/text_input.h"
#include "ui/panels/checks_panel.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/metrics_panel.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

constexpr float kSplitter = 6;  // units
// In ems.
constexpr float kLeastCentre = 34;      // beside panels on both sides
constexpr float kLeastViewHeight = 14;  // a view that gets less scrolls
constexpr float kQuestion = 21, kCard = 26;
constexpr float kLowWindow = 32;  // below this the timeline makes do with less
constexpr float kLowBottom = 5.6f, kBandOfLane = 0.95f;

void begin_part(const Scene& scene, const char* id, ImVec2 size) {
  // The window was cleared in the panels' colour: filling each again is most of what a frame costs without a GPU.
  ImGui::PushStyleColor(ImGuiCol_ChildBg, faded(scene.theme.panel, 0));
  ImGui::BeginChild(id, size, true, ImGuiWindowFlags_AlwaysUseWindowPadding);
}

void end_part() {
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

}  // namespace

Scene Lab::scene(const Fonts& fonts, const Theme& theme, float scale) const {
  static const playback::Pictures kNothing;
  return {.session = *opened_.session,
          .pictures = pictures_ ? *pictures_ : kNothing,
          .prologue = prologue_,
          .veil = veil(),
          .lesson = card_.get(),
          .map = map_.get(),
          .learner = settings_.learner,
          .sweep = sweep_,
          .inevitable = inevitable_,
          .whole_idea = whole_idea_.get(),
          .theme = theme,
          .fonts = fonts,
          .scale = scale,
          .reduced_motion = settings_.reduced_motion,
          .seconds = seconds_,
          .view = view(),
          .span = span_,
          .compare_branch = compared_branch(),
          .compare_lane = compare_lane_,
          .zoom = settings_.zoom,
          .network = &network_,
          .sql_from = sql_from_,
          .said = said_,
          .points = points(),
          .pointed_out = pointed_out_};
}

std::optional<std::size_t> Lab::compared_branch() const {
  if (compare_branch_ || compare_lane_) return compare_branch_;
  const auto& branch = session().branches()[session().branch()];
  return branch.parent || session().branch() == 0 ? branch.parent : std::optional<std::size_t>(0);
}

playback::Wanted Lab::wanted() const {
  playback::Wanted wanted;
  wanted.loader = true;
  wanted.lanes = veil().lanes;
  wanted.network = view() == View::kNetwork;
  wanted.space_time = view() == View::kSpaceTime;
  wanted.tables = view() == View::kTables;
  wanted.compare = view() == View::kCompare;
  wanted.clients = view() == View::kSpectrum || view() == View::kMetrics;
  wanted.inspector = !veil().plain;
  wanted.span = span_;
  wanted.other_branch = compared_branch();
  wanted.other_lane = compare_lane_;
  return wanted;
}

void Lab::splitter(const char* id, bool vertical, float& size, float sign, float length) {
  const float thick = kSplitter * last_scale_;
  ImGui::InvisibleButton(id, vertical ? ImVec2(thick, length) : ImVec2(length, thick));
  if (ImGui::IsItemHovered() || ImGui::IsItemActive())
    ImGui::SetMouseCursor(vertical ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
  if (!ImGui::IsItemActive()) return;
  const ImVec2 moved = ImGui::GetIO().MouseDelta;
  size = std::clamp(size + sign * (vertical ? moved.x : moved.y) / ImGui::GetFontSize(), 5.0f, 60.0f);
}

void Lab::draw_menu(const Scene& scene, Requests& requests) {
  if (ImGui::Button("≡##menu")) ImGui::OpenPopup("menu");
  tip("everything that can be done (Ctrl+K finds it by name)");
  if (!ImGui::BeginPopup("menu")) return;
  for (const std::string_view menu : menus()) draw_action_menu(scene, menu, requests);
  ImGui::Separator();
  if (ImGui::BeginMenu("Open")) {
    if (shipped_.empty()) shipped_ = shipped_scenarios();
    for (const auto& [path, title] : shipped_) {
      if (ImGui::MenuItem(title.c_str())) push(requests, OpenFile{path});
      tip(path);
    }
    ImGui::Separator();
    ImGui::TextDisabled("or drop a scenario file on the window");
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

void Lab::draw_top_bar(const Scene& scene, Requests& requests) {
  draw_menu(scene, requests);
  ImGui::SameLine();
  ImGui::PushFont(scene.fonts.bold);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Twice");
  ImGui::PopFont();
  if (!prologue_.over()) {
    ImGui::SameLine(0, ImGui::GetFontSize());
    faint(scene, "run a load twice, get the same table");
    return;
  }
  if (card_) {
    ImGui::SameLine(0, ImGui::GetFontSize() * 0.6f);
    if (ImGui::Button("Lessons")) push(requests, ShowLessonMap{true});
    tip("all of them (M)");
  }
  if (scene.veil.plain) {
    ImGui::SameLine(0, ImGui::GetFontSize());
    ImGui::AlignTextToFramePadding();
    return faint(scene, card_->why_still());
  }
  ImGui::SameLine(0, ImGui::GetFontSize());
  draw_views(scene, requests);
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetFontSize();
  const std::string seed = fmt::format("seed {}", session().seed());
  const float repro = ImGui::CalcTextSize("Copy repro").x + 2 * ImGui::GetStyle().FramePadding.x;
  if (room < repro) return ImGui::NewLine();  // the menu has it too
  ImGui::SameLine(0, ImGui::GetFontSize());
  if (ImGui::Button("Copy repro")) push(requests, CopyRepro{});
  tip(session().repro(session().cursor().focus));
  if (room < repro + ImGui::GetStyle().ItemSpacing.x + ImGui::CalcTextSize(seed.c_str()).x) return;
  ImGui::SameLine();
  faint(scene, seed);
}

// Where the names do not fit, the numbers that are also the keys stand for those of the views that are not shown.
void Lab::draw_views(const Scene& scene, Requests& requests) {
  const float gap = 4 * scene.scale, pads = 2 * ImGui::GetStyle().FramePadding.x;
  const auto label_of = [](View view) { return fmt::format("{} {}", static_cast<int>(view) + 1, name_of(view)); };
  float all = 0;
  for (const View view : kViews) all += ImGui::CalcTextSize(label_of(view).c_str()).x + pads + gap;
  const bool fits = all <= ImGui::GetContentRegionAvail().x;
  for (const View view : kViews) {
    const bool shown = view == settings_.view;
    if (shown) ImGui::PushStyleColor(ImGuiCol_Button, scene.theme.accent);
    if (shown) ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.on_accent);
    const std::string label = fits || shown ? label_of(view) : fmt::format("{}##view", static_cast<int>(view) + 1);
    if (ImGui::Button(label.c_str())) push(requests, ShowView{view});
    if (shown) ImGui::PopStyleColor(2);
    if (!fits && !shown) tip(name_of(view));
    ImGui::SameLine(0, gap);
  }
}

void Lab::draw_problems(const Scene& scene, Requests& requests) {
  if (problems_.empty()) return;
  const float height = ImGui::GetTextLineHeightWithSpacing() * 7;
  begin_part(scene, "problems", {0, height});
  heading(scene, "What the file says");
  ImGui::SameLine();
  if (ImGui::SmallButton("Copy")) push(requests, CopyText{problems_});
  ImGui::SameLine();
  const bool close = ImGui::SmallButton("Close");
  ImGui::PushFont(scene.fonts.mono);
  input_lines("##problems", problems_, {-1, -1}, ImGuiInputTextFlags_ReadOnly);
  ImGui::PopFont();
  end_part();
  if (close) problems_.clear();
}

void Lab::draw_centre(const Scene& scene, Requests& requests) {
  const float least = kLeastViewHeight * ImGui::GetFontSize();
  const bool scrolls = ImGui::GetContentRegionAvail().y < least;
  if (scrolls) ImGui::BeginChild("view", {0, least});
  draw_view(scene, requests);
  if (scrolls) ImGui::EndChild();
}

void Lab::draw_view(const Scene& scene, Requests& requests) {
  draw_problems(scene, requests);
  const bool lanes = !scene.veil.plain && session().lanes().size() > 1 && scene.view != View::kLoader;
  if (lanes) {
    ImGui::SetNextItemWidth(ImGui::GetFontSize() * 16);
    if (ImGui::BeginCombo("lane", session().lanes()[scene.lane()].name().c_str())) {
      for (std::size_t i = 0; i < session().lanes().size(); ++i)
        if (ImGui::Selectable(session().lanes()[i].name().c_str(), i == scene.lane()))
          push(requests, playback::FocusLane{i});
      ImGui::EndCombo();
    }
    tip("Tab goes to the next lane");
  }
  switch (scene.view) {
    case View::kLoader:
      return append(requests, loader_.draw(scene));
    case View::kNetwork:
      return append(requests, network_.draw(scene));
    case View::kSpaceTime:
      return append(requests, space_time_.draw(scene));
    case View::kTables:
      return append(requests, tables_.draw(scene));
    case View::kCompare:
      return append(requests, compare_.draw(scene));
    case View::kSpectrum:
      return append(requests, spectrum_.draw(scene));
    case View::kMetrics:
      return append(requests, draw_metrics(scene));
  }
}

void Lab::draw_right(const Scene& scene, Requests& requests) {
  const float all = ImGui::GetContentRegionAvail().y;
  ImGui::BeginChild("inspector", {0, all * 0.55f});
  append(requests, draw_inspector(scene));
  ImGui::EndChild();
  ImGui::Separator();
  ImGui::BeginChild("checks", {0, 0});
  append(requests, draw_checks(scene));
  ImGui::EndChild();
}

void Lab::draw_left(const Scene& scene, Requests& requests) {
  append(requests, card_ ? lesson_card_.draw(scene) : story_.draw(scene));
}

// One column where there is no room for two.
void Lab::draw_side(const Scene& scene, Requests& requests) {
  const std::array kNames{card_ ? "Lesson" : "Story", "Inspector", "Checks"};
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##side", kNames[side_])) {
    for (std::size_t i = 0; i < kNames.size(); ++i)
      if (ImGui::Selectable(kNames[i], i == side_)) side_ = i;
    ImGui::EndCombo();
  }
  ImGui::BeginChild(kNames[side_]);
  if (side_ == 0) draw_left(scene, requests);
  if (side_ == 1) append(requests, draw_inspector(scene));
  if (side_ == 2) append(requests, draw_checks(scene));
  ImGui::EndChild();
}

void Lab::draw(const Fonts& fonts, const Theme& theme, float scale) {
  last_fonts_ = fonts, last_theme_ = theme, last_scale_ = scale;
  pictures_ = &painter_.look(session(), wanted());
  const Scene now = scene(fonts, theme, scale);
  Requests requests;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                      ImGuiWindowFlags_NoBackground;
  ImGui::Begin("lab", nullptr, kFlags);
  draw_top_bar(now, requests);
  const float em = ImGui::GetFontSize(), gap = kSplitter * scale;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool has_timeline = prologue_.act() != playback::Act::kWholeIdea;  // many runs, no one timeline
  const float low_bottom = (kLowBottom + kBandOfLane * static_cast<float>(std::min<std::size_t>(now.lanes(), 3))) * em;
  const float most_bottom = room.y < kLowWindow * em ? low_bottom : room.y * 0.5f;
  const float bottom = has_timeline ? std::clamp(settings_.layout.bottom * em, 5 * em, most_bottom) : 0;
  const float height = room.y - bottom - (has_timeline ? gap : 0);
  // With large letters the side panels give way to what they stand beside.
  // A question needs more room than an outline does, and a lesson more than that.
  const float wanted_left = std::max(settings_.layout.left, card_ ? kCard : prologue_.over() ? 0 : kQuestion);
  const bool roomy = room.x > (wanted_left + settings_.layout.right + kLeastCentre) * em;
  const bool right_shown = !now.veil.plain && roomy;
  const bool one_side = !now.veil.plain && !roomy;
  const float left = std::clamp(wanted_left * em, 8 * em, room.x * (one_side && !card_ ? 0.32f : 0.4f));
  const float right = right_shown ? std::clamp(settings_.layout.right * em, 8 * em, room.x * 0.35f) : 0;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  const ImVec2 spacing = {em * 0.5f, em * 0.35f};
  const auto part = [&](const char* id, ImVec2 size, auto&& content) {
    begin_part(now, id, size);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, spacing);
    content();
    ImGui::PopStyleVar();
    end_part();
  };
  // A lesson is read: its card goes down to the bottom, and the timeline stands beside it.
  const bool tall = card_ != nullptr;
  const float beside = left + gap, centre = room.x - beside - (right_shown ? right + gap : 0);
  const auto draw_bottom = [&](float width) {
    if (!has_timeline) return;
    splitter("split bottom", false, settings_.layout.bottom, -1, width);
    part("bottom", {width, bottom}, [&] { append(requests, timeline_.draw(now)); });
  };
  part("left", {left, tall ? room.y : height}, [&] {
    if (one_side)
      draw_side(now, requests);
    else
      draw_left(now, requests);
  });
  ImGui::SameLine();
  splitter("split left", true, settings_.layout.left, 1, tall ? room.y : height);
  ImGui::SameLine();
  ImGui::BeginGroup();
  part("centre", {centre, height}, [&] { draw_centre(now, requests); });
  if (right_shown) {
    ImGui::SameLine();
    splitter("split right", true, settings_.layout.right, -1, height);
    ImGui::SameLine();
    part("right", {right, height}, [&] { draw_right(now, requests); });
  }
  if (tall) draw_bottom(room.x - beside);
  ImGui::EndGroup();
  if (!tall) draw_bottom(room.x);
  ImGui::PopStyleVar();
  ImGui::End();
  append(requests, editors_.draw(now));
  append(requests, palette_.draw(now));
  if (now.map) append(requests, lesson_map_.draw(now));
  if (help_open_) help_open_ = draw_help(now);
  pointed_out_.clear();  // until the next frame says so again
  for (const Request& request : requests) handle(request);
}

}  // namespace twice::ui

#include "ui/panels/operation_bars.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/draw/contrast.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::OperationBar;
using playback::Phase;

constexpr float kRow = 24, kTallRow = 40, kAxis = 20;  // units
constexpr int kShownOfAClient = 6;                     // operations, at first
constexpr std::size_t kReachBack = 64;                 // operations of one client that may be open at once
constexpr float kNarrowestBar = 3, kPad = 4;

ImU32 colour_of(const Theme& theme, Phase phase) {
  switch (phase) {
    case Phase::kOk:
      return theme.verdict.good;
    case Phase::kFailed:
      return theme.verdict.bad;
    case Phase::kUnknown:
    case Phase::kInvoked:
      return theme.verdict.unsure;
  }
  return theme.faint;
}

std::string_view words_of(Phase phase) {
  switch (phase) {
    case Phase::kOk:
      return "answered";
    case Phase::kFailed:
      return "could not be done";
    case Phase::kUnknown:
      return "no answer came: it may have taken effect";
    case Phase::kInvoked:
      return "open when the run ended";
  }
  return {};
}

std::string_view icon_of(Phase phase) {
  switch (phase) {
    case Phase::kOk:
      return "";
    case Phase::kFailed:
      return "✗ ";
    case Phase::kUnknown:
    case Phase::kInvoked:
      return "? ";
  }
  return {};
}

bool has_answer(Phase phase) { return phase == Phase::kOk || phase == Phase::kFailed; }

// Towards its end an operation without an answer fades: nobody knows when, or whether, it took effect.
void fade_out(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour) {
  list.AddRectFilledMultiColor(from, to, faded(colour, 0.35f), faded(colour, 0), faded(colour, 0),
                               faded(colour, 0.35f));
  list.AddLine(from, {from.x, to.y}, colour, 2);
}

std::optional<Time> effect_of(const playback::LaneClients& lane, const OperationBar& bar) {
  if (!lane.verdicts || !bar.operation || *bar.operation >= lane.verdicts->effects.size()) return std::nullopt;
  return lane.verdicts->effects[*bar.operation];
}

// Where the next bar of this client begins.
float free_until(const playback::LaneClients& lane, const OperationBar& bar, const TimeAxis& axis) {
  const auto next = static_cast<std::size_t>(&bar - lane.metrics->bars.data()) + 1;
  const bool last = next >= lane.metrics->bars.size() || lane.metrics->bars[next].client != bar.client;
  return last ? axis.end : std::min(axis.end, axis.place(lane.metrics->bars[next].from));
}

void show_tip(const playback::LaneClients& lane, const OperationBar& bar) {
  const bool open = bar.to == kEndOfTime;
  std::string text = fmt::format(
      "{} of {}\n{}: {}", bar.label, lane.metrics->clients[bar.client], words_of(bar.phase),
      open ? "asked " + time_text(bar.from)
           : fmt::format("{} to {}, {}", time_text(bar.from), time_text(bar.to), length_text(bar.to - bar.from)));
  if (const auto effect = effect_of(lane, bar))
    text += "\ntook effect at " + time_text(*effect) + " in the order found";
  if (lane.verdicts && bar.operation && lane.verdicts->impossible == bar.operation)
    text += "\nno order of effects explains this answer and all before it";
  ImGui::SetTooltip("%s\nClick: go to its end", text.c_str());
}

}  // namespace

float OperationBars::height_for(const Scene& scene, std::size_t clients) {
  return (kAxis + kRow * static_cast<float>(clients) + 4) * scene.scale + 2 * ImGui::GetStyle().ItemSpacing.y;
}

// So that one can read a handful of operations of each client.
void OperationBars::choose_span(const playback::Recording& run, const playback::ClientsMetrics& metrics) {
  if (run_ == run.id() && span_.ns > 0) return;
  run_ = run.id();
  const auto clients = static_cast<std::int64_t>(std::max<std::size_t>(1, metrics.clients.size()));
  const auto each = std::max<std::int64_t>(1, static_cast<std::int64_t>(metrics.bars.size()) / clients);
  span_ = Duration{std::max<std::int64_t>(1'000, metrics.end.ns / each * kShownOfAClient)};
}

void OperationBars::draw(const Scene& scene, const playback::LaneClients& lane, std::optional<std::size_t> marked,
                         float height, Requests& requests) {
  const playback::ClientsMetrics& metrics = *lane.metrics;
  choose_span(scene.run(), metrics);
  float names = 0;
  for (const std::string& name : metrics.clients) names = std::max(names, width_of(scene.fonts.text, name));
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, left = std::min(names + 10 * scene.scale, width * 0.3f);
  const Time end = std::max(metrics.end, Time{1});
  const Duration span{std::min(span_.ns, end.ns)};
  const auto [first, last] = clamped(scene.session.cursor().at - Duration{span.ns / 2},
                                     scene.session.cursor().at + Duration{span.ns / 2}, end);
  axis_ = {first, last, from.x + left, from.x + width - ImGui::GetStyle().ScrollbarSize};
  draw_axis(*ImGui::GetWindowDrawList(), scene, from, {from.x + width, from.y + height});
  ImGui::Dummy({width, kAxis * scene.scale});
  ImGui::BeginChild("operations", {width, height - kAxis * scene.scale - ImGui::GetStyle().ItemSpacing.y}, false,
                    ImGuiWindowFlags_NoScrollWithMouse);
  draw_rows(scene, lane, marked, from.x, requests);
  ImGui::EndChild();
}

void OperationBars::draw_axis(ImDrawList& list, const Scene& scene, ImVec2 from, ImVec2 to) const {
  const ImFont* font = scene.fonts.text;
  list.PushClipRect({axis_.begin, from.y}, to, true);
  for (const Tick& tick : ticks_of(axis_, width_of(font, "00.000 s") * 1.8f)) {
    const float x = std::floor(axis_.place(tick.at)) + 0.5f;
    list.AddLine({x, from.y + kAxis * scene.scale}, {x, to.y}, mixed(scene.theme.border, scene.theme.panel, 140));
    const float wide = width_of(font, tick.label);
    if (x - wide / 2 < axis_.begin || x + wide / 2 > axis_.end) continue;
    draw_text(list, font, size_of(font), {x - wide / 2, from.y}, scene.theme.faint, tick.label);
  }
  const float now = std::floor(axis_.place(scene.session.cursor().at)) + 0.5f;
  list.AddLine({now, from.y + kAxis * 0.8f * scene.scale}, {now, to.y}, scene.theme.accent, 2 * scene.scale);
  list.PopClipRect();
}

void OperationBars::draw_rows(const Scene& scene, const playback::LaneClients& lane, std::optional<std::size_t> marked,
                              float left, Requests& requests) {
  const auto rows = static_cast<float>(std::max<std::size_t>(1, lane.metrics->clients.size()));
  const float room = ImGui::GetContentRegionAvail().y - ImGui::GetStyle().ItemSpacing.y;
  const float high = std::clamp(std::floor(room / rows), kRow * scene.scale, kTallRow * scene.scale);
  const std::size_t clients = lane.metrics->clients.size();
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::InvisibleButton("bars", {std::max(width, 10.0f), std::max(1.0f, high * static_cast<float>(clients))});
  if (ImGui::IsItemHovered() && ImGui::GetIO().MouseWheel != 0) {
    const double factor = ImGui::GetIO().MouseWheel > 0 ? 0.8 : 1.25;
    const double wanted = static_cast<double>(span_.ns) * factor;
    span_ = Duration{std::clamp(static_cast<std::int64_t>(wanted), std::int64_t{1'000},
                                std::max<std::int64_t>(1'000, lane.metrics->end.ns))};
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImFont* font = scene.fonts.text;
  for (std::size_t i = 0; i < clients; ++i) {
    const Row row{left, from.y + high * static_cast<float>(i), axis_.end, from.y + high * static_cast<float>(i + 1)};
    if (!ImGui::IsRectVisible({row.left, row.top}, {row.right, row.bottom})) continue;
    const std::string name = fitted(font, size_of(font), lane.metrics->clients[i], axis_.begin - left - 6);
    draw_text(list, font, size_of(font), {left, (row.top + row.bottom - size_of(font)) / 2}, scene.theme.text, name);
    list.PushClipRect({axis_.begin, row.top}, {row.right, row.bottom}, true);
    draw_row(list, scene, lane, static_cast<std::uint32_t>(i), row, marked, requests);
    list.PopClipRect();
  }
}

void OperationBars::draw_row(ImDrawList& list, const Scene& scene, const playback::LaneClients& lane,
                             std::uint32_t client, const Row& row, std::optional<std::size_t> marked,
                             Requests& requests) const {
  const std::vector<OperationBar>& bars = lane.metrics->bars;
  const auto before = [&](std::uint32_t of, Time at) {
    return static_cast<std::size_t>(std::partition_point(bars.begin(), bars.end(),
                                                         [&](const OperationBar& bar) {
                                                           return std::pair(bar.client, bar.from) < std::pair(of, at);
                                                         }) -
                                    bars.begin());
  };
  const std::size_t own = before(client, Time{}), in_view = before(client, axis_.from);
  for (std::size_t i = std::max(own, in_view - std::min(in_view, kReachBack));
       i < bars.size() && bars[i].client == client && bars[i].from <= axis_.to; ++i)
    if (bars[i].to >= axis_.from) draw_bar(list, scene, lane, bars[i], row, marked == bars[i].operation, requests);
}

void OperationBars::draw_bar(ImDrawList& list, const Scene& scene, const playback::LaneClients& lane,
                             const OperationBar& bar, const Row& row, bool marked, Requests& requests) const {
  const Theme& theme = scene.theme;
  const float u = scene.scale;
  const ImU32 colour = colour_of(theme, bar.phase);
  const float begin = std::max(axis_.place(bar.from), axis_.begin - 20 * u);
  const float end = bar.to == kEndOfTime ? axis_.end : std::min(axis_.place(bar.to), axis_.end + 20 * u);
  const ImVec2 from{std::floor(begin), row.top + 2 * u},
      to{std::max(std::floor(end), std::floor(begin) + kNarrowestBar * u), row.bottom - 3 * u};
  if (has_answer(bar.phase)) {
    list.AddRectFilled(from, to, mixed(colour, theme.panel, bar.writes ? 90 : 40), 3 * u);
    list.AddRect(from, to, colour, 3 * u, 0, u);
  } else {
    fade_out(list, from, to, colour);
  }
  const ImFont* font = scene.fonts.text;
  const std::string text = std::string(icon_of(bar.phase)) + bar.label;
  const float seen = std::max(from.x, axis_.begin);  // a bar that begins outside still says what it is
  const float room = std::min(to.x, axis_.end) - seen - 2 * kPad * u;
  const float middle = (from.y + to.y - size_of(font)) / 2;
  if (width_of(font, text) <= room)
    draw_text(list, font, size_of(font), {seen + kPad * u, middle}, theme.text, text);
  else if (to.x + kPad * u + width_of(font, text) <= free_until(lane, bar, axis_) - kPad * u)
    draw_text(list, font, size_of(font), {to.x + kPad * u, middle}, theme.faint, text);
  if (const auto effect = effect_of(lane, bar)) {
    const float x = std::clamp(axis_.place(*effect), from.x, to.x);
    list.AddTriangleFilled({x - 3.5f * u, to.y + 3 * u}, {x + 3.5f * u, to.y + 3 * u}, {x, to.y - 4 * u}, theme.text);
  }
  const bool impossible = lane.verdicts && bar.operation && lane.verdicts->impossible == bar.operation;
  if (impossible) list.AddRect({from.x - u, from.y - u}, {to.x + u, to.y + u}, theme.verdict.bad, 3 * u, 0, 3 * u);
  if (marked && bar.operation && !impossible)
    list.AddRect({from.x - u, from.y - u}, {to.x + u, to.y + u}, theme.focus, 3 * u, 0, 2 * u);
  if (!ImGui::IsItemHovered() || !ImGui::IsMouseHoveringRect({seen, from.y}, to)) return;
  show_tip(lane, bar);
  const Time goal = bar.to == kEndOfTime ? bar.from : bar.to;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) push(requests, playback::SeekTime{goal});
}

Legend operation_legend(const Scene& scene) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto box = [&t, u](ImU32 colour, int strength) {
    return [&t, u, colour, strength](ImDrawList& list, ImVec2 c, float h) {
      list.AddRectFilled({c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, mixed(colour, t.panel, strength), 3 * u);
      list.AddRect({c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, colour, 3 * u, 0, u);
    };
  };
  return {{"write (w) answered", box(t.verdict.good, 90)},
          {"read (r) answered", box(t.verdict.good, 40)},
          {"✗ not done", box(t.verdict.bad, 60)},
          {"? no answer",
           [&t](ImDrawList& list, ImVec2 c, float h) {
             fade_out(list, {c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, t.verdict.unsure);
           }},
          {"took effect here, in an order that explains the answers",
           [&t](ImDrawList& list, ImVec2 c, float h) {
             list.AddTriangleFilled({c.x - h * 0.5f, c.y + h * 0.6f}, {c.x + h * 0.5f, c.y + h * 0.6f},
                                    {c.x, c.y - h * 0.5f}, t.text);
           }},
          {"no order explains it",
           [&t, u](ImDrawList& list, ImVec2 c, float h) {
             list.AddRect({c.x - h, c.y - h * 0.7f}, {c.x + h, c.y + h * 0.7f}, t.verdict.bad, 3 * u, 0, 3 * u);
           }},
          {"2·7: the value that operation 7 of the second client writes", {}}};
}

}  // namespace twice::ui

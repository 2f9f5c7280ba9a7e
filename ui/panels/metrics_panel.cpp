#include "ui/panels/metrics_panel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/contrast.h"
#include "ui/panels/labels.h"
#include "ui/panels/time_axis.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::ClientsMetrics;
using playback::LaneClients;
using playback::LatencyPicture;

constexpr float kPlot = 96, kGap = 14;  // units
constexpr float kWide = 620;            // units: three plots side by side
constexpr std::array kDecadeNames{"10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"};

// What all lanes have in common, so that they can be compared.
struct Scales {
  std::size_t from_decade = LatencyPicture::kDecades, to_decade = 0;
  std::uint32_t most_ended = 1;
  std::uint64_t most_missed = 1;
  Time end{1};
};

Scales scales_of(const Scene& scene) {
  Scales scales;
  for (const LaneClients* lane : scene.pictures.clients) {
    if (!lane || !lane->metrics) continue;
    const ClientsMetrics& metrics = *lane->metrics;
    for (const LatencyPicture* picture : {&metrics.reads, &metrics.writes})
      for (std::size_t i = 0; i < picture->bins.size(); ++i)
        if (picture->bins[i] > 0) {
          const std::size_t decade = i / LatencyPicture::kBinsOfADecade;
          scales.from_decade = std::min(scales.from_decade, decade);
          scales.to_decade = std::max(scales.to_decade, decade + 1);
        }
    for (const ClientsMetrics::Bin& bin : metrics.bins)
      scales.most_ended = std::max(scales.most_ended, bin.ok + bin.failed + bin.unknown);
    scales.most_missed = std::max(scales.most_missed, metrics.versions_missed);
    scales.end = std::max(scales.end, metrics.end);
  }
  if (scales.from_decade >= scales.to_decade) scales.from_decade = 2, scales.to_decade = 5;
  return scales;
}

struct Box {
  ImVec2 from, to;
  float width() const { return to.x - from.x; }
};

float text_height(const Scene& scene) { return size_of(scene.fonts.text); }

// --- latencies

void draw_latencies(ImDrawList& list, const Scene& scene, const LatencyPicture& picture, const Scales& scales,
                    const Box& box, std::string_view what, ImU32 colour) {
  const Theme& theme = scene.theme;
  const float u = scene.scale, high = text_height(scene);
  const std::string words =
      picture.count == 0 ? fmt::format("no {} was answered", what)
                         : fmt::format("{}s {}, p99 {}", what, length_text(picture.p50), length_text(picture.p99));
  draw_text(list, scene.fonts.text, high, box.from, theme.text, fitted(scene.fonts.text, high, words, box.width()));
  const float top = box.from.y + high + 3 * u;
  const auto first = static_cast<double>(scales.from_decade) / LatencyPicture::kDecades;
  const auto all = static_cast<double>(scales.to_decade - scales.from_decade) / LatencyPicture::kDecades;
  const auto x_of = [&](double place) {
    return box.from.x + static_cast<float>(std::clamp((place - first) / all, 0.0, 1.0)) * box.width();
  };
  std::uint32_t most = 1;
  for (const std::uint32_t n : picture.bins) most = std::max(most, n);
  for (std::size_t i = 0; i < picture.bins.size(); ++i) {
    if (picture.bins[i] == 0) continue;
    const double bins = static_cast<double>(picture.bins.size());
    const float x = x_of(static_cast<double>(i) / bins), next = x_of(static_cast<double>(i + 1) / bins);
    const float part = static_cast<float>(picture.bins[i]) / static_cast<float>(most);
    const float y = box.to.y - std::max(2 * u, part * (box.to.y - top));
    list.AddRectFilled({x + u * 0.5f, y}, {std::max(next - u * 0.5f, x + u), box.to.y}, colour);
  }
  list.AddLine({box.from.x, box.to.y}, box.to, theme.border);
  if (picture.count == 0) return;
  const float half = std::floor(x_of(playback::place_on_scale(picture.p50))) + 0.5f;
  const float last = std::floor(x_of(playback::place_on_scale(picture.p99))) + 0.5f;
  list.AddLine({half, top}, {half, box.to.y}, theme.text, 1.5f * u);
  dashed_line(list, {last, top}, {last, box.to.y}, theme.text, 1.5f * u, 3 * u);
}

void draw_latency_plot(ImDrawList& list, const Scene& scene, const ClientsMetrics& metrics, const Scales& scales,
                       const Box& box) {
  const float axis = text_height(scene) + 2 * scene.scale, gap = 5 * scene.scale;
  const float each = (box.to.y - box.from.y - axis - gap) / 2;
  draw_latencies(list, scene, metrics.reads, scales, {box.from, {box.to.x, box.from.y + each}}, "read",
                 scene.theme.identity(0));
  draw_latencies(list, scene, metrics.writes, scales,
                 {{box.from.x, box.from.y + each + gap}, {box.to.x, box.from.y + 2 * each + gap}}, "write",
                 scene.theme.identity(1));
  const std::size_t decades = scales.to_decade - scales.from_decade;
  float free_from = box.from.x;
  for (std::size_t i = 0; i <= decades; ++i) {
    const float x = box.from.x + box.width() * static_cast<float>(i) / static_cast<float>(decades);
    list.AddLine({x, box.to.y - axis}, {x, box.to.y - axis + 3 * scene.scale}, scene.theme.faint);
    const char* name = kDecadeNames[scales.from_decade + i];
    const float wide = width_of(scene.fonts.text, name);
    const float left = std::clamp(x - wide / 2, box.from.x, box.to.x - wide);
    if (left < free_from) continue;
    draw_text(list, scene.fonts.text, text_height(scene), {left, box.to.y - text_height(scene)}, scene.theme.faint,
              name);
    free_from = left + wide + 8 * scene.scale;
  }
}

// --- over time

TimeAxis axis_of(const Scales& scales, const Box& box) { return {Time{}, scales.end, box.from.x, box.to.x}; }

// Cuts as bands, crashes as lines, ticks below, the cursor; a click goes there.
float draw_time(ImDrawList& list, const Scene& scene, std::size_t lane, const ClientsMetrics& metrics,
                const Scales& scales, const Box& box) {
  const Theme& theme = scene.theme;
  const float u = scene.scale, bottom = box.to.y - text_height(scene) - 2 * u;
  const TimeAxis axis = axis_of(scales, box);
  for (const auto& [from, to] : metrics.cuts) {
    const ImVec2 a{axis.place(from), box.from.y}, b{axis.place(to), bottom};
    list.AddRectFilled(a, b, faded(theme.mark.partition, 0.14f));
    list.AddLine(a, {a.x, b.y}, theme.mark.partition, u);
    list.AddLine({b.x, a.y}, b, theme.mark.partition, u);
  }
  for (const playback::Moment& moment : scene.session.recording(lane).moments())
    if (moment.kind == playback::MomentKind::kCrash) {
      const float x = std::floor(axis.place(moment.at)) + 0.5f;
      list.AddLine({x, box.from.y}, {x, bottom}, theme.mark.crash, 1.5f * u);
    }
  list.AddLine({box.from.x, bottom}, {box.to.x, bottom}, theme.border);
  const float apart = width_of(scene.fonts.text, "00.0 s") * 1.6f;
  float free_from = box.from.x;
  for (const Tick& tick : ticks_of(axis, apart)) {
    const float x = axis.place(tick.at), wide = width_of(scene.fonts.text, tick.label);
    list.AddLine({x, bottom}, {x, bottom + 3 * u}, theme.faint);
    const float left = std::clamp(x - wide / 2, box.from.x, box.to.x - wide);
    if (left < free_from) continue;
    draw_text(list, scene.fonts.text, text_height(scene), {left, box.to.y - text_height(scene)}, theme.faint,
              tick.label);
    free_from = left + wide + 6 * u;
  }
  return bottom;
}

void draw_cursor(ImDrawList& list, const Scene& scene, const Scales& scales, const Box& box, float bottom) {
  const float x = std::floor(axis_of(scales, box).place(scene.session.cursor().at)) + 0.5f;
  list.AddLine({x, box.from.y}, {x, bottom}, scene.theme.accent, 2 * scene.scale);
}

// Where a bin of this lane begins on the axis that all lanes share.
float x_of_bin(const ClientsMetrics& metrics, const Scales& scales, const Box& box, std::size_t bin) {
  const auto at = static_cast<double>(metrics.end.ns) * static_cast<double>(bin) / ClientsMetrics::kBins;
  return axis_of(scales, box).place(Time{static_cast<std::int64_t>(at)});
}

void draw_answers(ImDrawList& list, const Scene& scene, std::size_t lane, const ClientsMetrics& metrics,
                  const Scales& scales, const Box& box) {
  const Theme& theme = scene.theme;
  const float bottom = draw_time(list, scene, lane, metrics, scales, box);
  const float unit = (bottom - box.from.y) / static_cast<float>(scales.most_ended);
  for (std::size_t i = 0; i < metrics.bins.size(); ++i) {
    const ClientsMetrics::Bin& bin = metrics.bins[i];
    const float x = x_of_bin(metrics, scales, box, i), next = x_of_bin(metrics, scales, box, i + 1);
    const float right = std::max(x + 1, next - 0.5f * scene.scale);
    float y = bottom;
    const auto pile = [&](std::uint32_t n, ImU32 colour, bool hatched) {
      if (n == 0) return;
      const float top = y - std::max(2.0f, unit * static_cast<float>(n));
      list.AddRectFilled({x, top}, {right, y}, colour);
      if (hatched) hatch(list, {x, top}, {right, y}, theme.panel, 4 * scene.scale, scene.scale);
      y = top;
    };
    pile(bin.ok, mixed(theme.verdict.good, theme.panel, 150), false);
    pile(bin.unknown, theme.verdict.unsure, true);
    pile(bin.failed, theme.verdict.bad, false);
  }
  draw_cursor(list, scene, scales, box, bottom);
}

void draw_staleness(ImDrawList& list, const Scene& scene, std::size_t lane, const ClientsMetrics& metrics,
                    const Scales& scales, const Box& box) {
  const float bottom = draw_time(list, scene, lane, metrics, scales, box);
  const float unit = (bottom - box.from.y) / static_cast<float>(scales.most_missed);
  for (std::size_t i = 0; i < metrics.bins.size(); ++i) {
    if (metrics.bins[i].versions_missed == 0) continue;
    const float x = x_of_bin(metrics, scales, box, i), next = x_of_bin(metrics, scales, box, i + 1);
    const float top = bottom - std::max(2.0f, unit * static_cast<float>(metrics.bins[i].versions_missed));
    list.AddRectFilled({x, top}, {std::max(x + 1, next - 0.5f * scene.scale), bottom}, scene.theme.row.duplicated);
  }
  draw_cursor(list, scene, scales, box, bottom);
}

// --- words

std::string answers_text(const ClientsMetrics& metrics) {
  std::string text = fmt::format("{} ok", lab::grouped(metrics.ok));
  if (metrics.failed > 0) text += fmt::format(", {} failed", lab::grouped(metrics.failed));
  if (metrics.unknown > 0) text += fmt::format(", {} unknown", lab::grouped(metrics.unknown));
  if (metrics.open > 0) text += fmt::format(", {} open", lab::grouped(metrics.open));
  return text;
}

std::string staleness_text(const ClientsMetrics& metrics) {
  if (!metrics.knows_staleness) return "cannot be told of these values";
  if (metrics.stale_reads == 0) return "no read missed a write";
  return fmt::format("{} of {} stale, worst {}", lab::grouped(metrics.stale_reads), lab::grouped(metrics.reads_checked),
                     lab::grouped(metrics.versions_missed));
}

// What the run says of CAP: never more than it showed.
std::string cap_text(const LaneClients& lane) {
  const ClientsMetrics& metrics = *lane.metrics;
  if (metrics.asked_in_cuts == 0) return {};
  std::string text = fmt::format("While links were cut: {} % of {} got an answer before the heal",
                                 metrics.answered_in_cuts * 100 / metrics.asked_in_cuts,
                                 lab::counted(metrics.asked_in_cuts, "operation"));
  if (!lane.verdicts || lane.verdicts->rows.empty()) return text + ".";
  switch (lane.verdicts->rows.front().held) {
    case check::Judgement::kHeld:
      return text + "; the whole run is linearizable.";
    case check::Judgement::kViolated:
      return text + "; the run is not linearizable.";
    case check::Judgement::kUnknown:
      return text + "; whether the run is linearizable is not known.";
  }
  return text;
}

using Plot = void (*)(ImDrawList&, const Scene&, std::size_t, const ClientsMetrics&, const Scales&, const Box&);
struct Column {
  const char* title;
  std::string (*words)(const ClientsMetrics&);
  Plot draw;
  bool in_time;
};
const std::array<Column, 3>& columns() {
  static const std::array<Column, 3> kColumns{
      Column{"How long answers took", nullptr,
             [](ImDrawList& list, const Scene& scene, std::size_t, const ClientsMetrics& metrics, const Scales& scales,
                const Box& box) { draw_latency_plot(list, scene, metrics, scales, box); },
             false},
      Column{"Answers over time", answers_text, draw_answers, true},
      Column{"Writes that reads missed", staleness_text, draw_staleness, true}};
  return kColumns;
}

void draw_plot(const Scene& scene, std::size_t lane, const Column& column, const Scales& scales, float width,
               float height, Requests& requests) {
  const ClientsMetrics& metrics = *scene.pictures.clients[lane]->metrics;
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImGui::PushID(column.title);
  const bool pressed = ImGui::InvisibleButton("plot", {width, height});
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  Box box{from, {from.x + width, from.y + height}};
  if (column.words) {
    draw_text(list, scene.fonts.text, text_height(scene), from, scene.theme.text,
              fitted(scene.fonts.text, text_height(scene), column.words(metrics), width));
    tip(column.words(metrics));
    box.from.y += text_height(scene) + 3 * scene.scale;
  }
  column.draw(list, scene, lane, metrics, scales, box);
  if (!pressed || !column.in_time) return;
  if (lane != scene.lane()) push(requests, playback::FocusLane{lane});
  push(requests, playback::SeekTime{axis_of(scales, box).at(ImGui::GetIO().MousePos.x)});
}

void draw_lane(const Scene& scene, std::size_t lane, const Scales& scales, bool wide, Requests& requests) {
  const LaneClients* clients = lane < scene.pictures.clients.size() ? scene.pictures.clients[lane] : nullptr;
  const std::string& name = scene.session.lanes()[lane].name();
  if (!name.empty()) heading(scene, name);
  if (!playback::has_clients(scene.session.lanes()[lane])) return faint(scene, "This lane has no clients.");
  if (!scene.session.recording(lane).error().empty()) return paragraph(scene.session.recording(lane).error());
  if (!clients || !clients->metrics) return faint(scene, "The run is being recorded and measured …");
  if (clients->so_far) faint(scene, "So far: the run is still being recorded.");
  const float gap = kGap * scene.scale, all = ImGui::GetContentRegionAvail().x;
  const float height = std::max(kPlot * scene.scale, 6.5f * text_height(scene));
  const float width = wide ? (all - 2 * gap) / 3 : all;
  for (std::size_t i = 0; i < columns().size(); ++i) {
    if (wide && i > 0) ImGui::SameLine(0, gap);
    if (!wide) faint(scene, columns()[i].title);
    draw_plot(scene, lane, columns()[i], scales, width, height, requests);
  }
  if (const std::string text = cap_text(*clients); !text.empty()) faint(scene, text);
  ImGui::Dummy({1, 4 * scene.scale});
}

Legend metrics_legend(const Scene& scene) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto square = [](ImU32 colour) {
    return [colour](ImDrawList& list, ImVec2 c, float h) {
      list.AddRectFilled({c.x - h * 0.7f, c.y - h * 0.7f}, {c.x + h * 0.7f, c.y + h * 0.7f}, colour);
    };
  };
  return {{"median (p50)",
           [&t, u](ImDrawList& list, ImVec2 c, float h) {
             list.AddLine({c.x, c.y - h}, {c.x, c.y + h}, t.text, 1.5f * u);
           }},
          {"p99",
           [&t, u](ImDrawList& list, ImVec2 c, float h) {
             dashed_line(list, {c.x, c.y - h}, {c.x, c.y + h}, t.text, 1.5f * u, 3 * u);
           }},
          {"ok", square(mixed(t.verdict.good, t.panel, 150))},
          {"no answer: unknown",
           [&t, u](ImDrawList& list, ImVec2 c, float h) {
             const ImVec2 from{c.x - h * 0.7f, c.y - h * 0.7f}, to{c.x + h * 0.7f, c.y + h * 0.7f};
             list.AddRectFilled(from, to, t.verdict.unsure);
             hatch(list, from, to, t.panel, 4 * u, u);
           }},
          {"failed", square(t.verdict.bad)},
          {"stalest read of the moment", square(t.row.duplicated)},
          {"links are cut",
           [&t](ImDrawList& list, ImVec2 c, float h) {
             list.AddRectFilled({c.x - h, c.y - h}, {c.x + h, c.y + h}, faded(t.mark.partition, 0.14f));
             list.AddLine({c.x - h, c.y - h}, {c.x - h, c.y + h}, t.mark.partition);
             list.AddLine({c.x + h, c.y - h}, {c.x + h, c.y + h}, t.mark.partition);
           }},
          {"crash",
           [&t, u](ImDrawList& list, ImVec2 c, float h) {
             list.AddLine({c.x, c.y - h}, {c.x, c.y + h}, t.mark.crash, 1.5f * u);
           }},
          {"cursor", [&t, u](ImDrawList& list, ImVec2 c, float h) {
             list.AddLine({c.x, c.y - h}, {c.x, c.y + h}, t.accent, 2 * u);
           }}};
}

}  // namespace

Requests draw_metrics(const Scene& scene) {
  Requests requests;
  const auto& lanes = scene.session.lanes();
  if (std::none_of(lanes.begin(), lanes.end(),
                   [](const playback::Lane& lane) { return playback::has_clients(lane); })) {
    paragraph("No clients ask anything in this scenario, so there is nothing to measure. Open one with [[client]].");
    return requests;
  }
  const Legend legend = metrics_legend(scene);
  const float key = height_of(scene, legend, ImGui::GetContentRegionAvail().x) + ImGui::GetStyle().ItemSpacing.y;
  ImGui::BeginChild("lanes", {0, std::max(ImGui::GetContentRegionAvail().y - key, 160 * scene.scale)});
  const float all = ImGui::GetContentRegionAvail().x, gap = kGap * scene.scale;
  const bool wide = all >= kWide * scene.scale;
  if (wide) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    for (std::size_t i = 0; i < columns().size(); ++i)
      draw_text(*ImGui::GetWindowDrawList(), scene.fonts.text, text_height(scene),
                {from.x + static_cast<float>(i) * ((all - 2 * gap) / 3 + gap), from.y}, scene.theme.faint,
                columns()[i].title);
    ImGui::Dummy({all, text_height(scene)});
  }
  const Scales scales = scales_of(scene);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    ImGui::PushID(static_cast<int>(lane));
    draw_lane(scene, lane, scales, wide, requests);
    ImGui::PopID();
  }
  ImGui::EndChild();
  draw_legend(scene, legend);
  return requests;
}

}  // namespace twice::ui

#include "ui/panels/spectrum_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/draw/contrast.h"
#include "ui/panels/widgets.h"
#include "ui/playback/value_text.h"

namespace twice::ui {
namespace {

using check::Judgement;
using check::Model;

constexpr float kRow = 21, kNarrowest = 30, kWidest = 90, kGap = 3;  // units
constexpr float kBeside = 250;                                       // units: room for words beside the ladder
constexpr std::size_t kFewestRows = 3;                               // of bars, before the view scrolls

Badge badge_for(const Theme& theme, Judgement judgement) {
  switch (judgement) {
    case Judgement::kHeld:
      return {"✓", "held", theme.verdict.good};
    case Judgement::kViolated:
      return {"✗", "violated", theme.verdict.bad};
    case Judgement::kUnknown:
      return {"?", "unknown", theme.verdict.unknown};
  }
  return {};
}

const playback::LaneClients* clients_of(const Scene& scene, std::size_t lane) {
  return lane < scene.pictures.clients.size() ? scene.pictures.clients[lane] : nullptr;
}

const check::SpectrumRow* row_of(const Scene& scene, std::size_t lane, Model model) {
  const playback::LaneClients* clients = clients_of(scene, lane);
  if (!clients || !clients->verdicts) return nullptr;
  for (const check::SpectrumRow& row : clients->verdicts->rows)
    if (row.model == model) return &row;
  return nullptr;
}

bool any_clients(const Scene& scene) {
  const auto& lanes = scene.session.lanes();
  return std::any_of(lanes.begin(), lanes.end(),
                     [](const playback::Lane& lane) { return playback::has_clients(lane); });
}

// An answer shows it when it comes; what never came, when it was asked.
Time moment_of(const check::Operation& operation) {
  return operation.returned == kEndOfTime ? operation.invoked : operation.returned;
}

std::string why_no_row(const Scene& scene) {
  const playback::LaneClients* clients = clients_of(scene, scene.lane());
  if (!playback::has_clients(scene.session.lanes()[scene.lane()])) return "This lane has no clients.";
  if (!scene.run().error().empty()) return scene.run().error();
  if (!clients || !clients->verdicts)
    return scene.run().complete() ? "Its history is being judged …" : "Its run is being recorded …";
  return "Its clients remove elements of sets, which no history of reads and writes can express: nothing is judged.";
}

}  // namespace

Requests SpectrumPanel::draw(const Scene& scene) {
  Requests requests;
  if (!any_clients(scene)) {
    paragraph("No clients ask anything in this scenario, so there is no history to judge. Open one with [[client]].");
    return requests;
  }
  heading(scene, "Consistency, from strong to eventual");
  const float all = ImGui::GetContentRegionAvail().x, top = ImGui::GetCursorPosY();
  const Ladder ladder = ladder_of(scene, all);
  const float used = ladder.models + ladder.column * static_cast<float>(ladder.lanes) + ImGui::GetFontSize();
  const bool beside = all - used >= kBeside * scene.scale;
  draw_ladder(scene, ladder, requests);
  const float bottom = ImGui::GetCursorPosY();
  if (beside) {
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + used, top});
    ImGui::BeginChild("why", {all - used, bottom - top});
    draw_words(scene, requests);
    ImGui::EndChild();
    ImGui::SetCursorPosY(bottom);
  } else {
    draw_words(scene, requests);
  }
  const playback::LaneClients* clients = clients_of(scene, scene.lane());
  if (!clients || !clients->metrics || clients->metrics->clients.empty()) return requests;
  heading(scene, "What clients asked around the cursor");
  const Legend legend = operation_legend(scene);
  const float key = height_of(scene, legend, ImGui::GetContentRegionAvail().x) + ImGui::GetStyle().ItemSpacing.y;
  const std::size_t rows = clients->metrics->clients.size();
  const float least = OperationBars::height_for(scene, std::min(rows, kFewestRows));
  const float height =
      std::clamp(ImGui::GetContentRegionAvail().y - key, least, 1.7f * OperationBars::height_for(scene, rows));
  const check::SpectrumRow* row = row_of(scene, scene.lane(), chosen(scene));
  bars_.draw(scene, *clients, row ? row->operation : std::nullopt, height, requests);
  draw_legend(scene, legend);
  return requests;
}

// Of the lane in focus: the strongest model it breaks, else the first that is not known.
Model SpectrumPanel::chosen(const Scene& scene) const {
  if (model_) return *model_;
  for (const Judgement wanted : {Judgement::kViolated, Judgement::kUnknown})
    for (const Model model : check::kModels)
      if (const auto* row = row_of(scene, scene.lane(), model); row && row->held == wanted) return model;
  return Model::kLinearizable;
}

SpectrumPanel::Ladder SpectrumPanel::ladder_of(const Scene& scene, float width) const {
  const float u = scene.scale;
  Ladder ladder;
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ladder.left = from.x, ladder.top = from.y;
  ladder.row = std::max(kRow * u, size_of(scene.fonts.text) + 4 * u);
  for (const Model model : check::kModels)
    ladder.models = std::max(ladder.models, width_of(scene.fonts.text, check::name_of(model)) + 12 * u);
  const float room = width - ladder.models;
  const std::size_t all = scene.session.lanes().size();
  ladder.lanes = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(0.0f, room / (kNarrowest * u))), 1, all);
  ladder.column = std::clamp(room / static_cast<float>(ladder.lanes), kNarrowest * u, kWidest * u);
  ladder.first = std::min(scene.lane() - std::min(scene.lane(), ladder.lanes - 1), all - ladder.lanes);
  return ladder;
}

void SpectrumPanel::draw_ladder(const Scene& scene, const Ladder& ladder, Requests& requests) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Theme& theme = scene.theme;
  const float u = scene.scale;
  const Model now = chosen(scene);
  const auto text_top = [&](float top, const ImFont* font) {
    return top + (ladder.row - kGap * u - size_of(font)) / 2;
  };
  for (std::size_t i = 0; i < ladder.lanes; ++i) {
    const std::size_t lane = ladder.first + i;
    const bool focus = lane == scene.lane();
    const ImFont* font = focus ? scene.fonts.bold : scene.fonts.text;
    const std::string& name = scene.session.lanes()[lane].name();
    const float x = ladder.left + ladder.models + ladder.column * static_cast<float>(i);
    const std::string shown = fitted(font, size_of(font), name, ladder.column - 6 * u);
    draw_centred(list, font, {x + (ladder.column - kGap * u) / 2, ladder.top + ladder.row / 2},
                 focus ? theme.text : theme.faint, shown);
    ImGui::SetCursorScreenPos({x, ladder.top});
    if (ImGui::InvisibleButton(fmt::format("lane {}", lane).c_str(), {ladder.column - kGap * u, ladder.row}))
      push(requests, playback::FocusLane{lane});
    tip(name);
  }
  for (std::size_t m = 0; m < check::kModels.size(); ++m) {
    const Model model = check::kModels[m];
    const float top = ladder.top + ladder.row * static_cast<float>(m + 1);
    const ImFont* font = model == now ? scene.fonts.bold : scene.fonts.text;
    draw_text(list, font, size_of(font), {ladder.left, text_top(top, font)}, theme.text,
              fitted(font, size_of(font), check::name_of(model), ladder.models - 4 * u));
    ImGui::SetCursorScreenPos({ladder.left, top});
    if (ImGui::InvisibleButton(std::string(check::name_of(model)).c_str(), {ladder.models, ladder.row})) model_ = model;
    tip(check::doc_of(model));
    for (std::size_t i = 0; i < ladder.lanes; ++i) draw_cell(scene, ladder, ladder.first + i, model, requests);
  }
  ImGui::SetCursorScreenPos({ladder.left, ladder.top + ladder.row * static_cast<float>(check::kModels.size() + 1)});
  ImGui::Dummy({1, 2 * u});
  if (ladder.lanes < scene.session.lanes().size())
    faint(scene,
          fmt::format("{} of {} lanes fit; Tab goes on to the others", ladder.lanes, scene.session.lanes().size()));
}

void SpectrumPanel::draw_cell(const Scene& scene, const Ladder& ladder, std::size_t lane, Model model,
                              Requests& requests) {
  const Theme& theme = scene.theme;
  const float u = scene.scale;
  const auto m =
      static_cast<float>(std::find(check::kModels.begin(), check::kModels.end(), model) - check::kModels.begin());
  const ImVec2 from{std::floor(ladder.left + ladder.models + ladder.column * static_cast<float>(lane - ladder.first)),
                    std::floor(ladder.top + ladder.row * (m + 1))};
  const ImVec2 to{std::floor(from.x + ladder.column - kGap * u), std::floor(from.y + ladder.row - kGap * u)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  const check::SpectrumRow* row = row_of(scene, lane, model);
  if (!row) {
    dashed_rect(list, from, to, mixed(theme.border, theme.panel, 140), u, 3 * u);
    draw_centred(list, scene.fonts.text, middle, theme.faint,
                 playback::has_clients(scene.session.lanes()[lane]) ? "…" : "–");
  } else {
    const Badge badge = badge_for(theme, row->held);
    const bool unknown = row->held == Judgement::kUnknown;
    list.AddRectFilled(from, to, unknown ? theme.panel : mixed(badge.colour, theme.panel, 44), 3 * u);
    unknown ? dashed_rect(list, from, to, badge.colour, u, 3 * u) : list.AddRect(from, to, badge.colour, 3 * u, 0, u);
    const std::string full = fmt::format("{} {}", badge.icon, badge.word);
    const bool fits = width_of(scene.fonts.text, full) + 8 * u <= to.x - from.x;
    draw_centred(list, scene.fonts.text, middle, badge.colour, fits ? full : std::string(badge.icon));
  }
  if (lane == scene.lane() && model == chosen(scene))
    list.AddRect({from.x - u, from.y - u}, {to.x + u, to.y + u}, theme.focus, 4 * u, 0, 2 * u);
  ImGui::SetCursorScreenPos(from);
  if (ImGui::InvisibleButton(fmt::format("{} {}", lane, check::name_of(model)).c_str(),
                             {to.x - from.x, to.y - from.y})) {
    model_ = model;
    if (lane != scene.lane()) push(requests, playback::FocusLane{lane});
  }
  if (row)
    tip(row->witness.empty() ? std::string(badge_for(theme, row->held).word)
                             : playback::with_short_values(row->witness));
}

void SpectrumPanel::draw_words(const Scene& scene, Requests& requests) const {
  const Model model = chosen(scene);
  const std::string& name = scene.session.lanes()[scene.lane()].name();
  const check::SpectrumRow* row = row_of(scene, scene.lane(), model);
  if (!row) {
    heading(scene, name);
    return paragraph(why_no_row(scene));
  }
  const playback::LaneClients& clients = *clients_of(scene, scene.lane());
  const Badge badge = badge_for(scene.theme, row->held);
  ImGui::PushFont(scene.fonts.bold);
  ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
  paragraph(fmt::format("{} {}: {}{}", badge.icon, check::name_of(model), badge.word,
                        scene.session.lanes().size() > 1 ? " in " + name : std::string()));
  ImGui::PopStyleColor();
  ImGui::PopFont();
  faint(scene, check::doc_of(model));
  if (!row->witness.empty()) paragraph(playback::with_short_values(row->witness));
  const auto& operations = scene.run().log().clients().history().operations;
  if (row->operation && *row->operation < operations.size()) {
    const Time at = moment_of(operations[*row->operation]);
    if (ImGui::Button(fmt::format("Go to {}, where it shows", time_text(at)).c_str()))
      push(requests, playback::SeekEvent{scene.lane(), scene.run().trace().events_until(at)});
  }
  if (clients.so_far)
    faint(scene, fmt::format("So far: the run is still being recorded; {} were judged.",
                             lab::counted(clients.operations, "operation")));
}

}  // namespace twice::ui

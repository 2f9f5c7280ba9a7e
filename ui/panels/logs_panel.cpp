#include "ui/panels/logs_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/labels.h"
#include "ui/panels/term_colours.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::LogPicture;
using playback::ServerLog;

/// The indices that are shown, newest last, and where.
struct Columns {
  std::uint64_t first = 1, last = 0;
  float left = 0, wide = 1;
  float x(std::uint64_t index) const { return left + static_cast<float>(index - first) * wide; }
  bool has(std::uint64_t index) const { return index >= first && index <= last; }
};

// The one that leads the newest term; a leader that was cut off may still believe to lead.
const LogPicture* newest_leader(const std::vector<LogPicture>& logs) {
  const LogPicture* found = nullptr;
  for (const LogPicture& log : logs)
    if (log.up && log.face.leads && (!found || found->face.term < log.face.term)) found = &log;
  return found;
}

const ServerLog::Follower* known_of(const LogPicture* leader, NodeId node) {
  if (!leader) return nullptr;
  for (const auto& follower : leader->log.followers)
    if (follower.node == node) return &follower;
  return nullptr;
}

// The newest index anywhere is in sight, and one more for a next mark.
Columns columns_of(const Scene& scene, float left, float right) {
  std::uint64_t last = 1;
  for (const LogPicture& log : scene.pictures.logs) last = std::max(last, log.log.last + 1);
  Columns columns;
  const float digits = width_of(scene.fonts.text, fmt::format("{}", last));
  columns.wide = std::max(24 * scene.scale, digits + 8 * scene.scale);
  const auto fit = static_cast<std::uint64_t>(std::max(1.0f, (right - left) / columns.wide));
  columns.first = last >= fit ? last - fit + 1 : 1;
  columns.last = last;
  columns.left = left;
  return columns;
}

void draw_entry(ImDrawList& list, const Scene& scene, const ServerLog& log, const ServerLog::Entry& entry, ImVec2 from,
                ImVec2 to) {
  const float u = scene.scale;
  list.AddRectFilled(from, to, term_fill(scene.theme, entry.term), 3 * u);
  if (entry.committed)
    list.AddRect(from, to, scene.theme.text, 3 * u, 0, u);
  else
    dashed_rect(list, from, to, scene.theme.text, u, 3 * u);
  draw_centred(list, scene.fonts.text, {(from.x + to.x) / 2, (from.y + to.y) / 2}, scene.theme.text,
               fmt::format("{}", entry.term));
  if (!ImGui::IsMouseHoveringRect(from, to) || !ImGui::IsWindowHovered()) return;
  ImGui::SetTooltip("entry %llu of term %llu\n%s\n%s%s", static_cast<unsigned long long>(entry.index),
                    static_cast<unsigned long long>(entry.term), entry.what.c_str(),
                    entry.committed ? "committed" : "not committed as far as this server knows",
                    entry.index <= log.durable.value_or(entry.index) ? "" : "\nnot on its disk yet");
}

// Full: the leader knows that their logs agree up to here; hollow: the entry it sends next.
void draw_pointer(ImDrawList& list, ImVec2 tip, float half, ImU32 colour, bool full, float line) {
  const ImVec2 a{tip.x - half, tip.y + 1.6f * half}, b{tip.x + half, tip.y + 1.6f * half};
  full ? list.AddTriangleFilled(tip, b, a, colour) : list.AddTriangle(tip, b, a, colour, line);
}

void draw_snapshot(ImDrawList& list, const Scene& scene, const ServerLog& log, const Columns& columns, float top,
                   float bottom) {
  if (log.base < columns.first) return;
  const ImVec2 from{columns.x(columns.first), top};
  const ImVec2 to{columns.x(std::min(log.base, columns.last)) + columns.wide - 2 * scene.scale, bottom};
  list.AddRectFilled(from, to, scene.theme.raised, 3 * scene.scale);
  hatch(list, from, to, faded(scene.theme.faint, 0.45f), 6 * scene.scale, scene.scale);
  const std::string words = fmt::format("snapshot of 1–{}", log.base);
  const float wide = width_of(scene.fonts.text, words);
  if (wide + 8 * scene.scale < to.x - from.x) {
    const ImVec2 middle{(from.x + to.x) / 2, (top + bottom) / 2};
    list.AddRectFilled({middle.x - wide / 2 - 3 * scene.scale, top}, {middle.x + wide / 2 + 3 * scene.scale, bottom},
                       scene.theme.raised);
    draw_centred(list, scene.fonts.text, middle, scene.theme.text, words);
  }
  if (ImGui::IsMouseHoveringRect(from, to) && ImGui::IsWindowHovered()) ImGui::SetTooltip("%s", words.c_str());
}

std::string status_of(const LogPicture& log) {
  if (!log.up) return "down";
  return log.face.term ? fmt::format("{}, {} {}", log.face.role, log.face.era, *log.face.term) : log.face.role;
}

Legend legend_of(const Scene& scene) {
  const Theme& t = scene.theme;
  const float u = scene.scale;
  const auto entry = [&t, u](bool committed) {
    return [&t, u, committed](ImDrawList& list, ImVec2 c, float h) {
      const ImVec2 from{c.x - h, c.y - h * 0.8f}, to{c.x + h, c.y + h * 0.8f};
      list.AddRectFilled(from, to, term_fill(t, 1), 3 * u);
      committed ? list.AddRect(from, to, t.text, 3 * u, 0, u) : dashed_rect(list, from, to, t.text, u, 3 * u);
    };
  };
  const auto pointer = [&t, u](bool full) {
    return [&t, u, full](ImDrawList& list, ImVec2 c, float h) {
      draw_pointer(list, {c.x, c.y - h * 0.5f}, h * 0.6f, t.text, full, 1.5f * u);
    };
  };
  const auto& logs = scene.pictures.logs;
  const bool rounds = std::any_of(logs.begin(), logs.end(), [](const LogPicture& l) { return l.face.era == "round"; });
  Legend legend{{rounds ? "chosen (number, colour: the round)" : "committed (number, colour: the term)", entry(true)},
                {rounds ? "accepted" : "not committed yet", entry(false)}};
  if (std::any_of(logs.begin(), logs.end(), [](const LogPicture& log) { return !log.log.followers.empty(); })) {
    legend.push_back({"match: known to agree up to here", pointer(true)});
    legend.push_back({"next: to be sent", pointer(false)});
  }
  if (std::any_of(logs.begin(), logs.end(), [](const LogPicture& log) { return log.log.base > 0; }))
    legend.push_back({"in a snapshot", [&t, u](ImDrawList& list, ImVec2 c, float h) {
                        hatch(list, {c.x - h, c.y - h * 0.8f}, {c.x + h, c.y + h * 0.8f}, t.faint, 5 * u, u);
                      }});
  return legend;
}

// The index of every so many columns, that their numbers do not touch.
void draw_indices(ImDrawList& list, const Scene& scene, const Columns& columns, float top) {
  const std::uint64_t every = columns.last < 10 ? 1 : 5;
  for (std::uint64_t i = columns.first; i <= columns.last; ++i)
    if (i % every == 0 || i == 1)
      draw_centred(list, scene.fonts.text,
                   {columns.x(i) + columns.wide / 2 - scene.scale, top + size_of(scene.fonts.text) / 2},
                   scene.theme.faint, fmt::format("{}", i));
}

void draw_row(ImDrawList& list, const Scene& scene, std::size_t place, const Columns& columns, ImVec2 at, float cell) {
  const LogPicture& log = scene.pictures.logs[place];
  const float u = scene.scale, size = size_of(scene.fonts.text);
  list.AddCircleFilled({at.x + 5 * u, at.y + size / 2}, 4 * u, scene.theme.identity(place));
  draw_text(list, scene.fonts.bold, size, {at.x + 14 * u, at.y}, log.up ? scene.theme.text : scene.theme.faint,
            fitted(scene.fonts.bold, size, log.name, columns.left - at.x - 18 * u));
  draw_text(list, scene.fonts.text, size, {at.x + 14 * u, at.y + size}, scene.theme.faint,
            fitted(scene.fonts.text, size, status_of(log), columns.left - at.x - 18 * u));
  draw_snapshot(list, scene, log.log, columns, at.y, at.y + cell);
  for (const ServerLog::Entry& entry : log.log.entries)
    if (columns.has(entry.index))
      draw_entry(list, scene, log.log, entry, {columns.x(entry.index), at.y},
                 {columns.x(entry.index) + columns.wide - 2 * u, at.y + cell});
  const ServerLog::Follower* known = known_of(newest_leader(scene.pictures.logs), log.node);
  const auto point = [&](std::uint64_t index, bool full) {
    const ImVec2 tip{columns.x(index) + columns.wide / 2 - u, at.y + cell + 2 * u};
    if (columns.has(index)) draw_pointer(list, tip, 4.5f * u, scene.theme.text, full, 1.5f * u);
  };
  if (known && known->match > 0) point(known->match, true);
  if (known) point(known->next, false);
}

std::string about_row(const LogPicture& log, const LogPicture* leader) {
  std::string text = fmt::format("{}: {} entries, {} committed", log.name, log.log.last, log.log.commit);
  if (log.log.durable) text += fmt::format(", {} on its disk", *log.log.durable);
  if (!log.log.configuration.empty()) text += "\nservers: " + log.log.configuration;
  if (const auto* known = known_of(leader, log.node))
    text += fmt::format("\n{} knows: match {}, next {} ({})", leader->name, known->match, known->next, known->sending);
  return text + "\nclick: select it";
}

// Beside the heading: who is in the cluster, as the newest leader sees it.
void draw_configuration(const Scene& scene) {
  const LogPicture* leader = newest_leader(scene.pictures.logs);
  if (!leader || leader->log.configuration.empty()) return;
  ImGui::SameLine(0, ImGui::GetFontSize());
  const std::string words = fmt::format("servers, says leader {}: {}", leader->name, leader->log.configuration);
  faint(scene, fitted(scene.fonts.text, ImGui::GetFontSize(), words, ImGui::GetContentRegionAvail().x));
}

}  // namespace

void draw_logs(const Scene& scene, ImVec2 size, Requests& requests) {
  ImGui::BeginChild("logs", size);
  const auto& logs = scene.pictures.logs;
  heading(scene, "Logs of the servers at the cursor");
  draw_configuration(scene);
  const Legend legend = legend_of(scene);
  const float u = scene.scale, letters = size_of(scene.fonts.text), cell = letters + 6 * u;
  const float high = std::max(cell + 12 * u, 2 * letters) + 6 * u;
  const float below = height_of(scene, legend, ImGui::GetContentRegionAvail().x) + ImGui::GetStyle().ItemSpacing.y;
  ImGui::BeginChild("servers", {0, std::max(high * 2, ImGui::GetContentRegionAvail().y - below)});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float wide = ImGui::GetContentRegionAvail().x;
  float names = 0;
  for (const LogPicture& log : logs)
    names = std::max({names, width_of(scene.fonts.bold, log.name), width_of(scene.fonts.text, status_of(log))});
  names = std::min(std::max(names, width_of(scene.fonts.text, "candidate, round 00")) + 22 * u, wide * 0.4f);
  const Columns columns = columns_of(scene, at.x + names, at.x + wide);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  draw_indices(list, scene, columns, at.y);
  const LogPicture* leader = newest_leader(logs);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const ImVec2 row{at.x, at.y + letters + 4 * u + high * static_cast<float>(i)};
    draw_row(list, scene, i, columns, row, cell);
    const ImVec2 end{at.x + names, row.y + 2 * letters};
    if (scene.session.selection().node == logs[i].node)
      list.AddRect({row.x, row.y - 2 * u}, {end.x - 6 * u, end.y + 2 * u}, scene.theme.focus, 3 * u, 0, 2 * u);
    if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(row, end)) continue;
    ImGui::SetTooltip("%s", about_row(logs[i], leader).c_str());
    playback::Selection what = scene.session.selection();
    what.node = logs[i].node;
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) push(requests, playback::Select{what});
  }
  ImGui::Dummy({wide, letters + 4 * u + high * static_cast<float>(logs.size())});
  ImGui::EndChild();
  draw_legend(scene, legend);
  ImGui::EndChild();
}

}  // namespace twice::ui

#include "ui/panels/space_time_layout.h"

#include <algorithm>
#include <map>

namespace twice::ui {
namespace {

// Columns by node index, so that thousands of events find theirs at once.
std::vector<std::optional<std::size_t>> columns_of(const playback::SpaceTimeView& view) {
  std::vector<std::optional<std::size_t>> columns;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (view.nodes[i].index >= columns.size()) columns.resize(view.nodes[i].index + std::size_t{1});
    columns[view.nodes[i].index] = i;
  }
  return columns;
}

using Times = std::map<NodeId, std::vector<Time>>;

Times starts_of(const playback::SpaceTimeView& view, const RunHistory& history) {
  Times starts;
  for (const RunHistory::Start& start : history.starts()) starts[start.node].push_back(start.at);
  for (const playback::SpaceTimeEvent& event : view.events)
    if (event.kind == RecordKind::kStart && event.event > history.known()) starts[event.node].push_back(event.at);
  return starts;
}

// When something happens to the node again: it is there then, whether its start is known or not.
Time next_sign(const playback::SpaceTimeView& view, std::size_t column, Time after) {
  for (const playback::SpaceTimeEvent& event : view.events)
    if (event.node == view.nodes[column] && event.at > after) return event.at;
  const Duration slice = (view.to - view.from) / static_cast<std::int64_t>(std::max<std::size_t>(1, view.slices));
  for (std::size_t i = 0; view.is_dense && i < view.slices; ++i) {
    const Time at = view.from + slice * static_cast<std::int64_t>(i);
    if (at > after && view.density[i * view.nodes.size() + column] > 0) return at;
  }
  return view.to;
}

Times crashes_of(const playback::Recording& run, Time until) {
  Times crashes;
  for (const playback::Moment& moment : run.moments()) {
    if (moment.at > until) break;
    if (moment.kind == playback::MomentKind::kCrash) crashes[moment.node].push_back(moment.at);
  }
  return crashes;
}

}  // namespace

std::optional<std::size_t> column_of(const playback::SpaceTimeView& view, NodeId node) {
  const auto found = std::find(view.nodes.begin(), view.nodes.end(), node);
  return found == view.nodes.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - view.nodes.begin()));
}

std::optional<std::size_t> SpaceTimeLayout::cluster_of(Sequence event, const playback::SpaceTimeView& view) const {
  if (event < view.first || event > view.last || view.is_dense) return std::nullopt;
  const auto index = static_cast<std::size_t>(event - view.first);
  for (std::size_t i = 0; i < clusters.size(); ++i)
    if (std::binary_search(clusters[i].events.begin(), clusters[i].events.end(), index)) return i;
  return std::nullopt;
}

std::optional<std::size_t> SpaceTimeLayout::cluster_at(ImVec2 place, float reach) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    const float y = std::clamp(place.y, clusters[i].y, clusters[i].last);
    const float off = distance({x(clusters[i].column), y}, place);
    if (off < reach) reach = off, found = i;
  }
  return found;
}

std::vector<Cluster> merge_events(const playback::SpaceTimeView& view, const TimeAxis& axis, float apart) {
  std::vector<Cluster> clusters;
  const auto columns = columns_of(view);
  std::vector<std::optional<std::size_t>> newest(view.nodes.size());  // cluster by column
  for (std::size_t i = 0; i < view.events.size(); ++i) {
    const NodeId node = view.events[i].node;
    if (node.index >= columns.size() || !columns[node.index]) continue;
    const std::size_t column = *columns[node.index];
    const float y = axis.place(view.events[i].at);
    if (newest[column] && y - clusters[*newest[column]].y < apart) {
      clusters[*newest[column]].events.push_back(i);
      clusters[*newest[column]].last = y;
      continue;
    }
    newest[column] = clusters.size();
    clusters.push_back({column, y, y, {i}});
  }
  return clusters;
}

std::vector<Absence> absences_of(const playback::SpaceTimeView& view, const playback::Recording& run,
                                 const RunHistory& history) {
  std::vector<Absence> absences;
  Times all_starts = starts_of(view, history), all_crashes = crashes_of(run, view.to);
  for (std::size_t column = 0; column < view.nodes.size(); ++column) {
    const std::vector<Time>& starts = all_starts[view.nodes[column]];
    const auto add = [&](Time from, std::vector<Time>::const_iterator back) {
      const Time to = std::min(back == starts.end() ? view.to : *back, next_sign(view, column, from));
      if (to > view.from && to > from) absences.push_back({column, std::max(from, view.from), to});
    };
    if (!starts.empty() || view.last <= history.known()) add(Time{}, starts.begin());
    for (const Time crash : all_crashes[view.nodes[column]])
      add(crash, std::upper_bound(starts.begin(), starts.end(), crash));
  }
  return absences;
}

}  // namespace twice::ui

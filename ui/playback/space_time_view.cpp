#include "ui/playback/space_time_view.h"

#include <algorithm>
#include <map>

namespace twice::playback {
namespace {

constexpr Sequence kMostDecoded = 400'000;  // for counting; beyond it, pieces at equal distances

std::size_t column_of(const std::vector<NodeId>& nodes, NodeId node) {
  return static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), node) - nodes.begin());
}

bool is_link_record(RecordKind kind) {
  return kind == RecordKind::kLost || kind == RecordKind::kCut || kind == RecordKind::kDuplicated;
}

}  // namespace

const SpaceTimeView& SpaceTimeLens::look(const Recording& recording, Time from, Time to, std::size_t slices) {
  const bool same = recording_ == recording.id() && events_ == recording.events() && view_.from == from &&
                    view_.to == to && view_.slices == slices;
  if (same) return view_;
  recording_ = recording.id();
  events_ = recording.events();
  view_ = {};
  view_.from = from, view_.to = to, view_.slices = slices;
  view_.nodes = recording.nodes_seen();
  if (!recording.error().empty()) return view_;
  view_.first = from <= Time{} ? 1 : recording.trace().events_until(Time{from.ns - 1}) + 1;
  view_.last = recording.trace().events_until(to);
  view_.is_dense = view_.last >= view_.first && view_.last - view_.first >= kMostEvents;
  view_.is_dense ? count_events(recording) : list_events(recording);
  const std::vector<Moment>& moments = recording.moments();
  auto moment = std::lower_bound(moments.begin(), moments.end(), from,
                                 [](const Moment& m, Time wanted) { return m.at < wanted; });
  for (; moment != moments.end() && moment->at <= to && view_.moments.size() < kMostEvents; ++moment)
    view_.moments.push_back(*moment);
  return view_;
}

void SpaceTimeLens::list_events(const Recording& recording) {
  const Trace& trace = recording.trace();
  std::map<Sequence, TraceRecord> causes;  // outside the stretch
  const auto cause_of = [&](Sequence n) -> std::optional<TraceRecord> {
    if (n == 0) return std::nullopt;
    if (n >= view_.first) {
      const std::size_t at = static_cast<std::size_t>(n - view_.first);
      if (at >= view_.events.size()) return std::nullopt;
      TraceRecord record;
      record.at = view_.events[at].at, record.node = view_.events[at].node;
      return record;
    }
    if (const auto known = causes.find(n); known != causes.end()) return known->second;
    const auto record = trace.record_of(n);
    if (record) causes.emplace(n, *record);
    return record;
  };
  trace.for_each_from(view_.first, [&](const TraceRecord& record) {
    if (record.sequence > view_.last) return false;
    const std::string& label = trace.labels()[record.label];
    if (is_event(record.kind)) view_.events.push_back({record.sequence, record.at, record.node, record.kind, label});
    if (record.kind == RecordKind::kDeliver || record.kind == RecordKind::kDown) {
      const auto cause = cause_of(record.cause);
      if (cause && cause->node != record.node)
        view_.arrows.push_back(
            {record.cause, record.sequence, cause->node, record.node, cause->at, record.at, label, false, false});
    }
    if (is_link_record(record.kind)) {
      const bool lost = record.kind != RecordKind::kDuplicated;
      if (lost)
        view_.arrows.push_back({record.sequence, 0, record.node, record.peer, record.at,
                                record.at + Duration{std::max<std::int64_t>((view_.to - view_.from).ns / 40, 1)}, label,
                                true, false});
    }
    return true;
  });
  // Two arrivals of one cause at one node are the two copies of a duplicated message.
  std::map<std::pair<Sequence, std::uint16_t>, std::size_t> first_copy;
  for (std::size_t i = 0; i < view_.arrows.size(); ++i) {
    Arrow& arrow = view_.arrows[i];
    if (arrow.lost) continue;
    const auto [known, fresh] = first_copy.try_emplace({arrow.cause, arrow.to.index}, i);
    if (!fresh && view_.arrows[known->second].label == arrow.label) arrow.duplicated = true;
  }
}

// Each slice by itself: its events when they are few, else so many of its first ones, scaled to their true number.
void SpaceTimeLens::count_events(const Recording& recording) {
  const std::size_t nodes = view_.nodes.size();
  const Trace& trace = recording.trace();
  view_.density.assign(view_.slices * nodes, 0);
  const Sequence most = std::max<Sequence>(256, kMostDecoded / std::max<std::size_t>(1, view_.slices));
  const std::int64_t span = (view_.to - view_.from).ns;
  const auto edge = [&](std::size_t slice) {
    return Time{view_.from.ns + span / static_cast<std::int64_t>(view_.slices) * static_cast<std::int64_t>(slice)};
  };
  Sequence first = view_.first;
  for (std::size_t slice = 0; slice < view_.slices; ++slice) {
    const Sequence last = slice + 1 == view_.slices ? view_.last : trace.events_until(edge(slice + 1));
    if (last < first) continue;
    const Sequence events = last - first + 1, taken = std::min(events, most);
    std::vector<Sequence> of(nodes, 0);
    trace.for_each_from(first, [&](const TraceRecord& record) {
      if (record.sequence >= first + taken) return false;
      const std::size_t column = column_of(view_.nodes, record.node);
      if (is_event(record.kind) && column < nodes) ++of[column];
      return true;
    });
    for (std::size_t n = 0; n < nodes; ++n)
      view_.density[slice * nodes + n] = static_cast<std::uint32_t>(of[n] * events / taken);
    first = last + 1;
  }
}

std::vector<Relation> relations_to(const SpaceTimeView& view, Sequence event) {
  std::vector<Relation> relations(view.events.size(), Relation::kConcurrent);
  if (event < view.first || event > view.last || view.events.empty()) return relations;
  const auto index = [&](Sequence n) { return static_cast<std::size_t>(n - view.first); };
  std::vector<std::vector<std::size_t>> causes(view.events.size());
  std::map<std::uint16_t, std::size_t> newest;  // by node: program order
  std::map<Sequence, std::vector<Sequence>> effects;
  for (const Arrow& arrow : view.arrows)
    if (!arrow.lost && arrow.cause >= view.first && arrow.effect <= view.last)
      causes[index(arrow.effect)].push_back(index(arrow.cause));
  for (std::size_t i = 0; i < view.events.size(); ++i) {
    const std::uint16_t node = view.events[i].node.index;
    if (const auto before = newest.find(node); before != newest.end()) causes[i].push_back(before->second);
    newest[node] = i;
  }
  const std::size_t self = index(event);
  relations[self] = Relation::kSelf;
  // Backwards from the event, then forwards: events are in order, so one pass each way is enough.
  for (std::size_t i = self + 1; i-- > 0;)
    if (relations[i] == Relation::kPast || i == self)
      for (const std::size_t cause : causes[i])
        if (cause != self) relations[cause] = Relation::kPast;
  for (std::size_t i = self + 1; i < view.events.size(); ++i)
    for (const std::size_t cause : causes[i])
      if (cause == self || relations[cause] == Relation::kFuture) relations[i] = Relation::kFuture;
  return relations;
}

}  // namespace twice::playback

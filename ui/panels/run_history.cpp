#include "ui/panels/run_history.h"

#include <algorithm>

namespace twice::ui {
namespace {

constexpr Sequence kMostEvents = 40'000;

}  // namespace

void RunHistory::learn(const playback::Recording& run) {
  const Sequence wanted = std::min(run.events(), kMostEvents);
  const bool same = run_ == &run && id_ == run.id() && wanted >= known_;
  // While a run is recorded, it is read again each time it has doubled.
  if (same && (wanted == known_ || (!run.complete() && wanted < kMostEvents && wanted < 2 * known_))) return;
  run_ = &run, id_ = run.id(), known_ = wanted;
  starts_.clear(), links_.clear();
  std::vector<NodeId> happened_to(wanted + 1, kNobody);
  run.trace().for_each_from(1, [&](const TraceRecord& record) {
    if (record.sequence > wanted) return false;
    if (!is_event(record.kind)) return true;
    happened_to[record.sequence] = record.node;
    const NodeId from = record.cause < record.sequence ? happened_to[record.cause] : kNobody;
    if (record.kind == RecordKind::kStart)
      starts_.push_back({record.node, record.sequence, record.at, from, record.cause == 0});
    if (record.kind == RecordKind::kDeliver && from != kNobody && from != record.node)
      links_.emplace_back(std::min(from, record.node), std::max(from, record.node));
    return true;
  });
  std::sort(links_.begin(), links_.end());
  links_.erase(std::unique(links_.begin(), links_.end()), links_.end());
}

const RunHistory::Start* RunHistory::first_start(NodeId node) const {
  const auto found = std::find_if(starts_.begin(), starts_.end(), [&](const Start& one) { return one.node == node; });
  return found == starts_.end() ? nullptr : &*found;
}

bool RunHistory::is_launched(NodeId node) const {
  const Start* first = first_start(node);
  // Nodes that are there from the beginning start before anything else happens.
  return first ? !first->at_once : known_ > starts_.size();
}

std::optional<NodeId> RunHistory::launcher_of(const playback::Recording& run, NodeId node) const {
  const world::World& world = run.last_world();
  for (const Start& start : starts_) {
    const bool kin = start.node == node || (!world.group(node).empty() && world.group(start.node) == world.group(node));
    if (kin && !start.at_once && start.by != kNobody && start.by != start.node) return start.by;
  }
  return std::nullopt;
}

RunHistory::Presence RunHistory::presence(const playback::Recording& run, NodeId node, Sequence now) const {
  std::optional<Sequence> start;
  for (const Start& one : starts_)
    if (one.node == node && one.event <= now) start = one.event;
  if (!start && now <= known_) return Presence::kNotStarted;
  Presence presence = Presence::kStarted;
  for (const playback::Moment& moment : run.moments()) {
    if (moment.event > now) break;
    if (moment.kind == playback::MomentKind::kCrash && moment.node == node && moment.event >= start.value_or(0))
      presence = Presence::kCrashed;
  }
  return presence;
}

}  // namespace twice::ui

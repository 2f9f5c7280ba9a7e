#pragma once
// What a run's first events tell about all of it: which links are used, and when nodes start.
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ui/playback/recording.h"

namespace twice::ui {

class RunHistory {
 public:
  /// Reads on when enough is new; cheap otherwise.
  void learn(const playback::Recording& run);

  struct Start {
    NodeId node;
    Sequence event = 0;
    Time at;
    NodeId by = kNobody;  // the node that launched it; nobody: it was there from the beginning, or came back by itself
    bool at_once = true;  // nothing had to happen before
  };
  const std::vector<Start>& starts() const { return starts_; }
  /// Pairs of nodes that exchanged messages, the lower one first.
  const std::vector<std::pair<NodeId, NodeId>>& links() const { return links_; }

  enum class Presence : std::uint8_t { kNotStarted, kStarted, kCrashed };
  /// What became of the node last, after event `now`.
  Presence presence(const playback::Recording& run, NodeId node, Sequence now) const;
  /// True for a node that does not run until another one launches it; coming back by itself it has nothing to do.
  bool is_launched(NodeId node) const;
  /// Who launches it, or others of its group.
  std::optional<NodeId> launcher_of(const playback::Recording& run, NodeId node) const;
  /// Beyond this event starts are not known.
  Sequence known() const { return known_; }

 private:
  const Start* first_start(NodeId node) const;

  const playback::Recording* run_ = nullptr;
  std::uint64_t id_ = 0;  // of the recording: another one may stand at the same address later
  Sequence known_ = 0;
  std::vector<Start> starts_;
  std::vector<std::pair<NodeId, NodeId>> links_;
};

}  // namespace twice::ui

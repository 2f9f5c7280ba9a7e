#pragma once
// What a run's first events tell about all of it: which links are used, and when nodes start.
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
  };
  const std::vector<Start>& starts() const { return starts_; }
  /// Pairs of nodes that exchanged messages, the lower one first.
  const std::vector<std::pair<NodeId, NodeId>>& links() const { return links_; }

  enum class Presence : std::uint8_t { kNotStarted, kStarted, kCrashed };
  /// What became of the node last, after event `now`.
  Presence presence(const playback::Recording& run, NodeId node, Sequence now) const;
  /// Beyond this event starts are not known.
  Sequence known() const { return known_; }

 private:
  const playback::Recording* run_ = nullptr;
  Sequence known_ = 0;
  std::vector<Start> starts_;
  std::vector<std::pair<NodeId, NodeId>> links_;
};

}  // namespace twice::ui

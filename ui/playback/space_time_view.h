#pragma once
// Events and messages of a stretch of virtual time, nodes side by side, time downwards. Long stretches are counted
// instead of listed.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/playback/recording.h"

namespace twice::playback {

struct SpaceTimeEvent {
  Sequence event = 0;
  Time at;
  NodeId node;
  RecordKind kind = RecordKind::kStart;
  std::string label;
};

/// From one event to the event it caused, or to nowhere.
struct Arrow {
  Sequence cause = 0, effect = 0;  // effect 0: the message was lost
  NodeId from, to;
  Time left, came;  // lost: `came` is a guess, for drawing
  std::string label;
  bool lost = false, duplicated = false;
};

struct SpaceTimeView {
  Time from, to;
  std::vector<NodeId> nodes;
  Sequence first = 0, last = 0;  // events inside
  bool is_dense = false;         // too many to list: only `density` is filled
  std::vector<SpaceTimeEvent> events;
  std::vector<Arrow> arrows;
  std::vector<Moment> moments;  // crashes, steps …
  // density[slice * nodes.size() + n]: events of node n in that slice, perhaps scaled from a sample.
  std::vector<std::uint32_t> density;
  std::size_t slices = 0;
};

class SpaceTimeLens {
 public:
  static constexpr Sequence kMostEvents = 3'000;
  /// `slices`: how finely a dense stretch is counted.
  const SpaceTimeView& look(const Recording& recording, Time from, Time to, std::size_t slices);

 private:
  void list_events(const Recording& recording);
  void count_events(const Recording& recording);

  std::uint64_t recording_ = 0;
  Sequence events_ = 0;
  SpaceTimeView view_;
};

/// What an event could have known, and what could have known it, among the events of a view.
enum class Relation : std::uint8_t { kSelf, kPast, kFuture, kConcurrent };
std::vector<Relation> relations_to(const SpaceTimeView& view, Sequence event);

}  // namespace twice::playback

#pragma once
// What can be done to nodes, links and messages at the cursor, and why not.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ui/panels/run_history.h"
#include "ui/panels/scene.h"

namespace twice::ui {

enum class Act : std::uint8_t {
  kCrashOrRestart,
  kPauseOrResume,
  kPartitionOrHeal,
  kIsolate,
  kOneWay,
  kHeal,
  kDrop,
  kDuplicate,
  kDelay,
  kSpreadTimers,
  kAlignTimers
};

/// One message on its way, by what names it in a step.
struct MessageName {
  NodeId from, to;
  std::uint32_t ordinal = 0;
  bool operator==(const MessageName&) const = default;
};

/// What the node is called in the lane in focus.
std::string name_of(const Scene& scene, NodeId node);

class NetworkActions {
 public:
  /// The step of a key: on the selected node, the chosen nodes or the chosen message. nullopt when there is nothing to
  /// do it to.
  std::optional<playback::Command> command_for(const Scene& scene, Act act) const;
  /// Why the act would change nothing; empty: it would.
  std::string why_not(const Scene& scene, Act act) const;

  /// Why this action would change nothing at the cursor, or nothing anyone could want; remembered until the cursor or
  /// the run moves.
  const std::string& why_not(const Scene& scene, const world::Action& action) const;
  /// Why it would be pointless, whatever it changes; cheap.
  std::string why_pointless(const Scene& scene, const world::Action& action) const;
  /// The same for a message: each can meet one fate only.
  std::string why_not(const Scene& scene, const MessageName& message) const;
  playback::Intervene at_cursor(const Scene& scene, world::Action action) const;
  playback::Intervene to_message(const Scene& scene, const MessageName& message, world::Action fate) const;
  /// The chosen nodes against all others; nullopt when one side would be empty.
  std::optional<world::Partition> partition(const Scene& scene) const;

  /// What the chosen nodes say does not reach the others, or (`inwards`) the other way round.
  std::optional<world::OneWay> one_way(const Scene& scene, bool inwards) const;
  /// The other servers in two halves that only this node reaches.
  world::Bridge bridge(const Scene& scene, NodeId node) const;

  // --- what is chosen besides the session's selection
  std::vector<NodeId> chosen;  // for a partition
  std::optional<MessageName> message;

  /// The picture at the cursor, also while another view is shown.
  const playback::NetworkView& network(const Scene& scene) const;
  /// The chosen message while it is on its way.
  std::optional<MessageName> message_at_hand(const Scene& scene) const;
  /// The run's links and starts.
  const RunHistory& history(const Scene& scene) const;
  /// What will become of it, when a step for it exists already.
  static std::string fate_of(const Scene& scene, const MessageName& message);

 private:
  using Moment = std::tuple<const playback::Session*, std::uint64_t, std::size_t, std::size_t, Sequence>;
  static Moment moment_of(const Scene& scene);
  std::optional<playback::Intervene> set_timers(const Scene& scene, Act act) const;
  std::string why_no_message(const Scene& scene) const;
  std::optional<world::Action> action_for(const Scene& scene, Act act) const;

  mutable Moment asked_at_{}, pictured_at_{};
  mutable std::map<std::string, std::string> answers_;  // by the action's text
  mutable playback::NetworkView network_;
  mutable RunHistory history_;
};

}  // namespace twice::ui

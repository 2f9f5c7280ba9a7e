#include "ui/panels/network_actions.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::ui {

std::string name_of(const Scene& scene, NodeId node) { return scene.session.world(scene.lane()).name(node); }

namespace {

bool is_beside(const world::World& world, NodeId node) {
  return playback::view_of(world.node(node)).beside(world, node) != kNobody;
}

bool is_about_a_message(Act act) { return act == Act::kDrop || act == Act::kDuplicate || act == Act::kDelay; }

bool is_about_timers(Act act) { return act == Act::kSpreadTimers || act == Act::kAlignTimers; }

world::Action fate_for(Act act) {
  if (act == Act::kDrop) return world::Drop{};
  if (act == Act::kDuplicate) return world::Duplicate{};
  return world::Delay{seconds(1)};
}

}  // namespace

NetworkActions::Moment NetworkActions::moment_of(const Scene& scene) {
  const std::size_t lane = scene.lane();
  return {&scene.session, scene.session.revision(), scene.session.branch(), lane, scene.session.cursor().event[lane]};
}

const playback::NetworkView& NetworkActions::network(const Scene& scene) const {
  if (scene.view == View::kNetwork) return scene.pictures.network;
  if (const Moment now = moment_of(scene); now != pictured_at_) {
    network_ = playback::look_at_network(scene.run(), scene.session.world(scene.lane()));
    pictured_at_ = now;
  }
  return network_;
}

std::optional<MessageName> NetworkActions::message_at_hand(const Scene& scene) const {
  const playback::NetworkView& view = network(scene);
  const auto is_it = [&](const playback::Flight& f) { return *message == MessageName{f.from, f.to, f.ordinal}; };
  if (message && std::any_of(view.flights.begin(), view.flights.end(), is_it)) return message;
  return std::nullopt;
}

const RunHistory& NetworkActions::history(const Scene& scene) const {
  history_.learn(scene.run());
  return history_;
}

std::string NetworkActions::fate_of(const Scene& scene, const MessageName& message) {
  const world::World& world = scene.session.world(scene.lane());
  const std::vector<world::Step>& steps = world.steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto* when = std::get_if<world::AtMessage>(&steps[i].when);
    if (when && world.fired(i) && when->ordinal == message.ordinal && world.find(when->from) == message.from &&
        world.find(when->to) == message.to)
      return world::to_text(steps[i]);
  }
  return {};
}

std::optional<world::Partition> NetworkActions::partition(const Scene& scene) const {
  std::vector<NodeId> side = chosen;
  if (side.empty() && scene.session.selection().node) side.push_back(*scene.session.selection().node);
  const world::World& world = scene.session.world(scene.lane());
  world::Partition split;
  split.groups.resize(2);
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const bool mine = std::find(side.begin(), side.end(), NodeId{i}) != side.end();
    if (!mine && is_beside(world, NodeId{i})) continue;  // a client that nobody chose reaches both sides
    split.groups[mine ? 0 : 1].push_back(world.name(NodeId{i}));
  }
  if (split.groups[0].empty() || split.groups[1].empty()) return std::nullopt;
  return split;
}

std::optional<world::OneWay> NetworkActions::one_way(const Scene& scene, bool inwards) const {
  const auto split = partition(scene);
  if (!split) return std::nullopt;
  return inwards ? world::OneWay{split->groups[1], split->groups[0]}
                 : world::OneWay{split->groups[0], split->groups[1]};
}

world::Bridge NetworkActions::bridge(const Scene& scene, NodeId node) const {
  const world::World& world = scene.session.world(scene.lane());
  world::Bridge bridge{world.name(node), {}};
  for (std::uint16_t i = 0; i < world.size(); ++i)
    if (NodeId{i} != node && !is_beside(world, NodeId{i})) bridge.among.push_back(world.name(NodeId{i}));
  return bridge;
}

std::optional<world::Action> NetworkActions::action_for(const Scene& scene, Act act) const {
  const playback::NetworkView& view = network(scene);
  if (act == Act::kPartitionOrHeal) {
    if (!view.cuts.empty()) return world::Heal{};
    if (auto split = partition(scene)) return *split;
    return std::nullopt;
  }
  if (act == Act::kHeal) return world::Heal{};
  if (act == Act::kOneWay) {
    if (auto cut = one_way(scene, false)) return *cut;
    return std::nullopt;
  }
  const std::optional<NodeId> node = scene.session.selection().node;
  const world::World& world = scene.session.world(scene.lane());
  if (!node || node->index >= world.size()) return std::nullopt;
  const std::string& name = world.name(*node);
  if (act == Act::kIsolate) return world::Isolate{name};
  if (act == Act::kCrashOrRestart)
    return world.is_up(*node) ? world::Action{world::Crash{name}} : world::Action{world::Restart{name}};
  return world.is_paused(*node) ? world::Action{world::Resume{name}} : world::Action{world::Pause{name}};
}

std::optional<playback::Command> NetworkActions::command_for(const Scene& scene, Act act) const {
  if (!scene.run().error().empty()) return std::nullopt;
  if (is_about_a_message(act)) {
    const auto one = message_at_hand(scene);
    if (!one || !why_not(scene, *one).empty()) return std::nullopt;
    return playback::Command{to_message(scene, *one, fate_for(act))};
  }
  if (is_about_timers(act)) {
    auto timers = set_timers(scene, act);
    return timers ? std::optional(playback::Command{std::move(*timers)}) : std::nullopt;
  }
  auto action = action_for(scene, act);
  if (!action) return std::nullopt;
  if (!why_pointless(scene, *action).empty()) return std::nullopt;
  return playback::Command{at_cursor(scene, std::move(*action))};
}

std::string NetworkActions::why_not(const Scene& scene, Act act) const {
  if (!scene.run().error().empty()) return scene.run().error();
  if (is_about_a_message(act)) {
    const auto one = message_at_hand(scene);
    return one ? why_not(scene, *one) : why_no_message(scene);
  }
  if (is_about_timers(act))
    return set_timers(scene, act) ? std::string() : "no server here waits for an election: that takes Raft";
  if (const auto action = action_for(scene, act)) return why_not(scene, *action);
  if (act != Act::kPartitionOrHeal && act != Act::kOneWay) return "select a node first";
  return chosen.empty() ? "choose one side first: draw around some nodes, or hold Shift and click them"
                        : "choose some of the nodes, not all";
}

const std::string& NetworkActions::why_not(const Scene& scene, const world::Action& action) const {
  if (const Moment now = moment_of(scene); now != asked_at_) {
    answers_.clear();
    asked_at_ = now;
  }
  const auto [known, fresh] = answers_.try_emplace(world::to_text({world::AtEvent{0}, action}));
  if (!fresh) return known->second;
  known->second = why_pointless(scene, action);
  if (known->second.empty()) known->second = scene.session.why_not(scene.lane(), action);
  return known->second;
}

// Each server is told how long it still waits: all alike, or each a step longer than the one before.
std::optional<playback::Intervene> NetworkActions::set_timers(const Scene& scene, Act act) const {
  const world::World& world = scene.session.world(scene.lane());
  const bool align = act == Act::kAlignTimers;
  const auto told = [&](NodeId node, std::size_t place, std::size_t of) {
    return playback::view_of(world.node(node)).told_to_wait(world, node, place, of);
  };
  std::vector<NodeId> waiting;
  for (std::uint16_t i = 0; i < world.size(); ++i)
    if (!told({i}, 0, 1).empty()) waiting.push_back({i});
  if (waiting.empty()) return std::nullopt;
  std::vector<world::Step> steps;
  for (std::size_t i = 0; i < waiting.size(); ++i)
    steps.push_back(scene.session.step_here(
        scene.lane(),
        world::Command{world.name(waiting[i]), told(waiting[i], align ? 0 : i, align ? 1 : waiting.size())}));
  playback::Intervene all{scene.lane(), steps.front()};
  all.more.assign(steps.begin() + 1, steps.end());
  all.name = fmt::format("{} election timers at {:.3f} s", align ? "align" : "spread",
                         static_cast<double>(scene.session.cursor().at.ns) / 1e9);
  return all;
}

// A process that others launch gets its work from them: started by hand it would only sit there.
std::string NetworkActions::why_pointless(const Scene& scene, const world::Action& action) const {
  if (const auto* bridge = std::get_if<world::Bridge>(&action); bridge && bridge->among.size() < 2)
    return "a bridge stands between two halves: that takes three nodes";
  const auto* restart = std::get_if<world::Restart>(&action);
  if (!restart) return {};
  const world::World& world = scene.session.world(scene.lane());
  const std::optional<NodeId> node = world.find(restart->node);
  if (!node || world.is_up(*node) || !history(scene).is_launched(*node)) return {};
  const auto by = history_.launcher_of(scene.run(), *node);
  const std::string launcher = by ? "the " + world.name(*by) : "another node";
  const std::string& kind = world.group(*node);
  if (history_.presence(scene.run(), *node, scene.session.cursor().event[scene.lane()]) ==
      RunHistory::Presence::kNotStarted)
    return fmt::format("it was never started: {} starts it when it is needed", launcher);
  return fmt::format("its attempt is over; {} starts the next {}", launcher, kind.empty() ? "one" : kind);
}

std::string NetworkActions::why_no_message(const Scene& scene) const {
  const std::size_t nodes = scene.session.world(scene.lane()).size();
  if (!message || message->from.index >= nodes || message->to.index >= nodes)
    return "choose a message first: click one";
  const std::string why = why_not(scene, *message);
  return why.empty() ? "the chosen message is not on its way at this moment: click another one" : why;
}

std::string NetworkActions::why_not(const Scene& scene, const MessageName& one) const {
  const std::string fate = fate_of(scene, one);
  return fate.empty() ? fate : fmt::format("a step decided about this message already: {}", fate);
}

playback::Intervene NetworkActions::at_cursor(const Scene& scene, world::Action action) const {
  return {scene.lane(), scene.session.step_here(scene.lane(), std::move(action))};
}

playback::Intervene NetworkActions::to_message(const Scene& scene, const MessageName& one, world::Action fate) const {
  return {scene.lane(), world::Step{world::AtMessage{name_of(scene, one.from), name_of(scene, one.to), one.ordinal},
                                    std::move(fate)}};
}

}  // namespace twice::ui

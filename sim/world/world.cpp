#include "world/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/overload.h"

namespace twice::world {
namespace {

constexpr CausalId kRoot = 0x726f6f74;       // cause of all first starts
constexpr std::uint64_t kCopy = 0x636f7079;  // place of a message's second copy, far from those of effects

Event message(NodeId from, NodeId to, EventKind kind, Payload body, CausalId id, std::uint32_t ordinal,
              Sequence cause) {
  Event event;
  event.id = id;
  event.cause = cause;
  event.token = ordinal;
  event.node = to;
  event.from = from;
  event.kind = kind;
  event.body = std::move(body);
  return event;
}

RecordKind record_of(EventKind kind) {
  switch (kind) {
    case EventKind::kStart:
      return RecordKind::kStart;
    case EventKind::kDeliver:
      return RecordKind::kDeliver;
    case EventKind::kTimer:
      return RecordKind::kTimer;
    case EventKind::kWritten:
      return RecordKind::kWritten;
    case EventKind::kDone:
      return RecordKind::kDone;
    case EventKind::kDown:
      return RecordKind::kDown;
  }
  return RecordKind::kStart;
}

}  // namespace

World::World(std::uint64_t seed, std::vector<NodeSetup> nodes, physics::LinkProfile link, Trace::Keep keep)
    : seed_(seed), draws_(seed), network_(nodes.size(), link), trace_(keep) {
  TWICE_ASSERT(nodes.size() < kNobody.index, "too many nodes for one world");
  slots_.reserve(nodes.size());
  for (NodeSetup& setup : nodes) {
    const NodeId id{static_cast<std::uint16_t>(slots_.size())};
    Slot slot;
    slot.name = std::move(setup.name);
    slot.group = std::move(setup.group);
    slot.node = std::move(setup.node);
    slot.device = std::move(setup.device);
    slot.clock = setup.clock;
    slot.disk.sync_cost = setup.sync_cost;
    slot.restart_after = setup.restart_after;
    slot.starts = setup.starts;
    slots_.push_back(std::move(slot));
    if (!setup.starts) continue;
    Event event;
    event.id = mix(kRoot, id.index);
    event.node = id;
    event.kind = EventKind::kStart;
    queue_.push(std::move(event));
  }
}

const physics::Device* World::device(NodeId node) const {
  const Slot& slot = slots_[node.index];
  return slot.device ? &*slot.device : nullptr;
}

std::optional<NodeId> World::find(std::string_view name_or_group) const {
  std::optional<NodeId> member;
  for (std::uint16_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].name == name_or_group) return NodeId{i};
    if (slots_[i].group != name_or_group || slots_[i].group.empty()) continue;
    if (!member || slots_[i].started_at > slots_[member->index].started_at) member = NodeId{i};
  }
  return member;
}

std::vector<NodeId> World::members(std::string_view name_or_group) const {
  std::vector<NodeId> found;
  for (std::uint16_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].name == name_or_group) return {NodeId{i}};
    if (!name_or_group.empty() && slots_[i].group == name_or_group) found.push_back(NodeId{i});
  }
  return found;
}

std::vector<NodeId> World::meant_by(std::string_view name_or_group) const {
  std::vector<NodeId> all = members(name_or_group);
  const bool side_by_side = std::all_of(all.begin(), all.end(), [&](NodeId id) { return slots_[id.index].starts; });
  if (all.size() > 1 && !side_by_side) return {*find(name_or_group)};
  return all;
}

std::uint64_t World::digest() const {
  Hasher h(seed_);
  h.add(now_);
  h.word(trace_.events());
  h.word(trace_.hash());
  h.word(queue_.size());
  if (!clogged_.empty()) h.word(clogged_.size());
  if (!unplanned_.empty()) h.word(unplanned_.size());
  for (const Slot& slot : slots_) {
    h.word(slot.up | slot.paused << 1 | slot.epoch << 2);
    h.word(slot.node->digest());
    h.add(slot.disk.durable());
    if (slot.device) h.word(slot.device->digest());
  }
  return h.value();
}

// --- running

std::optional<Time> World::next_time() {
  std::optional<Time> next;
  if (!queue_.empty()) next = queue_.next_time();
  if (!pending_.time.empty()) {
    const Time at = std::max(now_, std::get<AtTime>(steps_[pending_.time.front()].when).at);
    if (!next || at < *next) next = at;
  }
  return next;
}

bool World::step(Time until, Observer* observer) {
  if (standstill_) [[unlikely]]
    return false;
  for (;;) {
    // Again after an event that reached nobody: a step may be due before the next one.
    if (!pending_.time.empty() &&
        fire_due_time_step(queue_.empty() ? until : std::min(until, queue_.next_time()), observer))
      return true;
    if (queue_.empty() || queue_.next_time() > until) return false;
    if (!pending_.event.empty()) fire_at_event(observer);
    Event event = queue_.pop();
    now_ = event.at;
    Slot& slot = slots_[event.node.index];
    if (!reaches(slot, event, observer)) {
      if (event.stage == Stage::kItsTurn && !slot.paused && event.epoch == slot.epoch) give_turn(slot, now_);
      continue;
    }
    execute(event, observer);
    if (any_slow_ && slot.up) give_turn(slot, now_ + slot.slow);
    return true;
  }
}

void World::run(Time until, Sequence last, Observer* observer) {
  while (events() < last && step(until, observer)) {
  }
}

bool World::reaches(Slot& slot, const Event& event, Observer* observer) {
  if (network_.any_clogged() && event.stage == Stage::kOnItsWay && event.from != kNobody &&
      network_.is_clogged(event.from, event.node)) {
    record_between(RecordKind::kClogged, event.from, event.body.name(), event.token, event.node, 0, observer);
    clogged_.push_back(event);
    return false;
  }
  // What waited for its turn was lost with the process.
  if (event.stage == Stage::kItsTurn && event.epoch != slot.epoch) return false;
  switch (event.kind) {
    case EventKind::kTimer:
      if (!slot.up || event.epoch != slot.epoch || slot.timers[event.timer] != event.token) return false;
      break;
    case EventKind::kWritten:
    case EventKind::kDone:
      if (!slot.up || event.epoch != slot.epoch) return false;
      break;
    case EventKind::kStart:
      return !slot.up;
    case EventKind::kDeliver:
    case EventKind::kDown:
      if (event.stage == Stage::kGetsLost) {
        record_between(RecordKind::kLost, event.from, event.body.name(), event.token, event.node, 0, observer);
        return false;
      }
      if (!slot.up) {
        record_between(RecordKind::kIgnored, event.node, event.body.name(), event.token, event.from, 0, observer);
        return false;
      }
      break;
  }
  if (slot.paused) {
    if (event.stage == Stage::kItsTurn) slot.has_turn = false;
    // Its turn came before what arrived since.
    slot.held.insert(event.stage == Stage::kItsTurn ? slot.held.begin() : slot.held.end(), event);
    return false;
  }
  return !any_slow_ || may_start(slot, event);
}

bool World::may_start(Slot& slot, const Event& event) {
  if (event.stage == Stage::kItsTurn) return true;
  if (!slot.has_turn && slot.held.empty() && now_ >= slot.busy_until) return true;
  slot.held.push_back(event);
  if (!slot.has_turn) give_turn(slot, std::max(now_, slot.busy_until));
  return false;
}

// The next input of a slow node starts when the one before it is done.
void World::give_turn(Slot& slot, Time at) {
  slot.busy_until = at;
  slot.has_turn = !slot.held.empty();
  if (!slot.has_turn) return;
  Event next = std::move(slot.held.front());
  slot.held.erase(slot.held.begin());
  next.at = at;
  next.stage = Stage::kItsTurn;
  next.epoch = slot.epoch;
  queue_.push(std::move(next));
}

inline void World::count_chain(const Event& event, Sequence sequence) {
  if (event.at != instant_.at) {
    instant_ = {event.at, sequence, 0};
  } else if (event.cause >= instant_.newest) {
    instant_.newest = sequence;
    if (++instant_.chain > kLongestChain) [[unlikely]]
      stand_still(event);
  }
}

void World::stand_still(const Event& event) {
  const bool timer = event.kind == EventKind::kTimer;
  standstill_ =
      StandStill{now_, event.node, event.kind, timer ? fmt::format("{}", event.timer) : std::string(event.body.name())};
}

void World::execute(const Event& event, Observer* observer) {
  const Sequence sequence = trace_.events() + 1;
  run_context() = {seed_, sequence};
  count_chain(event, sequence);
  if (plan_) note_planned(event);
  TraceRecord record{record_of(event.kind), event.at, sequence, event.cause, event.node, event.from};
  const bool hashing = trace_.keep() != Trace::Keep::kNothing;
  const std::string_view label = event.kind == EventKind::kTimer || !hashing ? std::string_view{} : event.body.name();
  trace_.event(record, label, hashing ? event.body.digest() ^ (std::uint64_t{event.timer} << 56) ^ event.token : 0);

  Slot& slot = slots_[event.node.index];
  if (event.kind == EventKind::kStart) {
    slot.up = true;
    slot.started_at = sequence;
  }
  if (event.kind == EventKind::kWritten) {
    slot.disk.settle(event.token);
    if (!slot.disk.fails()) release_sends(event.node, event.token, observer);
    if (slot.epoch != event.epoch) return;
  }
  effects_.begin(slot.last_token);
  deliver(slot, event);
  perform(event.node, event, observer);
  effects_.begin(0);  // a copy of the world carries no scratch
  if (event.kind == EventKind::kWritten && slot.disk.fails() && slot.epoch == event.epoch)
    release_sends(event.node, event.token, observer);
  if (event.kind == EventKind::kDone && slots_[event.node.index].epoch == event.epoch && slot.up) {
    slot.asks.erase(slot.asks.begin());
    start_next_ask(event.node, observer);
  }
}

void World::deliver(Slot& slot, const Event& event) {
  const Time local = slot.clock.local(now_);
  switch (event.kind) {
    case EventKind::kStart:
      slot.node->step(local, Start{slot.disk.durable(), event.body, slot.disk.is_new()}, effects_);
      return;
    case EventKind::kDeliver:
      slot.node->step(local, Received{event.from, event.body}, effects_);
      return;
    case EventKind::kTimer:
      slot.node->step(local, TimerFired{event.timer}, effects_);
      return;
    case EventKind::kWritten:
      slot.node->step(local, Written{event.token, slot.disk.fails()}, effects_);
      return;
    case EventKind::kDone:
      slot.node->step(local, Done{event.token, event.body}, effects_);
      return;
    case EventKind::kDown:
      slot.node->step(local, PeerDown{event.from}, effects_);
      return;
  }
}

// --- performing effects

void World::perform(NodeId node, const Event& event, Observer* observer) {
  Slot& slot = slots_[node.index];
  const std::uint16_t epoch = slot.epoch;
  const Sequence sequence = trace_.events();
  const WriteToken first_token = slot.last_token;
  slot.last_token = effects_.last_token();
  if (observer) observer->event(*this, event, effects_.list());

  const std::uint64_t root = mix(event.id);
  std::uint64_t place = 0;
  bool leaves = false;
  for (Effect& effect : effects_.list()) {
    const CausalId id = mix_onto(root, place++);
    std::visit(
        Overload{
            [&](Send& e) {
              if (e.after != 0 && !slot.disk.is_durable(e.after))
                slot.waiting.push_back({std::move(e), id, sequence});
              else
                transmit(node, e, id, sequence, observer);
            },
            [&](SetTimer& e) { set_timer(node, e, id, sequence); },
            [&](CancelTimer& e) {
              if (e.timer < slot.timers.size()) ++slot.timers[e.timer];
            },
            [&](Write& e) { slot.disk.write(e.token, std::move(e.record)); },
            [&](Ask& e) {
              slot.asks.push_back({std::move(e), id, sequence});
              if (slot.asks.size() == 1) start_next_ask(node, observer);
            },
            [&](Spawn& e) { travel(node, e.node, EventKind::kStart, std::move(e.argument), id, sequence, observer); },
            [&](Watch& e) { watch(node, e.peer, id, sequence, observer); },
            [&](Exit&) { leaves = true; },
            [&](Mark& e) {
              record_between(RecordKind::kMark, node, e.label, e.value, kNobody, e.scope, observer);
              if (!pending_.mark.empty()) fire_at_mark(e, observer);
            },
            [&](Say&) {},
        },
        effect);
    if (slot.epoch != epoch) return;  // a step crashed the node: the rest of its effects never happened
  }
  if (leaves) {
    end_process(node, physics::DiskCrash{}, false, mix_onto(root, place), observer);
    return;
  }
  if (slot.last_token == first_token) return;
  // One sync makes all writes of this step durable.
  slot.disk_free = plan_ ? planned_write(node) : std::max(slot.disk_free, now_) + slot.disk.sync_cost;
  Event written;
  written.at = slot.disk_free;
  written.id = mix_onto(root, place);
  written.cause = sequence;
  written.token = slot.last_token;
  written.node = node;
  written.epoch = slot.epoch;
  written.kind = EventKind::kWritten;
  push_if_ever(std::move(written));
}

void World::transmit(NodeId from, Send& send, CausalId id, Sequence cause, Observer* observer) {
  travel(from, send.to, EventKind::kDeliver, std::move(send.body), id, cause, observer);
}

void World::arrive(NodeId from, NodeId to, Duration delay, EventKind kind, Payload body, CausalId id,
                   std::uint32_t ordinal, Sequence cause) {
  Event event = message(from, to, kind, std::move(body), id, ordinal, cause);
  event.at = now_ + delay;
  queue_.push(std::move(event));
}

void World::travel(NodeId from, NodeId to, EventKind kind, Payload&& body, CausalId id, Sequence cause,
                   Observer* observer) {
  const std::string_view name = network_.reads_names() ? body.name() : std::string_view{};
  physics::Fate fate = network_.send(from, to, draws_, id, name);
  Duration extra{};
  bool dropped = false;
  if (!pending_.message.empty()) {
    if (const Action* action = take_message_step(from, to, fate.ordinal, observer)) {
      dropped = std::holds_alternative<Drop>(*action);
      if (const auto* delay = std::get_if<Delay>(action)) extra = delay->by;
      if (std::holds_alternative<Duplicate>(*action) && fate.copies == 1) {
        fate.copies = 2;
        fate.delay[1] = network_.extra_copy(from, to, draws_, id, name);
      }
    }
  }
  if (fate.kind == physics::Fate::Kind::kCut)
    return record_between(RecordKind::kCut, from, body.name(), fate.ordinal, to, 0, observer);
  if (plan_ && !dropped) {
    Event event = message(from, to, kind, std::move(body), id, fate.ordinal, cause);
    return travel_as_planned(std::move(event), observer);
  }
  // A message that is lost has used the link all the same.
  if (network_.queues()) extra += network_.departs(from, to, now_) - now_;
  if (dropped || fate.kind == physics::Fate::Kind::kLost)
    return record_between(RecordKind::kLost, from, body.name(), fate.ordinal, to, 0, observer);
  if (fate.reordered) record_between(RecordKind::kReordered, from, body.name(), fate.ordinal, to, 0, observer);
  const auto delay_of = [&](std::size_t copy) {
    const Duration delay = fate.delay[copy] + extra;
    return network_.queues() ? network_.arrives(from, to, now_ + delay) - now_ : delay;
  };
  const Duration first = delay_of(0);
  if (fate.copies < 2) return arrive(from, to, first, kind, std::move(body), id, fate.ordinal, cause);
  record_between(RecordKind::kDuplicated, from, body.name(), fate.ordinal, to, 0, observer);
  const Duration second = delay_of(1);
  arrive(from, to, first, kind, body, id, fate.ordinal, cause);
  arrive(from, to, second, kind, std::move(body), mix(id, kCopy), fate.ordinal, cause);
}

void World::release_sends(NodeId node, WriteToken durable, Observer* observer) {
  Slot& slot = slots_[node.index];
  // One at a time: a step that meets the message may crash the node, and with it what still waits.
  while (!slot.waiting.empty() && slot.waiting.front().send.after <= durable) {
    WaitingSend next = std::move(slot.waiting.front());
    slot.waiting.erase(slot.waiting.begin());
    transmit(node, next.send, next.id, next.cause, observer);
  }
}

void World::start_next_ask(NodeId node, Observer* observer) {
  Slot& slot = slots_[node.index];
  if (slot.asks.empty()) return;
  TWICE_ASSERT(static_cast<bool>(slot.device), "node '" + slot.name + "' asked a device it does not have");
  const WaitingAsk& next = slot.asks.front();
  slot.device_busy_since = now_;
  physics::Completion done = slot.device->perform(next.ask.body, {now_, seed_, next.id});
  if (!pending_.io.empty() && fire_at_io(node, done, observer)) return;
  Event event;
  event.at = now_ + done.cost;
  event.id = mix(next.id, 1);
  event.cause = next.cause;
  event.token = next.ask.request;
  event.node = node;
  event.epoch = slot.epoch;
  event.kind = EventKind::kDone;
  event.body = std::move(done.result);
  queue_.push(std::move(event));
}

void World::set_timer(NodeId node, const SetTimer& timer, CausalId id, Sequence cause) {
  Slot& slot = slots_[node.index];
  if (timer.timer >= slot.timers.size()) slot.timers.resize(timer.timer + std::size_t{1});
  const Duration wait =
      timer.wait.low == timer.wait.high ? timer.wait.low : timer.wait.pick(draws_(Purpose::kTimer, id));
  Event event;
  // A wait that is not nothing takes time, or a node with a fast clock that waits for the last nanosecond never gets
  // there.
  event.at = plan_ ? plan_->time_of_next({Plan::Kind::kFire, node, kNobody, timer.timer}, now_)
                   : now_ + std::max(slot.clock.global_wait(wait), Duration{wait.ns > 0 ? 1 : 0});
  event.id = id;
  event.cause = cause;
  event.token = ++slot.timers[timer.timer];
  event.node = node;
  event.epoch = slot.epoch;
  event.kind = EventKind::kTimer;
  event.timer = timer.timer;
  push_if_ever(std::move(event));
}

void World::watch(NodeId who, NodeId whom, CausalId id, Sequence cause, Observer* observer) {
  const std::uint16_t epoch = slots_[who.index].epoch;
  const bool known = std::any_of(watchers_.begin(), watchers_.end(),
                                 [&](const Watcher& w) { return w.who == who && w.whom == whom && w.epoch == epoch; });
  if (!known) watchers_.push_back({who, whom, epoch});
  if (!slots_[whom.index].up) travel(whom, who, EventKind::kDown, {}, id, cause, observer);
}

void World::record_between(RecordKind kind, NodeId node, std::string_view label, std::uint64_t value, NodeId peer,
                           std::uint32_t scope, Observer* observer) {
  TraceRecord record{kind, now_, trace_.events(), 0, node, peer};
  record.value = value;
  record.scope = scope;
  trace_.between(record, label);
  if (observer) observer->record(*this, record, label);
}

std::string to_text(const StandStill& still, const World& world) {
  const std::string node = fmt::format("node '{}'", world.name(still.node));
  const std::string last = [&] {
    switch (still.kind) {
      case EventKind::kStart:
        return node + " starts";
      case EventKind::kDeliver:
        return fmt::format("message {} reaches {}", still.what, node);
      case EventKind::kTimer:
        return fmt::format("timer {} of {} ends", still.what, node);
      case EventKind::kWritten:
        return fmt::format("a write of {} is durable", node);
      case EventKind::kDone:
        return fmt::format("the device of {} answers {}", node, still.what);
      case EventKind::kDown:
        return node + " learns that another is down";
    }
    return node;
  }();
  return fmt::format(
      "time-stands-still: at {} more than 100,000 events follow from each other and no time passes; the last one: {}",
      in_seconds(still.at), last);
}

}  // namespace twice::world

#pragma once
// The world is a value: nodes, links, disks, clocks, event queue, counters. Copying it forks the universe; the same
// world stepped twice gives the same bits. The host's part of every node lives here, and every fault is injected here.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/event_queue.h"
#include "core/node.h"
#include "core/random.h"
#include "core/trace.h"
#include "physics/clock.h"
#include "physics/device.h"
#include "physics/network.h"
#include "physics/record_disk.h"
#include "world/schedule.h"
#include "world/step.h"

namespace twice::world {

class World;

/// Sees a run while it happens; changes nothing. All calls come between two events.
class Observer {
 public:
  virtual ~Observer() = default;
  /// An event was executed: what went in and what came out.
  virtual void event(const World&, const Event&, const std::vector<Effect>&) {}
  /// A record that is no event of a node: faults, crashes, marks, timeline steps.
  virtual void record(const World&, const TraceRecord&, std::string_view /*label*/) {}
};

/// Longest chain of events, each caused by the one before, that may happen at one instant.
constexpr std::uint32_t kLongestChain = 100'000;

/// A run that would never end: at one instant, events follow from each other again and again.
struct StandStill {
  Time at;
  NodeId node;       // whom the last of them was for
  EventKind kind{};  // and what it was …
  std::string what;  // … by name or number: the message, the timer
};

/// A node to be: how it is called, what it does, what stands behind it.
struct NodeSetup {
  std::string name{};
  std::string group{};  // "loader" for loader-1, loader-2 …; empty: no group
  std::unique_ptr<Node> node{};
  std::unique_ptr<physics::Device> device{};  // may be null
  physics::Clock clock{};
  bool starts = true;                       // false: waits until another node launches it
  std::optional<Duration> restart_after{};  // a supervisor starts it again this long after a crash
  Duration sync_cost = milliseconds(2);     // of its record disk
};

class World {
 public:
  World(std::uint64_t seed, std::vector<NodeSetup> nodes, physics::LinkProfile link = {},
        Trace::Keep keep = Trace::Keep::kAll);

  // --- running
  /// Executes the next event, or carries out the next due step; false when nothing is left up to `until`, and when time
  /// stands still.
  bool step(Time until = kEndOfTime, Observer* observer = nullptr);
  /// Steps until nothing is left up to `until`, or `events()` has reached `last`.
  void run(Time until = kEndOfTime, Sequence last = ~Sequence{0}, Observer* observer = nullptr);
  /// Time of the next event or timed step, if any.
  std::optional<Time> next_time();
  /// All draws from here on are those of another seed: the same past, another future. What nodes keep of the old seed
  /// in their own states (what a client will ask) and what was drawn before (messages on their way) stays.
  void reseed(std::uint64_t seed) {
    seed_ = seed;
    draws_ = Draws(seed);
  }

  // --- the timeline
  /// Adds a step to come. The error names what does not exist.
  std::optional<std::string> add(Step step);
  /// Carries a step out at this very moment, whatever its trigger. For forks taken between two events.
  std::optional<std::string> carry_out_now(Step step);
  /// All steps ever added, and which of them have been carried out.
  const std::vector<Step>& steps() const { return steps_; }
  bool fired(std::size_t step) const { return fired_[step]; }
  /// True when the step changed something: a crash of a node that was down did not.
  bool took_effect(std::size_t step) const { return effective_[step]; }
  std::size_t pending_steps() const;
  /// When the next step with a fixed time is due, if any.
  std::optional<Time> next_step_time() const;

  // --- a forced schedule
  /// From here on messages arrive, timers end, disks write, nodes crash and start again as the schedule says and never
  /// otherwise; local clocks stand still. Its crashes and restarts become steps. REQUIRES a world before its first
  /// event, without another schedule. The error names what does not exist.
  std::optional<std::string> follow(Schedule schedule);
  /// Null: there is none.
  const Schedule* schedule() const { return plan_ ? &plan_->schedule() : nullptr; }
  /// False as long as a choice has not happened: it is still to come, or it could not be carried out. Crashes and
  /// restarts are judged as the steps that they are.
  bool carried_out(std::size_t choice) const { return carried_out_[choice]; }
  /// Messages, timers and writes that no choice speaks of: they wait for ever.
  const std::vector<Event>& unplanned() const { return unplanned_; }

  // --- looking
  /// Set once more than kLongestChain events have happened in one causal chain at one instant: the run ends there.
  /// However many events an instant has side by side, it is not.
  const std::optional<StandStill>& standstill() const { return standstill_; }
  std::uint64_t seed() const { return seed_; }
  Time now() const { return now_; }
  Sequence events() const { return trace_.events(); }
  const Trace& trace() const { return trace_; }
  std::size_t size() const { return slots_.size(); }
  const std::string& name(NodeId node) const { return slots_[node.index].name; }
  const std::string& group(NodeId node) const { return slots_[node.index].group; }
  const Node& node(NodeId node) const { return *slots_[node.index].node; }
  const physics::Device* device(NodeId node) const;
  /// What the node's disk holds: durable records, and writes under way.
  const physics::RecordDisk& record_disk(NodeId node) const { return slots_[node.index].disk; }
  bool is_up(NodeId node) const { return slots_[node.index].up; }
  bool is_paused(NodeId node) const { return slots_[node.index].paused; }
  const physics::Clock& clock(NodeId node) const { return slots_[node.index].clock; }
  /// How long each input keeps the node busy; 0 = it is not slow.
  Duration slowness(NodeId node) const { return slots_[node.index].slow; }
  /// Messages that wait at the end of a clogged link.
  std::size_t clogged() const { return clogged_.size(); }
  const physics::RecordDisk& disk(NodeId node) const { return slots_[node.index].disk; }
  const physics::Network& network() const { return network_; }
  const EventQueue& queue() const { return queue_; }
  /// Every event that is still to reach its node: what is in the queue, what a pause holds back, what waits at clogged
  /// links, what a schedule leaves waiting. In no particular order.
  template <class F>
  void for_each_coming(F&& f) const {
    const auto one = [&](const Event& event) {
      const Slot& slot = slots_[event.node.index];
      const bool timer = event.kind == EventKind::kTimer;
      const bool mortal = timer || event.kind == EventKind::kWritten || event.kind == EventKind::kDone;
      if (mortal && (!slot.up || event.epoch != slot.epoch)) return;
      if (!timer || slot.timers[event.timer] == event.token) f(event);
    };
    queue_.for_each(one);
    for (const Event& event : clogged_) one(event);
    for (const Event& event : unplanned_) one(event);
    for (const Slot& slot : slots_)
      for (const Event& event : slot.held) one(event);
  }
  /// Sends of a node that wait for a write, oldest first.
  template <class F>
  void for_each_waiting(NodeId node, F&& f) const {
    for (const WaitingSend& waiting : slots_[node.index].waiting) f(waiting.send);
  }
  /// A node by its name, or the member of a group that was started last.
  std::optional<NodeId> find(std::string_view name_or_group) const;
  /// A node by its name, or all members of a group; empty when there is no such thing.
  std::vector<NodeId> members(std::string_view name_or_group) const;
  /// What a step means by a name: a node, all members of a group that live side by side (clients), or the member that
  /// was started last of a group whose members take turns (loaders).
  std::vector<NodeId> meant_by(std::string_view name_or_group) const;
  /// Every node's state and the run so far; equal worlds have equal digests.
  std::uint64_t digest() const;

  // --- shaping (before the first step)
  void set_link(NodeId from, NodeId to, physics::LinkProfile profile, std::string_view message = {}) {
    network_.set_profile(from, to, std::move(profile), message);
  }
  void set_all_links(const physics::LinkProfile& profile, std::string_view message = {}) {
    network_.set_all_profiles(profile, message);
  }
  /// Keeps less of the trace from here on.
  void keep_only(Trace::Keep keep) { trace_.keep_only(keep); }

 private:
  struct WaitingSend {
    Send send;
    CausalId id;
    Sequence cause;
  };
  struct WaitingAsk {
    Ask ask;
    CausalId id;
    Sequence cause;
  };
  struct alignas(64) Slot {
    // What every event of the node touches, in one cache line.
    Cloned<Node> node;
    physics::Clock clock;
    bool up = false;
    bool paused = false;
    std::uint16_t epoch = 0;
    WriteToken last_token = 0;
    std::vector<std::uint32_t> timers;  // generation of each timer; only the newest fires
    Time disk_free{};
    physics::RecordDisk disk;
    std::vector<WaitingSend> waiting;  // sends that wait for a write, oldest first
    std::vector<WaitingAsk> asks;      // oldest first; the first is being performed
    Cloned<physics::Device> device;
    Time device_busy_since{};
    std::vector<Event> held;  // what waits for the end of a pause, or for its turn on a slow node; oldest first
    Duration slow{};          // each input keeps the node busy for this long
    Time busy_until{};
    bool has_turn = false;  // the next input of a slow node is in the queue, for `busy_until`
    Sequence started_at = 0;
    std::optional<Duration> restart_after;
    bool starts = true;  // by itself, not when another node launches it
    std::string name, group;
  };
  struct Watcher {
    NodeId who, whom;
    std::uint16_t epoch;
  };

  void execute(const Event& event, Observer* observer);
  void count_chain(const Event& event, Sequence sequence);
  void stand_still(const Event& event);
  void deliver(Slot& slot, const Event& event);
  bool reaches(Slot& slot, const Event& event, Observer* observer);
  bool may_start(Slot& slot, const Event& event);
  void give_turn(Slot& slot, Time at);
  void perform(NodeId node, const Event& event, Observer* observer);
  void transmit(NodeId from, Send& send, CausalId id, Sequence cause, Observer* observer);
  void arrive(NodeId from, NodeId to, Duration delay, EventKind kind, Payload body, CausalId id, std::uint32_t ordinal,
              Sequence cause);
  void travel(NodeId from, NodeId to, EventKind kind, Payload&& body, CausalId id, Sequence cause, Observer* observer);
  void release_sends(NodeId node, WriteToken durable, Observer* observer);
  void start_next_ask(NodeId node, Observer* observer);
  void set_timer(NodeId node, const SetTimer& timer, CausalId id, Sequence cause);
  void watch(NodeId who, NodeId whom, CausalId id, Sequence cause, Observer* observer);
  void record_between(RecordKind kind, NodeId node, std::string_view label, std::uint64_t value, NodeId peer,
                      std::uint32_t scope, Observer* observer);

  // follow.cpp
  void travel_as_planned(Event&& event, Observer* observer);
  void push_if_ever(Event&& event) {
    event.at == kEndOfTime ? unplanned_.push_back(std::move(event)) : queue_.push(std::move(event));
  }
  Time planned_write(NodeId node) const;
  void note_planned(const Event& event);

  // steps.cpp
  bool fire_due_time_step(Time before, Observer* observer);
  void fire_at_event(Observer* observer);
  void fire_at_mark(const Mark& mark, Observer* observer);
  bool fire_at_io(NodeId node, const physics::Completion& done, Observer* observer);
  const Action* take_message_step(NodeId from, NodeId to, std::uint32_t ordinal, Observer* observer);
  void fire(std::size_t index, Observer* observer);
  bool carry_out(const Step& step, CausalId id, Observer* observer);
  bool crash(NodeId node, physics::Lose lose, std::optional<std::uint64_t> cut_after, CausalId id, Observer* observer);
  void end_process(NodeId node, const physics::DiskCrash& how, bool crashed, CausalId id, Observer* observer);
  bool restart(NodeId node, CausalId id, Sequence cause);
  bool resume(NodeId node);
  bool partition(const std::vector<std::vector<std::string>>& groups);
  bool one_way(const OneWay& cut);
  bool bridge(const Bridge& bridge);
  bool majorities_ring(const MajoritiesRing& ring);
  bool halves(const Halves& halves, CausalId id, Observer* observer);
  bool isolate(NodeId node);
  bool heal(const std::vector<std::string>& nodes);
  bool clog(const Clog& clog);
  bool unclog(const Unclog& unclog);
  bool set_clock(NodeId node, const SetClock& clock);
  bool slow_down(NodeId node, Duration by);
  bool cut_between(const std::vector<NodeId>& from, const std::vector<NodeId>& to);
  std::vector<NodeId> named(const std::vector<std::string>& names) const;
  template <class F>
  bool at_each(std::string_view name, CausalId id, F&& act);
  bool names_node(std::string_view name, NodeId node) const;
  std::optional<std::string> unknown_node(const Step& step) const;

  std::uint64_t seed_;
  Draws draws_;
  Time now_{};
  EventQueue queue_;
  physics::Network network_;
  std::vector<Slot> slots_;
  std::vector<Watcher> watchers_;
  std::vector<Event> clogged_;  // what waits at the end of clogged links, oldest first
  bool any_slow_ = false;       // some node is or was slow
  Block<Plan> plan_;            // of a forced schedule; empty: time decides
  std::vector<bool> carried_out_;
  std::vector<Event> unplanned_;
  // Events of one instant happen in the order in which they were asked for: first those that were asked for earlier,
  // then those that these asked for, and so on. So how long the longest chain is needs no look back: it grows by one
  // whenever an event was asked for by one of the newest generation.
  struct Instant {
    Time at{-1};
    Sequence newest = 0;      // the first event of the newest generation
    std::uint32_t chain = 0;  // generations before it
  } instant_;
  std::optional<StandStill> standstill_;
  Trace trace_;
  Effects effects_;  // scratch of the running step; empty between events

  std::vector<Step> steps_;
  std::vector<bool> fired_, effective_;
  // Pending steps by kind of trigger, so that the common path tests one counter.
  struct PendingSteps {
    std::vector<std::size_t> time;  // ordered by time, then by order of addition
    std::vector<std::size_t> event, mark, io, message;
  } pending_;
};

/// "time-stands-still: at 0.000 s more than 100,000 events follow from each other; the last one: message Request for
/// n1".
std::string to_text(const StandStill& still, const World& world);

}  // namespace twice::world

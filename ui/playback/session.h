#pragma once
// An open scenario: its lanes, the branches that grew from it, and one cursor over all of them. Knows no window; time
// passes only when it is told so, and recording happens only inside work().
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/report.h"
#include "scenario/spec.h"
#include "ui/playback/commands.h"
#include "ui/playback/recording.h"

namespace twice::playback {

/// A person's step: in one lane, or in all of them.
struct Intervention {
  std::optional<std::size_t> lane;
  world::Step step;
};

/// A branch is data: what was done besides (or instead of) the scenario's timeline. Its runs follow from that.
struct Branch {
  std::string name;
  std::optional<std::size_t> parent;
  bool timeline = true;  // false: the scenario's own faults are left out
  std::vector<Intervention> did;
  std::optional<std::uint32_t> runs{};             // of the load, instead of the scenario's
  std::vector<std::optional<Sequence>> forked_at;  // by lane: the event it leaves its parent at; nullopt: it does not
  std::vector<std::size_t> recording;              // by lane
};

struct Lane {
  const scenario::Variant* variant = nullptr;
  std::unique_ptr<lab::Ready> ready;  // does not move: recordings point at it
  std::optional<lab::Reference> reference;

  const std::string& name() const { return variant->name; }
  bool loads() const { return ready->pipeline.has_value(); }
};

struct Cursor {
  Time at;                      // all lanes stand at this moment
  std::vector<Sequence> event;  // by lane: the last one executed
  std::size_t focus = 0;        // the lane that keys and single steps act on
  bool playing = false;
  int speed = 0;  // doublings of the base speed
};

class Session {
 public:
  /// REQUIRES a scenario with at least one lane. `shown`: lanes by name; empty: all. `set`: what the scenario has
  /// otherwise than its file, as `--set` takes it.
  Session(scenario::Scenario scenario, std::uint64_t seed, std::vector<std::string> shown = {},
          std::vector<std::string> set = {});

  // --- running
  /// Records about `events` more events of what the shown branch needs, then of the others. False: nothing to do.
  bool work(Sequence events);
  /// How much of the shown branch is recorded: 0..1, 1 = complete.
  double progress() const;
  bool complete() const;
  /// Lets the cursor play for this long.
  void pass(double seconds);
  void apply(const Command& command);

  /// A branch from somewhere else: a settings file. Lanes and parents it does not have are ignored.
  void graft(Branch branch);
  /// Stands where another session stood, as far as this one goes; the rest of the way once it is recorded.
  void keep_at(const Cursor& cursor);

  // --- looking
  const scenario::Scenario& scenario() const { return *scenario_; }
  std::uint64_t seed() const { return seed_; }
  const std::vector<std::string>& set() const { return set_; }
  const std::vector<Lane>& lanes() const { return lanes_; }
  const std::vector<Branch>& branches() const { return branches_; }
  std::size_t branch() const { return branch_; }
  const Cursor& cursor() const { return cursor_; }
  const Selection& selection() const { return selection_; }
  Time end() const;  // of the longest lane of the shown branch
  const Recording& recording(std::size_t lane) const { return recording(branch_, lane); }
  const Recording& recording(std::size_t branch, std::size_t lane) const {
    return *recordings_[branches_[branch].recording[lane]];
  }
  /// The world of a lane at the cursor. Valid until the cursor moves or work() runs.
  const world::World& world(std::size_t lane) const;
  /// What the run showed; null until it is complete.
  const lab::RunReport* report(std::size_t lane) const { return report(branch_, lane); }
  const lab::RunReport* report(std::size_t branch, std::size_t lane) const;
  /// Changes whenever something other than the cursor's place would look different.
  std::uint64_t revision() const { return revision_; }
  /// What apply() could not do, for the status line; cleared by the next command.
  const std::string& complaint() const { return complaint_; }

  // --- acting
  /// Why this step would change nothing at the cursor, found by trying it on a copy; empty: it would.
  std::string why_not(std::size_t lane, const world::Action& action) const;
  /// The step that does `action` right after the cursor's event.
  world::Step step_here(std::size_t lane, world::Action action) const;
  /// "twice run FILE --seed S --only LANE --do '…'": the shown branch of this lane, headless.
  std::string repro(std::size_t lane) const;
  /// All steps of the shown branch in a lane, its own timeline not included.
  std::vector<world::Step> steps(std::size_t branch, std::size_t lane) const;

 private:
  std::size_t record(std::size_t lane, bool timeline, const std::vector<world::Step>& steps,
                     std::optional<std::uint32_t> runs);
  void add_branch(Branch branch);
  void intervene(const Intervene& what);
  void crash_at(const lab::Point& point);
  void seek(Time at);
  void seek_event(std::size_t lane, Sequence event);
  void settle(std::size_t lane);
  void catch_up();
  void step_events(std::int64_t by);
  void step_interesting(int by);
  void restart_recordings();
  void clamp();
  double position_of(Time at) const;
  Time time_at(double position) const;
  void refresh_pace() const;

  std::unique_ptr<scenario::Scenario> scenario_;  // does not move: lanes point into it
  std::uint64_t seed_;
  std::vector<std::string> set_;
  std::vector<Lane> lanes_;
  std::vector<std::unique_ptr<Recording>> recordings_;  // null: of a branch that is gone
  std::uint64_t last_recording_ = 0;
  std::optional<Time> wanted_at_;  // where the cursor goes once that is recorded
  bool follows_end_ = false;       // the cursor stood at the end: it goes there again once that is known
  std::vector<Branch> branches_;
  std::size_t branch_ = 0;
  Cursor cursor_;
  Selection selection_;
  std::uint64_t revision_ = 1;
  std::string complaint_;
  mutable std::vector<Playhead> playheads_;  // by lane
  mutable std::vector<Time> pace_;           // moments that playing passes at an even rate
  mutable std::uint64_t pace_revision_ = 0;
};

}  // namespace twice::playback

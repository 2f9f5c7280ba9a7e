#pragma once
// One run, kept so that any moment of it can be shown: its trace, copies of its world, and the moments people ask for.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/live_run.h"
#include "world/checkpoints.h"

namespace twice::playback {

enum class MomentKind : std::uint8_t {
  kStep,  // of the timeline, or of the person at the window
  kCrash,
  kAttempt,
  kRetry,
  kOk,  // the orchestrator was told so
  kGaveUp,
  kCommit,
  kReading,  // of the dashboard
  kLost,
  kDuplicated,
  kSuspect,
  kTrust,
  kElected,
  kSteppedDown,
  kDecided,  // a value or an outcome is settled
  kBroken,   // an invariant
};
inline constexpr std::size_t kMomentKinds = static_cast<std::size_t>(MomentKind::kBroken) + 1;
std::string_view name_of(MomentKind kind);

/// Something worth stopping at.
struct Moment {
  MomentKind kind = MomentKind::kStep;
  Time at;
  Sequence event = 0;
  NodeId node;
  std::string text;  // of a step, an election or a broken invariant; empty otherwise
};

/// An invariant that the run broke, whatever its scenario expects. The first one is the cause, others are its harm.
struct Broken {
  std::string name, meaning, words;  // "election-safety", "one leader per term, ever", "n1 and n3 both lead term 4"
  Sequence event = 0;
  Time at;
};

/// A term's leader, from its election until it stopped leading, as far as it knew itself.
struct Reign {
  std::uint64_t term = 0;
  std::string_view era = "term";  // what the protocol calls it
  NodeId leader;
  Time from;
  std::optional<Time> to;  // stepped down or died; nullopt: it leads at the end
};

class Recording {
 public:
  /// `ready` must outlive the recording. `id`: no other recording has it, so that what was seen of one is never taken
  /// for what is seen of another.
  Recording(std::uint64_t id, const lab::Ready& ready, std::uint64_t seed, lab::RunOptions options);
  std::uint64_t id() const { return id_; }

  /// Why there is nothing to see; empty otherwise.
  const std::string& error() const { return run_->error(); }
  /// Records up to `events` more events; false once the run is over or could not start.
  bool advance(Sequence events);
  bool complete() const { return !run_->error().empty() || run_->over(); }

  Sequence events() const { return complete_or_running() ? trace().events() : 0; }
  Time end() const;
  const Trace& trace() const { return run_->world().trace(); }
  const world::World& last_world() const { return run_->world(); }
  const lab::RunLog& log() const { return run_->log(); }
  /// The world right after event `n`. Costs as much as the events since the nearest copy before it.
  world::World at(Sequence n) const;
  /// Copies are this many events apart.
  Sequence spacing() const { return checkpoints_ ? checkpoints_->spacing() : 1; }

  /// In order of events; of a very long run only the first of each frequent kind.
  const std::vector<Moment>& moments() const { return moments_; }
  bool shows(MomentKind kind) const { return shown_[static_cast<std::size_t>(kind)]; }
  /// In order of elections; two may lead at the same time.
  const std::vector<Reign>& reigns() const { return reigns_; }
  /// So far, oldest first.
  const std::vector<Broken>& broken() const { return broken_; }
  /// Times of events at equal distances, at most kTicks: where a run is dense, they are.
  const std::vector<Time>& ticks() const { return ticks_; }
  /// Nodes that ever ran, in order.
  std::vector<NodeId> nodes_seen() const;

  /// Judged on first use. REQUIRES complete(). `reference` may be null.
  const lab::RunReport& report(const lab::Reference* reference) const;

  static constexpr std::size_t kTicks = 1024;

 private:
  class Listener;
  bool complete_or_running() const { return run_->error().empty(); }
  void note(Moment moment);
  void note_broken();
  void add_broken(Broken broken, NodeId node);
  void note_reign(const world::World& world, const TraceRecord& record, std::string_view label);
  void tick(const world::World& world);

  std::uint64_t id_;
  std::unique_ptr<lab::LiveRun> run_;  // does not move: the judge keeps a reference to its log
  std::optional<world::Checkpoints> checkpoints_;
  std::vector<Moment> moments_;
  std::array<bool, kMomentKinds> shown_{};  // by kind
  std::vector<Reign> reigns_;
  std::vector<Broken> broken_;
  std::size_t violations_seen_ = 0;
  bool disagreed_ = false, was_not_atomic_ = false;
  std::vector<Time> ticks_;
  Sequence stride_ = 1;
  std::vector<bool> seen_;  // by node
  mutable std::optional<lab::RunReport> report_;
};

/// A world that follows a cursor: steps on from where it is, or starts again from a copy.
class Playhead {
 public:
  /// The world of `recording` right after event `n` (at most its last one).
  const world::World& seek(const Recording& recording, Sequence n);

 private:
  std::uint64_t recording_ = 0;
  std::optional<world::World> world_;
};

/// The first record in which two runs differ, by its place among the events; nullopt: the same as far as both go.
std::optional<Sequence> first_difference(const Trace& a, const Trace& b);

}  // namespace twice::playback

#pragma once
// A run that can be watched while it happens: advanced a few events at a time, judged when it is over. `run` is one
// that is advanced to its end at once.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lab/outcome.h"
#include "lab/pipeline_world.h"
#include "lab/run.h"
#include "lab/run_log.h"
#include "scenario/spec.h"
#include "world/world.h"

namespace twice::lab {

/// A variant made ready once; worlds with any seed and any steps are built from it. The variant must outlive it.
struct Ready {
  const scenario::Variant* variant = nullptr;
  std::optional<Pipeline> pipeline;  // of a load
  std::string error;                 // the variant cannot be run at all
};
Ready make_ready(const scenario::Variant& variant);

/// Takes back every judgement: a limit of this program was reached, and `why` tells it in a sentence.
void leave_undecided(RunReport& report, std::string_view limit, const std::string& why);

/// The world at event 0, with all steps; the error names what a step gets wrong.
Built build_world(const Ready& ready, std::uint64_t seed, const RunOptions& options);

/// A value: a copy goes on by itself.
class LiveRun {
 public:
  /// `ready` must outlive the run.
  LiveRun(const Ready& ready, std::uint64_t seed, const RunOptions& options);

  /// Why there is no world; empty when there is one.
  const std::string& error() const { return error_; }
  /// Executes up to `events` more events; false once the run is over, or cut short. REQUIRES no error.
  bool advance(Sequence events, world::Observer* also = nullptr);
  bool over() const { return over_ || !world_; }
  /// Why it ended before its end, if it did.
  StoppedBy stopped_by() const { return stopped_by_; }
  const world::World& world() const { return *world_; }
  const RunLog& log() const { return log_; }
  /// What it showed. `reference`: the load without faults; made anew when not given. REQUIRES over().
  RunReport report(const Reference* reference = nullptr);
  /// Another future from here on, see World::reseed. The report keeps the first seed. REQUIRES no error.
  void reseed(std::uint64_t seed) { world_->reseed(seed); }
  world::World take_world() { return std::move(*world_); }

 private:
  void judge(const Reference* reference, RunReport& report);
  void judge_cut(std::string_view limit, RunReport& report);

  const Ready& ready_;
  std::uint64_t seed_;
  std::optional<world::World> world_;
  std::string error_;
  RunLog log_;
  bool spectrum_;
  std::uint64_t judge_budget_;
  Time until_;
  StopSeam stop_;
  std::uint64_t most_events_;
  StoppedBy stopped_by_ = StoppedBy::kNothing;
  std::size_t drawn_from_ = 0, drawn_to_ = 0;  // steps
  bool over_ = false, more_ = true;
};

}  // namespace twice::lab

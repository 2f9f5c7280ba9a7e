#pragma once
// Random faults as a timeline: drawn before the run, from the seed alone, so that they can be printed, replayed with
// `--do`, edited and shrunk like any other steps (docs/decisions/0013-chaos-is-a-timeline.md).
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "physics/latency.h"
#include "world/step.h"

namespace twice::world {

/// Append only: the number is part of every draw.
enum class ChaosKind : std::uint8_t {
  kCrash,
  kPause,
  kSlow,
  kPartition,  // two drawn groups
  kOneWay,
  kBridge,
  kMajoritiesRing,
  kIsolate,
  kClog,         // of one node
  kSwizzleClog,  // of a drawn subset, one after the other, and back in another order
  kClock,
};
constexpr std::size_t kChaosKinds = static_cast<std::size_t>(ChaosKind::kClock) + 1;

/// From `at` on the core must get on: its nodes run at full speed and all links from and to them work. Faults
/// elsewhere stay as they are.
struct Liveness {
  enum class Core : std::uint8_t { kAll, kMajority, kNamed };
  Time at;
  Core core = Core::kMajority;       // kMajority: one drawn from the seed
  std::vector<std::string> named{};  // of kNamed
};

struct ChaosOptions {
  Time from, to;       // faults begin in this window
  Duration slot;       // at most one begins in each slot of this length, counted from time 0; not 0
  Probability chance;  // that one does
  physics::LatencyModel lasts;
  std::array<std::uint32_t, kChaosKinds> weight{};
  bool swarm = false;  // each seed turns a random subset of the kinds off
  std::uint32_t max_faults = 0, max_crashes = 0, max_partitions = 0;
  std::uint32_t max_down = 0;  // nodes that are crashed or paused at one time
  physics::Lose lose = physics::Lose::kUnsynced;
  physics::LatencyModel slow_by{};
  Duration max_skew{};  // clocks are set to between this much behind and this much ahead
  std::int64_t max_drift_ppb = 0;
  std::optional<Liveness> liveness{};
};

/// A pure function. Every draw is keyed by the seed and its slot, so that a change of window, chance or one slot's
/// fault redraws no other slot; only the budget can still forbid a later fault. One partition at a time, whose end
/// heals all links (an isolated node's only its own), and one fault at a time on a node. Ordered by time. REQUIRES that
/// no name is there twice.
std::vector<Step> expand_chaos(const ChaosOptions& options, const std::vector<std::string>& nodes, std::uint64_t seed);

/// These nodes are clogged one after the other, and opened one after the other in the order of `back`; the last one
/// `lasts` after `at`.
std::vector<Step> swizzle_clog(Time at, Duration lasts, const std::vector<std::string>& nodes,
                               const std::vector<std::string>& back);

/// The kinds that a seed's swarm leaves on; all that have a weight without a swarm.
std::array<std::uint32_t, kChaosKinds> swarm_weights(const ChaosOptions& options, std::uint64_t seed);

}  // namespace twice::world

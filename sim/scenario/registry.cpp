#include "scenario/registry.h"

namespace twice::scenario {

const std::vector<NamedCheck>& builtin_checks() {
  static const std::vector<NamedCheck> kChecks{
      {"exactly-once", Applies::kLoad, "the slice holds the rows that a run without faults gives, each once"},
      {"no-duplicates", Applies::kLoad, "no row of the slice is there more than once"},
      {"nothing-lost", Applies::kLoad, "no wanted row of the slice is missing"},
      {"acked-never-lost", Applies::kLoad, "no commit that the loader was told of has vanished"},
      {"old-or-new", Applies::kLoad,
       "a reader sees the slice as it was before the load or as it is after it, nothing between"},
      {"others-untouched", Applies::kLoad, "rows outside the slice stay as they were"},
      {"integrity", Applies::kLoad, "the engine's own integrity check finds nothing"},
      {"corrupt", Applies::kLoad, "the engine's own integrity check finds damage: something to see with 'sometimes'"},
      {"acknowledged", Applies::kLoad, "the orchestrator was told that the load succeeded"},
      {"no-false-suspicion", Applies::kCluster, "no node suspects another that is running and reachable"},
      {"crash-suspected", Applies::kCluster, "every crashed node is suspected by every other that runs"}};
  return kChecks;
}

const std::vector<NamedMetric>& builtin_metrics() {
  static const std::vector<NamedMetric> kMetrics{
      {"attempts", Applies::kLoad, "attempts", "loader processes that were started"},
      {"runs.ok", Applies::kLoad, "runs", "runs the orchestrator was told ok about"},
      {"runs.failed", Applies::kLoad, "runs", "runs that used up their attempts"},
      {"rows", Applies::kLoad, "rows", "rows in the slice at the end"},
      {"rows.duplicated", Applies::kLoad, "rows", "rows of the slice beyond the wanted ones"},
      {"rows.lost", Applies::kLoad, "rows", "wanted rows that are missing"},
      {"statements", Applies::kLoad, "statements", "statements the warehouse executed"},
      {"commits", Applies::kLoad, "commits", "transactions that became durable and visible"},
      {"io", Applies::kLoad, "operations", "I/O operations of the warehouse's disk"},
      {"load.time", Applies::kLoad, "duration", "from the start to the last report"},
      {"messages.sent", Applies::kCluster, "messages", "messages that nodes sent"},
      {"messages.lost", Applies::kCluster, "messages", "messages that never arrived"},
      {"suspicions", Applies::kCluster, "suspicions", "times a node began to suspect another"},
      {"suspicions.false", Applies::kCluster, "suspicions", "of those, about a node that was running and reachable"},
      {"detection.time.max", Applies::kCluster, "duration", "the longest time from a crash to its last detection"}};
  return kMetrics;
}

}  // namespace twice::scenario

#include "scenario/registry.h"

#include <algorithm>

#include "check/raft_invariants.h"

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
      {"crash-suspected", Applies::kCluster, "every crashed node is suspected by every other that runs"},
      {"acked-never-lost", Applies::kCluster,
       "some running replica still knows of every write (of a set: insertion) that was acknowledged"},
      {"removed-stay-removed", Applies::kCluster, "no running replica holds an element whose removal was acknowledged"},
      {"converged", Applies::kCluster, "all running replicas hold the same"},
      {"totals", Applies::kCluster,
       "counters and balances are the sum of what was acknowledged: nothing twice, nothing lost"},
      {"no-overdraft", Applies::kCluster, "no balance was ever seen below zero"},
      {"atomic", Applies::kCluster, "no participant has committed while another has aborted"},
      {"decided", Applies::kCluster, "every participant has committed or aborted"},
      {"linearizable", Applies::kCluster, "all answers fit one copy that does one thing at a time, in real time"},
      {"sequential", Applies::kCluster, "all answers fit one order that keeps each client's own"},
      {"causal", Applies::kCluster, "whoever sees a write sees all that its writer had seen"},
      {"pram", Applies::kCluster, "every client sees each other client's writes in the order they were made"},
      {"writes-follow-reads", Applies::kCluster, "a write is seen after the writes that its client had read before it"},
      {"monotonic-writes", Applies::kCluster, "one client's writes are seen in their order"},
      {"monotonic-reads", Applies::kCluster, "a client never reads something older than it read before"},
      {"read-your-writes", Applies::kCluster, "a client reads its own writes or newer ones"},
      {"agreement", Applies::kCluster, "Paxos: no two servers learn different values"},
      {"chosen", Applies::kCluster, "Paxos: some server has learned a value"},
      {"exactly-once-effect", Applies::kCluster,
       "streams and object stores: in the end every record counts once, and nothing else does"},
      {"nothing-lost", Applies::kCluster, "… every record that was taken on, every load that was reported, counts"},
      {"nothing-doubled", Applies::kCluster, "… no record counts more than once"},
      {"nothing-invented", Applies::kCluster, "… nothing counts that the producer's database does not have"},
      {"state-exact", Applies::kCluster, "streams: the consumers' states have counted every record once"},
      {"no-stale-parts", Applies::kCluster, "object stores: a reader finds no file of an earlier try"},
      {"table-consistent", Applies::kCluster,
       "object stores: whenever somebody looks, a slice is there as a whole and once, or not at all"},
      {"raft", Applies::kCluster, "Raft: none of its invariants is broken"},
      {"leader-elected", Applies::kCluster, "Raft: a leader reaches a majority and has committed in its term"},
      {"logs-converged", Applies::kCluster, "Raft: every running member has the leader's log, committed to its end"}};
  static const std::vector<NamedCheck> kAll = [] {
    std::vector<NamedCheck> all = kChecks;
    for (const check::RaftInvariant invariant : check::kAllRaftInvariants)
      all.push_back({name_of(invariant), Applies::kCluster, meaning_of(invariant)});
    return all;
  }();
  return kAll;
}

namespace {
constexpr std::string_view kNot = "not ";
}  // namespace

bool is_negated(std::string_view name) { return name.starts_with(kNot); }

std::string plain_name(std::string_view name) {
  return std::string(is_negated(name) ? name.substr(kNot.size()) : name);
}

std::string check_name_of(check::Model model) {
  if (model == check::Model::kEventual) return "converged";
  std::string name(name_of(model));
  std::replace(name.begin(), name.end(), ' ', '-');
  return name == "PRAM" ? "pram" : name;
}

const std::vector<NamedMetric>& builtin_metrics() {
  static const std::vector<NamedMetric> kMetrics{
      {"attempts", Applies::kLoad, "attempts", "loader processes that were started", true},
      {"runs.ok", Applies::kLoad, "runs", "runs the orchestrator was told ok about", true},
      {"runs.failed", Applies::kLoad, "runs", "runs that used up their attempts", true},
      {"rows", Applies::kLoad, "rows", "rows in the slice at the end"},
      {"rows.duplicated", Applies::kLoad, "rows", "rows of the slice beyond the wanted ones"},
      {"rows.lost", Applies::kLoad, "rows", "wanted rows that are missing"},
      {"statements", Applies::kLoad, "statements", "statements the warehouse executed", true},
      {"commits", Applies::kLoad, "commits", "transactions that became durable and visible", true},
      {"io", Applies::kLoad, "operations", "I/O operations of the warehouse's disk"},
      {"load.time", Applies::kLoad, "duration", "from the start to the last report"},
      {"source.bytes", Applies::kLoad, "bytes", "of the source's file, as the last attempt received it"},
      {"source.bytes.read", Applies::kLoad, "bytes", "of that file, looked at by the last attempt that could read it"},
      {"messages.sent", Applies::kCluster, "messages", "messages that nodes sent"},
      {"messages.lost", Applies::kCluster, "messages", "messages that never arrived", true},
      {"suspicions", Applies::kCluster, "suspicions", "times a node began to suspect another", true},
      {"suspicions.false", Applies::kCluster, "suspicions", "of those, about a node that was running and reachable",
       true},
      {"detection.time.max", Applies::kCluster, "duration", "the longest time from a crash to its last detection"},
      {"ops.ok", Applies::kCluster, "operations", "operations that clients were told are done", true},
      {"ops.failed", Applies::kCluster, "operations", "operations that clients were told are not done", true},
      {"ops.unknown", Applies::kCluster, "operations", "operations whose outcome clients never learned", true},
      {"latency.read.p50", Applies::kCluster, "duration", "half of all reads were answered within this time"},
      {"latency.read.p99", Applies::kCluster, "duration", "99 % of all reads were answered within this time"},
      {"latency.write.p50", Applies::kCluster, "duration", "half of all writes were answered within this time"},
      {"latency.write.p99", Applies::kCluster, "duration", "99 % of all writes were answered within this time"},
      {"staleness.versions", Applies::kCluster, "versions", "how many writes the worst read lagged behind, at least"},
      {"staleness.time", Applies::kCluster, "duration",
       "how long ago the worst read's value was overwritten, at least"},
      {"reigns", Applies::kCluster, "reigns", "times a node became the primary or the leader", true},
      {"elections", Applies::kCluster, "elections", "times a Raft server stood for election", true},
      {"elections.split", Applies::kCluster, "terms",
       "terms in which several Raft servers stood for election and none won"},
      {"step-downs", Applies::kCluster, "step-downs", "times a Raft leader stopped leading and lived on", true},
      {"configurations", Applies::kCluster, "configurations", "times a Raft server took over a change of members",
       true},
      {"snapshots", Applies::kCluster, "snapshots", "times a Raft server took or installed a snapshot", true},
      {"rows.moved", Applies::kCluster, "rows", "rows that went to another shard when shards joined or left"},
      {"bytes.scanned", Applies::kCluster, "bytes", "bytes that shards read to answer scans"},
      {"records", Applies::kCluster, "records", "records that a stream took on; rows of loads that were reported"},
      {"records.sent", Applies::kCluster, "records", "records sent to the bus, each copy counted"},
      {"deliveries", Applies::kCluster, "records", "records that arrived at the sink, each copy counted"},
      {"deliveries.repeated", Applies::kCluster, "records", "of those, copies of a record that had arrived before"},
      {"effects", Applies::kCluster, "rows", "rows that a reader of the sink or the table sees in the end"},
      {"effects.lost", Applies::kCluster, "records", "records without a row"},
      {"effects.doubled", Applies::kCluster, "rows", "rows beyond the first of their record"},
      {"effects.invented", Applies::kCluster, "rows", "rows of records that the producer's database does not have"},
      {"state.counted", Applies::kCluster, "records", "what the consumers' states have counted in the end"},
      {"checkpoints", Applies::kCluster, "checkpoints", "checkpoints that consumers completed", true},
      {"files.listed", Applies::kCluster, "files", "files that readers take for the table in the end"},
      {"files.stale", Applies::kCluster, "files", "of those, files of an earlier try"},
      {"files.orphaned", Applies::kCluster, "files", "files in the store that no reader looks at"},
      {"conflicts", Applies::kCluster, "conflicts", "swaps refused because another writer was faster", true},
      {"participants.committed", Applies::kCluster, "participants", "participants that have committed in the end"},
      {"participants.aborted", Applies::kCluster, "participants", "participants that have aborted in the end"},
      {"participants.in-doubt", Applies::kCluster, "participants",
       "participants that have voted and do not know the outcome in the end"}};
  return kMetrics;
}

}  // namespace twice::scenario

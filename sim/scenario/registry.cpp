#include "scenario/registry.h"

#include <algorithm>

#include "check/raft_invariants.h"
#include "scenario/spec.h"

namespace twice::scenario {

const std::vector<NamedCheck>& builtin_checks() {
  static const std::vector<NamedCheck> kChecks{
      {"exactly-once", Applies::kLoad, "the slice holds the rows that a run without faults gives, each once"},
      {"no-duplicates", Applies::kLoad, "no row of the slice is there more than once"},
      {"nothing-lost", Applies::kLoad, "no wanted row of the slice is missing"},
      {"acked-never-lost", Applies::kLoad, "no commit that the loader was told of has vanished", Needs::kNothing,
       Looks::kThroughout},
      {"old-or-new", Applies::kLoad,
       "a reader sees the slice as it was before the load or as it is after it, nothing between", Needs::kNothing,
       Looks::kThroughout},
      {"others-untouched", Applies::kLoad, "rows outside the slice stay as they were"},
      {"integrity", Applies::kLoad, "the engine's own integrity check finds nothing"},
      {"corrupt", Applies::kLoad, "the engine's own integrity check finds damage: something to see with 'sometimes'"},
      {"acknowledged", Applies::kLoad, "the orchestrator was told that the load succeeded"},
      {"no-false-suspicion", Applies::kCluster, "no node suspects another that is running and reachable",
       Needs::kDetector, Looks::kThroughout},
      {"crash-suspected", Applies::kCluster, "every crashed node is suspected by every other that runs",
       Needs::kDetector, Looks::kAtTheEnd},
      {"acked-never-lost", Applies::kCluster,
       "some running replica still knows of every write (of a set: insertion) that was acknowledged", Needs::kReplicas},
      {"removed-stay-removed", Applies::kCluster, "no running replica holds an element whose removal was acknowledged",
       Needs::kSetClients, Looks::kAtTheEnd},
      {"converged", Applies::kCluster, "all running replicas hold the same", Needs::kReplicas, Looks::kAtTheEnd},
      {"totals", Applies::kCluster,
       "counters and balances are the sum of what was acknowledged: nothing twice, nothing lost", Needs::kSums,
       Looks::kAtTheEnd},
      {"no-overdraft", Applies::kCluster, "no balance was ever seen below zero", Needs::kBank, Looks::kThroughout},
      {"atomic", Applies::kCluster, "no participant has committed while another has aborted", Needs::kCommit,
       Looks::kThroughout},
      {"decided", Applies::kCluster, "every participant has committed or aborted", Needs::kCommit, Looks::kAtTheEnd},
      {"linearizable", Applies::kCluster, "all answers fit one copy that does one thing at a time, in real time",
       Needs::kClients, Looks::kThroughout},
      {"sequential", Applies::kCluster, "all answers fit one order that keeps each client's own", Needs::kClients,
       Looks::kThroughout},
      {"causal", Applies::kCluster, "whoever sees a write sees all that its writer had seen", Needs::kClients,
       Looks::kThroughout},
      {"pram", Applies::kCluster, "every client sees each other client's writes in the order they were made",
       Needs::kClients, Looks::kThroughout},
      {"writes-follow-reads", Applies::kCluster, "a write is seen after the writes that its client had read before it",
       Needs::kClients, Looks::kThroughout},
      {"monotonic-writes", Applies::kCluster, "one client's writes are seen in their order", Needs::kClients,
       Looks::kThroughout},
      {"monotonic-reads", Applies::kCluster, "a client never reads something older than it read before",
       Needs::kClients, Looks::kThroughout},
      {"read-your-writes", Applies::kCluster, "a client reads its own writes or newer ones", Needs::kClients,
       Looks::kThroughout},
      {"agreement", Applies::kCluster, "Paxos: no two servers learn different values", Needs::kPaxos,
       Looks::kThroughout},
      {"chosen", Applies::kCluster, "Paxos: some server has learned a value", Needs::kPaxos, Looks::kAtTheEnd},
      {"exactly-once-effect", Applies::kCluster,
       "streams and object stores: in the end every record counts once, and nothing else does", Needs::kEffects,
       Looks::kAtTheEnd},
      {"nothing-lost", Applies::kCluster, "… every record that was taken on, every load that was reported, counts",
       Needs::kEffects},
      {"nothing-doubled", Applies::kCluster, "… no record counts more than once", Needs::kEffects, Looks::kAtTheEnd},
      {"nothing-invented", Applies::kCluster, "… nothing counts that the producer's database does not have",
       Needs::kStream, Looks::kAtTheEnd},
      {"state-exact", Applies::kCluster, "streams: the consumers' states have counted every record once",
       Needs::kStream, Looks::kAtTheEnd},
      {"no-stale-parts", Applies::kCluster, "object stores: a reader finds no file of an earlier try", Needs::kStore,
       Looks::kAtTheEnd},
      {"table-consistent", Applies::kCluster,
       "object stores: whenever somebody looks, a slice is there as a whole and once, or not at all", Needs::kStore,
       Looks::kThroughout},
      {"raft", Applies::kCluster, "Raft: none of its invariants is broken", Needs::kRaft, Looks::kThroughout},
      {"leader-elected", Applies::kCluster, "Raft: a leader reaches a majority and has committed in its term",
       Needs::kRaft, Looks::kAtTheEnd},
      {"logs-converged", Applies::kCluster, "Raft: every running member has the leader's log, committed to its end",
       Needs::kRaft, Looks::kAtTheEnd}};
  static const std::vector<NamedCheck> kAll = [] {
    std::vector<NamedCheck> all = kChecks;
    for (const check::RaftInvariant invariant : check::kAllRaftInvariants)
      all.push_back({name_of(invariant), Applies::kCluster, meaning_of(invariant),
                     invariant == check::RaftInvariant::kOneLease ? Needs::kLeases : Needs::kRaft, Looks::kThroughout});
    return all;
  }();
  return kAll;
}

namespace {
constexpr std::string_view kNot = "not ";

template <class... Protocol>
bool runs(const Spec& spec) {
  return spec.cluster && (std::holds_alternative<Protocol>(spec.cluster->protocol) || ...);
}
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
      {"source.bytes", Applies::kLoad, "bytes", "of the source's file, as the last attempt received it", false,
       Needs::kSourceFile},
      {"source.bytes.read", Applies::kLoad, "bytes", "of that file, looked at by the last attempt that could read it",
       false, Needs::kSourceFile},
      {"messages.sent", Applies::kCluster, "messages", "messages that nodes sent"},
      {"messages.lost", Applies::kCluster, "messages", "messages that never arrived", true},
      {"suspicions", Applies::kCluster, "suspicions", "times a node began to suspect another", true, Needs::kDetector},
      {"suspicions.false", Applies::kCluster, "suspicions", "of those, about a node that was running and reachable",
       true, Needs::kDetector},
      {"detection.time.max", Applies::kCluster, "duration", "the longest time from a crash to its last detection",
       false, Needs::kDetector},
      {"ops.ok", Applies::kCluster, "operations", "operations that clients were told are done", true, Needs::kClients},
      {"ops.failed", Applies::kCluster, "operations", "operations that clients were told are not done", true,
       Needs::kClients},
      {"ops.unknown", Applies::kCluster, "operations", "operations whose outcome clients never learned", true,
       Needs::kClients},
      {"latency.read.p50", Applies::kCluster, "duration", "half of all reads were answered within this time", false,
       Needs::kClients},
      {"latency.read.p99", Applies::kCluster, "duration", "99 % of all reads were answered within this time", false,
       Needs::kClients},
      {"latency.write.p50", Applies::kCluster, "duration", "half of all writes were answered within this time", false,
       Needs::kClients},
      {"latency.write.p99", Applies::kCluster, "duration", "99 % of all writes were answered within this time", false,
       Needs::kClients},
      {"staleness.versions", Applies::kCluster, "versions", "how many writes the worst read lagged behind, at least",
       false, Needs::kClients},
      {"staleness.time", Applies::kCluster, "duration", "how long ago the worst read's value was overwritten, at least",
       false, Needs::kClients},
      {"reigns", Applies::kCluster, "reigns", "times a node became the primary or the leader", true, Needs::kReigns},
      {"elections", Applies::kCluster, "elections", "times a Raft server stood for election", true, Needs::kElections},
      {"step-downs", Applies::kCluster, "step-downs", "times a Raft leader stopped leading and lived on", true,
       Needs::kRaft},
      {"elections.split", Applies::kCluster, "terms",
       "terms in which several Raft servers stood for election and none won", false, Needs::kRaft},
      {"configurations", Applies::kCluster, "configurations", "times a Raft server took over a change of members", true,
       Needs::kRaft},
      {"snapshots", Applies::kCluster, "snapshots", "times a Raft server took or installed a snapshot", true,
       Needs::kRaft},
      {"rows.moved", Applies::kCluster, "rows", "rows that went to another shard when shards joined or left", false,
       Needs::kShards},
      {"bytes.scanned", Applies::kCluster, "bytes", "bytes that shards read to answer scans", false, Needs::kShards},
      {"records", Applies::kCluster, "records", "records that a stream took on; rows of loads that were reported",
       false, Needs::kEffects},
      {"records.sent", Applies::kCluster, "records", "records sent to the bus, each copy counted", false,
       Needs::kStream},
      {"deliveries", Applies::kCluster, "records", "records that arrived at the sink, each copy counted", false,
       Needs::kStream},
      {"deliveries.repeated", Applies::kCluster, "records", "of those, copies of a record that had arrived before",
       false, Needs::kStream},
      {"effects", Applies::kCluster, "rows", "rows that a reader of the sink or the table sees in the end", false,
       Needs::kEffects},
      {"effects.lost", Applies::kCluster, "records", "records without a row", false, Needs::kEffects},
      {"effects.doubled", Applies::kCluster, "rows", "rows beyond the first of their record", false, Needs::kEffects},
      {"effects.invented", Applies::kCluster, "rows", "rows of records that the producer's database does not have",
       false, Needs::kStream},
      {"state.counted", Applies::kCluster, "records", "what the consumers' states have counted in the end", false,
       Needs::kStream},
      {"checkpoints", Applies::kCluster, "checkpoints", "checkpoints that consumers completed", true, Needs::kStream},
      {"files.listed", Applies::kCluster, "files", "files that readers take for the table in the end", false,
       Needs::kStore},
      {"files.stale", Applies::kCluster, "files", "of those, files of an earlier try", false, Needs::kStore},
      {"files.orphaned", Applies::kCluster, "files", "files in the store that no reader looks at", false,
       Needs::kStore},
      {"conflicts", Applies::kCluster, "conflicts", "swaps refused because another writer was faster", true,
       Needs::kStore},
      {"participants.committed", Applies::kCluster, "participants", "participants that have committed in the end",
       false, Needs::kCommit},
      {"participants.aborted", Applies::kCluster, "participants", "participants that have aborted in the end", false,
       Needs::kCommit},
      {"participants.in-doubt", Applies::kCluster, "participants",
       "participants that have voted and do not know the outcome in the end", false, Needs::kCommit}};
  return kMetrics;
}

bool has(const Spec& spec, Needs needs) {
  const auto clients_ask = [&](auto&&... workload) {
    return std::any_of(spec.client.begin(), spec.client.end(),
                       [&](const ClientSpec& client) { return ((client.workload == workload) || ...); });
  };
  using protocols::Workload;
  switch (needs) {
    case Needs::kNothing:
      return true;
    case Needs::kClients:
    case Needs::kReplicas:
      return !spec.client.empty();
    case Needs::kSetClients:
      return clients_ask(Workload::kSet);
    case Needs::kSums:
      return clients_ask(Workload::kCounter, Workload::kBank);
    case Needs::kBank:
      return clients_ask(Workload::kBank);
    case Needs::kDetector:
      return runs<HeartbeatSpec>(spec);
    case Needs::kReigns:
      return runs<RaftSpec, PrimaryBackupSpec, MultiPaxosSpec>(spec);
    case Needs::kElections:
      return has(spec, Needs::kRaft) || has(spec, Needs::kPaxos);
    case Needs::kRaft:
      return runs<RaftSpec>(spec);
    case Needs::kLeases: {
      const auto* raft = spec.cluster ? std::get_if<RaftSpec>(&spec.cluster->protocol) : nullptr;
      return raft && raft->p.reads == protocols::raft::Reads::kLease;
    }
    case Needs::kPaxos:
      return runs<PaxosSpec, MultiPaxosSpec>(spec);
    case Needs::kCommit:
      return runs<TwoPhaseCommitSpec>(spec);
    case Needs::kShards:
      return runs<ShardingSpec>(spec);
    case Needs::kStream:
      return runs<StreamSpec>(spec);
    case Needs::kStore:
      return runs<ObjectStoreSpec>(spec);
    case Needs::kEffects:
      return runs<StreamSpec, ObjectStoreSpec>(spec);
    case Needs::kSourceFile:
      return spec.source && spec.source->format;
  }
  return false;
}

std::string_view words_of(Needs needs) {
  switch (needs) {
    case Needs::kNothing:
      return "nothing";
    case Needs::kClients:
      return "clients that ask the cluster: [[client]]";
    case Needs::kSetClients:
      return "clients with workload = \"set\"";
    case Needs::kSums:
      return "clients with workload = \"counter\" or \"bank\"";
    case Needs::kBank:
      return "clients with workload = \"bank\"";
    case Needs::kReplicas:
      return "clients that write to the cluster: [[client]]";
    case Needs::kDetector:
      return "nodes that suspect each other: protocol = \"heartbeat\"";
    case Needs::kReigns:
      return "a leader or a primary: protocol = \"raft\", \"multi-paxos\" or \"primary-backup\"";
    case Needs::kElections:
      return "elections: protocol = \"raft\", \"paxos\" or \"multi-paxos\"";
    case Needs::kRaft:
      return "protocol = \"raft\"";
    case Needs::kLeases:
      return "leases: protocol = \"raft\" with reads = \"lease\"";
    case Needs::kPaxos:
      return "protocol = \"paxos\" or \"multi-paxos\"";
    case Needs::kCommit:
      return "protocol = \"two-phase-commit\"";
    case Needs::kShards:
      return "protocol = \"sharding\"";
    case Needs::kStream:
      return "protocol = \"stream\"";
    case Needs::kStore:
      return "protocol = \"object-store\"";
    case Needs::kEffects:
      return "protocol = \"stream\" or \"object-store\"";
    case Needs::kSourceFile:
      return "a source that is a file: 'format' in [source]";
  }
  return {};
}

}  // namespace twice::scenario

#include "scenario/vocabulary.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/overload.h"
#include "pipeline/messages.h"
#include "pipeline/store/messages.h"
#include "pipeline/stream/messages.h"
#include "protocols/chain/messages.h"
#include "protocols/client/operation.h"
#include "protocols/crdt/crdt.h"
#include "protocols/heartbeat/heartbeat.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"
#include "protocols/primary_backup/primary_backup.h"
#include "protocols/quorum/quorum.h"
#include "protocols/raft/messages.h"
#include "protocols/raft/raft.h"
#include "protocols/sharding/sharding.h"
#include "protocols/two_phase_commit/two_phase_commit.h"
#include "scenario/checks.h"
#include "world/step.h"

namespace twice::scenario {
namespace {

using Marks = std::vector<MarkWord>;
using Names = std::vector<std::string_view>;

template <class... Message>
Names names() {
  return {Message::kName...};
}

constexpr std::string_view kNode = "the node, from 1";
constexpr std::string_view kParticipant = "the participant, from 1";
constexpr std::string_view kTerm = "the term";
constexpr std::string_view kRound = "the round";
constexpr std::string_view kConfiguration = "the configuration";
constexpr std::string_view kBatches = "batches so far";
constexpr std::string_view kFiles = "files in the store";
constexpr std::string_view kSlice = "the slice";

// One overload a protocol: a variant without one does not compile.
struct ProtocolMarks {
  Marks operator()(const HeartbeatSpec&) const { return {{"suspect", kNode}, {"trust", kNode}}; }
  Marks operator()(const SingleSpec&) const { return {}; }
  Marks operator()(const PrimaryBackupSpec&) const {
    return {{"primary", "the view", false}, {"operator", "keys it holds", false}, {"behind", "entries it lacks"}};
  }
  Marks operator()(const QuorumSpec&) const {
    return {
        {"repair", "the key, from 0", false}, {"hint", kNode}, {"handed", kNode}, {"sync", "keys that differ", false}};
  }
  Marks operator()(const ChainSpec&) const {
    return {{"configuration", kConfiguration, false},
            {"head", kConfiguration, false},
            {"tail", kConfiguration, false},
            {"left", kConfiguration, false},
            {"joined", kConfiguration, false}};
  }
  Marks operator()(const CrdtSpec&) const { return {{"merge", "keys merged so far"}}; }
  Marks operator()(const ShardingSpec&) const {
    return {{"rows", "rows it holds", false},
            {"resharding", "the placement", false},
            {"resharded", "rows moved", false},
            {"scanned", "bytes read", false}};
  }
  Marks operator()(const RaftSpec&) const {
    return {{"candidate", kTerm},
            {"leader", kTerm},
            {"steps-down", kTerm},
            {"configuration", "the entry", false},
            {"snapshot", "the last entry in it", false}};
  }
  Marks operator()(const PaxosSpec&) const { return {{"proposes", kRound}, {"chosen", kRound}, {"overtaken", kRound}}; }
  Marks operator()(const MultiPaxosSpec&) const {
    return {{"proposes", kRound}, {"leader", kRound}, {"overtaken", kRound}};
  }
  Marks operator()(const TwoPhaseCommitSpec&) const {
    return {{"votes", "votes so far"},  {"decided", "1 = commit, 0 = abort", false},
            {"prepared", kParticipant}, {"committed", kParticipant},
            {"aborted", kParticipant},  {"contradicted", kParticipant}};
  }
  Marks operator()(const StreamSpec&) const {
    return {{"order", "the record", false},
            {"sent", kBatches},
            {"sent-again", kBatches, false},
            {"acked", kBatches},
            {"appended", "entries of the log", false},
            {"recognised", "entries of the log", false},
            {"read", kBatches},
            {"written", kBatches},
            {"committed", kBatches},
            {"gave-up", kBatches, false},
            {"checkpoint", "the offset before it", false},
            {"stored", "rows kept", false}};
  }
  Marks operator()(const ObjectStoreSpec&) const {
    return {{"load", kSlice, false},          {"part", "parts so far"},      {"loaded", kSlice, false},
            {"begins-again", kSlice, false},  {"recognised", kSlice, false}, {"conflict", kSlice, false},
            {"put", kFiles, false},           {"deleted", kFiles, false},    {"swapped", "the version", false},
            {"refused", "the version", false}};
  }
};

struct ProtocolMessages {
  Names operator()(const HeartbeatSpec&) const { return names<protocols::Heartbeat>(); }
  Names operator()(const SingleSpec&) const { return {}; }
  Names operator()(const PrimaryBackupSpec&) const {
    using namespace protocols;  // NOLINT: its messages
    return names<Replicate, Replicated, PrimaryAlive, StoreCopy>();
  }
  Names operator()(const QuorumSpec&) const {
    using namespace protocols;  // NOLINT: its messages
    return names<StoreWrite, StoreAck, StoreRead, StoreValue, Handoff, HandoffTaken, CompareBuckets, ExchangeKeys>();
  }
  Names operator()(const ChainSpec&) const {
    using namespace protocols;  // NOLINT: its messages
    return names<ChainAlive, Configure, ChainUpdate, ChainStable, ChainCopy, ChainProgress, Handover, CaughtUp>();
  }
  Names operator()(const CrdtSpec&) const { return names<protocols::CrdtGossip, protocols::CrdtConfirm>(); }
  Names operator()(const ShardingSpec&) const {
    using namespace protocols;  // NOLINT: its messages
    return names<Routed, Reshard, Resharded, MoveRows, RowsMoved, Scan, Scanned>();
  }
  Names operator()(const RaftSpec&) const {
    using namespace protocols::raft;  // NOLINT: its messages
    return names<PreVote, PreVoteReply, RequestVote, Vote, AppendEntries, AppendReply, InstallSnapshot, SnapshotReply,
                 TimeoutNow, ReadIndex, ReadIndexReply, world::OutsideCommand>();
  }
  Names operator()(const PaxosSpec&) const {
    using namespace protocols::paxos;  // NOLINT: its messages
    return names<Prepare, Promise, Accept, AcceptedReply, Nack, Chosen>();
  }
  Names operator()(const MultiPaxosSpec&) const {
    using namespace protocols::paxos;  // NOLINT: its messages
    return names<PrepareAll, PromiseAll, AcceptSlot, AcceptedSlot, Overtaken, LeaderAlive, Learned, Learn>();
  }
  Names operator()(const TwoPhaseCommitSpec&) const {
    return names<protocols::Prepared, protocols::Commit, protocols::Abort>();
  }
  Names operator()(const StreamSpec&) const {
    using namespace pipeline::stream;  // NOLINT: its messages
    return names<Produce, Produced, AskPosition, pipeline::stream::Position, Fetch, Fetched, Commit, Committed, Output,
                 OutputDone, Release, Released>();
  }
  Names operator()(const ObjectStoreSpec&) const {
    using namespace pipeline::store;  // NOLINT: its messages
    return names<Put, PutDone, pipeline::store::List, Listed, Delete, Deleted, ReadPointer, Pointer, Swap, Swapped>();
  }
};

Marks load_marks() {
  constexpr std::string_view kStatement = "the statement, from 1";
  constexpr std::string_view kAttempt = "the attempt, from 1";
  constexpr std::string_view kBytes = "bytes";
  return {{"attempt", kAttempt},
          {"row", "rows done", false},
          {"stmt", kStatement},
          {"reply", kStatement, false},
          {"ack", kStatement},
          {"commit", kStatement, false},
          {"finished", kAttempt},
          {"retry", kAttempt},
          {"run-ok", "the run, from 1"},
          {"run-failed", "the run, from 1"},
          {"reading", "readings so far"},
          {"repeat-ignored", kStatement, false},
          {"session-timeout", "the session", false},
          {"source.bytes", kBytes, false},
          {"source.bytes.read", kBytes, false}};
}

Names load_messages() {
  using namespace pipeline;  // NOLINT: its messages
  return names<AttemptStarted, AttemptDone, ReadRows, pipeline::SourceRows, SourceFile, SourceRefuses, Execute, Result,
               Goodbye, KillSession>();
}

}  // namespace

std::vector<MarkWord> marks_of(const Spec& spec) {
  Marks marks;
  if (spec.cluster) marks = std::visit(ProtocolMarks{}, spec.cluster->protocol);
  constexpr std::string_view kOperation = "the client's operation, from 1";
  if (!spec.client.empty())
    for (const std::string_view label : {"invoke", "ok", "fail", "unknown"}) marks.push_back({label, kOperation});
  if (spec.lane.loads())
    for (const MarkWord& mark : load_marks()) marks.push_back(mark);
  marks.push_back({"side", "of 'halves': the half, 1 or 2"});
  return marks;
}

std::string marks_text(const std::vector<MarkWord>& marks) {
  std::vector<std::string> words;
  for (const MarkWord& mark : marks) words.push_back(fmt::format("{} ({})", mark.name, mark.value));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<std::string_view> messages_of(const Spec& spec) {
  Names all;
  if (spec.cluster) all = std::visit(ProtocolMessages{}, spec.cluster->protocol);
  if (!spec.client.empty())
    for (const std::string_view name : names<protocols::Request, protocols::Response>()) all.push_back(name);
  if (spec.lane.loads())
    for (const std::string_view name : load_messages()) all.push_back(name);
  return all;
}

namespace {

/// What the operator of a node may say, for people and for suggestions.
struct Understands {
  std::vector<std::string_view> verbs;  // first words
  std::string text;                     // "transfer NODE, add NODE, …"
};

Misunderstood unknown_words(std::string_view node, std::string_view words, const Understands& known) {
  const std::string_view verb = words.substr(0, words.find(' '));
  return {fmt::format("'{}' does not understand \"{}\"", node, words),
          did_you_mean(verb, known.verbs, fmt::format("it understands: {}", known.text))};
}

// Verbs with the shape of what follows them; servers must exist.
std::optional<Misunderstood> misunderstood_by_raft(const Spec& spec, std::string_view node, std::string_view words) {
  const std::vector<std::string> servers = server_names(spec);
  const protocols::raft::Order order = protocols::raft::parse_order(words);
  const Understands known{protocols::raft::order_verbs(), protocols::raft::orders_text()};
  if (!order.known) return unknown_words(node, words, known);
  for (const std::string& name : order.nodes)
    if (std::find(servers.begin(), servers.end(), name) == servers.end())
      return Misunderstood{fmt::format("there is no server '{}'", name),
                           did_you_mean(name, servers, fmt::format("servers: {}", fmt::join(servers, ", ")))};
  if (order.well_formed) return std::nullopt;
  return Misunderstood{fmt::format("'{}' does not understand \"{}\"", node, words),
                       fmt::format("it understands: {}", protocols::raft::orders_text())};
}

}  // namespace

std::optional<Misunderstood> misunderstood(const Spec& spec, std::string_view node, std::string_view words) {
  const std::vector<std::string> servers = server_names(spec);
  const bool is_server = std::find(servers.begin(), servers.end(), node) != servers.end();
  if (spec.cluster && is_server) {
    const ProtocolSpec& protocol = spec.cluster->protocol;
    if (std::holds_alternative<RaftSpec>(protocol)) return misunderstood_by_raft(spec, node, words);
    if (std::holds_alternative<PrimaryBackupSpec>(protocol)) {
      const auto& known = protocols::kOperatorWords;
      if (std::find(known.begin(), known.end(), words) != known.end()) return std::nullopt;
      return unknown_words(node, words, {{known.begin(), known.end()}, fmt::format("{}", fmt::join(known, ", "))});
    }
    if (std::holds_alternative<ShardingSpec>(protocol) && node == "router") {
      if (protocols::router_understands(words)) return std::nullopt;
      return unknown_words(node, words, {{"add-shard", "remove-shard", "scan"}, "add-shard, remove-shard, scan 3 5"});
    }
  }
  if (node == "orchestrator" && words == "run") return std::nullopt;
  const bool sharded = spec.cluster && std::holds_alternative<ShardingSpec>(spec.cluster->protocol);
  return Misunderstood{fmt::format("'{}' does not listen to an operator", node),
                       sharded ? "tell the router: add-shard, remove-shard, scan 3 5"
                               : "servers that run \"raft\" and \"primary-backup\", a sharded table's router and an "
                                 "orchestrator do"};
}

}  // namespace twice::scenario

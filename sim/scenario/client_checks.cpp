#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/overload.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

void check_quorum(CheckContext& c, const QuorumSpec& quorum, std::size_t nodes) {
  const Span whole = quorum.span.begin.line > 0 ? quorum.span : c.spec().cluster->span;
  const auto at = [&](std::string_view field) { return c.span_of({"cluster", "quorum", field}, whole); };
  const protocols::QuorumParameters& p = quorum.p;
  if (p.n > nodes)
    c.out.error(at("n"), fmt::format("n = {} replicas of a key, and there are {} nodes", p.n, nodes),
                "no more than 'nodes'; the default is 3");
  if (p.r > p.n) c.out.error(at("r"), fmt::format("r = {}: a read cannot wait for more than n = {} answers", p.r, p.n));
  if (p.w > p.n) c.out.error(at("w"), fmt::format("w = {}: a write cannot reach more than n = {} replicas", p.w, p.n));
}

// Servers that know nothing of each other would be several registers under one name.
void check_single(CheckContext& c, std::size_t nodes) {
  if (nodes == 1) return;
  c.out.error(c.span_of({"cluster", "nodes"}, c.spec().cluster->span),
              fmt::format("\"single\" is one server, and there are {} nodes", nodes),
              "nodes = 1, or another protocol: those of \"single\" tell each other nothing");
}

void check_sharding(CheckContext& c, const ShardingSpec& sharding, std::size_t nodes) {
  if (sharding.active > nodes)
    c.out.error(c.span_of({"cluster", "sharding", "active"}, sharding.span),
                fmt::format("active = {}: there are only {} shards", sharding.active, nodes));
}

void check_raft(CheckContext& c, const RaftSpec& raft, const std::vector<std::string>& nodes) {
  const Span span = raft.span.begin.line > 0 ? raft.span : c.spec().cluster->span;
  const protocols::raft::Parameters& p = raft.p;
  const std::uint64_t members = std::uint64_t{p.voters} + p.learners;
  if (members > nodes.size())
    c.out.error(span,
                fmt::format("{} voters and {} learners, and there are {} nodes", p.voters, p.learners, nodes.size()));
  if (p.voters == 0 && p.learners >= nodes.size())
    c.out.error(span, fmt::format("{} learners of {} nodes leave nobody to vote", p.learners, nodes.size()));
  if (p.heartbeat >= raft.election.range.low)
    c.out.error(span,
                fmt::format("a heartbeat every {} comes too late for a time-out of {}", to_string(p.heartbeat),
                            to_text(raft.election)),
                "followers would stand for election all the time: make it a third of the time-out, or less");
  if (p.reads == protocols::raft::Reads::kLease && !p.check_quorum)
    c.out.error(span, "reads = \"lease\" needs check-quorum = true",
                "a lease holds because servers that hear a leader do not vote");
  if (p.session_expiry.ns > 0 && !p.sessions)
    c.out.error(span, "session-expiry without sessions", "leave it out, or set sessions = true");
  for (const auto& preferred : raft.priority)
    if (std::find(nodes.begin(), nodes.end(), preferred.value) == nodes.end())
      c.out.error(preferred.span, fmt::format("there is no node '{}'", preferred.value),
                  did_you_mean(preferred.value, nodes));
}

void check_commit(CheckContext& c, const TwoPhaseCommitSpec& commit, std::size_t nodes) {
  if (commit.p.needed > nodes)
    c.out.error(c.span_of({"cluster", "two-phase-commit", "needed"}, commit.span),
                fmt::format("needed = {}: there are only {} participants", commit.p.needed, nodes));
}

void check_stream(CheckContext& c, const StreamSpec& stream) {
  namespace model = pipeline::stream;
  const Span whole = stream.span.begin.line > 0 ? stream.span : c.spec().cluster->span;
  const auto at = [&](std::string_view field) { return c.span_of({"cluster", "stream", field}, whole); };
  if (stream.p.sink == model::SinkWrite::kTransactional && stream.p.commit != model::CommitOffset::kCheckpoint)
    c.out.error(at("sink"),
                fmt::format("a transactional sink waits for checkpoints, and commit = \"{}\" makes none",
                            name_of(stream.p.commit)),
                "commit = \"checkpoint\"; or \"with-output\" with a sink that inserts");
  if (stream.p.origin == model::Origin::kOutbox && stream.p.acks == model::Acks::kNone)
    c.out.error(at("acks"), "an outbox marks what the bus has answered, and acks = \"none\" waits for no answer",
                "acks = \"bus\"");
}

void check_object_store(CheckContext& c, const ObjectStoreSpec& store) {
  const Span whole = store.span.begin.line > 0 ? store.span : c.spec().cluster->span;
  const auto at = [&](std::string_view field) { return c.span_of({"cluster", "object-store", field}, whole); };
  for (const auto& [field, parts] : {std::pair{"parts", store.p.parts}, {"parts-on-retry", store.p.parts_on_retry}})
    if (parts > store.p.rows)
      c.out.error(at(field), fmt::format("{} = {}: a slice has only {} rows", field, parts, store.p.rows));
  if (store.p.recognise && store.p.publish == pipeline::store::Publish::kListing)
    c.out.error(at("recognise"), "a listing does not tell which loads are in it",
                "publish = \"swap\" or \"overwrite\": a pointer names the loads");
}

// The protocol's own nodes have names too.
void check_names(CheckContext& c) {
  const std::vector<std::string> all = server_names(c.spec());
  const auto& nodes = c.spec().cluster->nodes;
  for (const auto& node : nodes)
    if (std::find(all.begin() + std::ssize(nodes), all.end(), node.value) != all.end())
      c.out.error(node.span, fmt::format("this protocol has a node '{}' of its own", node.value), "another name");
}

void check_protocol(CheckContext& c) {
  check_names(c);
  const ClusterSpec& cluster = *c.spec().cluster;
  const std::size_t nodes = cluster.nodes.size();
  if (const auto* quorum = std::get_if<QuorumSpec>(&cluster.protocol)) check_quorum(c, *quorum, nodes);
  if (const auto* sharding = std::get_if<ShardingSpec>(&cluster.protocol)) check_sharding(c, *sharding, nodes);
  if (std::holds_alternative<SingleSpec>(cluster.protocol)) check_single(c, nodes);
  if (const auto* commit = std::get_if<TwoPhaseCommitSpec>(&cluster.protocol)) check_commit(c, *commit, nodes);
  if (const auto* stream = std::get_if<StreamSpec>(&cluster.protocol)) check_stream(c, *stream);
  if (const auto* store = std::get_if<ObjectStoreSpec>(&cluster.protocol)) check_object_store(c, *store);
  if (const auto* raft = std::get_if<RaftSpec>(&cluster.protocol)) check_raft(c, *raft, server_names(c.spec()));
}

/// Why this protocol cannot serve that workload; empty when it can.
std::string cannot_serve(const ProtocolSpec& protocol, protocols::Workload workload) {
  using protocols::Workload;
  const bool merges = workload == Workload::kCounter || workload == Workload::kSet || workload == Workload::kBank ||
                      workload == Workload::kAppend;
  return std::visit(
      Overload{[](const HeartbeatSpec&) -> std::string { return "nodes that run \"heartbeat\" answer no client"; },
               [](const TwoPhaseCommitSpec&) -> std::string {
                 return "nodes that run \"two-phase-commit\" decide one transaction and answer no client";
               },
               [](const StreamSpec&) -> std::string { return "a \"stream\" takes its records from its producer"; },
               [](const ObjectStoreSpec&) -> std::string { return "an \"object-store\" is asked by its writers only"; },
               [&](const CrdtSpec&) -> std::string {
                 return merges ? "" : "\"crdt\" keeps counters and sets: nobody can write over a value";
               },
               [&](const PaxosSpec&) -> std::string {
                 return workload == Workload::kRegister ? "" : "\"paxos\" is a register that is written once";
               },
               [](const auto&) -> std::string { return {}; }},
      protocol);
}

class ClientChecks {
 public:
  ClientChecks(CheckContext& context, const ClientSpec& client) : c_(context), spec_(context.spec()), client_(client) {}

  void run() {
    if (const std::string why = cannot_serve(spec_.cluster->protocol, client_.workload); !why.empty())
      c_.out.error(client_.span, why, "choose another [cluster] protocol, or leave [[client]] out");
    std::vector<std::string> nodes;
    for (const auto& node : server_names(spec_)) nodes.push_back(node);
    std::set<std::string> seen;
    for (const auto& to : client_.to) {
      if (std::find(nodes.begin(), nodes.end(), to.value) == nodes.end())
        c_.out.error(to.span, fmt::format("there is no node '{}'", to.value), did_you_mean(to.value, nodes));
      else if (!seen.insert(to.value).second)
        c_.out.error(to.span, fmt::format("'{}' is named twice", to.value));
    }
    if (client_.at && std::find(nodes.begin(), nodes.end(), client_.at->value) == nodes.end())
      c_.out.error(client_.at->span, fmt::format("there is no node '{}'", client_.at->value),
                   did_you_mean(client_.at->value, nodes));
    if (client_.rate && client_.rate->value.interval.ns <= 0)
      c_.out.error(client_.rate->span, "a client with rate 0 asks for nothing",
                   "leave 'rate' out: it then asks again as soon as it was answered");
    check_times();
  }

 private:
  void check_times() {
    if (client_.from >= spec_.until)
      c_.out.error(client_.span, fmt::format("this client begins at {}, after the end of the run at {}",
                                             to_string(client_.from), to_string(spec_.until)));
    if (client_.until && client_.until->value <= client_.from)
      c_.out.error(client_.until->span, fmt::format("this client stops at {}, before it begins at {}",
                                                    to_string(client_.until->value), to_string(client_.from)));
  }

  CheckContext& c_;
  const Spec& spec_;
  const ClientSpec& client_;
};

}  // namespace

Span CheckContext::span_of(std::initializer_list<std::string_view> path, const Span& otherwise) const {
  const Table* table = &file;
  const Value* found = nullptr;
  for (const std::string_view key : path) {
    const Entry* entry = table ? find(*table, key) : nullptr;
    if (!entry) return otherwise;
    found = &entry->value;
    table = found->table();
  }
  return found ? found->span : otherwise;
}

bool answers_clients(const ProtocolSpec& protocol) {
  // Every workload is one that some design cannot serve; who serves none of these serves nobody.
  return cannot_serve(protocol, protocols::Workload::kRegister).empty() ||
         cannot_serve(protocol, protocols::Workload::kCounter).empty();
}

std::vector<std::string> numbered(const std::string& name, std::uint32_t count) {
  if (count == 1) return {name};
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i <= count; ++i) names.push_back(fmt::format("{}-{}", name, i));
  return names;
}

std::vector<std::string> server_names(const Spec& spec) {
  std::vector<std::string> names;
  if (!spec.cluster) return names;
  for (const auto& node : spec.cluster->nodes) names.push_back(node.value);
  if (const auto* quorum = std::get_if<QuorumSpec>(&spec.cluster->protocol))
    for (std::uint32_t i = 1; i <= quorum->routers; ++i) names.push_back(fmt::format("router-{}", i));
  if (std::holds_alternative<ChainSpec>(spec.cluster->protocol)) names.emplace_back("master");
  if (std::holds_alternative<ShardingSpec>(spec.cluster->protocol)) names.emplace_back("router");
  if (std::holds_alternative<TwoPhaseCommitSpec>(spec.cluster->protocol)) names.emplace_back("coordinator");
  if (std::holds_alternative<StreamSpec>(spec.cluster->protocol))
    names.insert(names.end(), {"producer", "bus", "sink"});
  if (std::holds_alternative<ObjectStoreSpec>(spec.cluster->protocol)) names.emplace_back("store");
  return names;
}

void check_clients(CheckContext& c) {
  const Spec& spec = c.spec();
  if (!c.sound("cluster") || !c.sound("client")) return;
  if (spec.cluster) check_protocol(c);
  std::set<std::string> names;
  for (const std::string& name : server_names(spec)) names.insert(name);
  for (const ClientSpec& client : spec.client) {
    if (!spec.cluster) {
      c.out.error(client.span, "a client needs a cluster to ask", "add a section [cluster]");
      return;
    }
    for (const std::string& name : numbered(client.name.value, client.count))
      if (!names.insert(name).second) {
        c.out.error(client.name.span, fmt::format("something else is called '{}' already", name));
        break;
      }
    ClientChecks(c, client).run();
  }
  if (names.size() > 60'000)
    c.out.error(spec.client.front().span, fmt::format("{} nodes and clients: 60000 are possible", names.size()));
}

}  // namespace twice::scenario

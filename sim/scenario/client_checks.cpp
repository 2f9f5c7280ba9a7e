#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/overload.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

void check_quorum(CheckContext& c, const QuorumSpec& quorum, std::size_t nodes) {
  const Span span = quorum.span.begin.line > 0 ? quorum.span : c.spec().cluster->span;
  const protocols::QuorumParameters& p = quorum.p;
  if (p.n > nodes)
    c.out.error(span, fmt::format("n = {} replicas of a key, and there are {} nodes", p.n, nodes),
                "no more than 'nodes'; the default is 3");
  if (p.r > p.n) c.out.error(span, fmt::format("r = {}: a read cannot wait for more than n = {} answers", p.r, p.n));
  if (p.w > p.n) c.out.error(span, fmt::format("w = {}: a write cannot reach more than n = {} replicas", p.w, p.n));
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
               [&](const CrdtSpec&) -> std::string {
                 return merges ? "" : "\"crdt\" keeps counters and sets: nobody can write over a value";
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
  return names;
}

void check_clients(CheckContext& c) {
  const Spec& spec = c.spec();
  if (!c.sound("cluster") || !c.sound("client")) return;
  if (spec.cluster)
    if (const auto* quorum = std::get_if<QuorumSpec>(&spec.cluster->protocol))
      check_quorum(c, *quorum, spec.cluster->nodes.size());
  if (spec.cluster)
    if (const auto* sharding = std::get_if<ShardingSpec>(&spec.cluster->protocol);
        sharding && sharding->active > spec.cluster->nodes.size())
      c.out.error(sharding->span,
                  fmt::format("active = {}: there are only {} shards", sharding->active, spec.cluster->nodes.size()));
  if (spec.cluster)
    if (const auto* commit = std::get_if<TwoPhaseCommitSpec>(&spec.cluster->protocol);
        commit && commit->p.needed > spec.cluster->nodes.size())
      c.out.error(commit->span, fmt::format("needed = {}: there are only {} participants", commit->p.needed,
                                            spec.cluster->nodes.size()));
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

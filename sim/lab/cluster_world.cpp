#include "lab/cluster_world.h"

#include <algorithm>

#include "core/assert.h"
#include "core/overload.h"
#include "lab/cluster_nodes.h"
#include "lab/pipeline_world.h"
#include "pipeline/store/store.h"
#include "pipeline/stream/stream.h"
#include "protocols/chain/chain.h"
#include "protocols/heartbeat/heartbeat.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"
#include "protocols/raft/raft.h"
#include "protocols/sharding/sharding.h"
#include "scenario/checks.h"

namespace twice::lab {
namespace {

using Names = std::vector<std::string>;
using Nodes = std::vector<world::NodeSetup>;

NodeId id_of(std::size_t index) { return {static_cast<std::uint16_t>(index)}; }

// One overload a protocol: a variant without one does not compile.
Nodes make_cluster(const Names& names, const scenario::HeartbeatSpec& spec) {
  return protocols::make_heartbeat_cluster(names, {spec.interval, spec.timeout});
}

Nodes make_cluster(const Names& names, const scenario::SingleSpec& spec) {
  return protocols::make_single_servers(names, spec.p);
}

Nodes make_cluster(const Names& names, const scenario::PrimaryBackupSpec& spec) {
  return protocols::make_primary_backup(names, spec.p);
}

Nodes make_cluster(const Names& names, const scenario::QuorumSpec& spec) {
  return protocols::make_quorum(names, spec.routers, spec.p);
}

Nodes make_cluster(const Names& names, const scenario::ChainSpec& spec) { return protocols::make_chain(names, spec.p); }

Nodes make_cluster(const Names& names, const scenario::CrdtSpec& spec) { return protocols::make_crdt(names, spec.p); }

Nodes make_cluster(const Names& names, const scenario::ShardingSpec& spec) {
  protocols::ShardingParameters parameters = spec.p;
  parameters.active = spec.active;
  parameters.batch = spec.batch;
  return protocols::make_sharding(names, parameters);
}

// The first of the list waits the shortest time; who is not on it, the longest.
Nodes make_cluster(const Names& names, const scenario::RaftSpec& spec) {
  protocols::raft::Parameters parameters = spec.p;
  parameters.election = spec.election.range;
  if (!spec.priority.empty()) {
    parameters.priority.assign(names.size(), 0);
    auto rank = static_cast<std::uint32_t>(spec.priority.size());
    for (const auto& preferred : spec.priority) {
      const auto at = std::find(names.begin(), names.end(), preferred.value);
      TWICE_ASSERT(at != names.end(), "a checked node is unknown: " + preferred.value);
      parameters.priority[static_cast<std::size_t>(at - names.begin())] = rank--;
    }
  }
  return protocols::raft::make_raft(names, parameters);
}

Nodes make_cluster(const Names& names, const scenario::PaxosSpec& spec) {
  protocols::paxos::SingleDecreeParameters parameters = spec.p;
  parameters.backoff = spec.backoff.range;
  return protocols::paxos::make_single_decree(names, parameters);
}

Nodes make_cluster(const Names& names, const scenario::MultiPaxosSpec& spec) {
  protocols::paxos::MultiPaxosParameters parameters = spec.p;
  parameters.election = spec.election.range;
  return protocols::paxos::make_multi_paxos(names, parameters);
}

Nodes make_cluster(const Names& names, const scenario::TwoPhaseCommitSpec& spec) {
  return protocols::make_two_phase_commit(names, spec.p);
}

Nodes make_cluster(const Names& names, const scenario::StreamSpec& spec) {
  return pipeline::stream::make_stream(names, spec.p);
}

Nodes make_cluster(const Names& names, const scenario::ObjectStoreSpec& spec) {
  return pipeline::store::make_store(names, spec.p);
}

/// Whom clients ask when the file does not say: [first, last) of all servers.
struct AskedNodes {
  std::size_t first, last;
};
AskedNodes asked_by_default(const scenario::ProtocolSpec& protocol, std::size_t members, std::size_t all) {
  return std::visit(Overload{[&](const scenario::QuorumSpec& spec) {
                               return spec.routers > 0 ? AskedNodes{members, all} : AskedNodes{0, members};
                             },
                             [&](const scenario::ShardingSpec&) {
                               return AskedNodes{members, all};
                             },
                             [&](const auto&) {
                               return AskedNodes{0, members};
                             }},
                    protocol);
}

protocols::ClientParameters parameters_of(const scenario::ClientSpec& spec) {
  protocols::ClientParameters p;
  p.workload = spec.workload;
  p.keys = spec.keys;
  p.first_key = spec.first_key;
  p.reads = spec.reads;
  p.opening_balance = static_cast<std::int64_t>(spec.opening);
  p.think = spec.think;
  p.interval = spec.rate ? spec.rate->value.interval : Duration{};
  p.wait = spec.wait;
  p.at_most = spec.operations;
  p.from = Time{} + spec.from;
  if (spec.until) p.to = Time{} + spec.until->value;
  p.timeout = spec.timeout;
  p.retry = spec.retry.policy;
  p.attempts = spec.retry.attempts;
  const auto jitter =
      static_cast<std::int64_t>(static_cast<__int128>(spec.retry.backoff.ns) * spec.retry.jitter.ppb / 1'000'000'000);
  p.backoff = {spec.retry.backoff - Duration{jitter}, spec.retry.backoff + Duration{jitter}};
  p.route = spec.route;
  p.follow = spec.follow;
  return p;
}

// Where clients of this kind may ask.
std::vector<NodeId> servers_of(const scenario::Spec& spec, const scenario::ClientSpec& client) {
  const Names all = scenario::server_names(spec);
  std::vector<NodeId> servers;
  for (const auto& to : client.to) {
    const auto at = std::find(all.begin(), all.end(), to.value);
    TWICE_ASSERT(at != all.end(), "a checked server is unknown: " + to.value);
    servers.push_back(id_of(static_cast<std::size_t>(at - all.begin())));
  }
  if (!servers.empty()) return servers;
  const std::size_t members = spec.cluster->nodes.size();
  const AskedNodes asked = asked_by_default(spec.cluster->protocol, members, all.size());
  for (std::size_t i = asked.first; i < asked.last; ++i) servers.push_back(id_of(i));
  return servers;
}

// A client's home is the server at its number; one that lives beside a node has that node there.
std::vector<NodeId> home_first(const scenario::Spec& spec, const scenario::ClientSpec& client, std::uint32_t number,
                               const Nodes& nodes) {
  std::vector<NodeId> servers = servers_of(spec, client);
  if (!client.at) return servers;
  const auto beside =
      std::find_if(servers.begin(), servers.end(), [&](NodeId id) { return nodes[id.index].name == client.at->value; });
  if (beside == servers.end()) return servers;
  const auto place = static_cast<std::ptrdiff_t>(number % servers.size());
  std::rotate(servers.begin(), beside, servers.end());
  std::rotate(servers.begin(), servers.end() - place, servers.end());
  return servers;
}

void add_clients(const scenario::Spec& spec, std::uint64_t seed, Nodes& nodes) {
  std::uint32_t number = 0;
  for (const scenario::ClientSpec& client : spec.client)
    for (std::string& name : scenario::numbered(client.name.value, client.count)) {
      protocols::ClientNode node;
      node.parameters = parameters_of(client);
      node.seed = seed;
      node.client = number++;
      node.self = id_of(nodes.size());
      node.servers = home_first(spec, client, node.client, nodes);
      nodes.push_back({.name = std::move(name),
                       .group = client.count > 1 ? client.name.value : std::string(),
                       .node = make_node(std::move(node))});
    }
}

// A client's messages travel as long as it says and are not lost by chance unless a link says so, those to far servers
// as all others; a node's to itself take no time.
void set_special_links(const scenario::Spec& spec, std::size_t servers, world::World& world) {
  for (std::size_t i = 0; i < servers; ++i) world.set_link(id_of(i), id_of(i), {});
  std::size_t next = servers;
  for (const scenario::ClientSpec& client : spec.client)
    for (std::uint32_t i = 0; i < client.count; ++i, ++next)
      for (const NodeId server : servers_of(spec, client)) {
        if (client.at && world.name(server) != client.at->value) continue;
        const physics::LinkProfile link{.latency = {client.latency, client.latency}};
        world.set_link(id_of(next), server, link);
        world.set_link(server, id_of(next), link);
      }
}

/// Entries of [[network.link]] that name a client: they hold although clients' links are otherwise without faults.
scenario::NetworkSpec client_links(const scenario::Spec& spec) {
  std::vector<std::string> clients;
  for (const scenario::ClientSpec& client : spec.client) {
    clients.push_back(client.name.value);
    for (std::string& name : scenario::numbered(client.name.value, client.count)) clients.push_back(std::move(name));
  }
  const auto is_client = [&](const std::string& name) {
    return std::find(clients.begin(), clients.end(), name) != clients.end();
  };
  scenario::NetworkSpec network = spec.network;
  std::erase_if(network.link, [&](const scenario::LinkSpec& link) {
    return !is_client(link.from.value) && !is_client(link.to.value);
  });
  return network;
}

}  // namespace

world::World build_cluster(const scenario::Spec& spec, std::uint64_t seed, Trace::Keep keep) {
  Names names;
  for (const auto& name : spec.cluster->nodes) names.push_back(name.value);
  Nodes nodes = std::visit([&](const auto& protocol) { return make_cluster(names, protocol); }, spec.cluster->protocol);
  apply_node_specs(*spec.cluster, nodes);
  const std::size_t servers = nodes.size();
  add_clients(spec, seed, nodes);
  world::World world(seed, std::move(nodes), link_profile(spec.network), keep);
  apply_links(spec.network, world);
  if (!spec.client.empty()) {
    set_special_links(spec, servers, world);
    apply_links(client_links(spec), world);
  }
  return world;
}

}  // namespace twice::lab

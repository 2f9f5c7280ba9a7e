#include "lab/client_log.h"

#include <algorithm>

#include "protocols/chain/chain.h"
#include "protocols/crdt/crdt.h"
#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"
#include "protocols/primary_backup/primary_backup.h"
#include "protocols/quorum/quorum.h"
#include "protocols/raft/raft.h"
#include "protocols/sharding/sharding.h"
#include "protocols/single/single.h"

namespace twice::lab {
namespace {

using protocols::Asked;
using protocols::Verb;

check::Function function_of(Verb verb) {
  switch (verb) {
    case Verb::kRead:
      return check::Function::kRead;
    case Verb::kWrite:
      return check::Function::kWrite;
    case Verb::kCas:
      return check::Function::kCas;
    case Verb::kAppend:
      return check::Function::kAppend;
    case Verb::kAdd:
      return check::Function::kAdd;
    case Verb::kRemove:
    case Verb::kErase:
      break;
  }
  return check::Function::kRead;
}

}  // namespace

check::Object object_of(protocols::Workload workload) {
  using protocols::Workload;
  switch (workload) {
    case Workload::kRegister:
    case Workload::kCas:
    case Workload::kProbe:
      return check::Object::kRegister;
    case Workload::kAppend:
    case Workload::kSet:
      return check::Object::kList;
    case Workload::kCounter:
    case Workload::kBank:
      return check::Object::kCounter;
  }
  return check::Object::kRegister;
}

check::Value value_of(const protocols::Cell& cell, check::Object object) {
  if (object == check::Object::kList) return check::List(cell);
  if (cell.empty())
    return object == check::Object::kCounter ? check::Value(std::int64_t{0}) : check::Value(check::Nil{});
  return cell.size() == 1 ? check::Value(cell.front()) : check::Value(check::List(cell));
}

void ClientLog::listen(const world::World& world, const protocols::ClientNode& client) {
  for (const Asked& operation : client.news)
    operation.phase == Asked::Phase::kInvoked ? invoked(world, client, operation) : ended(world, client, operation);
}

void ClientLog::invoked(const world::World& world, const protocols::ClientNode& client, const Asked& operation) {
  open_[{client.client, operation.number}] = answered_.size();
  Answered entry{client.client, operation.command, operation.phase, world.now()};
  entry.node = client.self;
  if (client.parameters.workload == protocols::Workload::kSet) {
    complete_ = false;
  } else {
    std::vector<std::uint32_t>& processes = free_[client.client];
    if (processes.empty()) processes.push_back(processes_++);
    const protocols::Command& command = operation.command;
    check::Operation asked;
    asked.process = processes.back();
    processes.pop_back();
    asked.key = protocols::key_name(command.key);
    asked.function = function_of(command.verb);
    if (command.writes()) asked.argument = command.value;
    if (command.verb == Verb::kCas) asked.expected = command.expected;
    asked.session = world.name(client.self);
    entry.operation = recorder_.call(std::move(asked), world.now());
  }
  answered_.push_back(std::move(entry));
}

void ClientLog::ended(const world::World& world, const protocols::ClientNode& client, const Asked& operation) {
  const auto open = open_.find({client.client, operation.number});
  if (open == open_.end()) return;
  Answered& entry = answered_[open->second];
  open_.erase(open);
  entry.phase = operation.phase;
  entry.returned = world.now();
  entry.server = operation.server;
  entry.attempts = operation.attempt;
  if (!entry.operation) return;
  const std::uint32_t process = history().operations[*entry.operation].process;
  check::Outcome outcome = check::Outcome::kUnknown;
  check::Value result;
  switch (operation.phase) {
    case Asked::Phase::kOk:
      outcome = check::Outcome::kOk;
      if (!operation.command.writes()) result = value_of(operation.result, object_of(client.parameters.workload));
      break;
    case Asked::Phase::kFailed:
      // A compare-and-set that fails has seen another value; one that nobody could do has not, and stays open.
      if (operation.refused || operation.command.verb != Verb::kCas) outcome = check::Outcome::kFail;
      break;
    case Asked::Phase::kUnknown:
    case Asked::Phase::kInvoked:
      break;
  }
  recorder_.answer(*entry.operation, outcome, std::move(result), world.now(),
                   operation.server == kNobody ? std::string() : world.name(operation.server));
  // A process without an answer is never heard of again: its client goes on under another number.
  if (outcome != check::Outcome::kUnknown) free_[client.client].push_back(process);
}

std::vector<check::SetChange> set_changes(const world::World& world, const ClientLog& log) {
  std::vector<check::SetChange> changes;
  for (const Answered& entry : log.operations()) {
    const protocols::Command& command = entry.command;
    if (command.verb != Verb::kAppend && command.verb != Verb::kRemove) continue;
    const check::Outcome outcome = entry.phase == Asked::Phase::kOk       ? check::Outcome::kOk
                                   : entry.phase == Asked::Phase::kFailed ? check::Outcome::kFail
                                                                          : check::Outcome::kUnknown;
    changes.push_back({world.name(entry.node), protocols::key_name(command.key), command.value,
                       command.verb == Verb::kRemove, outcome, entry.attempts == 1, entry.returned});
  }
  return changes;
}

// --- what replicas hold

namespace {

using Cells = std::map<std::uint32_t, protocols::Cell>;

check::Replica replica_of(std::string name, const Cells& cells, check::Object object) {
  check::Replica replica{std::move(name), {}};
  for (const auto& [key, cell] : cells)
    if (!cell.empty()) replica.values[protocols::key_name(key)] = value_of(cell, object);
  return replica;
}

/// All cells of a node that keeps every key; nullopt for other kinds of nodes.
std::optional<Cells> cells_of(const Node& node) {
  if (const auto* single = state_of<protocols::SingleNode>(node)) return single->store.cells;
  if (const auto* replica = state_of<protocols::PrimaryBackupNode>(node)) return replica->store.cells;
  if (const auto* member = state_of<protocols::ChainNode>(node)) return member->store.cells;
  if (const auto* server = state_of<protocols::raft::RaftNode>(node)) {
    if (!server->configuration().has(server->self)) return std::nullopt;  // it only waits to be added
    return server->machine.store.cells;
  }
  if (const auto* server = state_of<protocols::paxos::MultiPaxosNode>(node)) return server->machine.store.cells;
  if (const auto* server = state_of<protocols::paxos::SingleDecreeNode>(node)) {
    if (!server->learned) return Cells{};
    return Cells{{0, {*server->learned}}};
  }
  if (const auto* replica = state_of<protocols::CrdtNode>(node)) {
    Cells cells;
    for (const auto& entry : replica->keys) cells[entry.first] = replica->read(entry.first);
    return cells;
  }
  return std::nullopt;
}

// Every row stands on one shard: together they are one copy.
std::optional<Cells> cells_of_shards(const world::World& world) {
  std::optional<Cells> cells;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const auto* shard = state_of<protocols::ShardNode>(world.node({i}));
    if (!shard || !world.is_up({i})) continue;
    if (!cells) cells.emplace();
    for (const auto& partition : shard->partitions)
      for (const auto& [key, cell] : partition.second.rows) (*cells)[key] = cell;
  }
  return cells;
}

std::vector<check::Replica> quorum_copies(const world::World& world, check::Object object) {
  std::vector<Cells> copies;
  std::vector<std::string> names;
  bool everywhere = true;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const auto* node = state_of<protocols::QuorumNode>(world.node({i}));
    if (!node || node->coordinates_only()) continue;
    everywhere = node->parameters.n >= node->placement.members;
    if (!everywhere) break;
    if (!world.is_up({i})) continue;
    copies.emplace_back();
    names.push_back(world.name({i}));
    for (const auto& [key, state] : node->keys) copies.back()[key] = state->cell();
  }
  if (!everywhere) {
    copies.clear(), names.clear();
    for (std::uint16_t i = 0; i < world.size(); ++i) {
      const auto* node = state_of<protocols::QuorumNode>(world.node({i}));
      if (!node || node->coordinates_only() || !world.is_up({i})) continue;
      copies.resize(std::max<std::size_t>(copies.size(), node->parameters.n));
      for (const auto& [key, state] : node->keys)
        for (std::uint32_t place = 0; place < node->parameters.n; ++place)
          if (node->placement.preferred(key, place) == NodeId{i}) copies[place][key] = state->cell();
    }
    for (std::size_t i = 0; i < copies.size(); ++i) names.push_back("copy " + std::to_string(i + 1));
  }
  std::vector<check::Replica> replicas;
  for (std::size_t i = 0; i < copies.size(); ++i)
    replicas.push_back(replica_of(std::move(names[i]), copies[i], object));
  return replicas;
}

}  // namespace

std::vector<check::Replica> replicas_of(const world::World& world, check::Object object) {
  std::vector<check::Replica> replicas = quorum_copies(world, object);
  if (auto shards = cells_of_shards(world)) replicas.push_back(replica_of("the shards", *shards, object));
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    if (!world.is_up({i})) continue;
    if (auto cells = cells_of(world.node({i}))) replicas.push_back(replica_of(world.name({i}), *cells, object));
  }
  return replicas;
}

Duration quantile(const std::vector<Duration>& sorted, std::uint32_t per_mille) {
  if (sorted.empty()) return {};
  const std::size_t rank = (sorted.size() * per_mille + 999) / 1000;
  return sorted[std::min(std::max<std::size_t>(rank, 1), sorted.size()) - 1];
}

}  // namespace twice::lab

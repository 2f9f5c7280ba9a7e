// How designs of replication and their clients look.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "protocols/chain/chain.h"
#include "protocols/client/client.h"
#include "protocols/crdt/crdt.h"
#include "protocols/primary_backup/primary_backup.h"
#include "protocols/quorum/quorum.h"
#include "protocols/sharding/sharding.h"
#include "protocols/single/single.h"
#include "ui/playback/node_view_of.h"
#include "ui/playback/value_text.h"

namespace twice::playback {
namespace {

using Look = StripCell::Look;
using Cells = std::vector<StripCell>;
constexpr std::size_t kMostKeys = 3;

// The first keys and how many more there are.
template <class Map, class ValueOf>
void add_keys(Cells& cells, const Map& keys, ValueOf&& value_of) {
  std::size_t n = 0;
  for (const auto& [key, held] : keys) {
    if (++n > kMostKeys) break;
    const protocols::Cell value = value_of(held);
    cells.push_back({fmt::format("{} {}", protocols::key_name(key), value_text(value)), Look::kSolid,
                     fmt::format("{} holds {}", protocols::key_name(key), protocols::to_text(value))});
  }
  if (keys.size() > kMostKeys) cells.push_back({fmt::format("+{} keys", keys.size() - kMostKeys), Look::kSolid, {}});
}

void add_store(Cells& cells, const protocols::Store& store) {
  add_keys(cells, store.cells, [](const protocols::Cell& cell) { return cell; });
}

class SingleView final : public ViewOf<protocols::SingleNode> {
  Face face_of(const protocols::SingleNode& node, const world::World&, NodeId) const override {
    return {"server", lab::counted(node.applied, "write"), std::nullopt};
  }
  Cells strip_of(const protocols::SingleNode& node, const world::World&) const override {
    Cells cells;
    add_store(cells, node.store);
    return cells;
  }
};

// Whoever reigns in the newest view; null: nobody does.
const protocols::PrimaryBackupNode* primary_of(const world::World& world) {
  const protocols::PrimaryBackupNode* found = nullptr;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const auto* node = state_of<protocols::PrimaryBackupNode>(world.node({i}));
    if (node && node->reigns && world.is_up({i}) && (!found || node->view > found->view)) found = node;
  }
  return found;
}

class PrimaryBackupView final : public ViewOf<protocols::PrimaryBackupNode> {
  Face face_of(const protocols::PrimaryBackupNode& node, const world::World& world, NodeId) const override {
    if (node.reigns) return {"primary", fmt::format("view {}, #{}", node.view, node.index), std::nullopt};
    const protocols::PrimaryBackupNode* primary = primary_of(world);
    std::string line = fmt::format("#{}", node.index);
    if (primary && primary->view != node.data_view)
      line = fmt::format("old view {}", node.data_view);
    else if (primary && primary->index > node.index)
      line = fmt::format("{} behind", primary->index - node.index);
    return {"backup", line, std::nullopt};
  }
  Cells strip_of(const protocols::PrimaryBackupNode& node, const world::World& world) const override {
    Cells cells;
    if (node.reigns) add_followers(cells, node, world);
    add_store(cells, node.store);
    return cells;
  }

 private:
  static void add_followers(Cells& cells, const protocols::PrimaryBackupNode& node, const world::World& world) {
    for (const auto& peer : node.peers) {
      const std::string name = world.name(peer.node);
      const std::uint64_t behind = node.index - std::min(node.index, peer.index);
      if (!peer.joined)
        cells.push_back({name + " ?", Look::kAlarm, fmt::format("{} has not joined view {}", name, node.view)});
      else if (behind > 0)
        cells.push_back({fmt::format("{} −{}", name, behind), Look::kDashed,
                         fmt::format("{} has confirmed all but the last {}", name, lab::counted(behind, "write"))});
    }
    if (!node.waiting.empty())
      cells.push_back({fmt::format("{} wait", node.waiting.size()), Look::kDashed, "answers that wait for followers"});
  }
};

class ChainView final : public ViewOf<protocols::ChainNode> {
  Face face_of(const protocols::ChainNode& node, const world::World&, NodeId self) const override {
    const bool member = std::find(node.chain.begin(), node.chain.end(), self) != node.chain.end();
    std::string role = "middle";
    if (node.number == 0)
      role = "waiting";
    else if (node.joining == self)
      role = "joining";
    else if (!member)
      role = "left out";
    else if (node.is_head() && node.is_tail())
      role = "head, tail";
    else if (node.is_head())
      role = "head";
    else if (node.is_tail())
      role = "tail";
    return {role,
            fmt::format("{} #{}",
                        role == "waiting"   ? "knows"
                        : role == "joining" ? "has"
                                            : "at",
                        node.applied),
            std::nullopt};
  }
  Cells strip_of(const protocols::ChainNode& node, const world::World& world) const override {
    Cells cells;
    if (node.applied > node.stable && node.number > 0)
      cells.push_back({fmt::format("{} not at tail", node.applied - node.stable), Look::kDashed,
                       "updates that the tail has not confirmed"});
    if (node.is_tail() && node.joining != kNobody)
      cells.push_back({"copies to " + world.name(node.joining), Look::kDashed, "it joins behind this tail"});
    if (node.sealed == node.number && node.number > 0)
      cells.push_back({"hands over", Look::kDashed, "it answers nothing in this configuration any more"});
    add_store(cells, node.store);
    return cells;
  }
};

class ChainMasterView final : public ViewOf<protocols::ChainMaster> {
  Face face_of(const protocols::ChainMaster& node, const world::World&, NodeId) const override {
    return {"master", fmt::format("chain of {}", node.chain.size()), std::nullopt};
  }
  Cells strip_of(const protocols::ChainMaster& node, const world::World& world) const override {
    Cells cells;
    for (std::size_t i = 0; i < node.chain.size(); ++i) {
      const char* role = i == 0 ? "head" : i + 1 == node.chain.size() ? "tail" : "middle";
      cells.push_back({world.name(node.chain[i]) + (i + 1 < node.chain.size() ? " →" : ""), Look::kSolid,
                       fmt::format("{} of configuration {}", role, node.number)});
    }
    if (node.joining != kNobody) cells.push_back({world.name(node.joining) + " joins", Look::kDashed, {}});
    if (node.deaf) cells.push_back({"hears nobody", Look::kAlarm, "the master itself may be cut off"});
    return cells;
  }
};

class QuorumView final : public ViewOf<protocols::QuorumNode> {
  Face face_of(const protocols::QuorumNode& node, const world::World&, NodeId) const override {
    const std::string line = node.pending.empty()
                                 ? (node.coordinates_only() ? "idle" : lab::counted(node.keys.size(), "key"))
                                 : fmt::format("leads {}", node.pending.size());
    return {node.coordinates_only() ? "router" : "replica", line, std::nullopt};
  }
  Cells strip_of(const protocols::QuorumNode& node, const world::World& world) const override {
    Cells cells;
    std::size_t siblings = 0;
    for (const auto& entry : node.keys) siblings += entry.second->versions.size() > 1;
    if (siblings > 0)
      cells.push_back(
          {lab::counted(siblings, "conflict"), Look::kAlarm, "keys with versions that do not know of each other"});
    std::map<NodeId, std::size_t> hints;
    for (const auto& hint : node.hints) ++hints[hint.node];
    for (const auto& [other, count] : hints)
      cells.push_back({fmt::format("{} for {}", lab::counted(count, "hint"), world.name(other)), Look::kDashed,
                       fmt::format("writes kept until {} is back", world.name(other))});
    for (const auto& silent : node.silent)
      cells.push_back(
          {world.name(silent.node) + " silent", Look::kAlarm, "it did not answer in time and is asked later"});
    add_keys(cells, node.keys, [](const auto& state) { return state->cell(); });
    return cells;
  }
};

class CrdtView final : public ViewOf<protocols::CrdtNode> {
  Face face_of(const protocols::CrdtNode& node, const world::World&, NodeId) const override {
    return {"replica", fmt::format("merged {}", lab::grouped(node.merged)), std::nullopt};
  }
  Cells strip_of(const protocols::CrdtNode& node, const world::World& world) const override {
    Cells cells;
    for (const auto& peer : node.peers) {
      const auto lacks = std::count_if(node.keys.begin(), node.keys.end(),
                                       [&](const auto& entry) { return entry.second.version > peer.confirmed; });
      if (lacks > 0)
        cells.push_back({fmt::format("{} lacks {}", world.name(peer.node), lacks), Look::kDashed,
                         fmt::format("keys whose newest state {} has not confirmed", world.name(peer.node))});
    }
    add_keys(cells, node.keys, [](const protocols::CrdtNode::Key& key) { return key.cell->read(); });
    return cells;
  }
};

class ShardView final : public ViewOf<protocols::ShardNode> {
  Face face_of(const protocols::ShardNode& node, const world::World&, NodeId) const override {
    return {"shard", lab::counted(node.row_count(), "row"), std::nullopt};
  }
  Cells strip_of(const protocols::ShardNode& node, const world::World& world) const override {
    Cells cells{{fmt::format("plan {}", node.epoch), Look::kSolid, "the newest placement of rows it knows"}};
    std::map<NodeId, std::size_t> leaving;
    for (const auto& entry : node.partitions)
      if (entry.second.to != kNobody && !entry.second.leaving.empty())
        leaving[entry.second.to] += entry.second.leaving.size();
    for (const auto& [to, rows] : leaving)
      cells.push_back({fmt::format("{} → {}", lab::counted(rows, "row"), world.name(to)), Look::kDashed,
                       "on their way to another shard"});
    if (!node.held.empty())
      cells.push_back({fmt::format("{} wait", node.held.size()), Look::kDashed, "requests for rows on their way"});
    return cells;
  }
};

class RouterView final : public ViewOf<protocols::RouterNode> {
  Face face_of(const protocols::RouterNode& node, const world::World&, NodeId) const override {
    if (node.moves) return {"router", fmt::format("plan {} moves", node.epoch), std::nullopt};
    return {"router", fmt::format("plan {}", node.epoch), std::nullopt};
  }
  Cells strip_of(const protocols::RouterNode& node, const world::World&) const override {
    Cells cells;
    if (node.rows_moved > 0)
      cells.push_back({fmt::format("{} moved", lab::counted(node.rows_moved, "row")), Look::kSolid,
                       fmt::format("by the newest resharding, {} bytes", lab::grouped(node.bytes_moved))});
    for (const protocols::RouterJob& job : node.jobs) {
      std::string text(name_of(job.kind));
      cells.push_back({text, Look::kDashed, "a job that it was told to do"});
    }
    return cells;
  }
};

// "w k0 1·7", "r k0"
std::string waits_for(const protocols::Asked& asked) {
  const bool writes = asked.command.writes();
  return fmt::format("{} {}", writes ? "w" : "r", protocols::key_name(asked.command.key)) +
         (asked.command.verb == protocols::Verb::kWrite ? " " + value_text(asked.command.value) : std::string());
}

class ClientView final : public ViewOf<protocols::ClientNode> {
 public:
  NodeId beside(const world::World& world, NodeId node) const override {
    const auto& client = *state_of<protocols::ClientNode>(world.node(node));
    return client.servers.empty() ? kNobody : client.servers[client.client % client.servers.size()];
  }

 private:
  Face face_of(const protocols::ClientNode& client, const world::World& world, NodeId) const override {
    std::string line = "waits for nothing";
    if (!client.open.empty()) {
      const protocols::Asked& oldest = client.open.front();
      line = "waits for " + protocols::to_text(oldest.command);
      if (oldest.server != kNobody) line += " by " + world.name(oldest.server);
      if (oldest.attempt > 1) line += fmt::format(", attempt {}", oldest.attempt);
      if (client.open.size() > 1) line += fmt::format(" and {} more", client.open.size() - 1);
    }
    return {"client",
            with_short_values(line) +
                fmt::format("; {} ok, {} failed, {} unknown", client.ok, client.failed, client.unknown),
            std::nullopt};
  }
  Cells strip_of(const protocols::ClientNode& client, const world::World&) const override {
    Cells cells;
    if (!client.open.empty()) cells.push_back({waits_for(client.open.front()), Look::kDashed, "not answered yet"});
    if (client.unknown > 0)
      cells.push_back(
          {fmt::format("{} unknown", client.unknown), Look::kAlarm, "no answer came: it may have taken effect"});
    return cells;
  }
};

}  // namespace

void add_replica_views(std::vector<std::unique_ptr<NodeView>>& views) {
  views.push_back(std::make_unique<SingleView>());
  views.push_back(std::make_unique<PrimaryBackupView>());
  views.push_back(std::make_unique<ChainView>());
  views.push_back(std::make_unique<ChainMasterView>());
  views.push_back(std::make_unique<QuorumView>());
  views.push_back(std::make_unique<CrdtView>());
  views.push_back(std::make_unique<ShardView>());
  views.push_back(std::make_unique<RouterView>());
  views.push_back(std::make_unique<ClientView>());
}

}  // namespace twice::playback

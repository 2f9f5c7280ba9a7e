#pragma once
// Worlds of servers and clients under drawn faults, and what the clients were told.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "protocols/client/client.h"
#include "support/catch.h"
#include "world/world.h"

namespace twice::protocols {

inline Time at(Duration d) { return Time{} + d; }

/// One operation with its place in real time.
struct Told {
  Asked asked;
  std::uint32_t client = 0;
  std::uint64_t call = 0, ret = ~std::uint64_t{0};
};

/// Keeps every operation that clients finished, in the order they were finished.
class Listener final : public world::Observer {
 public:
  void event(const world::World& w, const Event& event, const std::vector<Effect>&) override {
    const auto* client = state_of<ClientNode>(w.node(event.node));
    if (!client) return;
    for (const Asked& asked : client->news) {
      ++moment_;
      const std::pair id{client->client, asked.number};
      if (asked.phase == Asked::Phase::kInvoked)
        open_[id] = moment_;
      else
        told.push_back({asked, client->client, open_[id], moment_}), open_.erase(id);
    }
  }
  std::uint64_t count(Asked::Phase phase) const {
    return static_cast<std::uint64_t>(
        std::count_if(told.begin(), told.end(), [&](const Told& t) { return t.asked.phase == phase; }));
  }
  /// Asked and neither answered nor given up.
  std::uint64_t still_open() const { return open_.size(); }
  std::vector<Told> told;

 private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> open_;
  std::uint64_t moment_ = 0;
};

/// Adds clients c1, c2, … behind the nodes of a design.
inline std::vector<NodeId> add_clients(std::vector<world::NodeSetup>& nodes, std::uint64_t seed, std::uint32_t count,
                                       const ClientParameters& parameters, const std::vector<NodeId>& servers,
                                       std::uint32_t first = 0) {
  std::vector<NodeId> added;
  for (std::uint32_t i = first; i < first + count; ++i) {
    ClientNode client;
    client.parameters = parameters;
    client.seed = seed;
    client.client = i;
    client.self = {static_cast<std::uint16_t>(nodes.size())};
    client.servers = servers;
    added.push_back(client.self);
    nodes.push_back({.name = fmt::format("c{}", i + 1), .node = make_node(std::move(client))});
  }
  return added;
}

inline std::vector<NodeId> node_ids(std::size_t count, std::size_t from = 0) {
  std::vector<NodeId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back({static_cast<std::uint16_t>(from + i)});
  return ids;
}
inline std::vector<std::string> node_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("n{}", i + 1));
  return names;
}

/// 1 to 10 ms, so messages overtake each other; some are lost, some come twice.
inline physics::LinkProfile rough_link(std::uint32_t loss_percent, std::uint32_t duplicate_percent) {
  physics::LinkProfile link;
  link.latency = {milliseconds(1), milliseconds(10)};
  link.loss = {loss_percent * 10'000'000u};
  link.duplicate = {duplicate_percent * 10'000'000u};
  return link;
}

inline void plan(world::World& w, std::string_view text) {
  auto steps = std::get<std::vector<world::Step>>(world::parse_steps(text));
  for (world::Step& step : steps) REQUIRE_FALSE(w.add(std::move(step)));
}
inline void command(world::World& w, std::string node, std::string text, Duration when) {
  REQUIRE_FALSE(w.add({world::AtTime{at(when)}, world::Command{std::move(node), std::move(text)}}));
}

/// Drawn faults among `nodes` between 300 ms and `until`, where everything is healed and started again: crashes of one
/// or two nodes that lose what was not synced (or a part of it), and partitions.
inline std::string drawn_faults(std::uint64_t seed, const std::vector<std::string>& nodes, Duration until,
                                bool partitions = true, std::string_view lose = "") {
  std::string text;
  std::uint64_t place = 0;
  const auto pick = [&](std::uint64_t below) { return draw(seed, Purpose::kChaos, ++place).below(below); };
  static constexpr std::string_view kLose[] = {"", " lose unsynced", " lose mixed"};
  for (Duration when = milliseconds(300); when < until; when += milliseconds(200 + 20 * std::int64_t(pick(40)))) {
    const std::uint64_t what = pick(partitions ? 4 : 2);
    const std::size_t one = pick(nodes.size()), other = pick(nodes.size());
    const Duration back = std::min(until, when + milliseconds(50 + 50 * std::int64_t(pick(20))));
    if (what < 2) {
      const std::string_view loss = lose.empty() ? kLose[pick(3)] : lose;
      text += fmt::format("crash {}{} @{}; restart {} @{}; ", nodes[one], loss, to_string(when), nodes[one],
                          to_string(back));
      if (what == 1 && other != one)
        text += fmt::format("crash {}{} @{}; restart {} @{}; ", nodes[other], loss, to_string(when), nodes[other],
                            to_string(back));
    } else {
      std::string rest;
      for (std::size_t i = 0; i < nodes.size(); ++i)
        if (i != one) rest += (rest.empty() ? "" : ",") + nodes[i];
      text += fmt::format("partition {}|{} @{}; heal @{}; ", nodes[one], rest, to_string(when), to_string(back));
    }
  }
  text += fmt::format("heal @{}", to_string(until));
  for (const std::string& node : nodes) text += fmt::format("; restart {} @{}", node, to_string(until));
  return text;
}

/// What is wrong with the final lists after appends of unique values.
struct Appends {
  std::uint64_t acknowledged = 0, lost = 0, doubled = 0, invented = 0, stale_reads = 0;
};
inline Appends judge_appends(const std::vector<Told>& told, const std::map<std::uint32_t, Cell>& cells) {
  Appends verdict;
  for (const Told& t : told) {
    const Command& c = t.asked.command;
    if (c.verb != Verb::kAppend) continue;
    const auto cell = cells.find(c.key);
    const auto times = cell == cells.end() ? 0 : std::count(cell->second.begin(), cell->second.end(), c.value);
    const bool ok = t.asked.phase == Asked::Phase::kOk;
    verdict.acknowledged += ok;
    verdict.lost += ok && times == 0;
    verdict.doubled += times > 1;
    verdict.invented += t.asked.phase == Asked::Phase::kFailed && times > 0;
  }
  // A read is stale when it misses what was acknowledged, or read, before it was asked.
  for (const Told& read : told) {
    if (read.asked.command.writes() || read.asked.phase != Asked::Phase::kOk) continue;
    const Cell& saw = read.asked.result;
    bool stale = false;
    for (const Told& before : told) {
      if (before.asked.phase != Asked::Phase::kOk || before.ret > read.call) continue;
      if (before.asked.command.key != read.asked.command.key) continue;
      if (before.asked.command.verb == Verb::kAppend)
        stale = stale || std::find(saw.begin(), saw.end(), before.asked.command.value) == saw.end();
      if (before.asked.command.verb == Verb::kRead) stale = stale || before.asked.result.size() > saw.size();
    }
    verdict.stale_reads += stale;
  }
  return verdict;
}

}  // namespace twice::protocols

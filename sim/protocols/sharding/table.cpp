#include "protocols/sharding/table.h"

#include <algorithm>

#include "core/overload.h"

namespace twice::protocols {

std::string_view name_of(Partitioning partitioning) {
  switch (partitioning) {
    case Partitioning::kModulo:
      return "modulo";
    case Partitioning::kRing:
      return "ring";
    case Partitioning::kRange:
      return "range";
  }
  return {};
}

std::uint32_t Table::date_of(std::uint32_t key) const {
  const std::uint64_t hash = mix(hash_key(key));
  return hash % 100 < hot_percent ? dates - 1 : static_cast<std::uint32_t>(hash / 100 % dates);
}

Placement::Placement(Partitioning partitioning, const std::vector<NodeId>& shards, const Table& table,
                     std::uint32_t virtual_nodes) {
  switch (partitioning) {
    case Partitioning::kModulo:
      by = Modulo{shards};
      return;
    case Partitioning::kRing:
      by = Ring(shards, virtual_nodes);
      return;
    case Partitioning::kRange:
      by = Ranges(shards, table.dates);
      return;
  }
}

NodeId Placement::owner(std::uint32_t key, std::uint32_t date) const {
  return std::visit(Overload{[&](const Modulo& m) { return m.owner(key); }, [&](const Ring& r) { return r.owner(key); },
                             [&](const Ranges& r) { return r.owner(date); }},
                    by);
}

void Placement::add(NodeId shard) {
  std::visit(Overload{[&](Modulo& m) { m.nodes.push_back(shard); }, [&](auto& other) { other.add(shard); }}, by);
}

void Placement::remove(NodeId shard) {
  std::visit(Overload{[&](Modulo& m) { std::erase(m.nodes, shard); }, [&](auto& other) { other.remove(shard); }}, by);
}

std::vector<NodeId> Placement::owners(std::uint32_t from, std::uint32_t to) const {
  const auto* ranges = std::get_if<Ranges>(&by);
  return ranges ? ranges->owners(from, to) : shards();
}

std::vector<NodeId> Placement::shards() const {
  std::vector<NodeId> found;
  std::visit(Overload{[&](const Modulo& m) { found = m.nodes; }, [&](const Ring& r) { found = r.nodes(); },
                      [&](const Ranges& r) {
                        for (const auto& part : r.parts) found.push_back(part.second);
                      }},
             by);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool may_move(const Placement& before, const Placement& after, NodeId from, NodeId to, std::uint32_t date) {
  const auto has = [](const Placement& placement, NodeId shard) {
    const auto all = placement.shards();
    return std::find(all.begin(), all.end(), shard) != all.end();
  };
  if (from == to || !has(before, from) || !has(after, to)) return false;
  if (std::holds_alternative<Ranges>(before.by)) return before.owner(0, date) == from && after.owner(0, date) == to;
  // On a ring only those who come or go have a part in it.
  if (std::holds_alternative<Ring>(before.by)) return !has(before, to) || !has(after, from);
  return true;
}

}  // namespace twice::protocols

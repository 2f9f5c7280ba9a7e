#include "protocols/sharding/placement.h"

#include <algorithm>

#include "core/assert.h"
#include "core/random.h"

namespace twice::protocols {
namespace {

// Keys and points are hashed apart: the key n must not stand where node n does.
constexpr std::uint64_t kKeySalt = 0x6b6579, kPointSalt = 0x706f696e74;

}  // namespace

std::uint64_t hash_key(std::uint32_t key) { return mix(kKeySalt, key); }

NodeId Modulo::owner(std::uint32_t key) const {
  TWICE_ASSERT(!nodes.empty(), "a placement without nodes");
  return nodes[hash_key(key) % nodes.size()];
}

Ring::Ring(const std::vector<NodeId>& nodes, std::uint32_t virtual_nodes_each) : virtual_nodes(virtual_nodes_each) {
  for (const NodeId node : nodes) add(node);
}

void Ring::add(NodeId node) {
  remove(node);
  for (std::uint32_t i = 0; i < virtual_nodes; ++i) points.emplace_back(mix(kPointSalt, node.index, i), node);
  std::sort(points.begin(), points.end());
  if (virtual_nodes > 0) nodes_.insert(std::lower_bound(nodes_.begin(), nodes_.end(), node), node);
}

void Ring::remove(NodeId node) {
  std::erase_if(points, [&](const auto& point) { return point.second == node; });
  std::erase(nodes_, node);
}

NodeId Ring::owner(std::uint32_t key) const {
  TWICE_ASSERT(!points.empty(), "a placement without nodes");
  const auto at = std::lower_bound(points.begin(), points.end(), std::pair{hash_key(key), NodeId{0}});
  return at == points.end() ? points.front().second : at->second;
}

std::vector<NodeId> Ring::preference(std::uint32_t key, std::size_t n) const {
  std::vector<NodeId> found;
  const auto at = std::lower_bound(points.begin(), points.end(), std::pair{hash_key(key), NodeId{0}});
  const auto start = static_cast<std::size_t>(at - points.begin());
  for (std::size_t i = 0; i < points.size() && found.size() < n; ++i) {
    const NodeId node = points[(start + i) % points.size()].second;
    if (std::find(found.begin(), found.end(), node) == found.end()) found.push_back(node);
  }
  return found;
}

Ranges::Ranges(const std::vector<NodeId>& nodes, std::uint32_t end_of_all) : end(end_of_all) {
  TWICE_ASSERT(!nodes.empty(), "a placement without nodes");
  for (std::size_t i = 0; i < nodes.size(); ++i)
    parts.emplace_back(static_cast<std::uint32_t>(std::uint64_t{end} * i / nodes.size()), nodes[i]);
}

void Ranges::add(NodeId node) {
  std::size_t widest = 0;
  const auto width = [&](std::size_t i) {
    const std::uint32_t next = i + 1 < parts.size() ? parts[i + 1].first : std::max(end, parts[i].first);
    return next - parts[i].first;
  };
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (width(i) > width(widest)) widest = i;
  const std::uint32_t first = parts[widest].first + (width(widest) + 1) / 2;
  parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(widest) + 1, {first, node});
}

void Ranges::remove(NodeId node) {
  std::erase_if(parts, [&](const auto& part) { return part.second == node; });
  TWICE_ASSERT(!parts.empty(), "a placement without nodes");
  parts.front().first = 0;
}

NodeId Ranges::owner(std::uint32_t key) const {
  const auto above = std::upper_bound(parts.begin(), parts.end(), key,
                                      [](std::uint32_t k, const auto& part) { return k < part.first; });
  return std::prev(above)->second;
}

std::vector<NodeId> Ranges::owners(std::uint32_t from, std::uint32_t to) const {
  std::vector<NodeId> found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool ends_before = i + 1 < parts.size() && parts[i + 1].first <= from;
    if (ends_before || parts[i].first > to) continue;
    if (std::find(found.begin(), found.end(), parts[i].second) == found.end()) found.push_back(parts[i].second);
  }
  return found;
}

}  // namespace twice::protocols

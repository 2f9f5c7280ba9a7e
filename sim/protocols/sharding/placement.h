#pragma once
// Which node holds a row: pure functions, the same on every node and every machine. See README.md.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/visit.h"

namespace twice::protocols {

/// hash(key) mod n: even, and almost every row moves when n changes.
struct Modulo {
  static constexpr std::string_view kName = "modulo";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("nodes", self.nodes);
  }
  bool operator==(const Modulo&) const = default;
  /// REQUIRES at least one node.
  NodeId owner(std::uint32_t key) const;

  std::vector<NodeId> nodes;
};

/// Consistent hashing: every node stands at several points of a circle of 2^64 places, and a key belongs to the first
/// point at or after its own place. A node that joins takes rows from the others and nothing moves between those.
struct Ring {
  static constexpr std::string_view kName = "ring";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("virtual_nodes", self.virtual_nodes), v("points", self.points);
  }
  bool operator==(const Ring&) const = default;
  Ring() = default;
  explicit Ring(const std::vector<NodeId>& nodes, std::uint32_t virtual_nodes_each = 64);

  void add(NodeId node);
  void remove(NodeId node);
  /// REQUIRES at least one node.
  NodeId owner(std::uint32_t key) const;
  /// The first `n` distinct nodes met from the key's place on, its owner first; all nodes where there are fewer. What
  /// comes after the first n - 1 serves when one of them is down.
  std::vector<NodeId> preference(std::uint32_t key, std::size_t n) const;

  /// Ascending.
  const std::vector<NodeId>& nodes() const { return nodes_; }

  std::uint32_t virtual_nodes = 64;                      // of each node
  std::vector<std::pair<std::uint64_t, NodeId>> points;  // by place

 private:
  std::vector<NodeId> nodes_;  // those of `points`, so that nobody needs to walk thousands of points to name them
};

/// Consecutive keys (dates) stay together: a query over a range asks few nodes, and a busy range makes a busy node.
struct Ranges {
  static constexpr std::string_view kName = "ranges";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("end", self.end), v("parts", self.parts);
  }
  bool operator==(const Ranges&) const = default;
  Ranges() = default;
  /// 0..end-1 in equal parts. REQUIRES at least one node.
  Ranges(const std::vector<NodeId>& nodes, std::uint32_t end_of_all);

  /// The new node takes the upper half of the widest part.
  void add(NodeId node);
  /// Its parts go to the neighbour below, the lowest one's to the neighbour above. REQUIRES another node.
  void remove(NodeId node);
  /// Keys from `end` on belong to the last part.
  NodeId owner(std::uint32_t key) const;
  /// Nodes that hold something of [from, to], in the order of their parts, each once.
  std::vector<NodeId> owners(std::uint32_t from, std::uint32_t to) const;

  std::uint32_t end = 0;
  std::vector<std::pair<std::uint32_t, NodeId>> parts;  // first key, by it; the first is 0
};

/// Place of a key on the ring, and its hash for Modulo.
std::uint64_t hash_key(std::uint32_t key);

/// How many of `keys` belong to another node afterwards.
template <class Before, class After>
std::uint64_t rows_moved(const Before& before, const After& after, const std::vector<std::uint32_t>& keys) {
  std::uint64_t moved = 0;
  for (const std::uint32_t key : keys) moved += before.owner(key) != after.owner(key);
  return moved;
}

}  // namespace twice::protocols

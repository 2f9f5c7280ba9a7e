#pragma once
// The table that is spread over shards: rows with a key, a date and bytes; and by which of them it is spread.
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/client/operation.h"
#include "protocols/sharding/placement.h"

namespace twice::protocols {

enum class Partitioning : std::uint8_t {
  kModulo,  // hash of the key, mod the number of shards
  kRing,    // consistent hashing of the key
  kRange,   // by date
};
std::string_view name_of(Partitioning partitioning);  // modulo, ring, range

struct Table {
  std::uint32_t rows = 600;  // keys 0..rows-1 are there from the start; clients may add others
  std::uint32_t row_bytes = 100;
  std::uint32_t dates = 30;
  std::uint32_t hot_percent = 0;  // of all rows have the last date

  std::uint32_t date_of(std::uint32_t key) const;
  std::uint64_t bytes_of(const Cell& cell) const { return row_bytes + 8 * std::uint64_t{cell.size()}; }
};

struct Placement {
  static constexpr std::string_view kName = "placement";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("by", self.by);
  }
  Placement() = default;
  Placement(Partitioning partitioning, const std::vector<NodeId>& shards, const Table& table,
            std::uint32_t virtual_nodes);

  NodeId owner(std::uint32_t key, std::uint32_t date) const;
  void add(NodeId shard);
  void remove(NodeId shard);
  /// Shards that may hold rows of these dates; all of them unless dates decide.
  std::vector<NodeId> owners(std::uint32_t from, std::uint32_t to) const;
  std::vector<NodeId> shards() const;  // ascending

  std::variant<Modulo, Ring, Ranges> by;
};

/// Whether rows of `date` can move from one shard to another when the first placement gives way to the second.
bool may_move(const Placement& before, const Placement& after, NodeId from, NodeId to, std::uint32_t date);

}  // namespace twice::protocols

#pragma once
// A table spread over shards, a router in front, and resharding while it serves. See README.md.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/node.h"
#include "protocols/sharding/messages.h"
#include "world/world.h"

namespace twice::protocols {

/// Mark: "rows" when it has nothing left to send; value = rows it holds then, scope = the node from 1.
struct ShardNode {
  static constexpr std::string_view kName = "shard";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("before", self.before), v("after", self.after), v("partitions", self.partitions);
    v("held", self.held), v("bytes_scanned", self.bytes_scanned), v("bytes_unpruned", self.bytes_unpruned),
        v("newest_write", self.newest_write);
  }
  void step(Time now, const Input& input, Effects& effects);
  std::uint64_t row_count() const;
  std::uint64_t byte_count() const;

  // Fixed.
  ShardingParameters parameters;
  NodeId self, router;
  Block<Placement> initial;
  // Durable. A partition that was never written holds what `initial` puts here.
  std::uint64_t epoch = 0;
  Block<Placement> before, after;                 // equal when nothing was ever moved
  std::map<std::uint32_t, Partition> partitions;  // by date
  // Volatile.
  std::uint32_t settled_dates = 0;   // partitions of earlier dates have nothing left to send in this epoch
  std::vector<Routed> held;          // for rows that are on their way
  std::uint64_t bytes_scanned = 0;   // by scans in this life …
  std::uint64_t bytes_unpruned = 0;  // … and what they would have read without partitions
  WriteToken newest_write = 0;

 private:
  void begin(const Start& start, Effects& effects);
  void on(NodeId from, const Routed& message, Effects& effects);
  void on(NodeId from, const Scan& message, Effects& effects);
  void serve(const Request& request, Partition& partition, Effects& effects);
  void save(const Partition& partition, Effects& effects);
  WriteToken after_write() const { return parameters.persist == Persist::kBeforeAnswer ? newest_write : 0; }

  // moving.cpp
  void on(NodeId from, const Reshard& message, Effects& effects);
  void on(NodeId from, const MoveRows& message, Effects& effects);
  void on(NodeId from, const RowsMoved& message, Effects& effects);
  /// Who answers for a row now: this shard, another, or nobody while it is on its way.
  enum class Whose : std::uint8_t { kMine, kOther, kOnItsWay };
  std::pair<Whose, NodeId> whose(std::uint32_t key, const Partition& partition) const;
  void move_on(Effects& effects);
  bool start_batch(Partition& partition, Effects& effects);
  void send_batch(const Partition& partition, Effects& effects);
  const Partition* moving() const;
  NodeId owner_before(std::uint32_t key) const { return before->owner(key, parameters.table.date_of(key)); }
  NodeId owner_after(std::uint32_t key) const { return after->owner(key, parameters.table.date_of(key)); }
};

/// What the router was told to do from outside.
struct RouterJob {
  static constexpr std::string_view kName = "job";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("kind", self.kind), v("from", self.from), v("to", self.to);
  }
  enum class Kind : std::uint8_t { kAddShard, kRemoveShard, kScan };
  friend std::string_view name_of(Kind job) {
    switch (job) {
      case Kind::kAddShard:
        return "add-shard";
      case Kind::kRemoveShard:
        return "remove-shard";
      case Kind::kScan:
        return "scan";
    }
    return {};
  }
  Kind kind = Kind::kScan;
  std::uint32_t from = 0, to = 0;
};

/// Clients ask it; shards answer them. Takes the commands "add-shard" (the next waiting shard), "remove-shard" (the
/// last one) and "scan FROM TO" (dates), and does them one after the other.
/// Marks: "resharding" (value = the epoch, scope = shards afterwards), "resharded" (value = rows moved, scope = the
/// epoch), "scanned" (value = bytes read, scope = shards asked).
struct RouterNode {
  static constexpr std::string_view kName = "router";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("before", self.before), v("after", self.after), v("moves", self.moves),
        v("done", self.done), v("rows_moved", self.rows_moved), v("bytes_moved", self.bytes_moved);
    v("jobs", self.jobs), v("job_moves", self.job_moves), v("scan", self.scan), v("asked", self.asked),
        v("parts", self.parts), v("last_scan", self.last_scan);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  ShardingParameters parameters;
  std::vector<NodeId> shards;  // all of them, waiting ones last
  // Durable.
  std::uint64_t epoch = 0;
  Block<Placement> before, after;
  bool moves = false;
  // Volatile.
  std::map<NodeId, Resharded> done;               // in this epoch
  std::uint64_t rows_moved = 0, bytes_moved = 0;  // by the newest resharding
  std::vector<RouterJob> jobs;                    // the first one is being done
  bool job_moves = false;     // that one is the resharding; after a crash of the router it is none of them
  Scan scan;                  // its number counts scans
  std::vector<NodeId> asked;  // for it
  std::map<NodeId, Scanned> parts;
  Scanned last_scan;  // the whole result
  WriteToken newest_write = 0;

 private:
  void begin(const Start& start, Effects& effects);
  void next_job(Effects& effects);
  void reshard(bool adds, Effects& effects);
  void ask_again(Effects& effects);
  void on(const Resharded& message, NodeId from, Effects& effects);
  void on(const Scanned& message, NodeId from, Effects& effects);
  void save(Effects& effects);
};

/// What survives a crash of either: the plan in force, under its one key.
constexpr std::uint64_t kPlanRecord = 1;
struct ShardingRecord {
  static constexpr std::string_view kName = "plan";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("before", self.before), v("after", self.after), v("moves", self.moves);
  }
  std::uint64_t epoch = 0;
  Block<Placement> before, after;
  bool moves = false;
};

/// Shards 0..n-1 in the order of their names, then "router": the server that clients ask.
std::vector<world::NodeSetup> make_sharding(const std::vector<std::string>& names, const ShardingParameters& parameters,
                                            Duration sync_cost = milliseconds(2));

}  // namespace twice::protocols

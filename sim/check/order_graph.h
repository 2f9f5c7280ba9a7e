#pragma once
// What must come before what in one order of writes and reads, and what follows from the values read: saturation
// (Bouajjani, Enea, Guerraoui, Hamza, "On verifying causal consistency", POPL 2017).
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/history.h"

namespace twice::check {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = ~NodeIndex{0};

/// Why one node comes before another.
enum class Because : std::uint8_t {
  kInitial,  // the initial value is older than every write
  kSession,  // one client did them in this order
  kSource,   // the second saw the value of the first
  kList,     // a list that somebody read shows the order
  kOlder,    // a read after the first still saw the second, so the first was overwritten by it
  kMissed,   // the read did not see the write, which is newer than what it saw
};

struct Edge {
  NodeIndex from = 0, to = 0;
  Because because = Because::kSession;
  NodeIndex read = kNoNode;  // of kOlder: the read that shows it
};

/// Add nodes, then edges and reads, then saturate once.
class OrderGraph {
 public:
  NodeIndex add_node();
  void add_edge(Edge edge);
  /// `read` sees `source`; both have an edge already. `writes_of` numbers the key.
  void add_read(NodeIndex read, NodeIndex source, std::uint32_t key) { reads_.push_back({read, source, key}); }
  /// The start of a key counts as a write.
  void add_write(NodeIndex write, std::uint32_t key);

  /// For each read, no write of its key lies between its source and it. Adds what follows until nothing new does.
  /// Violated: there is a cycle. Held: when the reads are ordered among themselves, an order of all nodes exists.
  /// Costs words of 64 bits: nodes * edges / 64 a pass; unknown when more than `budget` would be needed.
  Judgement saturate(std::uint64_t budget);
  /// Of a violation: a short cycle.
  const std::vector<Edge>& cycle() const { return cycle_; }
  /// A shortest way by edges that are there; empty when there is none. `given`: only those that were added, not what
  /// follows from values read.
  std::vector<Edge> path(NodeIndex from, NodeIndex to, bool given = false) const;
  const std::vector<std::vector<Edge>>& edges() const { return out_; }
  std::size_t size() const { return out_.size(); }

 private:
  struct Read {
    NodeIndex node, source;
    std::uint32_t key;
  };
  using Words = std::vector<std::uint64_t>;

  bool sort();
  void close();
  bool apply(const Read& read);
  void find_cycle();
  bool is_before(NodeIndex a, NodeIndex b) const { return before_[b * width_ + a / 64] >> (a % 64) & 1; }
  void join(NodeIndex from, NodeIndex to);

  std::vector<std::vector<Edge>> out_;
  std::vector<Read> reads_;
  std::vector<std::vector<NodeIndex>> writes_;  // by key
  std::vector<NodeIndex> sorted_;
  std::vector<std::uint32_t> rank_;
  std::size_t width_ = 0, edge_count_ = 0;  // words a node
  Words before_;                            // bit a of row b: a comes before b
  std::uint64_t spent_ = 0;
  std::vector<Edge> cycle_;
};

}  // namespace twice::check

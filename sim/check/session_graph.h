#pragma once
// The order that one client may believe in, as a graph, and its contradictions in words.
#include <cstddef>
#include <string>
#include <vector>

#include "check/models.h"
#include "check/order_graph.h"
#include "check/session_view.h"

namespace twice::check {

/// Everybody's reads count, as one order for all: for sequential consistency.
constexpr std::size_t kAllClients = ~std::size_t{0};

class SessionGraph {
 public:
  /// `client`: a place in view.chains, or kAllClients with Model::kSequential.
  SessionGraph(Model model, const SessionView& view, std::size_t client);

  Judgement saturate(std::uint64_t budget);
  /// Of a violation: the contradiction, told through the read that shows it.
  Verdict violation() const;
  const OrderGraph& graph() const { return graph_; }
  /// The operation behind a node; kNoOperation for the start of a key.
  std::size_t operation_of(NodeIndex node) const { return operations_[node]; }

 private:
  NodeIndex add(std::size_t operation);
  void link(NodeIndex from, NodeIndex to, Because because);
  void add_writes();
  void add_own_reads();
  void add_chain(const std::vector<std::size_t>& chain, bool own);
  void add_unanswered();
  void add_sources();
  void add_lists();
  void follow_reads(const std::vector<std::size_t>& chain);
  bool is_own(std::size_t operation) const { return own_[operation]; }
  std::string words_of(NodeIndex node) const;
  std::string step_words(const Edge& edge) const;
  std::string steps_words(const std::vector<Edge>& way) const;

  Model model_;
  const SessionView& view_;
  OrderGraph graph_;
  std::vector<std::size_t> operations_;  // of nodes
  std::vector<NodeIndex> node_;          // of operations; kNoNode: takes no part
  std::vector<bool> own_;
  std::vector<NodeIndex> seen_;        // of operations: what carries the reads before it, for writes follow reads
  std::vector<NodeIndex> starts_;      // of keys
  std::optional<Verdict> divergence_;  // lists that no single list grows through
};

}  // namespace twice::check

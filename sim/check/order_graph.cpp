#include "check/order_graph.h"

#include <algorithm>

namespace twice::check {

NodeIndex OrderGraph::add_node() {
  out_.emplace_back();
  return static_cast<NodeIndex>(out_.size() - 1);
}

void OrderGraph::add_edge(Edge edge) {
  ++edge_count_;
  out_[edge.from].push_back(edge);
}

void OrderGraph::add_write(NodeIndex write, std::uint32_t key) {
  if (writes_.size() <= key) writes_.resize(key + 1);
  writes_[key].push_back(write);
}

Judgement OrderGraph::saturate(std::uint64_t budget) {
  width_ = (out_.size() + 63) / 64;
  while (true) {
    spent_ += (out_.size() + edge_count_) * width_;
    for (const Read& read : reads_) spent_ += read.key < writes_.size() ? writes_[read.key].size() : 0;
    if (spent_ > budget) return Judgement::kUnknown;
    if (!sort()) {
      find_cycle();
      return Judgement::kViolated;
    }
    close();
    bool added = false;
    for (const Read& read : reads_) added = apply(read) || added;
    if (!added) return Judgement::kHeld;
  }
}

// Kahn 1962. False: there is a cycle.
bool OrderGraph::sort() {
  std::vector<std::uint32_t> missing(out_.size(), 0);
  for (const auto& edges : out_)
    for (const Edge& e : edges) ++missing[e.to];
  sorted_.clear();
  for (NodeIndex n = 0; n < out_.size(); ++n)
    if (missing[n] == 0) sorted_.push_back(n);
  for (std::size_t i = 0; i < sorted_.size(); ++i)
    for (const Edge& e : out_[sorted_[i]])
      if (--missing[e.to] == 0) sorted_.push_back(e.to);
  rank_.assign(out_.size(), 0);
  for (std::uint32_t i = 0; i < sorted_.size(); ++i) rank_[sorted_[i]] = i;
  return sorted_.size() == out_.size();
}

void OrderGraph::close() {
  before_.assign(width_ * out_.size(), 0);
  for (const NodeIndex n : sorted_)
    for (const Edge& e : out_[n]) join(n, e.to);
  if (reads_.empty()) return;
  for (auto& writes : writes_)
    std::sort(writes.begin(), writes.end(), [&](NodeIndex a, NodeIndex b) { return rank_[a] < rank_[b]; });
}

void OrderGraph::join(NodeIndex from, NodeIndex to) {
  const std::uint64_t* row = &before_[from * width_];
  std::uint64_t* into = &before_[to * width_];
  for (std::size_t w = 0; w < width_; ++w) into[w] |= row[w];
  into[from / 64] |= std::uint64_t{1} << (from % 64);
}

// Adds only edges that do not follow from others added here: the latest older writes, the earliest missed ones.
bool OrderGraph::apply(const Read& read) {
  if (read.key >= writes_.size()) return false;
  const std::vector<NodeIndex>& writes = writes_[read.key];
  bool added = false;
  for (std::size_t i = writes.size(); i-- > 0;) {
    const NodeIndex w = writes[i];
    if (w == read.source || w == read.node || !is_before(w, read.node) || is_before(w, read.source)) continue;
    add_edge({w, read.source, Because::kOlder, read.node});
    join(w, read.source);
    added = true;
  }
  std::vector<NodeIndex> missed;
  for (const NodeIndex w : writes) {
    if (w == read.source || w == read.node || !is_before(read.source, w) || is_before(read.node, w)) continue;
    if (std::any_of(missed.begin(), missed.end(), [&](NodeIndex m) { return is_before(m, w); })) continue;
    add_edge({read.node, w, Because::kMissed, kNoNode});
    missed.push_back(w);
    added = true;
  }
  return added;
}

std::vector<Edge> OrderGraph::path(NodeIndex from, NodeIndex to, bool given) const {
  std::vector<Edge> reached_by(out_.size());
  std::vector<bool> reached(out_.size(), false);
  std::vector<NodeIndex> queue{from};
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (const Edge& e : out_[queue[i]]) {
      if (reached[e.to] || (given && (e.because == Because::kOlder || e.because == Because::kMissed))) continue;
      reached[e.to] = true;
      reached_by[e.to] = e;
      if (e.to != to) {
        queue.push_back(e.to);
        continue;
      }
      std::vector<Edge> way;
      for (NodeIndex at = to;;) {
        way.push_back(reached_by[at]);
        at = way.back().from;
        if (at == from) break;
      }
      std::reverse(way.begin(), way.end());
      return way;
    }
  return {};
}

void OrderGraph::find_cycle() {
  constexpr std::size_t kMostStarts = 200;
  std::vector<bool> settled(out_.size(), false);
  for (const NodeIndex n : sorted_) settled[n] = true;
  std::size_t starts = 0;
  for (NodeIndex n = 0; n < out_.size() && (cycle_.empty() || starts < kMostStarts); ++n) {
    if (settled[n]) continue;
    ++starts;
    std::vector<Edge> found = path(n, n);
    if (!found.empty() && (cycle_.empty() || found.size() < cycle_.size())) cycle_ = std::move(found);
  }
}

}  // namespace twice::check

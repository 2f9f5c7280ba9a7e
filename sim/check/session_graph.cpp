#include "check/session_graph.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace twice::check {
namespace {

bool is_write(const Operation& o) { return o.function != Function::kRead; }

}  // namespace

SessionGraph::SessionGraph(Model model, const SessionView& view, std::size_t client)
    : model_(model),
      view_(view),

      node_(view.source.size(), kNoNode),
      own_(view.source.size(), false),
      seen_(view.source.size(), kNoNode) {
  for (std::size_t c = 0; c < view.chains.size(); ++c)
    if (c == client || client == kAllClients)
      for (const std::size_t i : view.chains[c]) own_[i] = true;
  starts_.assign(view.keys, kNoNode);
  add_writes();
  add_own_reads();
  for (std::size_t c = 0; c < view.chains.size(); ++c) add_chain(view.chains[c], c == client || client == kAllClients);
  add_unanswered();
  add_sources();
  if (view.object == Object::kList) add_lists();
}

Judgement SessionGraph::saturate(std::uint64_t budget) {
  return divergence_ ? Judgement::kViolated : graph_.saturate(budget);
}

NodeIndex SessionGraph::add(std::size_t operation) {
  operations_.push_back(operation);
  return graph_.add_node();
}

void SessionGraph::link(NodeIndex from, NodeIndex to, Because because) {
  if (from != to && from != kNoNode && to != kNoNode) graph_.add_edge({from, to, because, kNoNode});
}

void SessionGraph::add_writes() {
  for (NodeIndex& start : starts_) start = add(kNoOperation);
  for (std::size_t i = 0; i < view_.source.size(); ++i) {
    const Operation& o = view_.operation(i);
    if (!is_write(o) || !view_.effective[i]) continue;
    node_[i] = add(i);
    graph_.add_write(node_[i], view_.key[i]);
    link(starts_[view_.key[i]], node_[i], Because::kInitial);
  }
  for (std::uint32_t k = 0; k < view_.keys; ++k) graph_.add_write(starts_[k], k);
}

// Of everybody where causes count, else of this client.
void SessionGraph::add_own_reads() {
  for (std::size_t i = 0; i < view_.source.size(); ++i)
    if (view_.reads(i) && node_[i] == kNoNode && (is_own(i) || model_ == Model::kCausal)) node_[i] = add(i);
}

void SessionGraph::add_chain(const std::vector<std::size_t>& chain, bool own) {
  const bool reads_in_order = own && model_ != Model::kReadYourWrites;
  const bool everything = model_ == Model::kCausal || model_ == Model::kSequential || (own && model_ == Model::kPram);
  const bool writes_in_order = everything || model_ == Model::kPram || model_ == Model::kMonotonicWrites;
  const bool keeps_key_order = view_.object != Object::kList;  // lists show their order themselves
  NodeIndex last = kNoNode, last_read = kNoNode, last_write = kNoNode;
  std::map<std::uint32_t, NodeIndex> last_write_of;
  for (const std::size_t i : chain) {
    const NodeIndex n = node_[i];
    const bool writes = is_write(view_.operation(i)), reads = view_.reads(i);
    if (everything) link(last, n, Because::kSession);
    if (reads && reads_in_order && !everything) link(last_read, n, Because::kSession);
    if (writes && writes_in_order && !everything) link(last_write, n, Because::kSession);
    if (reads && own && model_ == Model::kReadYourWrites) {
      const auto mine = last_write_of.find(view_.key[i]);
      if (mine != last_write_of.end()) link(mine->second, n, Because::kSession);
    }
    if (writes && !writes_in_order && keeps_key_order) {
      const auto mine = last_write_of.find(view_.key[i]);
      if (mine != last_write_of.end()) link(mine->second, n, Because::kSession);
    }
    if (n != kNoNode) last = n;
    if (reads && n != kNoNode) last_read = n;
    if (writes) last_write = last_write_of[view_.key[i]] = n;
  }
  if (model_ == Model::kWritesFollowReads) follow_reads(chain);
}

// The reads of a client, apart from those that are judged, carry what it had seen to its later writes.
void SessionGraph::follow_reads(const std::vector<std::size_t>& chain) {
  NodeIndex seen = kNoNode;
  for (const std::size_t i : chain) {
    if (view_.reads(i)) {
      const NodeIndex read = add(i);
      link(seen, read, Because::kSession);
      const std::size_t source = view_.source[i];
      link(source == kStart ? starts_[view_.key[i]] : node_[source], read, Because::kSource);
      seen = read;
    }
    if (is_write(view_.operation(i))) link(seen, node_[i], Because::kSession);
    seen_[i] = seen;
  }
}

// A write without an answer comes after what its client had done before, and before nothing.
void SessionGraph::add_unanswered() {
  std::vector<std::pair<std::size_t, std::size_t>> place(node_.size());  // chain, position
  for (std::size_t c = 0; c < view_.chains.size(); ++c)
    for (std::size_t p = 0; p < view_.chains[c].size(); ++p) place[view_.chains[c][p]] = {c, p};
  const bool everything = model_ == Model::kCausal || model_ == Model::kSequential;
  const bool writes_in_order = model_ == Model::kPram || model_ == Model::kMonotonicWrites;
  for (std::size_t i = 0; i < node_.size(); ++i) {
    if (view_.before[i] == kNoOperation || !view_.effective[i]) continue;
    const auto [chain, position] = place[view_.before[i]];
    for (std::size_t p = position + 1; p-- > 0;) {
      const std::size_t last = view_.chains[chain][p];
      const bool both_write = is_write(view_.operation(last));
      const bool same_key = both_write && view_.key[last] == view_.key[i] && view_.object != Object::kList;
      const bool all = everything || (model_ == Model::kPram && is_own(last));
      if (node_[last] == kNoNode || !(all || same_key || (both_write && writes_in_order))) continue;
      link(node_[last], node_[i], Because::kSession);
      break;
    }
    if (model_ == Model::kWritesFollowReads) link(seen_[view_.before[i]], node_[i], Because::kSession);
  }
}

// Own reads see the latest write; those of others only tell what caused what.
void SessionGraph::add_sources() {
  for (std::size_t i = 0; i < view_.source.size(); ++i) {
    const bool unanswered = view_.operation(i).outcome == Outcome::kUnknown;
    const bool judged = is_own(i) || (unanswered && model_ == Model::kSequential);
    if (node_[i] == kNoNode || !view_.reads(i) || !(judged || model_ == Model::kCausal)) continue;
    const std::size_t source = view_.source[i];
    const NodeIndex from = source == kStart ? starts_[view_.key[i]] : node_[source];
    link(from, node_[i], Because::kSource);
    if (judged) graph_.add_read(node_[i], from, view_.key[i]);
  }
}

// What a list shows beyond its last element: the order of the others, and what had not been appended yet.
void SessionGraph::add_lists() {
  std::vector<std::size_t> longest(view_.keys, kNoOperation);
  const auto seen = [&](std::size_t i) -> const std::vector<std::size_t>& { return view_.elements[i]; };
  for (std::size_t i = 0; i < view_.source.size(); ++i) {
    if (!is_own(i) || !view_.reads(i)) continue;
    std::size_t& best = longest[view_.key[i]];
    const std::size_t other = best;
    if (best == kNoOperation || seen(i).size() > seen(best).size()) best = i;
    if (other == kNoOperation) continue;
    const std::size_t shared = std::min(seen(i).size(), seen(other).size());
    if (std::equal(seen(i).begin(), seen(i).begin() + static_cast<std::ptrdiff_t>(shared), seen(other).begin()))
      continue;
    divergence_ = Verdict{Judgement::kViolated,
                          fmt::format("{}, and {}: no list grows through both", in_words(view_.operation(other)),
                                      in_words(view_.operation(i))),
                          i};
    return;
  }
  for (std::uint32_t k = 0; k < view_.keys; ++k) {
    if (longest[k] == kNoOperation) continue;
    const std::vector<std::size_t>& all = seen(longest[k]);
    for (std::size_t e = 0; e + 1 < all.size(); ++e) link(node_[all[e]], node_[all[e + 1]], Because::kList);
    std::vector<std::size_t> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < view_.source.size(); ++i) {
      if (view_.key[i] != k || node_[i] == kNoNode) continue;
      if (is_own(i) && view_.reads(i) && seen(i).size() < all.size())
        link(node_[i], node_[all[seen(i).size()]], Because::kMissed);
      if (is_write(view_.operation(i)) && !std::binary_search(sorted.begin(), sorted.end(), i))
        link(node_[longest[k]], node_[i], Because::kMissed);
    }
  }
}

std::string SessionGraph::words_of(NodeIndex node) const {
  const std::size_t operation = operations_[node];
  if (operation != kNoOperation) return in_words(view_.operation(operation));
  return fmt::format("the initial value {}", to_text(initial_value(view_.object)));
}

std::string SessionGraph::step_words(const Edge& edge) const {
  const std::string from = words_of(edge.from), to = words_of(edge.to);
  switch (edge.because) {
    case Because::kInitial:
      return fmt::format("{} is newer than the initial value", to);
    case Because::kSession:
      return fmt::format("{}, and then {}", from, to);
    case Because::kSource:
      return operations_[edge.from] == kNoOperation ? to : fmt::format("{} ({})", to, from);
    case Because::kList:
      return fmt::format("a list shows that {} before {}", from, to);
    case Because::kOlder:
      return fmt::format("{} is newer than {}, since {}", to, from, words_of(edge.read));
    case Because::kMissed:
      return fmt::format("{} without seeing that {}", from, to);
  }
  return {};
}

std::string SessionGraph::steps_words(const std::vector<Edge>& way) const {
  // Who follows more steps than these?
  constexpr std::size_t kMostSteps = 6;
  std::string text;
  for (std::size_t i = 0; i < way.size(); ++i) {
    if (way.size() > kMostSteps && i == kMostSteps - 1) {
      text += fmt::format("; and {} steps more, the last: ", way.size() - i);
      i = way.size() - 1;
    } else if (i > 0) {
      text += "; ";
    }
    text += step_words(way[i]);
  }
  return text;
}

Verdict SessionGraph::violation() const {
  if (divergence_) return *divergence_;
  const std::vector<Edge>& cycle = graph_.cycle();
  Verdict verdict{Judgement::kViolated, {}, std::nullopt};
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    if (cycle[i].because != Because::kOlder) continue;
    // The read saw `to`, had to see `from`, and `from` is newer.
    const Edge& edge = cycle[i];
    std::vector<Edge> newer(cycle.begin() + static_cast<std::ptrdiff_t>(i) + 1, cycle.end());
    newer.insert(newer.end(), cycle.begin(), cycle.begin() + static_cast<std::ptrdiff_t>(i));
    verdict.operation = operations_[edge.read];
    std::vector<Edge> must_see = graph_.path(edge.from, edge.read, true);
    if (must_see.empty()) must_see = graph_.path(edge.from, edge.read);
    verdict.words = fmt::format("{}, but had to see a newer value: {}", words_of(edge.read), steps_words(must_see));
    if (operations_[edge.to] != kNoOperation) verdict.words += ". What makes it newer: " + steps_words(newer);
    return verdict;
  }
  for (const Edge& edge : cycle) {
    const std::size_t operation = operations_[edge.from];
    if (operation != kNoOperation && view_.reads(operation)) verdict.operation = operation;
  }
  verdict.words = fmt::format("this goes round in a circle: {}", steps_words(cycle));
  return verdict;
}

}  // namespace twice::check

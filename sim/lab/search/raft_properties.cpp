#include "lab/search/raft_properties.h"

#include <algorithm>

#include "protocols/raft/raft.h"

namespace twice::lab::search {
namespace {

using protocols::raft::Index;
using protocols::raft::RaftNode;
using Nodes = std::vector<const RaftNode*>;

/// The servers that are up; clients and those that are down are left out.
Nodes running(std::span<const Seen> seen) {
  Nodes nodes;
  for (const Seen& one : seen)
    if (const auto* node = one.local->up ? state_of<RaftNode>(*one.local->node) : nullptr) nodes.push_back(node);
  return nodes;
}

bool one_leader_a_term(const Nodes& nodes) {
  for (auto a = nodes.begin(); a != nodes.end(); ++a)
    if ((*a)->leading() &&
        std::any_of(a + 1, nodes.end(), [&](const RaftNode* b) { return b->leading() && b->term() == (*a)->term(); }))
      return false;
  return true;
}

/// Both have this entry (or had it, before a snapshot), and it does not follow the same entries.
bool differ_up_to(const RaftNode& a, const RaftNode& b, Index index) {
  const auto ours = a.log().prefix(index), theirs = b.log().prefix(index);
  return ours && theirs && *ours != *theirs;
}

bool logs_match(const RaftNode& a, const RaftNode& b) {
  for (Index i = std::min(a.log().last(), b.log().last()); i > 0; --i)
    if (a.log().has(i) && b.log().has(i) && a.log().term(i) == b.log().term(i)) return !differ_up_to(a, b, i);
  return true;
}

/// What `other` knows to be committed was so by the term it lives in; a leader of that term or a later one has it.
bool is_complete(const RaftNode& leader, const RaftNode& other) {
  if (!leader.leading() || other.term() > leader.term()) return true;
  return other.commit <= leader.log().last() && !differ_up_to(leader, other, other.commit);
}

bool agree(const RaftNode& a, const RaftNode& b) { return !differ_up_to(a, b, std::min(a.commit, b.commit)); }

/// True when it holds for every two servers, in both orders.
template <class Holds>
std::function<bool(std::span<const Seen>)> of_every_two(Holds holds) {
  return [holds](std::span<const Seen> seen) {
    const Nodes nodes = running(seen);
    for (const RaftNode* a : nodes)
      for (const RaftNode* b : nodes)
        if (a != b && !holds(*a, *b)) return false;
    return true;
  };
}

template <class Is>
std::function<bool(std::span<const Seen>)> of_one(Is is) {
  return [is](std::span<const Seen> seen) {
    const Nodes nodes = running(seen);
    return std::any_of(nodes.begin(), nodes.end(), [&](const RaftNode* node) { return is(*node); });
  };
}

}  // namespace

std::vector<Property> raft_properties() {
  using Kind = Property::Kind;
  return {{"election-safety", Kind::kAlways, [](auto seen) { return one_leader_a_term(running(seen)); }},
          {"log-matching", Kind::kAlways, of_every_two(logs_match)},
          {"leader-completeness", Kind::kAlways, of_every_two(is_complete)},
          {"state-machine-safety", Kind::kAlways, of_every_two(agree)},
          {"somebody leads", Kind::kSometimes, of_one([](const RaftNode& n) { return n.leading() != nullptr; })},
          {"something is committed", Kind::kSometimes, of_one([](const RaftNode& n) { return n.commit > 0; })}};
}

}  // namespace twice::lab::search

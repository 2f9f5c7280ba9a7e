#include "lab/search/paxos_properties.h"

#include <algorithm>

#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"

namespace twice::lab::search {
namespace {

using protocols::paxos::MultiPaxosNode;
using protocols::paxos::SingleDecreeNode;
using Values = std::vector<std::uint64_t>;  // digests of what a server has learned, by index

/// Of a server that is up; clients and those that are down have learned nothing.
Values learned_by(const Seen& seen) {
  Values values;
  if (!seen.local->up) return values;
  if (const auto* single = state_of<SingleDecreeNode>(*seen.local->node); single && single->learned)
    values.push_back(hash_of(*single->learned));
  if (const auto* multi = state_of<MultiPaxosNode>(*seen.local->node))
    for (protocols::paxos::Index i = 1; i <= multi->chosen; ++i) values.push_back(multi->slots.at(i).entry->digest);
  return values;
}

bool servers_agree(const Values& a, const Values& b) {
  const auto both = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::equal(a.begin(), a.begin() + both, b.begin());
}

bool all_agree(std::span<const Seen> seen) {
  // Who has learned most knows best: two that agree with it agree with each other.
  Values most;
  std::vector<Values> all;
  for (const Seen& one : seen) {
    all.push_back(learned_by(one));
    if (all.back().size() > most.size()) most = all.back();
  }
  return std::all_of(all.begin(), all.end(), [&](const Values& values) { return servers_agree(values, most); });
}

bool some_have_learned(std::span<const Seen> seen) {
  return std::any_of(seen.begin(), seen.end(), [](const Seen& one) { return !learned_by(one).empty(); });
}

}  // namespace

std::vector<Property> paxos_properties() {
  using Kind = Property::Kind;
  return {{"agreement", Kind::kAlways, all_agree}, {"chosen", Kind::kSometimes, some_have_learned}};
}

}  // namespace twice::lab::search

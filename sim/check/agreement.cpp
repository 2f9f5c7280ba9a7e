#include "check/agreement.h"

#include <fmt/format.h>

#include "protocols/paxos/multi.h"
#include "protocols/paxos/single_decree.h"

namespace twice::check {

using protocols::paxos::MultiPaxosNode;
using protocols::paxos::SingleDecreeNode;

void Agreement::event(const world::World& world, const Event& event) {
  if (kinds_.size() < world.size()) kinds_.resize(world.size()), known_.resize(world.size());
  Kind& kind = kinds_[event.node.index];
  const Node& node = world.node(event.node);
  if (kind == Kind::kUnseen)
    kind = node.kind() == SingleDecreeNode::kName ? Kind::kSingleDecree
           : node.kind() == MultiPaxosNode::kName ? Kind::kMulti
                                                  : Kind::kOther;
  if (kind == Kind::kOther) return;
  saw_ = true;
  if (kind == Kind::kSingleDecree) {
    const auto& server = static_cast<const NodeOf<SingleDecreeNode>&>(node).state();
    if (server.learned) learned(world, event.node, 1, hash_of(*server.learned));
    return;
  }
  const auto& server = static_cast<const NodeOf<MultiPaxosNode>&>(node).state();
  std::uint64_t& known = known_[event.node.index];
  if (event.kind == EventKind::kStart) known = 0;  // it learns anew
  for (; known < server.chosen; ++known)
    learned(world, event.node, known + 1, server.slots.at(known + 1).entry->digest);
}

void Agreement::learned(const world::World& world, NodeId node, std::uint64_t index, std::uint64_t digest) {
  const auto [at, is_new] = chosen_.try_emplace(index, Chosen{digest, node});
  if (is_new || at->second.digest == digest || broken_) return;
  broken_ = Broken{
      world.events(), world.now(),
      fmt::format("{} has learned another value at {} than {}", world.name(node), index, world.name(at->second.by))};
}

}  // namespace twice::check

#pragma once
// For the files that hold views of nodes.
#include <memory>
#include <vector>

#include "protocols/raft/log.h"
#include "ui/playback/node_view.h"

namespace twice::playback {

/// A view of one type of node: knows() and the cast in one place.
template <class State>
class ViewOf : public NodeView {
 public:
  bool knows(const Node& node) const override { return state_of<State>(node) != nullptr; }
  Face face(const world::World& world, NodeId node) const override {
    return face_of(*state_of<State>(world.node(node)), world, node);
  }
  std::vector<StripCell> strip(const world::World& world, NodeId node) const override {
    return strip_of(*state_of<State>(world.node(node)), world);
  }

 private:
  virtual Face face_of(const State& state, const world::World& world, NodeId node) const = 0;
  virtual std::vector<StripCell> strip_of(const State&, const world::World&) const { return {}; }
};

/// When this timer of a node that is up ends. The newest one counts: what was set before it, and in a former life, will
/// do nothing.
std::optional<Time> timer_is_due(const world::World& world, NodeId node, std::uint8_t timer);

/// What an entry of a replicated log says, for people.
std::string words_of(const protocols::raft::Content& content, const world::World& world);

/// What each of these has said so far, by who agreed and who refused.
std::vector<Ballot> ballots_of(const world::World& world, const std::vector<NodeId>& voters,
                               const std::vector<NodeId>& granted, const std::vector<NodeId>& refused = {});

/// Designs of replication and their clients.
void add_replica_views(std::vector<std::unique_ptr<NodeView>>& views);
void add_raft_view(std::vector<std::unique_ptr<NodeView>>& views);
/// Streams and object stores.
void add_pipeline_views(std::vector<std::unique_ptr<NodeView>>& views);
void add_paxos_views(std::vector<std::unique_ptr<NodeView>>& views);
void add_two_phase_commit_views(std::vector<std::unique_ptr<NodeView>>& views);

}  // namespace twice::playback

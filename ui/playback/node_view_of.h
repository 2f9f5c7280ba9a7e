#pragma once
// For the files that hold views of nodes.
#include <memory>
#include <vector>

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

/// Designs of replication and their clients.
void add_replica_views(std::vector<std::unique_ptr<NodeView>>& views);
void add_raft_view(std::vector<std::unique_ptr<NodeView>>& views);
/// Streams and object stores.
void add_pipeline_views(std::vector<std::unique_ptr<NodeView>>& views);

}  // namespace twice::playback

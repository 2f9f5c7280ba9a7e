#include <algorithm>
#include <tuple>

#include "lab/search/model.h"

namespace twice::lab::search {
namespace {

// Writes of a run that had begun before it was lifted: they are synced one after another.
Local local_of(const world::World& world, NodeId id) {
  Local local;
  local.node = world.node(id).clone();
  local.up = world.is_up(id);
  local.durable = world.disk(id).durable();
  if (!local.up) return local;
  world.disk(id).for_each_pending([&](WriteToken token, const Record& record) {
    local.unsynced.push_back({token, token, record});
  });
  world.for_each_waiting(id, [&](const Send& send) { local.waiting.push_back(send); });
  return local;
}

}  // namespace

void lift(const world::World& world, Model& model) {
  model.nodes.clear(), model.names.clear();
  model.locals.clear(), model.in_flight.clear(), model.local_now.clear();
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    model.nodes.emplace_back(world.node({i}).clone());
    model.names.push_back(world.name({i}));
    model.local_now.push_back(world.clock({i}).local(world.now()));
  }
  if (world.events() == 0) return;
  for (std::uint16_t i = 0; i < world.size(); ++i) model.locals.push_back(local_of(world, {i}));
  // On each link in the order in which they were sent.
  std::vector<Event> messages;
  world.for_each_coming([&](const Event& event) {
    if (event.kind == EventKind::kTimer) model.locals[event.node.index].timers |= std::uint64_t{1} << event.timer;
    if (event.kind == EventKind::kDeliver) messages.push_back(event);
  });
  std::sort(messages.begin(), messages.end(), [](const Event& a, const Event& b) {
    return std::tie(a.from, a.node, a.token, a.at, a.id) < std::tie(b.from, b.node, b.token, b.at, b.id);
  });
  for (const Event& event : messages) model.in_flight.push_back({event.from, event.node, event.body});
}

}  // namespace twice::lab::search

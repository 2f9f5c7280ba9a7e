#include "ui/playback/network_view.h"

#include <algorithm>

namespace twice::playback {

double Flight::progress(Time now) const {
  if (arrives <= sent) return 1;
  const double part = static_cast<double>((now - sent).ns) / static_cast<double>((arrives - sent).ns);
  return std::clamp(part, 0.0, 1.0);
}

std::vector<LogPicture> look_at_logs(const Recording& recording, const world::World& world) {
  std::vector<LogPicture> logs;
  for (const NodeId node : recording.nodes_seen()) {
    const NodeView& how = view_of(world.node(node));
    if (std::optional<ServerLog> log = how.log(world, node))
      logs.push_back({node, world.name(node), world.is_up(node), how.face(world, node), std::move(*log)});
  }
  return logs;
}

NetworkView look_at_network(const Recording& recording, const world::World& world) {
  NetworkView view;
  const std::vector<NodeId> nodes = recording.nodes_seen();
  for (const NodeId node : nodes) {
    const NodeView& how = view_of(world.node(node));
    view.nodes.push_back({node, world.name(node), world.is_up(node), world.is_paused(node), how.face(world, node),
                          how.strip(world, node), how.beside(world, node)});
  }
  const auto add = [&](const Event& event) {
    if (event.kind != EventKind::kDeliver || event.from == kNobody || event.from == event.node) return;
    ++view.flights_in_all;
    if (view.flights.size() >= NetworkView::kMostFlights) return;
    const auto cause = recording.trace().record_of(event.cause);
    view.flights.push_back({event.from, event.node, std::string(event.body.name()), event.token,
                            cause ? cause->at : world.now(), event.at, event.cause});
  };
  world.queue().for_each(add);
  for (const Event& event : world.unplanned()) add(event);
  std::stable_sort(view.flights.begin(), view.flights.end(),
                   [](const Flight& a, const Flight& b) { return a.arrives < b.arrives; });
  if (world.network().any_cut())
    for (const NodeId from : nodes)
      for (const NodeId to : nodes)
        if (from != to && world.network().is_cut(from, to)) view.cuts.push_back({from, to});
  return view;
}

}  // namespace twice::playback

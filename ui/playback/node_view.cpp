#include "ui/playback/node_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "pipeline/dashboard.h"
#include "pipeline/loader.h"
#include "pipeline/orchestrator.h"
#include "pipeline/source.h"
#include "pipeline/warehouse/warehouse.h"
#include "protocols/heartbeat/heartbeat.h"
#include "ui/playback/node_view_of.h"

namespace twice::playback {
namespace {

class SourceView final : public ViewOf<pipeline::SourceNode> {
  Face face_of(const pipeline::SourceNode& source, const world::World&, NodeId) const override {
    const std::size_t rows = source.versions.empty() ? 0 : source.versions.front().second->rows.size();
    return {"source", fmt::format("{} rows", lab::grouped(rows)), std::nullopt};
  }
};

class OrchestratorView final : public ViewOf<pipeline::OrchestratorNode> {
  Face face_of(const pipeline::OrchestratorNode& o, const world::World&, NodeId) const override {
    if (o.idle() && o.runs_ok > 0) return {"orchestrator", "told: ok", std::nullopt};
    if (o.idle() && o.runs_failed > 0) return {"orchestrator", "gave up", std::nullopt};
    if (o.launches == 0) return {"orchestrator", "idle", std::nullopt};
    return {"orchestrator", fmt::format("{}attempt {}", o.waiting ? "waits after " : "", o.launches), std::nullopt};
  }
};

class WarehouseView final : public ViewOf<pipeline::WarehouseNode> {
  Face face_of(const pipeline::WarehouseNode& w, const world::World&, NodeId) const override {
    const std::size_t n = w.sessions.size();
    return {"warehouse", n == 1 ? "1 session" : fmt::format("{} sessions", n), std::nullopt};
  }
  std::vector<StripCell> strip_of(const pipeline::WarehouseNode& w, const world::World& world) const override {
    std::vector<StripCell> cells;
    for (const auto& session : w.sessions)
      cells.push_back({fmt::format("s{}", session.id.number % 1000),
                       session.in_transaction ? StripCell::Look::kDashed : StripCell::Look::kSolid,
                       fmt::format("session of {}, statement {}{}", world.name(session.client), session.last,
                                   session.in_transaction ? ", transaction open" : "")});
    if (!w.waiting.empty())
      cells.push_back(
          {fmt::format("{} wait", w.waiting.size()), StripCell::Look::kAlarm, "statements that met a lock"});
    return cells;
  }
};

class LoaderNodeView final : public ViewOf<pipeline::LoaderNode> {
  Face face_of(const pipeline::LoaderNode& loader, const world::World&, NodeId) const override {
    const double of = static_cast<double>(loader.planned());
    return {"loader", fmt::format("row {}", lab::grouped(loader.rows_done)),
            of > 0 ? std::optional(static_cast<double>(loader.sent) / of) : std::nullopt};
  }
};

class DashboardView final : public ViewOf<pipeline::DashboardNode> {
  Face face_of(const pipeline::DashboardNode& d, const world::World&, NodeId) const override {
    if (d.readings.empty()) return {"dashboard", "no reading yet", std::nullopt};
    if (!d.last.ok || d.last.values.empty()) return {"dashboard", "no answer", std::nullopt};
    return {"dashboard", "reads " + to_text(d.last.values.front()), std::nullopt};
  }
};

// The first life is no restart.
std::string times_restarted(std::uint32_t incarnation) {
  if (incarnation <= 1) return "never restarted";
  return incarnation == 2 ? "restarted once" : fmt::format("restarted {} times", incarnation - 1);
}

class HeartbeatView final : public ViewOf<protocols::HeartbeatNode> {
  Face face_of(const protocols::HeartbeatNode& node, const world::World&, NodeId) const override {
    return {"member", times_restarted(node.incarnation), std::nullopt};
  }
  std::vector<StripCell> strip_of(const protocols::HeartbeatNode& node, const world::World& world) const override {
    std::vector<StripCell> cells;
    for (const auto& peer : node.peers) {
      const bool known = peer.incarnation > 0;
      const auto look = peer.suspected ? StripCell::Look::kAlarm
                        : known        ? StripCell::Look::kSolid
                                       : StripCell::Look::kDashed;
      cells.push_back({world.name(peer.node), look,
                       peer.suspected ? fmt::format("suspects {}", world.name(peer.node))
                       : known        ? fmt::format("trusts {}", world.name(peer.node))
                                      : fmt::format("never heard of {}", world.name(peer.node))});
    }
    return cells;
  }
};

/// Anything else still has a name and a circle.
class PlainView final : public NodeView {
 public:
  bool knows(const Node&) const override { return true; }
  Face face(const world::World& world, NodeId node) const override {
    return {world.group(node).empty() ? "node" : world.group(node), {}, std::nullopt};
  }
  std::vector<StripCell> strip(const world::World&, NodeId) const override { return {}; }
};

std::vector<std::unique_ptr<NodeView>> make_views() {
  std::vector<std::unique_ptr<NodeView>> views;
  views.push_back(std::make_unique<SourceView>());
  views.push_back(std::make_unique<OrchestratorView>());
  views.push_back(std::make_unique<WarehouseView>());
  views.push_back(std::make_unique<LoaderNodeView>());
  views.push_back(std::make_unique<DashboardView>());
  views.push_back(std::make_unique<HeartbeatView>());
  add_replica_views(views);
  add_raft_view(views);
  add_pipeline_views(views);
  add_paxos_views(views);
  add_two_phase_commit_views(views);
  views.push_back(std::make_unique<PlainView>());
  return views;
}

}  // namespace

std::optional<Time> timer_is_due(const world::World& world, NodeId node, std::uint8_t timer) {
  const Event* newest = nullptr;
  world.queue().for_each([&](const Event& event) {
    if (event.kind != EventKind::kTimer || event.node != node || event.timer != timer) return;
    if (!newest || std::pair(newest->epoch, newest->token) < std::pair(event.epoch, event.token)) newest = &event;
  });
  return newest ? std::optional(newest->at) : std::nullopt;
}

std::vector<Ballot> ballots_of(const world::World& world, const std::vector<NodeId>& voters,
                               const std::vector<NodeId>& granted, const std::vector<NodeId>& refused) {
  const auto has = [](const std::vector<NodeId>& nodes, NodeId one) {
    return std::find(nodes.begin(), nodes.end(), one) != nodes.end();
  };
  std::vector<Ballot> ballots;
  for (const NodeId voter : voters)
    ballots.push_back({world.name(voter), has(granted, voter)   ? Ballot::Said::kYes
                                          : has(refused, voter) ? Ballot::Said::kNo
                                                                : Ballot::Said::kNothing});
  return ballots;
}

double Countdown::left(Time now) const {
  if (whole.ns <= 0 || now >= due) return 0;
  return std::min(1.0, static_cast<double>((due - now).ns) / static_cast<double>(whole.ns));
}

const NodeView& view_of(const Node& node) {
  static const std::vector<std::unique_ptr<NodeView>> kViews = make_views();
  for (const auto& view : kViews)
    if (view->knows(node)) return *view;
  return *kViews.back();
}

}  // namespace twice::playback

// How a Raft server looks: its term, its role, its election timer, the votes it has, its log.
#include <algorithm>

#include <fmt/format.h>

#include "core/overload.h"
#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"
#include "ui/playback/node_view_of.h"
#include "ui/playback/value_text.h"

namespace twice::playback {
namespace {

using namespace protocols::raft;
using Look = StripCell::Look;

constexpr Index kEntriesShown = 4;  // beside the circle

std::string role_of(const RaftNode& node, const Configuration& configuration) {
  if (node.leading()) return "leader";
  if (std::holds_alternative<Candidate>(node.role)) return "candidate";
  if (std::holds_alternative<PreCandidate>(node.role)) return "pre-candidate";
  if (configuration.votes(node.self)) return "follower";
  return configuration.has(node.self) ? "learner" : "outside";
}

std::vector<Ballot> votes_of(const RaftNode& node, const world::World& world) {
  std::vector<NodeId> voters = node.configuration().voters;
  for (const NodeId old : node.configuration().outgoing)
    if (std::find(voters.begin(), voters.end(), old) == voters.end()) voters.push_back(old);
  if (const auto* candidate = std::get_if<Candidate>(&node.role))
    return ballots_of(world, voters, candidate->granted, candidate->refused);
  if (const auto* asks = std::get_if<PreCandidate>(&node.role)) return ballots_of(world, voters, asks->granted);
  return {};
}

// By name, as a person calls them.
std::string names_of(const std::vector<NodeId>& nodes, const world::World& world) {
  std::string text;
  for (const NodeId node : nodes) text += (text.empty() ? "" : " ") + world.name(node);
  return text;
}

std::string members_of(const Configuration& configuration, const world::World& world) {
  std::string text = names_of(configuration.voters, world);
  if (configuration.is_joint()) text = names_of(configuration.outgoing, world) + " and " + text;
  if (!configuration.learners.empty()) text += "; learning: " + names_of(configuration.learners, world);
  return text;
}

}  // namespace

std::string words_of(const Content& content, const world::World& world) {
  return std::visit(
      Overload{[](const Nothing&) { return std::string("begins the term"); },
               [](const protocols::Request& request) { return with_short_values(to_text(request.command)); },
               [&](const Configuration& change) { return "servers: " + members_of(change, world); }},
      content);
}

namespace {

class RaftView final : public ViewOf<RaftNode> {
 public:
  std::optional<ServerLog> log(const world::World& world, NodeId id) const override {
    const auto& node = *state_of<RaftNode>(world.node(id));
    const Log& of = node.log();
    ServerLog log;
    log.base = of.base(), log.last = of.last(), log.commit = node.commit, log.durable = node.persistent.durable;
    const Index most = ServerLog::kMostEntries;
    for (Index i = std::max(of.first(), of.last() > most ? of.last() - most + 1 : 1); i <= of.last(); ++i)
      log.entries.push_back({i, of.at(i)->term, i <= node.commit, words_of(of.at(i)->content, world)});
    if (const Leader* leads = node.leading())
      for (const Peer& peer : leads->peers)
        if (peer.node != id)
          log.followers.push_back({peer.node, peer.match, peer.next, std::string(name_of(peer.sending))});
    log.configuration = members_of(node.configuration(), world);
    return log;
  }
  std::string told_to_wait(const world::World& world, NodeId id, std::size_t place, std::size_t of) const override {
    const auto& node = *state_of<RaftNode>(world.node(id));
    if (node.leading() || !node.configuration().votes(id) || !world.is_up(id)) return {};
    const DurationRange range = node.parameters.election;
    const Duration wait = range.low + (range.high - range.low) * static_cast<std::int64_t>(place) /
                                          static_cast<std::int64_t>(std::max<std::size_t>(of, 1));
    return fmt::format("wait {}ms", (wait.ns + 999'999) / 1'000'000);
  }

 private:
  Face face_of(const RaftNode& node, const world::World& world, NodeId id) const override {
    const Configuration& configuration = node.configuration();
    Face face{role_of(node, configuration), fmt::format("term {}", node.term())};
    face.term = node.term();
    face.leads = node.leading() != nullptr;
    face.votes = configuration.votes(id);
    face.ballots = votes_of(node, world);
    if (const auto due = timer_is_due(world, id, kElectionTimer); due && !face.leads && face.votes)
      face.countdown = Countdown{*due, node.parameters.election.high};
    return face;
  }

  std::vector<StripCell> strip_of(const RaftNode& node, const world::World& world) const override {
    std::vector<StripCell> cells;
    const Log& log = node.log();
    const Configuration& configuration = node.configuration();
    if (configuration.is_joint())
      cells.push_back({"joint", Look::kDashed, "two configurations are in force: " + members_of(configuration, world)});
    if (node.leading() && node.leading()->transfer)
      cells.push_back({"hands over", Look::kDashed, "to " + world.name(node.leading()->transfer->to)});
    const Index first = std::max(log.first(), log.last() > kEntriesShown ? log.last() - kEntriesShown + 1 : Index{1});
    if (first == log.first() && log.base() > 0)
      cells.push_back({fmt::format("≤{}", log.base()), Look::kSolid,
                       fmt::format("its snapshot stands for entries 1 to {}", log.base())});
    for (Index i = first; i <= log.last(); ++i) {
      const bool committed = i <= node.commit;
      StripCell cell{
          fmt::format("{}", i), committed ? Look::kSolid : Look::kDashed,
          fmt::format("entry {} of term {}: {}, {}{}", i, log.at(i)->term, words_of(log.at(i)->content, world),
                      committed ? "committed" : "not committed as far as it knows",
                      i <= node.persistent.durable ? "" : ", not on its disk yet")};
      cell.term = log.at(i)->term;
      cells.push_back(std::move(cell));
    }
    return cells;
  }
};

}  // namespace

void add_raft_view(std::vector<std::unique_ptr<NodeView>>& views) { views.push_back(std::make_unique<RaftView>()); }

}  // namespace twice::playback

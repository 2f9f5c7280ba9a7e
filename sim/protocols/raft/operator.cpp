// What a person may tell the servers: transfers of leadership (thesis §3.10), changes of membership, snapshots, and
// how long a server's election timer still runs.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

std::optional<NodeId> RaftNode::node_named(std::string_view name) const {
  const auto at = std::find(names->begin(), names->end(), name);
  if (at == names->end()) return std::nullopt;
  return NodeId{static_cast<std::uint16_t>(at - names->begin())};
}

void RaftNode::obey(Turn& t, const std::string& text) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return;
  const std::string& verb = words.front();
  if (verb == "campaign") {
    if (!leading() && may_stand()) campaign(t, true);
    return;
  }
  if (verb == "snapshot") return take_snapshot(t);
  if (verb == "wait" && words.size() == 2) {
    const std::optional<Duration> wait = parse_duration(words[1]);
    if (!wait || wait->ns < 0) return t.effects.say(fmt::format("\"{}\" is no time to wait", words[1]));
    if (!leading() && may_stand()) t.effects.set_timer(kElectionTimer, *wait);
    return;
  }
  if (!leading()) {
    if (leader == kNobody) return t.effects.say(fmt::format("nobody leads: \"{}\" is not done", text));
    return t.effects.send(leader, Payload(world::OutsideCommand{text}));
  }
  std::vector<NodeId> nodes;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::optional<NodeId> node = node_named(words[i]);
    if (!node) return t.effects.say(fmt::format("there is no server {}", words[i]));
    nodes.push_back(*node);
  }
  const bool one = nodes.size() == 1;
  if (verb == "transfer" && one) return transfer_to(t, nodes.front());
  if (verb == "add" && one) return add(t, nodes.front(), true);
  if (verb == "learn" && one) return add(t, nodes.front(), false);
  if (verb == "remove" && one) return remove(t, nodes.front());
  if (verb == "members" && !nodes.empty()) return change_members(t, nodes);
  t.effects.say(
      fmt::format("a Raft server does not know \"{}\"; it knows: transfer, add, learn, remove, members, "
                  "snapshot, campaign, wait",
                  text));
}

void RaftNode::transfer_to(Turn& t, NodeId node) {
  Leader& mine = *leading();
  if (node == self || !configuration().votes(node) || !mine.peer(node)) return;
  mine.transfer = Transfer{node, t.now + parameters.election.high};
  continue_transfer(t);
  if (Peer* peer = mine.peer(node)) replicate(t, *peer, false);
}

// Its successor must have every entry before it stands for election.
void RaftNode::continue_transfer(Turn& t) {
  Leader* mine = leading();
  if (!mine || !mine->transfer || mine->transfer->asked) return;
  const Peer* peer = mine->peer(mine->transfer->to);
  if (!peer || (peer->match < log().last() && !has(Bug::kTransferBeforeCaughtUp))) return;
  mine->transfer->asked = mine->handed_over = true;
  send(t, peer->node, TimeoutNow{});
}

}  // namespace twice::protocols::raft

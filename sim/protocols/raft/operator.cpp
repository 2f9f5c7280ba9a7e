// What a person may tell the servers: transfers of leadership (thesis §3.10), changes of membership, snapshots, and
// how long a server's election timer still runs.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {
namespace {

enum class Takes : std::uint8_t { kNothing, kTime, kNode, kNodes };
struct OrderForm {
  std::string_view verb;
  Takes takes;
};
constexpr std::array kOrders{OrderForm{"transfer", Takes::kNode},    OrderForm{"add", Takes::kNode},
                             OrderForm{"learn", Takes::kNode},       OrderForm{"remove", Takes::kNode},
                             OrderForm{"members", Takes::kNodes},    OrderForm{"snapshot", Takes::kNothing},
                             OrderForm{"campaign", Takes::kNothing}, OrderForm{"wait", Takes::kTime}};

std::string_view argument_of(Takes takes) {
  switch (takes) {
    case Takes::kNothing:
      return "";
    case Takes::kTime:
      return " TIME";
    case Takes::kNode:
      return " NODE";
    case Takes::kNodes:
      return " NODES";
  }
  return {};
}

bool fits(Takes takes, const std::vector<std::string>& arguments) {
  switch (takes) {
    case Takes::kNothing:
      return arguments.empty();
    case Takes::kTime: {
      const auto time = arguments.size() == 1 ? parse_duration(arguments.front()) : std::nullopt;
      return time && time->ns >= 0;
    }
    case Takes::kNode:
      return arguments.size() == 1;
    case Takes::kNodes:
      return !arguments.empty();
  }
  return false;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

Order parse_order(std::string_view text) {
  std::vector<std::string> words = words_of(text);
  if (words.empty()) return {};
  const auto form =
      std::find_if(kOrders.begin(), kOrders.end(), [&](const OrderForm& order) { return order.verb == words.front(); });
  if (form == kOrders.end()) return {};
  words.erase(words.begin());
  Order order{true, fits(form->takes, words), {}};
  if (form->takes == Takes::kNode || form->takes == Takes::kNodes) order.nodes = std::move(words);
  return order;
}

std::vector<std::string_view> order_verbs() {
  std::vector<std::string_view> verbs;
  for (const OrderForm& order : kOrders) verbs.push_back(order.verb);
  return verbs;
}

std::string orders_text() {
  std::vector<std::string> orders;
  for (const OrderForm& order : kOrders) orders.push_back(fmt::format("{}{}", order.verb, argument_of(order.takes)));
  return fmt::format("{}", fmt::join(orders, ", "));
}

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
  t.effects.say(fmt::format("a Raft server does not know \"{}\"; it knows: {}", text, orders_text()));
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

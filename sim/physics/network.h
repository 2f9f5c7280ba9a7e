#pragma once
// Decides the fate of messages: when each copy arrives, or that it never does. Knows no payload and no protocol.
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/assert.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/time.h"
#include "physics/latency.h"

namespace twice::physics {

struct LinkProfile {
  LatencyModel latency{};
  Probability loss{};
  Probability duplicate{};
  Probability reorder{};       // that a message is held back, so that later ones may overtake it
  LatencyModel reorder_by{};   // for how much longer it is
  std::uint32_t capacity = 0;  // messages a second, one after another; 0 = without limit
  bool in_order = false;       // no message overtakes an earlier one of its link
};

/// What happens to one message.
struct Fate {
  enum class Kind : std::uint8_t { kArrives, kLost, kCut };
  Kind kind = Kind::kArrives;
  std::uint8_t copies = 0;
  bool reordered = false;           // the first copy's delay contains `reorder_by`
  std::uint32_t ordinal = 0;        // of this message on its directed link, from 1
  std::array<Duration, 2> delay{};  // of each copy
};

/// A value. Fates are draws keyed by the message's causal id, so that they do not depend on other messages. What
/// messages do to each other, waiting for capacity and keeping order, does depend on them: a run with such a link
/// keeps its draws after an edit, but not the times of messages that wait in one queue.
class Network {
 public:
  Network() = default;
  /// `nodes` at most 65,534.
  explicit Network(std::size_t nodes, LinkProfile profile = {});

  /// A profile for all messages of a link, or for those of one name only. Capacity and order are the link's.
  void set_profile(NodeId from, NodeId to, LinkProfile profile, std::string_view message = {});
  /// The same for all links at once.
  void set_all_profiles(const LinkProfile& profile, std::string_view message = {});
  /// True when some profile is for messages of one name; otherwise nobody needs to say the name.
  bool reads_names() const { return reads_names_; }
  /// Counts the message on its link and decides its fate by draws keyed with its causal id.
  Fate send(NodeId from, NodeId to, const Draws& draws, CausalId id, std::string_view message = {});
  /// The delay of a second copy that no draw asked for.
  Duration extra_copy(NodeId from, NodeId to, const Draws& draws, CausalId id, std::string_view message = {}) const;

  /// True when some link has a capacity or an order: then every message that was sent departs, lost ones too, and
  /// every copy asks when it arrives.
  bool queues() const { return queues_; }
  /// When a message that is ready `now` leaves, after those that wait before it.
  Time departs(NodeId from, NodeId to, Time now);
  /// When a copy that could be there at `at` arrives.
  Time arrives(NodeId from, NodeId to, Time at);

  void cut(NodeId from, NodeId to);
  void heal_all();
  /// All links from and to this node work again; true when one of them was cut.
  bool heal(NodeId node);
  bool is_cut(NodeId from, NodeId to) const;
  bool any_cut() const { return cuts_ > 0; }

  // A clogged link delivers nothing and loses nothing: the host keeps what comes to its end until it is clear. A
  // link is clogged by itself or with either of its nodes. Each returns whether that changed something.
  bool clog(NodeId from, NodeId to) { return clogged_links_.insert(key(from, to)).second; }
  bool unclog(NodeId from, NodeId to) { return clogged_links_.erase(key(from, to)) != 0; }
  bool clog(NodeId node) { return clogged_nodes_.insert(node).second; }
  /// The node, and every link from and to it.
  bool unclog(NodeId node);
  bool unclog_all();
  bool any_clogged() const { return !clogged_links_.empty() || !clogged_nodes_.empty(); }
  bool is_clogged(NodeId from, NodeId to) const;

  std::uint32_t sent(NodeId from, NodeId to) const;
  const LinkProfile& profile(NodeId from, NodeId to) const;

 private:
  // Square tables up to this many nodes; beyond it only links that were used.
  static constexpr std::size_t kDense = 1024;
  struct Route {
    std::uint32_t profile : 31 = 0;
    std::uint32_t is_cut : 1 = 0;
  };
  struct Profile {
    LinkProfile link;
    std::vector<std::pair<std::string, LinkProfile>> by_message;
  };
  struct Queue {
    Time free{};  // when the next message may leave
    Time last{};  // when the last message arrives
  };
  bool is_dense() const { return nodes_ <= kDense; }
  std::size_t place(NodeId from, NodeId to) const { return from.index * nodes_ + to.index; }
  static std::uint32_t key(NodeId from, NodeId to) { return std::uint32_t{from.index} << 16 | to.index; }
  void give(Profile& own, LinkProfile profile, std::string_view message);
  Route& route(NodeId from, NodeId to);
  const Route* find(NodeId from, NodeId to) const;
  const LinkProfile& profile_for(const Route* route, std::string_view message) const;
  std::uint32_t& count(NodeId from, NodeId to) {
    TWICE_ASSERT(from.index < nodes_ && to.index < nodes_, "a message to a node that does not exist");
    return is_dense() ? dense_counts_[place(from, to)] : sparse_counts_[key(from, to)];
  }

  std::size_t nodes_ = 0;
  bool reads_names_ = false;
  bool queues_ = false;
  std::vector<Profile> profiles_;
  // Messages sent, apart from the routes: a send then waits for no memory but its own decision's.
  std::vector<std::uint32_t> dense_counts_;
  std::map<std::uint32_t, std::uint32_t> sparse_counts_;
  // Empty until some link differs from the others.
  std::vector<Route> dense_routes_;
  std::map<std::uint32_t, Route> sparse_routes_;
  std::size_t cuts_ = 0;
  std::map<std::uint32_t, Queue> queues_by_link_;
  std::set<std::uint32_t> clogged_links_;
  std::set<NodeId> clogged_nodes_;
};

}  // namespace twice::physics

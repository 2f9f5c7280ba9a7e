#pragma once
// Decides the fate of messages: when each copy arrives, or that it never does. Knows no payload and no protocol.
#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "core/assert.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/time.h"

namespace twice::physics {

struct LinkProfile {
  DurationRange latency{};      // uniform; constant when both ends are equal
  Duration exponential_mean{};  // when not zero: latency.low + an exponential delay with this mean
  Probability loss{};
  Probability duplicate{};
};

/// What happens to one message.
struct Fate {
  enum class Kind : std::uint8_t { kArrives, kLost, kCut };
  Kind kind = Kind::kArrives;
  std::uint8_t copies = 0;
  std::uint32_t ordinal = 0;        // of this message on its directed link, from 1
  std::array<Duration, 2> delay{};  // of each copy
};

class Network {
 public:
  Network() = default;
  /// `nodes` at most 65,534.
  explicit Network(std::size_t nodes, LinkProfile profile = {});

  void set_profile(NodeId from, NodeId to, LinkProfile profile);
  /// Counts the message on its link and decides its fate by draws keyed with its causal id.
  Fate send(NodeId from, NodeId to, const Draws& draws, CausalId id);

  void cut(NodeId from, NodeId to);
  void heal_all();
  bool is_cut(NodeId from, NodeId to) const;
  bool any_cut() const { return cuts_ > 0; }
  std::uint32_t sent(NodeId from, NodeId to) const;
  Duration latency_draw(const LinkProfile& profile, const Draws& draws, Purpose purpose, CausalId id) const;
  const LinkProfile& profile(NodeId from, NodeId to) const;

 private:
  // Square tables up to this many nodes; beyond it only links that were used.
  static constexpr std::size_t kDense = 1024;
  struct Route {
    std::uint16_t profile = 0;
    bool is_cut = false;
  };
  bool is_dense() const { return nodes_ <= kDense; }
  std::size_t place(NodeId from, NodeId to) const { return from.index * nodes_ + to.index; }
  static std::uint32_t key(NodeId from, NodeId to) { return std::uint32_t{from.index} << 16 | to.index; }
  Route& route(NodeId from, NodeId to);
  const Route* find(NodeId from, NodeId to) const;
  std::uint32_t& count(NodeId from, NodeId to) {
    TWICE_ASSERT(from.index < nodes_ && to.index < nodes_, "a message to a node that does not exist");
    return is_dense() ? dense_counts_[place(from, to)] : sparse_counts_[key(from, to)];
  }

  std::size_t nodes_ = 0;
  std::vector<LinkProfile> profiles_;
  // Messages sent, apart from the routes: a send then waits for no memory but its own decision's.
  std::vector<std::uint32_t> dense_counts_;
  std::map<std::uint32_t, std::uint32_t> sparse_counts_;
  // Empty until some link differs from the others.
  std::vector<Route> dense_routes_;
  std::map<std::uint32_t, Route> sparse_routes_;
  std::size_t cuts_ = 0;
};

}  // namespace twice::physics

#pragma once
// Ballots, and the mistakes that can be built in.
#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/visit.h"

namespace twice::protocols::paxos {

/// The number of a proposal: no two proposers use the same. Round 0: none yet.
struct Ballot {
  static constexpr std::string_view kName = "ballot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round), v("node", self.node);
  }
  auto operator<=>(const Ballot&) const = default;
  std::uint64_t round = 0;
  NodeId node{};
};

enum class Bug : std::uint8_t {
  kNone,
  kOwnValue,          // a proposer insists on its own value, whatever the promises tell
  kPromiseForgotten,  // an acceptor's promise is not written to disk
  kAcceptsOldBallot,  // an acceptor accepts a proposal it has promised not to
};
std::string_view name_of(Bug bug);  // none, own-value, promise-forgotten, accepts-old-ballot
std::string_view meaning_of(Bug bug);
inline constexpr std::array kBugs = {Bug::kNone, Bug::kOwnValue, Bug::kPromiseForgotten, Bug::kAcceptsOldBallot};

/// Who has answered: each counts once.
inline bool add_voice(std::vector<NodeId>& voices, NodeId node) {
  if (std::find(voices.begin(), voices.end(), node) != voices.end()) return false;
  voices.push_back(node);
  return true;
}

}  // namespace twice::protocols::paxos

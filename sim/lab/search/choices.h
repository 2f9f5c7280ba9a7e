#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "lab/search/places.h"
#include "world/schedule.h"

namespace twice::lab::search {

/// Says what the scheduler chose in the words of a world's schedule, which tells messages apart by their number on
/// their link. Follows one way from the first state on.
class Choices {
 public:
  Choices(const Model& model, const Places& places);
  /// What this move is. Its own messages are on their way afterwards.
  world::Choice take(std::size_t slot, const Move& move);

 private:
  struct OnItsWay {
    std::uint32_t message, ordinal;
  };
  void sent(std::uint32_t message);
  std::uint32_t ordinal_of(std::uint32_t message);

  const Model& model_;
  const Places& places_;
  std::map<std::pair<NodeId, NodeId>, std::uint32_t> counts_;  // by link: messages ever sent
  std::vector<OnItsWay> on_their_way_;                         // oldest first
};

}  // namespace twice::lab::search

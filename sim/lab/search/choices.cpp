#include "lab/search/choices.h"

#include <algorithm>

#include "core/assert.h"

namespace twice::lab::search {

namespace choice = world::choice;

Choices::Choices(const Model& model, const Places& places) : model_(model), places_(places) {
  for (const std::uint32_t message : places.first_sends()) sent(message);
}

void Choices::sent(std::uint32_t message) {
  const InFlight& body = places_.message(message);
  on_their_way_.push_back({message, ++counts_[{body.from, body.to}]});
}

// Of equal messages the oldest: which one it is makes no difference to anybody.
std::uint32_t Choices::ordinal_of(std::uint32_t message) {
  const auto at = std::find_if(on_their_way_.begin(), on_their_way_.end(),
                               [&](const OnItsWay& one) { return one.message == message; });
  TWICE_ASSERT(at != on_their_way_.end(), "a message arrives that nobody sent");
  const std::uint32_t ordinal = at->ordinal;
  if (model_.options.network != NetworkKind::kSet) on_their_way_.erase(at);
  return ordinal;
}

world::Choice Choices::take(std::size_t slot, const Move& move) {
  const std::string& name = model_.names[slot];
  const auto what = [&]() -> world::Choice {
    switch (move.kind) {
      case Move::Kind::kDeliver:
      case Move::Kind::kIgnore:
        return choice::Deliver{model_.names[places_.message(move.message).from.index], name, ordinal_of(move.message)};
      case Move::Kind::kDrop:
        return choice::Drop{model_.names[places_.message(move.message).from.index], name, ordinal_of(move.message)};
      case Move::Kind::kTimer:
        return choice::Fire{name, move.timer};
      case Move::Kind::kSync:
        return choice::Sync{name};
      case Move::Kind::kCrash:
        return choice::Crash{name};
      case Move::Kind::kRestart:
        return choice::Restart{name};
    }
    return choice::Sync{name};
  }();
  for (std::uint32_t i = 0; i < move.sends; ++i) sent(places_.sends()[move.first_send + i]);
  return what;
}

}  // namespace twice::lab::search
